"""Finds out which files of the page look alike, so that they can stand together. No Qt."""

from __future__ import annotations

from desktop.pages.sort.state import SortState

__all__ = ["arrange"]


def arrange(page: SortState) -> dict[bytes, int]:
    """Each content's place in an order in which look-alikes stand together, as ``SortState.take_places`` takes it.

    For a background thread: some tenths of a second for 10,000 files. What has no embedding at hand comes last.
    """
    import numpy as np  # never before the first paint

    from training.alike import chain
    from training.model_folder import standard_features

    contents = page.contents
    known = page.prepare().learner.embeddings(contents)
    places = dict.fromkeys(contents, len(contents))
    if known:
        features = standard_features().cached(np.stack(list(known.values())))[:, :-1]
        names = list(known)
        places |= {names[row]: place for place, row in enumerate(chain(features).tolist())}
    return places
