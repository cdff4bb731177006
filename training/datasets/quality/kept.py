"""The last report of each dataset, in ``cache.sqlite``: it is there after a restart, and can be made again."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from models.database import Database
from models.errors import DatasetError
from training.datasets.quality.encoding import report_from_json, report_to_json
from training.datasets.quality.report import Report
from training.datasets.records import Dataset

__all__ = ["Kept", "KeptReports"]


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """A report, and when it was made.

    Attributes:
        report: the findings and the map.
        time: ISO 8601, UTC, to the microsecond: by it a report is told from a later one.
        last_step: the last step of the dataset then; None for none.
        groups: question -> for each picture of the report the place of its category, -1 for none.
        look_alikes: items that show one picture.
        fixed: place of a finding -> the step that fixed it.
    """

    report: Report
    time: str
    last_step: int | None
    groups: Mapping[str, Sequence[int]] = field(default_factory=dict)
    look_alikes: Sequence[tuple[int, ...]] = ()
    fixed: Mapping[int, int] = field(default_factory=dict)


class KeptReports:
    """Safe to use from several threads at once.

    Args:
        database: from ``models.database.open_cache``; it stays the caller's to close.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, dataset: Dataset, kept: Kept) -> None:
        """Keep the report of a dataset, in the place of an older one.

        Raises:
            WorkspaceError: the database can't be written.
        """
        whole = {
            "report": report_to_json(kept.report),
            "last_step": kept.last_step,
            "groups": {name: list(places) for name, places in kept.groups.items()},
            "look_alikes": [list(group) for group in kept.look_alikes],
        }
        document = zlib.compress(json.dumps(whole, separators=(",", ":")).encode(), 1)
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO dataset_reports VALUES (?, ?, ?, ?, ?)",
                (dataset.id, dataset.created, kept.time, document, _fixes(kept.fixed)),
            )

    def get(self, dataset: Dataset) -> Kept | None:
        """The report of a dataset; None where there is none, or it is damaged.

        Raises:
            WorkspaceError: the database can't be read.
        """
        sql = "SELECT time, document, fixed FROM dataset_reports WHERE dataset = ? AND created = ?"
        for time, document, fixed in self._database.query(sql, (dataset.id, dataset.created)):
            try:
                whole = json.loads(zlib.decompress(document))
                return Kept(
                    report_from_json(whole["report"]),
                    time,
                    whole["last_step"],
                    {name: tuple(places) for name, places in whole["groups"].items()},
                    [tuple(group) for group in whole["look_alikes"]],
                    {int(place): int(step) for place, step in json.loads(fixed).items()},
                )
            except (zlib.error, ValueError, KeyError, TypeError, AttributeError, DatasetError):
                return None
        return None

    def mark(self, dataset_id: int, time: str, place: int, step: int) -> None:
        """Note which step has fixed a finding of the report of that time; another one is left alone.

        Raises:
            WorkspaceError: the database can't be written.
        """
        with self._database.transaction() as connection:
            sql = "SELECT fixed FROM dataset_reports WHERE dataset = ? AND time = ?"
            for (fixed,) in connection.execute(sql, (dataset_id, time)).fetchall():
                connection.execute(
                    "UPDATE dataset_reports SET fixed = ? WHERE dataset = ?",
                    (_fixes({**json.loads(fixed), str(place): step}), dataset_id),
                )


def _fixes(fixed: Mapping[int, int] | Mapping[str, int]) -> str:
    return json.dumps({str(place): step for place, step in fixed.items()})
