"""Pictures from a camera into a dataset: frames are read, the sharp ones chosen, and a plan says what is missing."""
