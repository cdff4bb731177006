"""The parts of a chart of curves: points of any number, smoothing, the range that charts share, and the plot.

Imports pyqtgraph (0.4 s) and NumPy: whoever shows a chart imports it when it is wanted, not at the window's start.
"""
