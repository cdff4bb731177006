"""Other pictures from the ones there are: drawn by a seed, in one warp and one colour pass, labels going along.

NumPy and OpenCV only, so that the engine's data loader and the window's preview run the very same code. Reads no
dataset.
"""
