import logging
import threading
from pathlib import Path

import pytest

from desktop.actions.classify import Answer, Classifier, ClassifyRequest
from models.errors import Cancelled, ModelError


def test_answers_about_real_files(data: Path) -> None:
    folder = data / "textures" / "brick"
    with Classifier() as classifier:
        found: list[object] = []
        request = ClassifyRequest((folder,))
        items = [item for items in classifier.classify(request, on_found=found.extend) for item in items]
        assert len(items) == len(found) == sum(path.is_file() for path in folder.iterdir())
        assert sum(isinstance(item, Answer) and item.best.category == "brick" for item in items) > len(items) / 2
        assert "brick" in classifier.spec.heads[0].categories


def test_what_it_learned_about_files_outlives_it(data: Path, workspace: Path) -> None:
    request = ClassifyRequest((data / "textures" / "sky",))
    for _ in range(2):
        with Classifier() as classifier:
            assert all(isinstance(item, Answer) for items in classifier.classify(request) for item in items)
    assert (workspace / "cache.sqlite").stat().st_size > 0


def test_a_workspace_that_can_not_be_used_costs_no_answer(
    data: Path, workspace: Path, caplog: pytest.LogCaptureFixture
) -> None:
    workspace.write_text("in the way")
    with caplog.at_level(logging.WARNING), Classifier() as classifier:
        items = [item for items in classifier.classify(ClassifyRequest((data / "textures" / "sky",))) for item in items]
    assert all(isinstance(item, Answer) for item in items)
    assert "Going on without the cache" in caplog.text


def test_cancel(data: Path) -> None:
    cancel = threading.Event()
    cancel.set()
    with Classifier() as classifier, pytest.raises(Cancelled):
        list(classifier.classify(ClassifyRequest((data / "textures",)), cancel=cancel))


def test_a_folder_that_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"has no metadata\.json"):
        Classifier(tmp_path)


def test_what_was_promised_last_binds_nobody_else() -> None:
    found = []
    for wrong in (0.1, 0.2, None, 0.1):
        with Classifier(wrong=wrong) as classifier:
            found.append(classifier.learner.head().calibration)
    assert [one.wrong for one in found] == [0.1, 0.2, None, 0.1]
    assert found[0] == found[3]
    assert found[0].unknown_below > found[1].unknown_below > found[2].unknown_below == 0
