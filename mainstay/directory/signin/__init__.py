"""Ways to prove who one is: a password, a token, a one-time welcome link."""
