"""The record engine: one table all records share, one way in, one way out, and what follows from a write."""
