"""What corrections do to a network's own answers: nothing until there are any, and then what they say."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from models.errors import ModelError
from models.heads import Form
from models.heads.categories import UNKNOWN, softmax
from models.library import load_model
from models.network import HeadSlice
from models.spec import HeadSpec, read_spec
from tests.training import tiny, trained
from tests.training.tiny import content
from training.correction_record import Correction
from training.correction_rows import Label
from training.features import Features
from training.learner import Learner
from training.tuned_head import TunedHead, Unbiased

NAMES = ("brick", "plate", "tile")
SPEC = HeadSpec(name="part", kind="categories", categories=NAMES, unsure_below=0.6, unknown_below=0.2)
FEATURES = Features(np.zeros(6), np.full(6, np.sqrt(6.0)))
COUNT = 12


def rows(seed: int = 0) -> NDArray[np.float16]:
    """Of ``COUNT`` pictures: three logits, and an embedding of six numbers."""
    return np.random.default_rng(seed).normal(size=(COUNT, 9)).astype(np.float16)


def make() -> TunedHead:
    return TunedHead(SPEC, HeadSlice(0, 3, Form()), HeadSlice(3, 9, Form()), FEATURES, ridge=0.1)


def say(head: TunedHead, labels: dict[int, str | None]) -> None:
    table = rows()
    head.follow(
        {content(n): None if name is None else Label(name, "", "", "a.png") for n, name in labels.items()},
        {content(n): table[n] for n in labels},
    )


def probabilities(head: TunedHead, table: NDArray[np.float16]) -> NDArray[np.float32]:
    said = head.published()
    return np.stack([one.probabilities for one in said.results(said.logits(table))])


def from_scratch(labels: dict[int, str], table: NDArray[np.float16]) -> NDArray[np.float64]:
    """The same by the formula: p + K (K + ridge I)^-1 (y - p), K the products of features."""
    names = [*NAMES, *dict.fromkeys(name for name in labels.values() if name not in NAMES)]

    def own(of: NDArray[np.float16]) -> NDArray[np.float64]:
        known = softmax(of[:, :3].astype(np.float32)).astype(np.float64)
        return np.pad(known, ((0, 0), (0, len(names) - 3)))

    known = rows()[list(labels)]
    features = Unbiased(FEATURES.mean, FEATURES.scale)
    taught, asked = features(known[:, 3:]), features(table[:, 3:])
    missed = np.eye(len(names))[[names.index(name) for name in labels.values()]] - own(known)
    sums = own(table) + asked @ taught.T @ np.linalg.solve(taught @ taught.T + 0.1 * np.eye(len(known)), missed)
    return np.maximum(sums, 1e-6) / np.maximum(sums, 1e-6).sum(axis=1, keepdims=True)


class TestAlone:
    def test_without_corrections_it_is_the_network(self) -> None:
        head = make()
        np.testing.assert_array_equal(probabilities(head, rows()), softmax(rows()[:, :3].astype(np.float32)))
        say(head, {0: "tile", 1: "brick"})
        say(head, {0: None, 1: None})
        np.testing.assert_array_equal(probabilities(head, rows()), softmax(rows()[:, :3].astype(np.float32)))

    def test_a_corrected_picture_is_right_and_its_opposite_is_left_alone(self) -> None:
        head, table = make(), rows()
        worst = int(table[0, :3].argmin())
        say(head, {0: NAMES[worst]})
        assert probabilities(head, table)[0].argmax() == worst
        unlike = table[:1].copy()
        unlike[0, 3:] = 0  # as like as any other: nothing points its way
        before = softmax(unlike[:, :3].astype(np.float32))
        np.testing.assert_allclose(probabilities(head, unlike), before, atol=1e-6)

    def test_a_category_of_the_person_s_own_comes_and_goes(self) -> None:
        head = make()
        say(head, {3: "gear"})
        assert head.published().categories == (*NAMES, "gear")
        assert probabilities(head, rows())[3].argmax() == 3
        say(head, {3: None})
        assert head.published().categories == NAMES

    def test_unknown_teaches_nothing_and_is_kept(self) -> None:
        head = make()
        say(head, {2: UNKNOWN})
        assert head.published().labels == {content(2): UNKNOWN}
        assert not head.head.examples

    def test_a_label_without_its_row_waits(self) -> None:
        head = make()
        head.follow({content(4): Label("tile", "", "", "a.png")}, {})
        assert head.waiting == {content(4)}
        say(head, {4: "tile"})
        assert head.waiting == set()
        assert content(4) in head.head.examples

    def test_it_stays_as_sure_as_its_training_found(self) -> None:
        head = make()
        say(head, {0: "tile"})
        result = head.published().results(head.published().logits(rows()))[0]
        assert (result.unsure, result.unknown) == (result.best.confidence < 0.6, result.best.confidence < 0.2)

    @settings(max_examples=40, deadline=None)
    @given(st.lists(st.tuples(st.integers(0, COUNT - 1), st.sampled_from([*NAMES, "gear", None])), max_size=25))
    def test_it_is_a_function_of_the_labels_that_stand(self, steps: list[tuple[int, str | None]]) -> None:
        head = make()
        standing: dict[int, str] = {}
        for number, name in steps:
            say(head, {number: name})
            standing.pop(number, None)
            if name is not None:
                standing[number] = name
        asked = rows(1)
        found, wanted = probabilities(head, asked), from_scratch(standing, asked)
        np.testing.assert_allclose(found, wanted, atol=2e-5)


@pytest.fixture
def learner(tmp_path: Path) -> Iterator[Learner]:
    folder = tmp_path / "trained"
    trained.make(folder)
    (tmp_path / "home").mkdir()
    with tiny.databases(tmp_path / "home") as (workspace, cache):
        yield Learner(folder, read_spec(folder), trained.network(folder), workspace=workspace, cache=cache)


def corrected(number: int, label: str, head: str = "part") -> Correction:
    return Correction(f"{number}.png", label, texture_hash=content(number).hex(), head=head, model="trained-model")


class TestInALearner:
    def test_it_answers_as_the_model_alone(self, learner: Learner, tmp_path: Path) -> None:
        embedded = trained.network(tmp_path / "trained").embed(trained.pictures(6))
        contents = [content(n) for n in range(6)]
        plain = load_model(tmp_path / "trained", device="cpu").answer(contents, embedded)
        for reply, other in zip(learner.answer(contents, embedded), plain, strict=True):
            for name, result in reply.heads.items():
                np.testing.assert_array_equal(result.probabilities, other.heads[name].probabilities)

    def test_a_correction_is_learned_undone_and_there_after_a_restart(self, learner: Learner, tmp_path: Path) -> None:
        network = trained.network(tmp_path / "trained")
        embedded = network.embed(trained.pictures(6))
        contents = [content(n) for n in range(6)]

        def best(of: Learner, head: str = "part") -> list[str]:
            return [reply.heads[head].best.category for reply in of.answer(contents, embedded)]

        before, colours = best(learner), best(learner, "colour")
        wrong = next(name for name in trained.HEADS["part"] if name != before[0])
        change = learner.record([corrected(0, wrong)], {contents[0]: embedded[0]})
        assert change.waiting == 0
        assert best(learner)[0] == wrong
        assert best(learner, "colour") == colours
        assert [one.category for one in learner.nearest(contents[0], "part")] == []
        with tiny.databases(tmp_path / "home") as (workspace, cache):
            folder = tmp_path / "trained"
            again = Learner(folder, read_spec(folder), network, workspace=workspace, cache=cache)
            assert best(again)[0] == wrong
        learner.undo()
        assert best(learner) == before

    def test_a_state_that_does_not_fit_is_refused(self, tmp_path: Path) -> None:
        folder = tmp_path / "other"
        spec = trained.make(folder)
        spec = spec.model_copy(update={"embedding": "colour"})
        (folder / "metadata.json").write_text(spec.to_json(), encoding="utf-8")
        network = trained.network(folder)
        with pytest.raises(ModelError, match="does not fit its model"):
            Learner(folder, spec, network, workspace=None, cache=None)

    def test_a_missing_output_is_one_sentence(self, tmp_path: Path) -> None:
        spec = trained.make(tmp_path / "other").model_copy(update={"embedding": "gone"})
        (tmp_path / "other" / "metadata.json").write_text(spec.to_json(), encoding="utf-8")
        with pytest.raises(ModelError, match="no output gone"):
            trained.network(tmp_path / "other")
