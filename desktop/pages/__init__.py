"""The pages: a package of ``state.py`` (plain Python) and ``view.py`` (widgets) each."""
