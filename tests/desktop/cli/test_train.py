"""``sortwerk train`` and ``sortwerk runs`` as processes, without an engine; with one in tests/engine."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desktop.cli.program import sortwerk
from tests.models.made_models import pictures
from tests.training.handover.making import make_run
from training.runs import events
from training.runs.events import Begun, Epoch, Finished, Paused
from training.runs.folder import RunFolder
from training.runs.info import DatasetFacts, Person, RunInfo


@pytest.fixture(autouse=True)
def _no_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SORTWERK_ENGINES", str(tmp_path / "engines"))


@pytest.fixture
def runs(workspace: Path) -> Iterator[Path]:
    """Two runs: one that has finished with a model, and one that was paused."""
    place = workspace / "runs"
    for name, accuracy in (("20261125-050000-bricks", 0.9), ("20261125-060000-tiles", 0.7)):
        make_run(place / name)
        run = RunFolder(place / name)
        run.set_info(RunInfo(id=name, dataset=DatasetFacts(id=1, name="Bricks", version="v1", hash="ab" * 32)))
        run.set_person(Person(name=name.rpartition("-")[2]))
        with run.writer() as writer:
            writer.write(Begun(epochs=2, device="cpu"))
            writer.write(Epoch(epoch=0, step=4, val={"loss": 1.0, "part.accuracy": accuracy}, best=True))
            writer.write(Epoch(epoch=1, step=8, val={"loss": 2.0, "part.accuracy": 0.1}))
            if name.endswith("bricks"):
                writer.write(events.Test(figures={"part.accuracy": 0.88}))
                writer.write(Finished(reason="epochs", best_epoch=0, monitor=accuracy))
            else:
                writer.write(Paused())
    changed = json.loads((place / "20261125-060000-tiles" / "config.json").read_text(encoding="utf-8"))
    changed["schedule"]["epochs"] = 3
    (place / "20261125-060000-tiles" / "config.json").write_text(json.dumps(changed), encoding="utf-8")
    yield place
    shutil.rmtree(place, ignore_errors=True)


class TestTrain:
    def test_without_an_engine_it_says_how_to_get_one(self, workspace: Path, tmp_path: Path) -> None:
        for name in ("stone", "wood"):
            pictures(tmp_path / "pictures" / name, 6)
        assert sortwerk("dataset", "import", tmp_path / "pictures", "--name", "Mine").returncode == 0
        done = sortwerk("train", "mine", "--preset", "quick")
        assert (done.returncode, done.stdout) == (3, "")
        assert "error: The engine PyTorch is not installed." in done.stderr
        assert "sortwerk engine install torch" in done.stderr
        assert done.stderr.endswith("Nothing was started.\n")
        assert not (workspace / "runs").exists()

    @pytest.mark.parametrize("arguments", [(), ("mine", "--resume", "last")])
    def test_wrong_use(self, workspace: Path, arguments: tuple[str, ...]) -> None:
        assert sortwerk("train", *arguments).returncode == 2

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (("nothing",), "There is no dataset nothing"),
            (("mine", "--preset", "huge"), "There is no preset huge"),
            (("mine", "--template", "huge"), "There is no template huge"),
            (("mine", "--set", "schedule.epoch=3"), "schedule.epoch"),
            (("mine", "--config", "gone.json"), "gone.json can't be read"),
            (("--resume", "gone"), "There is no run gone"),
        ],
    )
    def test_one_sentence_for_what_cannot_be(
        self, workspace: Path, tmp_path: Path, arguments: tuple[str, ...], words: str
    ) -> None:
        pictures(tmp_path / "pictures" / "stone", 2)
        assert sortwerk("dataset", "import", tmp_path / "pictures", "--name", "Mine").returncode == 0
        done = sortwerk("train", *arguments)
        assert (done.returncode, done.stdout) == (3, "")
        assert words in done.stderr
        assert done.stderr.count("\n") == 1


class TestRuns:
    def test_list_and_show(self, runs: Path) -> None:
        listed = json.loads(sortwerk("runs", "list", "--json").stdout)
        assert [(one["name"], one["state"]) for one in listed] == [("tiles", "paused"), ("bricks", "finished")]
        shown = json.loads(sortwerk("runs", "show", "bricks", "--json").stdout)
        assert (shown["best_epoch"], shown["figures"]["part.accuracy"], shown["test"]) == (
            1,
            0.9,
            {"part.accuracy": 0.88},
        )
        assert "part.accuracy" in sortwerk("runs", "show", "last").stdout
        assert len(sortwerk("runs", "list").stdout.splitlines()) == 2

    def test_a_damaged_run_is_named_and_the_others_are_listed(self, runs: Path) -> None:
        (runs / "20261125-060000-tiles" / "config.json").write_text("{", encoding="utf-8")
        done = sortwerk("runs", "list")
        assert done.returncode == 1
        assert "bricks" in done.stdout
        assert "config.json is no JSON" in done.stderr

    def test_compare(self, runs: Path) -> None:
        done = sortwerk("runs", "compare", "bricks", "tiles", "--json")
        said = json.loads(done.stdout)
        assert [*said["settings"]] == ["schedule.epochs"]
        assert said["settings"]["schedule.epochs"][1] == 3
        assert said["figures"]["part.accuracy"] == [0.88, 0.7]
        assert sortwerk("runs", "compare", "bricks").returncode == 2

    def test_export_installs_and_copies(self, runs: Path, workspace: Path, tmp_path: Path) -> None:
        done = sortwerk("runs", "export", "bricks", tmp_path / "mine.ps2model", "--json")
        assert done.returncode == 0, done.stderr
        assert (Path(json.loads(done.stdout)["model"]) / "model.onnx").is_file()
        assert (tmp_path / "mine.ps2model").is_file()

    def test_note_remove_and_what_does_not_run(self, runs: Path) -> None:
        assert sortwerk("runs", "note", "tiles", "too dark", "--tag", "dusk", "--name", "Roof").returncode == 0
        shown = json.loads(sortwerk("runs", "show", "roof", "--json").stdout)
        assert (shown["notes"], shown["tags"]) == ("too dark", ["dusk"])
        for command in ("pause", "stop"):
            done = sortwerk("runs", command, "bricks")
            assert done.returncode == 3
            assert "does not run" in done.stderr
        resumed = sortwerk("runs", "resume", "roof")
        assert resumed.returncode == 3
        assert "sortwerk engine install torch" in resumed.stderr
        assert sortwerk("runs", "remove", "roof").returncode == 0
        assert (runs / ".trash" / "20261125-060000-tiles").is_dir()
        assert "There is no run roof" in sortwerk("runs", "show", "roof").stderr
        several = sortwerk("runs", "show", "2026")
        assert several.returncode == 0
