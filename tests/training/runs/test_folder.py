from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from models.errors import TrainingError
from tests.training.runs.making import HEADS, item, make_run
from training.config import TrainingConfig
from training.runs.events import Begun, Paused
from training.runs.folder import RunFolder
from training.runs.info import Environment, Person, Process, RunInfo


def test_a_run_that_is_made_can_be_read(tmp_path: Path) -> None:
    run = make_run(tmp_path / "runs", config=TrainingConfig(name="Bricks"))
    assert run.config() == TrainingConfig(name="Bricks")
    assert run.info().dataset.name == "bricks"
    assert [head.name for head in run.info().heads] == ["part", "quality"]
    assert run.items().items == tuple(item(number) for number in range(12))
    assert (run.person(), run.process(), run.want(), run.events()) == (Person(), None, "run", [])
    assert sorted(path.name for path in run.path.iterdir()) == [
        *("checkpoints", "config.json", "export", "items.jsonl", "person.json", "run.json", "samples"),
    ]
    assert [path.name for path in run.path.parent.iterdir()] == [run.id]


def test_the_small_files_are_written_anew(tmp_path: Path) -> None:
    run = make_run(tmp_path)
    run.set_info(run.info().model_copy(update={"resumed": 2, "environment": Environment(device="cpu")}))
    assert (run.info().resumed, run.info().environment.device) == (2, "cpu")
    run.set_person(Person(name="Best", notes="line\nline", tags=(" old ", "old", "", "new")))
    assert run.person() == Person(name="Best", notes="line\nline", tags=("old", "new"))
    run.set_process(Process(pid=3, created=1.5, host="here", command=("python",)))
    assert run.process() == Process(pid=3, created=1.5, host="here", command=("python",))
    for want in ("pause", "stop", "run"):
        run.set_want(want)  # type: ignore[arg-type]
        assert run.want() == want


def test_events_are_followed_from_where_one_was(tmp_path: Path) -> None:
    run = make_run(tmp_path, events=[Begun(time=1)])
    events, offset = run.tail()
    assert events == [Begun(time=1)]
    with run.writer() as writer:
        writer.write(Paused(time=2))
    assert run.tail(offset)[0] == [Paused(time=2)]
    assert run.events() == [Begun(time=1), Paused(time=2)]


def test_a_run_that_is_there_is_not_overwritten(tmp_path: Path) -> None:
    run = make_run(tmp_path)
    with pytest.raises(TrainingError, match="can't be written to"):
        make_run(tmp_path)
    assert run.config() == TrainingConfig()
    assert [path.name for path in tmp_path.iterdir()] == [run.id]


def test_a_run_that_fails_in_the_making_leaves_nothing(tmp_path: Path) -> None:
    def items() -> object:
        yield item(1)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        RunFolder.create(tmp_path / "runs" / "x", TrainingConfig(), RunInfo(id="x"), HEADS, tmp_path, items())  # type: ignore[arg-type]
    assert list((tmp_path / "runs").iterdir()) == []


READERS: list[tuple[str, Callable[[RunFolder], object]]] = [
    ("config.json", RunFolder.config),
    ("run.json", RunFolder.info),
]


@pytest.mark.parametrize(("name", "read"), READERS)
def test_a_file_that_is_cut_anywhere_is_one_sentence(
    tmp_path: Path, name: str, read: Callable[[RunFolder], object]
) -> None:
    run = make_run(tmp_path)
    whole = (run.path / name).read_bytes()
    for cut in range(len(whole) - 2):
        (run.path / name).write_bytes(whole[:cut])
        with pytest.raises(TrainingError) as caught:
            read(run)
        assert str(run.path / name) in str(caught.value)
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["person.json", "process.json", "control.json"])
def test_a_small_file_that_is_cut_anywhere_counts_as_missing(tmp_path: Path, name: str) -> None:
    run = make_run(tmp_path)
    run.set_person(Person(name="n"))
    run.set_process(Process(pid=1, created=1))
    run.set_want("stop")
    whole = (run.path / name).read_bytes()
    for cut in range(len(whole) - 2):
        (run.path / name).write_bytes(whole[:cut])
        assert (run.person() == Person(), run.process() is None, run.want() == "run")[
            ["person.json", "process.json", "control.json"].index(name)
        ]


def test_a_folder_that_is_gone_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match=r"The run gone can't be read: config\.json"):
        RunFolder(tmp_path / "gone").config()
    with pytest.raises(TrainingError, match=r"control\.json can't be written"):
        RunFolder(tmp_path / "gone").set_want("stop")


def test_the_end_of_the_log_is_text_whatever_is_in_it(tmp_path: Path) -> None:
    run = make_run(tmp_path)
    assert run.log_text() == ""
    run.log_path.write_bytes(b"x" * 100 + b"\xff end")
    assert run.log_text(5) == "� end"


def test_a_folder_is_one_value(tmp_path: Path) -> None:
    assert RunFolder(tmp_path) == RunFolder(tmp_path)
    assert len({RunFolder(tmp_path), RunFolder(tmp_path), RunFolder(tmp_path / "a")}) == 2
