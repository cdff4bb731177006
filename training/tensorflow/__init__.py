"""Everything that imports TensorFlow. Launched in an environment of its own, never imported by the program."""
