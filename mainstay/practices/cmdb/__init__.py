"""Service configuration: the items that services stand on, who owns each and who supports it."""
