from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from models.combinations import Combinations
from models.errors import ModelError, WorkspaceError
from models.library import STARTER, load_backbone, load_model, readable_spec
from models.spec import read_spec
from tests.training.tiny import Backbone, embeddings, make_model
from training.frozen_head import FrozenHead
from training.learned_head import LearnedHead
from training.model_folder import create, load_heads

TABLE = Combinations(("part", "colour"), {"plate": frozenset({"red", "blue"})}, 0.05)


class TestCreate:
    def test_a_model_that_knows_nothing(self, tmp_path: Path) -> None:
        made = create(tmp_path / "a" / "bricks", "My bricks", ["part", "colour"], "any-1", TABLE)
        spec = read_spec(tmp_path / "a" / "bricks")
        assert spec == made
        assert spec.id
        assert spec.combinations == TABLE
        assert [(head.name, head.categories) for head in spec.heads] == [("part", ()), ("colour", ())]
        assert [path.name for path in (tmp_path / "a" / "bricks").iterdir()] == ["metadata.json"]
        again = create(tmp_path / "b", "My bricks", ["part"], "any-1")
        assert again.id != made.id

    def test_its_heads_share_what_is_made_of_pictures(self, tmp_path: Path) -> None:
        spec = create(tmp_path / "a", "Bricks", ["part", "colour"], "any-1")
        part, colour = load_heads(tmp_path / "a", spec, load_backbone(STARTER, read_spec(STARTER)))
        assert isinstance(part, LearnedHead)
        assert isinstance(colour, LearnedHead)
        assert part.head.features is colour.head.features
        assert (part.head.categories, len(part.head.examples)) == ((), 0)

    @pytest.mark.parametrize(
        ("name", "questions", "said"),
        [
            ("", ["part"], "name"),
            ("x" * 201, ["part"], "name"),
            ("Bricks", ["part", "part"], "two heads have the same name"),
            ("Bricks", [""], "heads"),
            ("Bricks", ["part", "x" * 201], "heads"),
            ("Bricks", [], "at least one"),
        ],
    )
    def test_names_that_can_not_be(self, tmp_path: Path, name: str, questions: list[str], said: str) -> None:
        with pytest.raises(ModelError, match=said):
            create(tmp_path / "a", name, questions, "any-1")
        assert not (tmp_path / "a").exists()

    def test_what_is_there_is_not_touched(self, tmp_path: Path) -> None:
        create(tmp_path / "a", "Bricks", ["part"], "any-1")
        before = (tmp_path / "a" / "metadata.json").read_bytes()
        with pytest.raises(WorkspaceError, match="choose another name or place"):
            create(tmp_path / "a", "Others", ["part"], "any-1")
        assert (tmp_path / "a" / "metadata.json").read_bytes() == before
        (tmp_path / "file").write_bytes(b"")
        with pytest.raises(WorkspaceError, match="can't be made"):
            create(tmp_path / "file" / "a", "Others", ["part"], "any-1")


class TestLoad:
    def test_the_starter_goes_on_from_what_it_answers(self) -> None:
        model = load_model()
        (head,) = load_heads(STARTER, model.spec, model.backbone)
        assert isinstance(head, LearnedHead)
        asked = np.stack([one.embedding for one in list(head.head.examples.values())[:50]])
        shipped = [reply.heads["material"].probabilities for reply in model.answer([b""] * 50, asked)]
        published = head.published()
        learning = [one.probabilities for one in published.results(published.logits(asked))]
        np.testing.assert_allclose(learning, shipped, atol=2e-3)
        spec = model.spec.heads[0]
        assert (head.calibration.unsure_below, head.calibration.unknown_below) == (
            spec.unsure_below,
            spec.unknown_below,
        )

    def test_each_head_has_a_state_of_its_own(self, tmp_path: Path) -> None:
        spec = make_model(tmp_path / "m", ("part", "colour"))
        part, colour = load_heads(tmp_path / "m", spec, Backbone())
        assert isinstance(part, LearnedHead)
        assert isinstance(colour, LearnedHead)
        assert part.head is not colour.head
        part.head.add_category("glass")
        assert colour.head.categories == ("stone", "wood", "metal")

    def test_a_head_without_its_state_is_frozen(self, tmp_path: Path) -> None:
        make_model(tmp_path / "m")
        change(tmp_path / "m", state_hash="")
        weights = {"mean": np.zeros(8), "scale": np.ones(8), "weights": np.ones((8, 3)), "bias": np.zeros(3)}
        np.savez(tmp_path / "m" / "head.npz", **{name: one.astype(np.float32) for name, one in weights.items()})
        (head,) = load_heads(tmp_path / "m", readable_spec(tmp_path / "m"), Backbone())
        assert isinstance(head, FrozenHead)
        assert head.published().logits(embeddings([0])).shape == (1, 3)

    @pytest.mark.parametrize(
        ("spoil", "said"),
        [
            (lambda folder: (folder / "state-0.npz").unlink(), "can't be read"),
            (lambda folder: (folder / "state-0.npz").write_bytes(b"noise"), "altered or damaged"),
            (lambda folder: restate(folder, b"noise"), "is damaged"),
            (lambda folder: restate(folder, (STARTER / "state-0.npz").read_bytes()), "does not fit"),
            (lambda folder: change(folder, categories=["stone", "metal", "wood"]), "does not fit"),
        ],
    )
    def test_a_spoilt_state_is_one_sentence(self, tmp_path: Path, spoil: Callable[[Path], object], said: str) -> None:
        make_model(tmp_path / "m")
        spoil(tmp_path / "m")
        with pytest.raises(ModelError) as caught:
            load_heads(tmp_path / "m", read_spec(tmp_path / "m"), Backbone())
        assert said in str(caught.value)
        assert "state-0.npz" in str(caught.value)


def change(folder: Path, **changes: object) -> None:
    """Let the first head's spec say something else."""
    path = folder / "metadata.json"
    fields = json.loads(path.read_bytes())
    fields["heads"][0] |= changes
    path.write_text(json.dumps(fields), encoding="utf-8")


def restate(folder: Path, content: bytes) -> None:
    """Another state, whose hash is stated as a faulty writer would."""
    (folder / "state-0.npz").write_bytes(content)
    change(folder, state_hash=hashlib.sha256(content).hexdigest())
