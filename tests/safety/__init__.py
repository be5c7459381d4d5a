"""Section 7 of the product's promises: who gets in, what leaks, what a hostile caller can break, what a kill can lose."""
