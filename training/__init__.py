"""Making models: datasets, corrections, runs, metrics. Imports ``models``, never ``desktop``."""
