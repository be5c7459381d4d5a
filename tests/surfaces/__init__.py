"""Tests of the surfaces: what goes in and comes out over HTTP."""
