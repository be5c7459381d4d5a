"""The portal: for people who want help and not a tool; all of it works without a script."""
