"""Models: every model there is; brings them in, checks, tries, compares, makes smaller and passes them on."""
