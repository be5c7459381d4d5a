"""The audit as people meet it: what a request leaves there, who may read it, and how it is read."""
