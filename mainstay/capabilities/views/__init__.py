"""Views: a list with its filter, order and columns, kept under a name for oneself, a team or everybody."""
