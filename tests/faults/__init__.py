"""What the product does while something breaks: `make faults`. The world is broken for real, the product is the served one."""
