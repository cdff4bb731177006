"""Using models: decode pictures, run networks, read what they say. Imports neither ``training`` nor ``desktop``."""
