"""Search: whatever holds these words, as far as the person who asks may read it."""
