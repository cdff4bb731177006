"""A dataset on its way in: in pieces, so that nobody else has to wait, and yet whole or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Sequence

from training.datasets.arriving import Arrival
from training.datasets.heads import HeadDef
from training.datasets.managing import Managing
from training.datasets.outcomes import Added
from training.datasets.records import Dataset, NewItem
from training.datasets.work import Work, changed

__all__ = ["Importing"]


class Importing(Managing):
    """The part of the store that takes imports. Until ``finish_import`` the dataset is in the trash, under another
    name: what a killed program leaves there goes with the rest of the trash.
    """

    def begin_import(self, name: str, heads: Sequence[HeadDef]) -> Dataset:
        """Make the dataset, hidden from the first moment, and sweep up what a killed import has left half-written.

        Raises:
            DatasetError: the name can't be one.
        """
        self.sweep()
        return self._create(f"{name.strip()} (unfinished import)" if name.strip() else name, heads, trashed=True)

    def add_import(self, dataset_id: int, items: Sequence[NewItem], frozen: Collection[bytes] = ()) -> Added:
        """Bring a piece in. No content may come in two pieces, but for a last one: there any may come again.

        Args:
            dataset_id: of the hidden dataset.
            items: of the piece.
            frozen: contents, all new and none twice in ``items``, whose split is fixed.

        Raises:
            DatasetError: a label does not answer its head; nothing of the piece comes in.
        """
        dataset = self.dataset(dataset_id)
        with self._database.transaction() as connection:
            work = Work(connection, dataset, "Import")
            arrival = Arrival(work, items, new_categories=False, mending=False)
            for item, number in zip(items, arrival.new, strict=False):
                if item.content in frozen:
                    work.change("split", number, [item.split, 0], [item.split, 1])
            work.finish()
        return Added(tuple(arrival.new), tuple(arrival.known), tuple(arrival.conflicts), work.step)

    def finish_import(self, dataset_id: int, name: str, action: str) -> Dataset:
        """Show the dataset, with all that has come in as one step."""
        with self._database.transaction() as connection:
            steps = "SELECT id FROM dataset_steps WHERE dataset = ?"
            (first,) = connection.execute(f"SELECT min(id) FROM ({steps})", (dataset_id,)).fetchone()  # noqa: S608
            connection.execute(
                f"UPDATE dataset_changes SET step = ? WHERE step IN ({steps})",  # noqa: S608
                (first, dataset_id),
            )
            connection.execute("DELETE FROM dataset_steps WHERE dataset = ? AND id <> ?", (dataset_id, first))
            connection.execute("UPDATE dataset_steps SET action = ? WHERE id = ?", (action, first))
            connection.execute("UPDATE datasets SET name = ?, trashed = NULL WHERE id = ?", (name.strip(), dataset_id))
            changed(connection)
        return self.dataset(dataset_id)

    def discard_import(self, dataset_id: int) -> None:
        """Remove what has come in, and the copies made for it. Masks stay in the blob store: others may be the same."""
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM datasets WHERE id = ?", (dataset_id,))
            changed(connection)
        shutil.rmtree(self.folder / "datasets" / str(dataset_id), ignore_errors=True)
