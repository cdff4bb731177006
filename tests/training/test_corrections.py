import copy
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import ROOT
from training.corrections import CategoryStatistics, Correction, IncrementalLearner, TrainingDataStore

CATEGORIES = ["stone", "metal", "wood", "sky"]
PREDICTIONS = st.lists(
    st.tuples(st.sampled_from(CATEGORIES), st.floats(0, 1)), unique_by=lambda score: score[0], max_size=4
).map(
    lambda scores: [
        {"category": category, "confidence": value / max(1, sum(value for _, value in scores))}
        for category, value in scores
    ]
)
PAIRS = st.lists(st.tuples(st.sampled_from(CATEGORIES), st.sampled_from([*CATEGORIES, "new"])), max_size=30)


@pytest.fixture
def learner(tmp_path: Path) -> Iterator[IncrementalLearner]:
    with TrainingDataStore(tmp_path / "a.sqlite") as store:
        yield IncrementalLearner(store)


def teach(learner: IncrementalLearner, pairs: list[tuple[str, str]]) -> None:
    learner.store.add([Correction("a.dds", corrected, original, 0.5) for original, corrected in pairs])


def confidences(predictions: list[dict[str, Any]]) -> dict[str, float]:
    return {prediction["category"]: prediction["confidence"] for prediction in predictions}


def test_a_script_written_for_the_format_runs(workspace: Path) -> None:
    image = np.zeros((8, 8, 3), np.uint8)

    class Manager:
        """Stands for whatever predicts; the script only hands its answer on."""

        def predict(self, image: np.ndarray) -> list[dict[str, Any]]:
            return [{"category": "stone", "confidence": 0.7}, {"category": "metal", "confidence": 0.2}]

    manager = Manager()
    # From here on as in the format's documentation, "User Feedback Learning", but for the import.
    from training.corrections import IncrementalLearner

    learner = IncrementalLearner()

    # User corrects a prediction
    learner.record_correction(
        texture_path="textures/metal_01.dds",
        corrected_category="metal",
        original_predictions=[
            {'category': 'stone', 'confidence': 0.7}
        ]
    )  # fmt: skip

    # Apply learned adjustments to future predictions
    predictions = manager.predict(image)
    adjusted = learner.adjust_predictions(predictions)

    assert confidences(adjusted) == pytest.approx({"stone": 0.7 * 10 / 11, "metal": 0.2 + 0.7 / 11})
    (kept,) = learner.store.corrections()
    assert (kept.texture_path, kept.original_category, kept.confidence) == ("textures/metal_01.dds", "stone", 0.7)
    learner.store.close()
    assert (workspace / "workspace.sqlite").is_file()


def test_learning_loads_nothing_heavy() -> None:
    script = """
import sys
from training.corrections import IncrementalLearner
learner = IncrementalLearner()
learner.record_correction("gone.dds", "metal", [{"category": "stone", "confidence": 0.7}])
learner.adjust_predictions([{"category": "stone", "confidence": 0.7}])
learner.store.close()
print(sorted({"torch", "numpy", "cv2", "PIL", "onnxruntime", "PySide6"} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


class TestRecording:
    def test_keeps_the_most_confident_prediction(self, learner: IncrementalLearner) -> None:
        said = [{"category": "wood", "confidence": 0.1}, {"category": "stone", "confidence": np.float32(0.5)}]
        learner.record_correction("a.dds", "metal", said, head="colour", metadata={"by": "hand"})
        (kept,) = learner.store.corrections()
        assert (kept.original_category, kept.confidence, kept.head) == ("stone", 0.5, "colour")
        assert kept.metadata == {"by": "hand"}

    def test_without_predictions_teaches_a_label_and_no_confusion(self, learner: IncrementalLearner) -> None:
        learner.record_correction(Path("a.dds"), "metal")
        assert learner.learned_categories == ["metal"]
        assert learner.store.confusion() == {}

    @pytest.mark.parametrize("wrong", [{"confidence": 0.5}, {"category": "stone"}, "stone", {"category": 1}])
    def test_a_wrong_prediction_is_one_sentence_and_nothing_is_kept(
        self, learner: IncrementalLearner, wrong: Any
    ) -> None:
        with pytest.raises(ValueError, match=r"a prediction must be an object|confidence must be a number"):
            learner.record_correction("a.dds", "metal", [wrong])
        assert learner.store.count() == 0


class TestAdjusting:
    @given(predictions=PREDICTIONS)
    def test_nothing_learned_changes_nothing(
        self, predictions: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        with TrainingDataStore(tmp_path_factory.mktemp("empty") / "a.sqlite") as store:
            adjusted = IncrementalLearner(store).adjust_predictions(predictions)
        assert confidences(adjusted) == confidences(predictions)
        assert adjusted == sorted(predictions, key=lambda prediction: -prediction["confidence"])
        assert not any(one is other for one in adjusted for other in predictions)

    @settings(max_examples=60, deadline=None)
    @given(predictions=PREDICTIONS, pairs=PAIRS, prior=st.floats(0.1, 100))
    def test_is_the_documented_formula(
        self,
        predictions: list[dict[str, Any]],
        pairs: list[tuple[str, str]],
        prior: float,
        tmp_path_factory: pytest.TempPathFactory,
    ) -> None:
        """The formula again, as matrices over all categories."""
        before = copy.deepcopy(predictions)
        names = [*CATEGORIES, "new"]
        counts = np.eye(len(names)) * prior
        for original, corrected in pairs:
            counts[names.index(original), names.index(corrected)] += 1
        predicted = np.array([confidences(predictions).get(name, 0.0) for name in names])
        expected = predicted @ (counts / counts.sum(axis=1, keepdims=True))

        with TrainingDataStore(tmp_path_factory.mktemp("some") / "a.sqlite") as store:
            learner = IncrementalLearner(store, prior_strength=prior)
            teach(learner, pairs)
            adjusted = learner.adjust_predictions(predictions)

        assert predictions == before
        found = confidences(adjusted)
        np.testing.assert_allclose([found.get(name, 0.0) for name in names], expected, atol=1e-12)
        assert sum(found.values()) <= 1 + 1e-9
        assert len(found) == len(adjusted)
        assert [one["confidence"] for one in adjusted] == sorted(found.values(), reverse=True)

    def test_each_correction_shifts_more(self, learner: IncrementalLearner) -> None:
        metal = []
        for _ in range(12):
            metal.append(
                confidences(learner.adjust_predictions([{"category": "stone", "confidence": 0.8}])).get("metal", 0)
            )
            teach(learner, [("stone", "metal")])
        assert metal == pytest.approx([0.8 * n / (n + 10) for n in range(12)])

    def test_other_categories_stay_as_they_are(self, learner: IncrementalLearner) -> None:
        teach(learner, [("stone", "metal")] * 50)
        predictions = [{"category": "wood", "confidence": 0.9}, {"category": "metal", "confidence": 0.1}]
        assert learner.adjust_predictions(predictions) == predictions

    def test_confirmations_hold_a_category_in_place(self, learner: IncrementalLearner) -> None:
        teach(learner, [("stone", "stone")] * 30 + [("stone", "metal")] * 10)
        adjusted = learner.adjust_predictions([{"category": "stone", "confidence": 1.0}])
        assert confidences(adjusted) == pytest.approx({"stone": 0.8, "metal": 0.2})

    def test_changing_ones_mind_about_a_picture_counts_once(self, learner: IncrementalLearner) -> None:
        for category in ("metal", "wood"):
            learner.store.record("a.dds", category, "stone", texture_hash="ab" * 32)
        assert set(confidences(learner.adjust_predictions([{"category": "stone", "confidence": 1}]))) == {
            "stone",
            "wood",
        }

    def test_undo_and_other_windows_are_seen_at_once(self, learner: IncrementalLearner, tmp_path: Path) -> None:
        stone = [{"category": "stone", "confidence": 1.0}]
        with TrainingDataStore(tmp_path / "a.sqlite") as other_window:
            other_window.add([Correction("a.dds", "metal", "stone")])
            assert len(learner.adjust_predictions(stone)) == 2
            other_window.undo()
        assert learner.adjust_predictions(stone) == stone

    def test_heads_are_apart(self, learner: IncrementalLearner) -> None:
        colours = IncrementalLearner(learner.store, head="colour")
        colours.record_correction("a.dds", "red", [{"category": "stone", "confidence": 1.0}])
        assert colours.learned_categories == ["red"]
        assert learner.learned_categories == []
        assert len(learner.adjust_predictions([{"category": "stone", "confidence": 1.0}])) == 1

    def test_what_else_a_prediction_holds_is_kept(self, learner: IncrementalLearner) -> None:
        teach(learner, [("stone", "metal")] * 30)
        adjusted = learner.adjust_predictions([{"category": "stone", "confidence": 0.8, "model": "a"}])
        assert adjusted[0] == {"category": "metal", "confidence": pytest.approx(0.6)}
        assert adjusted[1] == {"category": "stone", "confidence": pytest.approx(0.2), "model": "a"}

    def test_confidences_rounded_up_still_sum_to_one(self, learner: IncrementalLearner) -> None:
        teach(learner, [("stone", "metal")])
        adjusted = learner.adjust_predictions([{"category": c, "confidence": 0.3334} for c in ("stone", "wood", "sky")])
        assert sum(confidences(adjusted).values()) == pytest.approx(1, abs=1e-12)

    def test_a_prior_of_nothing_is_refused(self, learner: IncrementalLearner) -> None:
        for wrong in (0.0, -1.0, float("nan")):
            with pytest.raises(ValueError, match="prior_strength must be above 0"):
                IncrementalLearner(learner.store, prior_strength=wrong)


def test_statistics_tell_how_each_category_fared(learner: IncrementalLearner) -> None:
    teach(learner, [("stone", "stone")] * 3 + [("stone", "metal")] * 2 + [("wood", "metal")])
    learner.record_correction("new.dds", "sky")
    assert learner.statistics() == [
        CategoryStatistics("metal", pictures=3, confirmed=0, gained=3, lost=0),
        CategoryStatistics("sky", pictures=1, confirmed=0, gained=0, lost=0),
        CategoryStatistics("stone", pictures=3, confirmed=3, gained=0, lost=2),
        CategoryStatistics("wood", pictures=0, confirmed=0, gained=0, lost=1),
    ]
    assert learner.learned_categories == ["metal", "sky", "stone"]
