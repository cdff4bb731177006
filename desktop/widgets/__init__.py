"""Small widgets, one a file, that know nothing of models or files."""
