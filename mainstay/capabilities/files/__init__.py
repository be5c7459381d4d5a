"""Files: what people attach to a record, judged by its content and served so that nothing in it runs."""
