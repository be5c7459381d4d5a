"""What the served product does while something breaks, and it is broken for real: `make faults`."""
