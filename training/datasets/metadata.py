"""What is known of items beyond labels, split, source and group: in a table of its own, read only when asked for."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.errors import DatasetError
from training.datasets.attributes import Attributes
from training.datasets.wording import pictures
from training.datasets.work import CHOSEN, Part, json_ids

__all__ = ["Metadata"]


class Metadata(Part):
    """The part of the store that knows what is said of items beside all else: captions, licences, margins."""

    def metadata(
        self, dataset_id: int, ids: Collection[int] | NDArray[np.int64] | None = None
    ) -> dict[int, Attributes]:
        """Item -> what is known of it, without those of which nothing is.

        Args:
            dataset_id: of the dataset.
            ids: only of these; None for all that are not in the trash.

        Raises:
            DatasetError: what is kept is damaged.
        """
        if ids is None:
            rows = self._database.query(_ALL, (dataset_id,))
        else:
            rows = self._database.query(_CHOSEN, (json_ids(ids), dataset_id))
        return {item: Attributes.from_text(text) for item, text in rows}

    def set_metadata(
        self, dataset_id: int, metadata: Mapping[int, Mapping[str, Any]], *, action: str = ""
    ) -> int | None:
        """Say what is known of items, in place of what was, as one step.

        Args:
            dataset_id: of the dataset.
            metadata: item -> facts by name, as ``Attributes``; an empty one for nothing.
            action: what the step is called; "" for "Described n pictures".

        Returns:
            The step; None when nothing has changed.

        Raises:
            DatasetError: there is no such dataset, an item is not in it, or a value can't be kept; nothing is changed.
        """
        given = {item: Attributes(values) for item, values in metadata.items()}
        with self._work(dataset_id, action or f"Described {pictures(len(given))}") as work:
            rows = work.connection.execute(_BEFORE, (json_ids(given), dataset_id))
            before = {item: None if text is None else Attributes.from_text(text).to_json() for item, text in rows}
            if missing := len(given.keys() - before.keys()):
                raise DatasetError(f"{pictures(missing)} not in the dataset any more; look again.")
            for item, values in given.items():
                work.change("metadata", item, before[item], values.to_json() or None)
        return work.step


_ALL = """
    SELECT m.item, m.value FROM dataset_items AS i JOIN dataset_metadata AS m ON m.item = i.id
    WHERE i.dataset = ? AND i.trashed IS NULL ORDER BY m.item
"""
_CHOSEN = f"""
    SELECT m.item, m.value FROM {CHOSEN} dataset_metadata AS m ON m.item = chosen.wanted
    JOIN dataset_items AS i ON i.id = m.item WHERE i.dataset = ? ORDER BY m.item
"""  # noqa: S608  # no text of anybody's
_BEFORE = f"""
    SELECT i.id, m.value FROM {CHOSEN} dataset_items AS i ON i.id = chosen.wanted
    LEFT JOIN dataset_metadata AS m ON m.item = i.id WHERE i.dataset = ? AND i.trashed IS NOT ''
"""  # noqa: S608  # no text of anybody's
