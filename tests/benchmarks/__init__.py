"""How fast Mainstay is on this machine: `make bench`. Nothing here is a test and nothing asserts on time."""
