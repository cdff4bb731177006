"""Figures about answers, one module per head kind (NumPy only)."""
