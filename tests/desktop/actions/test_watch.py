import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from desktop.actions import sorting, watch
from desktop.actions.classify import Classifier, Failure
from models.database import open_workspace


@pytest.fixture(scope="module")
def classifier(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Classifier]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SORTWERK_HOME", str(tmp_path_factory.mktemp("workspace")))
        with Classifier() as loaded:
            yield loaded


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "pictures"
    path.mkdir()
    return path


def picture(path: Path) -> Path:
    Image.new("RGB", (16, 16), (120, 90, 30)).save(path)
    return path


def test_a_file_that_is_gone_gives_nothing_and_one_that_fails_does(classifier: Classifier, folder: Path) -> None:
    (folder / "notes.txt").write_text("Only words.")
    files = [picture(folder / "a.png"), folder / "gone.png", folder / "notes.txt"]
    items = [item for items in watch.answers(classifier, files, threading.Event()) for item in items]
    assert {item.source.name: isinstance(item, Failure) for item in items} == {"a.png": False, "notes.txt": True}


def test_answers_end_with_cancel_without_a_word(classifier: Classifier, folder: Path) -> None:
    cancel = threading.Event()
    cancel.set()
    assert list(watch.answers(classifier, [picture(folder / "a.png")], cancel)) == []


def test_a_batch_with_nothing_to_do_makes_no_sorting(classifier: Classifier, folder: Path, tmp_path: Path) -> None:
    cancel = threading.Event()
    source = picture(folder / "a.png")
    watching = watch.start([folder], cancel)
    database = open_workspace()
    try:
        items = [item for items in watch.answers(classifier, [source], cancel) for item in items]
        first = watch.sort_batch(database, watching, items, tmp_path / "to", "copy")
        again = watch.sort_batch(database, watching, items, tmp_path / "to", "copy")
        assert first.report is not None
        assert (first.report.done, first.skipped) == (1, 0)
        assert (again.report, again.skipped) == (None, 1)
        assert again.places == first.places
        assert len(sorting.history(database)) == 1
    finally:
        database.close()
        watching.close()
