"""ServiceNow: its incident log replayed, with the names its tables and codes have there."""
