"""Runs: one folder a training, whoever writes it; what it says, how it stands, and what several have in common.

Neither PyTorch nor Qt is imported here: the trainer in the engine's Python writes with it, and the program reads.
"""
