"""The dataset store: everything about datasets that is kept, in one class made of parts."""

from __future__ import annotations

from models.database import Database
from training.datasets.categories import Categories
from training.datasets.importing import Importing
from training.datasets.items import Items
from training.datasets.labels import Labels
from training.datasets.managing import Managing
from training.datasets.reviewing import Reviewing
from training.datasets.steps import Steps
from training.datasets.versions import Versions

__all__ = ["DatasetStore"]


class DatasetStore(Importing, Managing, Items, Labels, Reviewing, Categories, Steps, Versions):
    """Datasets in the workspace's database. Every change is one transaction, on the disk when the method returns.

    Any number of threads and processes may use one file at once: each change sees what was there, and the others wait.
    They share one undo log a dataset. A change is a step that can be undone and done again, also after a restart;
    making a dataset and putting it into the trash are not, they have their own way back.

    The parts are documented where they are: ``Managing`` (create, rename, set_heads, trash, restore, purge),
    ``Importing`` (begin_import, add_import, finish_import), ``Sweeping`` (purge_blobs, sweep), ``Items``
    (add_items, set_splits, set_sources, set_groups, set_status, move_items, trash_items, restore_items), ``Labels``
    (set_labels, save_labels, labels, label_facts, category_counts), ``Metadata`` (metadata, set_metadata),
    ``Reviewing`` (set_reviews, reviews, set_opinions, opinions, annotations, review_counts), ``Categories`` (add,
    rename, merge, remove), ``Steps`` (undo, redo, steps, history, version), ``Reading`` (items, ids, count, places)
    and ``Versions`` (freeze, versions, find_version, snapshot, current).

    Args:
        database: the workspace's, which stays the caller's to close.

    Attributes:
        folder: the workspace's.
        blobs: masks, targets and the rows of versions.

    Raises:
        WorkspaceError: the file can't be used. So does every method.
    """

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.purge()
        self.purge_blobs_daily()
