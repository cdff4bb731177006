"""Sorts a folder and takes it back, over and over, until it is killed: ``python -m ... FROM TO MODE``."""

from __future__ import annotations

import sys
from pathlib import Path

from desktop.actions import sorting
from models.database import open_workspace
from tests.desktop.actions.trees import answer


def main(folder: Path, target: Path, mode: str) -> None:
    """Never returns."""
    items = [answer(path, f"category {n % 5}") for n, path in enumerate(sorted(folder.iterdir()))]
    database = open_workspace()
    sys.stdout.write("begun\n")
    sys.stdout.flush()
    while True:
        sorting.sort(database, sorting.make_plan(items, target, "move" if mode == "move" else "copy"))
        sorting.undo(database)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
