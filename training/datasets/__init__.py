"""Datasets: items by content, labels for each head, splits, steps that can be undone, versions. Trains nothing."""
