"""Everything that imports PyTorch. Launched in an environment of its own, never imported by the program."""
