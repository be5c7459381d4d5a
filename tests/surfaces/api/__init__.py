"""Tests of the REST surface."""
