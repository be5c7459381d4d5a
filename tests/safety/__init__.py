"""Who gets in, what leaks, what a hostile caller can break, what a kill can lose."""
