"""Tasks: what has to be done about a record, by whom, until when and in what order."""
