"""Pictures on their way into the network: divided, ordered, read, varied, and put into batches.

What order pictures come in and how each is varied are functions of the seed, the epoch and the place, so that a run
that goes on after a pause sees what it would have seen without.
"""
