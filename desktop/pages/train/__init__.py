"""Train: what for, with what and how; then the curves while it goes on, and all runs so far."""
