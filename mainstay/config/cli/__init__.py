"""The commands of `mainstay`, one a module."""
