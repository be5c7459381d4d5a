"""Releases: what goes live together, and when. A practice the tests add by docs/inside/a-new-practice.md."""
