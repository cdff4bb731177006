"""From a run folder to a model in the library: compared, packed, installed, and able to learn."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest

from models.errors import Cancelled, ModelError, SortwerkError, TrainingError, WorkspaceError
from models.library import load_backbone, load_model
from models.package import inspect_package
from models.spec import read_spec
from models.worker import Step
from models.workspace import lock
from tests.training import tiny, trained
from tests.training.handover.making import IMAGES, make_run
from tests.training.tiny import content
from training.correction_record import Correction
from training.exporting import ExportOptions, export_package
from training.handover import hand_over, handed_over
from training.learner import Learner


@pytest.fixture
def run(tmp_path: Path) -> Path:
    make_run(tmp_path / "runs" / "20261125-050000-bricks")
    return tmp_path / "runs" / "20261125-050000-bricks"


def learner(folder: Path, home: Path) -> Learner:
    home.mkdir(exist_ok=True)
    spec = read_spec(folder)
    with tiny.databases(home) as (workspace, cache):
        return Learner(folder, spec, load_backbone(folder, spec, device="cpu"), workspace=workspace, cache=cache)


class TestDone:
    def test_it_is_installed_with_its_card_and_what_it_was_made_from(self, run: Path, tmp_path: Path) -> None:
        seen: list[Step] = []
        done = hand_over(run, models=tmp_path / "models", on_progress=seen.append)
        assert done.folder is not None
        assert done.folder.parent == tmp_path / "models"
        assert (done.images, done.largest_difference, done.quantised) == (IMAGES, 0.0, "none")
        assert [step.done for step in seen] == sorted(step.done for step in seen)
        spec = read_spec(done.folder)
        assert spec.name == "Bricks of mine"
        assert spec.data_fingerprint == "ab" * 32
        assert spec.model_extra is not None
        assert spec.model_extra["training"]["run"] == run.name
        card = (done.folder / "README.md").read_text(encoding="utf-8")
        for words in ("Bricks of mine", "0.91", "120 images of val", "16 real pictures", "Apache-2.0", run.name):
            assert words in card

    def test_it_answers_like_the_exported_network(self, run: Path, tmp_path: Path) -> None:
        done = hand_over(run, models=tmp_path / "models")
        assert done.folder is not None
        model = load_model(done.folder, device="cpu")
        with np.load(run / "export" / "parity.npz") as kept:
            wanted = kept["out/part"]
            rows = model.backbone.embed(kept["in/image"])
        replies = model.answer([content(n) for n in range(IMAGES)], rows)
        best = [reply.heads["part"].best.category for reply in replies]
        assert best == [trained.HEADS["part"][index] for index in wanted.argmax(axis=1)]

    def test_a_correction_is_learned_and_the_model_can_be_passed_on(self, run: Path, tmp_path: Path) -> None:
        done = hand_over(run, models=tmp_path / "models")
        assert done.folder is not None
        spec = read_spec(done.folder)
        backbone = trained.network(done.folder)
        row = backbone.embed(trained.pictures(1, seed=9))
        (tmp_path / "home").mkdir()
        with tiny.databases(tmp_path / "home") as (workspace, cache):
            model = Learner(done.folder, spec, backbone, workspace=workspace, cache=cache)
            said = model.answer([content(0)], row)[0].heads["part"].best.category
            other = next(name for name in trained.HEADS["part"] if name != said)
            model.record(
                [Correction("a.png", other, texture_hash=content(0).hex(), head="part", model=model.id)],
                {content(0): row[0]},
            )
            assert model.answer([content(0)], row)[0].heads["part"].best.category == other
            export_package(model, done.folder, tmp_path / "passed.ps2model", ExportOptions())
        with inspect_package(tmp_path / "passed.ps2model", models=tmp_path / "others") as inspected:
            assert inspected.has_state
            assert inspected.spec.embedding == "embedding"

    @pytest.mark.parametrize("how", ["int8", "fp16"])
    def test_it_is_made_smaller_or_says_why_not(self, tmp_path: Path, how: str) -> None:
        run = tmp_path / "runs" / "one"
        make_run(run, export={"quantise": how})
        done = hand_over(run, models=tmp_path / "models")
        assert done.folder is not None
        assert done.sentences
        assert done.quantised == how or done.sentences[0].startswith("It was not made smaller")
        assert learner(done.folder, tmp_path / "home").answer(
            [content(0)], trained.network(done.folder).embed(trained.pictures(1))
        )
        assert not (run / "export" / ".handover").exists()

    def test_without_an_embedding_it_answers_and_learns_nothing(self, tmp_path: Path) -> None:
        make_run(tmp_path / "runs" / "one", embedding=False)
        done = hand_over(tmp_path / "runs" / "one", models=tmp_path / "models")
        assert done.folder is not None
        spec = read_spec(done.folder)
        assert (spec.embedding, {head.state_hash for head in spec.heads}) == ("", {""})

    def test_it_is_only_packed_where_that_is_wished(self, tmp_path: Path) -> None:
        make_run(tmp_path / "runs" / "one", export={"install": False})
        done = hand_over(tmp_path / "runs" / "one", models=tmp_path / "models")
        assert done.folder is None
        assert done.package.is_file()
        assert not (tmp_path / "models").exists()


class TestAgain:
    def test_twice_is_once(self, run: Path, tmp_path: Path) -> None:
        assert handed_over(run) is None
        done = hand_over(run, models=tmp_path / "models")
        seen: list[Step] = []
        assert hand_over(run, models=tmp_path / "models", on_progress=seen.append) == done == handed_over(run)
        assert seen == []
        assert hand_over(run, models=tmp_path / "models", again=True) == done
        assert len(list((tmp_path / "models").iterdir())) == 1

    @pytest.mark.parametrize("stop", range(4))
    def test_ended_at_any_step_it_is_done_anew(self, run: Path, tmp_path: Path, stop: int) -> None:
        class PowerCutError(Exception):
            pass

        def cut(step: Step) -> None:
            if step.done == stop:
                (run / "export" / ".handover").mkdir(exist_ok=True)
                raise PowerCutError

        reached = stop != 1  # nothing is to be made smaller
        if reached:
            with pytest.raises(PowerCutError):
                hand_over(run, models=tmp_path / "models", on_progress=cut)
            assert handed_over(run) is None
        done = hand_over(run, models=tmp_path / "models")
        assert done.folder is not None
        assert [one for one in (tmp_path / "models").iterdir() if one != done.folder] == []

    def test_a_model_that_was_removed_stays_away_until_it_is_asked_for(self, run: Path, tmp_path: Path) -> None:
        done = hand_over(run, models=tmp_path / "models")
        assert done.folder is not None
        done.folder.rename(tmp_path / "away")
        kept = hand_over(run, models=tmp_path / "models")
        assert kept.folder is None
        assert hand_over(run, models=tmp_path / "models", again=True).folder == done.folder

    def test_cancelled(self, run: Path, tmp_path: Path) -> None:
        cancel = threading.Event()
        cancel.set()
        with pytest.raises(Cancelled):
            hand_over(run, models=tmp_path / "models", cancel=cancel)
        assert handed_over(run) is None

    def test_one_at_a_time(self, run: Path, tmp_path: Path) -> None:
        with (run / "handover.lock").open("ab") as file:
            lock(file)
            with pytest.raises(TrainingError, match="elsewhere"):
                hand_over(run, models=tmp_path / "models")


class TestRefused:
    def test_what_answers_otherwise_than_pytorch(self, tmp_path: Path) -> None:
        run = tmp_path / "runs" / "one"
        make_run(run, apart=0.5)
        with pytest.raises(ModelError, match="otherwise than PyTorch on 16 pictures"):
            hand_over(run, models=tmp_path / "models")
        assert not (tmp_path / "models").exists()

    @pytest.mark.parametrize(
        ("name", "content", "error"),
        [
            ("export/spec.json", None, TrainingError),
            ("export/spec.json", b"{", TrainingError),
            ("export/spec.json", b"[]", TrainingError),
            ("export/spec.json", b'{"name": ""}', ModelError),
            ("export/model.onnx", None, ModelError),
            ("export/model.onnx", b"none", ModelError),
            ("export/parity.npz", None, ModelError),
            ("export/parity.npz", b"PK", ModelError),
            ("export/embedding.npz", b"", ModelError),
            ("config.json", None, TrainingError),
            ("config.json", b"{", TrainingError),
        ],
    )
    def test_a_damaged_run(
        self, run: Path, tmp_path: Path, name: str, content: bytes | None, error: type[SortwerkError]
    ) -> None:
        (run / name).unlink()
        if content is not None:
            (run / name).write_bytes(content)
        with pytest.raises(error) as caught:
            hand_over(run, models=tmp_path / "models")
        assert str(caught.value).endswith((".", ".\n"))
        assert "\n" not in str(caught.value)

    def test_no_run_at_all(self, tmp_path: Path) -> None:
        with pytest.raises(WorkspaceError):
            hand_over(tmp_path / "nothing", models=tmp_path / "models")
