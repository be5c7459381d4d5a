"""Other products' shapes: what they send and expect, told in the engine's words."""
