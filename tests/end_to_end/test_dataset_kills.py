"""Datasets under SIGKILL: a real process relabels, imports, fixes, splits, undoes; all that it said it did is there."""

from __future__ import annotations

import hashlib
import os
import random
import re
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from models.database import Database, open_workspace
from tests.conftest import ROOT
from tests.end_to_end.dataset_deeds import DEEDS, FIXES, do, make_sources, prepare, state
from training.datasets.store import DatasetStore

WRITER = """
import sys
from models.database import open_workspace
from tests.end_to_end.dataset_deeds import do
from training.datasets import bringing
from training.datasets.store import DatasetStore

bringing.PIECE = 3
store = DatasetStore(open_workspace())
number = int(sys.argv[1])
while True:
    do(store, number)
    print(number, flush=True)
    number += 1
"""
"""Does one deed after the other, from its argument on, until it is killed; says so after each."""


def kill_and_check(times: int, chance: random.Random, folder: Path) -> Counter[str]:
    """Start a writer, kill it, look; the next one goes on with the workspace as it was left. Beside it the same deeds
    are done to a workspace that nobody kills: what it holds is what must be there. Returns how often what was seen."""
    make_sources(folder / "sources")
    (folder / "calm").mkdir()
    calm_database, database = open_workspace(folder / "calm"), open_workspace()
    calm = DatasetStore(calm_database)
    for store in (calm, DatasetStore(database)):
        prepare(store)
    database.close()
    seen: Counter[str] = Counter()
    halves: set[Path] = set()
    unfinished: set[int] = set()
    done = 0
    for _ in range(times):
        count = run_and_kill(done, chance)
        deeds = [do(calm, number) for number in range(done, done + count)]
        done += count
        database = open_workspace()
        store = DatasetStore(database)
        found = state(store)
        if found != state(calm):  # the kill came between the deed and saying so
            deeds.append(do(calm, done))
            done += 1
        assert found == state(calm)
        check_files(database, store)
        seen.update(deeds)
        unfinished |= find_unfinished(store)
        if "import" in deeds:
            assert not any(path.exists() for path in halves)
            halves.clear()
        new = {path for path in store.folder.rglob("*.part") if path not in halves}
        for path in new:
            os.utime(path, (0, 0))  # only what is older than an hour is surely nobody's
        halves |= new
        seen["half-written"] += len(new)
        database.close()
    calm_database.close()
    assert done > times
    seen["unfinished"] = len(unfinished)
    return seen


def run_and_kill(first: int, chance: random.Random) -> int:
    """Let a writer go on from a deed, kill it; return how many it said it has done."""
    pipe = subprocess.PIPE
    command = [sys.executable, "-c", WRITER, str(first)]
    with subprocess.Popen(command, cwd=ROOT, stdout=pipe, stderr=pipe, text=True) as writer:
        assert writer.stdout is not None
        assert writer.stderr is not None
        wanted = chance.choice((0, 1, 2, 5, 12))
        lines = [writer.stdout.readline() for _ in range(wanted)]
        time.sleep(chance.uniform(0, 1.0 if wanted == 0 else 0.05))
        writer.kill()
        lines += writer.stdout.readlines()
        assert writer.stderr.read() == ""
    assert [int(line) for line in lines] == list(range(first, first + len(lines)))
    return len(lines)


def find_unfinished(store: DatasetStore) -> set[int]:
    """Imports that were killed are in the trash, and called what they are. Returns their ids."""
    assert not any("unfinished" in one.name for one in store.datasets())
    return {one.id for one in store.datasets(trashed=True) if one.name.endswith("(unfinished import)")}


def check_files(database: Database, store: DatasetStore) -> None:
    """The database is sound, and a row never names a blob or a copy that is not there, whole."""
    assert database.query("PRAGMA integrity_check") == [("ok",)]
    assert database.query("PRAGMA foreign_key_check") == []
    texts = database.query(
        "SELECT value FROM dataset_labels UNION ALL SELECT before FROM dataset_changes WHERE kind = 'label' "
        "UNION ALL SELECT after FROM dataset_changes WHERE kind = 'label'"
    )
    for sha in {sha for (text,) in texts for sha in re.findall(r'blob\\?":\\?"([0-9a-f]{64})', text or "")}:
        store.blobs.read(sha)
    for dataset in store.datasets():
        for version in store.versions(dataset.id):
            snapshot = store.snapshot(version)
            assert len(snapshot.rows) == version.items
    workspace = os.fsencode(store.folder)
    for path, content in database.query("SELECT path, content FROM dataset_items WHERE trashed IS NOT ''"):
        if path.startswith(workspace):
            assert hashlib.sha256(Path(os.fsdecode(path)).read_bytes()).digest() == content


def test_what_was_acknowledged_survives_10_kills(tmp_path: Path) -> None:
    seen = kill_and_check(10, random.Random(5), tmp_path)  # noqa: S311  # no secret
    assert seen["import"]
    assert any(f"fix {kind}" in seen for kind in FIXES)


@pytest.mark.slow
def test_what_was_acknowledged_survives_200_kills(tmp_path: Path) -> None:
    seen = kill_and_check(200, random.Random(6), tmp_path)  # noqa: S311  # no secret
    assert set(seen) >= {*DEEDS, *(f"fix {kind}" for kind in FIXES)} - {"fix"}
    assert seen["unfinished"]
