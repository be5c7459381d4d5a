"""The demonstration: Nordhaven Group, a quarter of its service desk, eight people to sign in as."""

from mainstay.config.demo.seeding import seed
from mainstay.config.demo.size import SIZES

__all__ = ["SIZES", "seed"]
