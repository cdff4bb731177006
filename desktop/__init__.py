"""The front doors: window and command line. Each shows and calls what ``desktop.actions`` offers."""
