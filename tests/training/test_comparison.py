"""Models on labelled pictures: the figures of made answers, and of real models on real textures."""

from __future__ import annotations

import hashlib
import threading
from pathlib import Path

import numpy as np
import pytest

from models.answer import Answer, Reply
from models.errors import Cancelled, ModelError
from models.heads.categories import CategoriesResult, Score
from models.sources import Source
from models.worker import Step
from tests.models import real_classifier
from tests.models.made_models import make, pictures
from training.comparison import compare
from training.labelled import LabelledSet, read_labelled
from training.ranking import Asked, Comparison, rank

NAMES = ("stone", "wood")


def asked(name: str, said: str, names: tuple[str, ...] = NAMES, taught: str = "") -> Asked:
    """A model that answers picture i with the category that begins with ``said[i]``, with 0.8; "-" can't be read."""
    answers = {}
    for place, letter in enumerate(said):
        if letter != "-":
            odds = np.full(len(names), 0.2 / max(1, len(names) - 1), np.float32)
            if names:
                odds[[one[0] for one in names].index(letter)] = 0.8
            reply = Reply({"material": CategoriesResult(names, odds, unknown_below=0.5)})
            answers[picture(place)] = Answer(Source(picture(place)), bytes(32), reply)
    return Asked(name, Path(name), "material", answers, frozenset(picture(int(one)) for one in taught), 100)


def picture(place: int) -> Path:
    return Path(f"{place}.png")


def labelled(letters: str) -> LabelledSet:
    names = {"s": "Stone", "w": "wood", "m": "metal"}
    items = tuple((picture(place), names[letter]) for place, letter in enumerate(letters))
    return LabelledSet(items, tuple(sorted({name for _, name in items})))


class TestFigures:
    def test_the_best_comes_first_with_its_interval(self) -> None:
        found = rank([asked("worse", "ssss"), asked("better", "ssww")], labelled("ssww"))
        assert [one.name for one in found.standings] == ["better", "worse"]
        assert [one.accuracy for one in found.standings] == [1, 0.5]
        assert found.standings[1].interval == pytest.approx((0.15, 0.85), abs=0.001)

    def test_figures_of_classes(self) -> None:
        one = next(
            s for s in rank([asked("a", "sssw"), asked("b", "wwww")], labelled("swww")).standings if s.name == "a"
        )
        # stone: 1 of 1 found, 1 of 3 answers right; wood: 1 of 3 found, 1 of 1 answers right
        assert one.balanced_accuracy == pytest.approx((1 + 1 / 3) / 2)
        assert one.macro_f1 == pytest.approx((2 / 4 + 2 / 4) / 2)
        assert one.log_loss == pytest.approx(-(2 * np.log(0.8) + 2 * np.log(0.2)) / 4, rel=1e-5)
        assert one.calibration_error == pytest.approx(0.3, abs=1e-6)

    def test_labels_that_a_model_does_not_know_count_as_wrong_and_are_said(self) -> None:
        found = rank([asked("a", "ssw"), asked("b", "smw", (*NAMES, "metal"))], labelled("smw"))
        best, other = found.standings
        assert (best.name, best.accuracy, best.missing) == ("b", 1, ())
        assert (other.right, other.missing, other.missing_pictures) == (2, ("metal",), 1)
        assert other.log_loss == pytest.approx(-np.log(0.8), rel=1e-5)  # of what it knows

    def test_a_model_that_has_learned_nothing(self) -> None:
        one = rank([asked("a", "ss"), asked("new", "ss", ())], labelled("ss")).standings[1]
        assert (one.name, one.right, one.called_unknown, one.log_loss) == ("new", 0, 2, None)

    def test_only_what_all_have_answered_counts(self) -> None:
        found = rank([asked("a", "s-w"), asked("b", "sss")], labelled("sww"))
        assert (found.pictures, found.left_out) == (2, 1)
        with pytest.raises(ModelError, match="None of the pictures can be read"):
            rank([asked("a", "-"), asked("b", "s")], labelled("s"))

    def test_pictures_it_was_told_about(self) -> None:
        assert rank([asked("a", "sw", taught="1"), asked("b", "ss")], labelled("sw")).standings[0].taught == 1

    def test_disagreements_alone_in_the_order_of_the_standings(self) -> None:
        found = rank([asked("worse", "sss"), asked("better", "sws")], labelled("sww"))
        (one,) = found.disagreements
        assert (one.path, one.label) == (picture(1), "wood")
        assert [answer.category for answer in one.answers] == ["wood", "stone"]
        assert one.answers[0] == Score("wood", pytest.approx(0.8))

    def test_equal_models_are_ordered_by_speed(self) -> None:
        assert [one.name for one in rank([asked("a", "s"), asked("b", "s")], labelled("s")).standings] == ["a", "b"]


class TestChance:
    def compared(self, first: str, second: str, labels: str) -> Comparison:
        return rank([asked("A", first), asked("B", second)], labelled(labels))

    def test_too_few_are_apart(self) -> None:
        note = self.compared("s" * 60, "s" * 57 + "www", "s" * 60).note
        assert note == (
            "With 60 pictures, of which 3 set A and B apart, no difference can be told from chance; use more pictures."
        )

    def test_a_difference_that_may_be_chance(self) -> None:
        found = self.compared("s" * 54 + "w" * 6, "w" * 10 + "s" * 50, "s" * 60)
        versus = found.standings[1].versus
        assert versus is not None
        assert (versus.only_best, versus.only_this) == (10, 6)
        # of 16 pictures apart, 10 more for one is the least that is no chance: 17 points of 60
        assert found.note == (
            "With 60 pictures a difference under 17 points may be chance: A need not be better than B. "
            "Of equally good models, 45 in 100 would be so far apart."
        )

    def test_a_difference_beyond_chance(self) -> None:
        note = self.compared("s" * 60, "w" * 10 + "s" * 50, "s" * 60).note
        assert note == "A is better than B: of equally good models, 2 in 1,000 would be so far apart on 60 pictures."


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory, data: Path) -> Path:
    folder = tmp_path_factory.mktemp("real") / "model"
    real_classifier.make(folder, data, train=200)
    return folder


def test_real_models_on_real_textures(real: Path, data: Path) -> None:
    steps: list[Step] = []
    chosen = read_labelled(data / "textures", split="test")
    found = compare([real, None], chosen, timed=5, on_progress=steps.append)
    best, other = found.standings
    assert (best.name, best.right, found.pictures) == ("Game textures (starter)", 134, 183)  # as its card says
    assert 0.25 < other.accuracy < 0.6
    assert found.note.startswith("Game textures (starter) is better than Random features: of equally good models, ")
    assert all(len({answer.category for answer in one.answers}) == 2 for one in found.disagreements)
    for one in found.standings:
        assert one.cost is not None
        assert one.cost.runs == 5
        assert 0 < one.cost.inference_p50 < one.cost.p50
    assert best.size > other.size
    assert steps[-1].done == steps[-1].total


def test_the_same_model_twice_never_disagrees(tmp_path: Path) -> None:
    make(tmp_path / "a")
    make(tmp_path / "b")
    paths = pictures(tmp_path / "p", 8)
    hashes = {hashlib.sha256(path.read_bytes()).digest() for path in paths}
    assert len(hashes) == 8
    found = compare(
        [tmp_path / "a", tmp_path / "b"], LabelledSet(tuple((path, "a") for path in paths), ("a",)), timed=0
    )
    assert (found.pictures, found.disagreements) == (8, ())
    assert found.standings[0].cost is None


def test_a_model_that_can_not_be_timed_is_ranked_all_the_same(tmp_path: Path) -> None:
    make(tmp_path / "a")
    make(tmp_path / "b")
    paths = pictures(tmp_path / "p", 3)

    def spoil(step: Step) -> None:
        if "speed" not in step.words:  # after the answers, and before the timing
            (tmp_path / "b" / "model.onnx").write_bytes(b"gone")

    items = LabelledSet(tuple((path, "a") for path in paths), ("a",))
    found = compare([tmp_path / "a", tmp_path / "b"], items, timed=3, on_progress=_last(spoil))
    spoilt = next(one for one in found.standings if one.folder.name == "b")
    assert spoilt.cost is None
    assert "can't be loaded" in spoilt.problem


def _last(spoil):  # type: ignore[no-untyped-def]
    """Calls ``spoil`` once both models have answered."""

    def tell(step: Step) -> None:
        if step.total and step.done == step.total:
            spoil(step)

    return tell


def test_what_can_not_be_compared(tmp_path: Path) -> None:
    make(tmp_path / "m", "mask")
    items = LabelledSet(((tmp_path / "a.png", "a"),), ("a",))
    with pytest.raises(ModelError, match="There is just one model to compare"):
        compare([None], items)
    with pytest.raises(ModelError, match=r"Tiny has no question that is answered .* and answers parts \(mask\)"):
        compare([None, tmp_path / "m"], items)
    with pytest.raises(ModelError, match=r"Game textures \(starter\) has no question colour of categories"):
        compare([None, None], items, head="colour")
    with pytest.raises(ModelError, match="None of the pictures can be read"):
        compare([None, None], items)


def test_it_can_be_cancelled(tmp_path: Path) -> None:
    cancel = threading.Event()
    cancel.set()
    paths = pictures(tmp_path / "p", 2)
    with pytest.raises(Cancelled):
        compare([None, None], LabelledSet(tuple((path, "a") for path in paths), ("a",)), cancel=cancel)
