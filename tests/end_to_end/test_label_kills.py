"""Labelling under SIGKILL: what the Label tab has called kept is there, once, whatever was being saved just then."""

from __future__ import annotations

import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import pytest

from desktop.actions.labelling import own_name
from desktop.pages.dataset.label_saving import Saving
from models.database import open_workspace
from tests.conftest import ROOT
from tests.end_to_end.label_deeds import DEEDS, do, prepare, state
from tests.end_to_end.test_dataset_kills import check_files
from training.datasets.store import DatasetStore

AHEAD = 3
"""Deeds that may be done and not yet said to be: as many as are said without waiting."""


def kill_and_check(times: int, chance: random.Random, folder: Path) -> Counter[str]:
    """Start a victim, kill it, look at a copy of what it left; the next one goes on. Beside it the same deeds are done
    to a workspace that nobody kills: what that holds is what must be there. Returns how often what was seen."""
    home = folder / "workspace"
    (folder / "calm").mkdir()
    calm_database, database = open_workspace(folder / "calm"), open_workspace()
    calm = DatasetStore(calm_database)
    dataset = prepare(calm)
    assert prepare(DatasetStore(database)) == dataset
    database.close()
    annotator = own_name()
    seen: Counter[str] = Counter()
    done = 0
    for turn in range(times):
        count = run_and_kill(dataset, done, chance)
        seen.update(do(calm, dataset, number, annotator) for number in range(done, done + count))
        done += count
        seen["journals"] += len(list(home.glob("unsaved-labels.*.json")))
        found = look_at_copy(home, folder / "copy", dataset)
        for _ in range(AHEAD):
            if found == state(calm, dataset):
                break
            seen[f"{do(calm, dataset, done, annotator)} in between"] += 1
            done += 1
        assert found == state(calm, dataset), (turn, done)
    calm_database.close()
    assert done > times
    return seen


def run_and_kill(dataset: int, first: int, chance: random.Random) -> int:
    """Let a victim go on from a deed, kill it; return how many it said are kept."""
    command = [sys.executable, "-m", "tests.end_to_end.label_victim", str(dataset), str(first)]
    with (
        tempfile.TemporaryFile("w+") as errors,
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=errors, text=True) as victim,
    ):
        assert victim.stdout is not None
        wanted = chance.choice((0, 1, 3, 8, 20))
        lines = [victim.stdout.readline() for _ in range(wanted)]
        time.sleep(chance.uniform(0, 1.5 if wanted == 0 else 0.05))
        victim.kill()
        lines += victim.stdout.readlines()
        victim.wait()
        errors.seek(0)
        faults = set(re.findall(r"^\S+(?:Error|Exception)\b.*", errors.read(), re.MULTILINE))
    assert faults <= {"sqlite3.IntegrityError: full"}, "but for the one that is made on purpose"
    assert [int(line) for line in lines] == list(range(first, first + len(lines)))
    return len(lines)


def look_at_copy(home: Path, copy: Path, dataset: int) -> dict[str, object]:
    """What a program finds that starts on what was left, once it has taken in the journals."""
    shutil.copytree(home, copy)
    database = open_workspace(copy)
    with database.transaction() as connection:
        connection.execute("DROP TRIGGER IF EXISTS full")
    store, saving = DatasetStore(database), Saving()
    saving.waiting = saving.left_behind(store)
    saved = saving.work(store, list(saving.waiting))
    saving.take(saved)
    assert (saving.waiting, saving.clashes, saved.problem, saved.news) == ([], {}, "", [])
    assert not list(copy.glob("unsaved-labels.*.json"))
    check_files(database, store)
    found = state(store, dataset)
    again = Saving()
    assert again.left_behind(store) == []
    database.close()
    shutil.rmtree(copy)
    return found


def test_what_was_kept_survives_10_kills(tmp_path: Path) -> None:
    seen = kill_and_check(10, random.Random(5), tmp_path)  # noqa: S311  # no secret
    assert seen["journals"]


@pytest.mark.slow
def test_what_was_kept_survives_200_kills(tmp_path: Path) -> None:
    seen = kill_and_check(200, random.Random(6), tmp_path)  # noqa: S311  # no secret
    assert set(seen) >= {*DEEDS, "journals"}
    assert any("in between" in one for one in seen)
