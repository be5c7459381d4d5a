"""The demonstration: Nordhaven Group, a month of its service desk, eight people to sign in as."""

from mainstay.config.demo.seeding import seed

__all__ = ["seed"]
