from __future__ import annotations

import pytest

from models.errors import TrainingError
from training.config import PRESETS, TEMPLATES, CurriculumStep, begin, read_config, template_for
from training.datasets.heads import HeadDef
from training.datasets.templates import TEMPLATES as DATASETS

PART, COLOUR = HeadDef("part", "categories", ("a", "b")), HeadDef("colour", "categories", ("red",))


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("template", TEMPLATES)
def test_every_template_with_every_preset_is_possible(template: str, preset: str) -> None:
    heads = [HeadDef(f"q{number}", kind) for number, kind in enumerate(TEMPLATES[template].kinds)]
    config = begin(template, preset, heads)
    assert read_config(config.to_json()) == config
    assert (config.template, config.preset) == (template, preset)
    assert set(config.heads) == {head.name for head in heads}


def test_parts_are_trained_as_their_document_says() -> None:
    config = begin("parts", "balanced", [PART, COLOUR], ["real", "legacy", "b200c"])
    assert (config.data.side, config.data.batch_size, config.schedule.epochs) == (224, 64, 30)
    assert (config.optimiser.name, config.optimiser.learning_rate, config.optimiser.weight_decay) == (
        "adamw",
        1e-4,
        0.01,
    )
    assert (config.schedule.kind, config.schedule.warmup_epochs) == ("cosine", 3)
    assert (config.model.hidden, config.model.dropout, config.tuning.freeze_ratio) == (512, 0.3, 0.5)
    assert (config.stopping.patience, config.stopping.monitor) == (5, "part.accuracy")
    assert (config.heads["part"].weight, config.heads["colour"].weight) == (1.0, 0.5)
    assert config.heads["colour"].label_smoothing == 0.1
    assert config.data.source_weights == {"real": 3.0, "legacy": 1.0, "b200c": 1.0}
    assert config.data.shares_at(4) == pytest.approx({"real": 0.2, "legacy": 0.4, "b200c": 0.4})
    assert config.data.shares_at(5) == pytest.approx({"real": 0.5, "legacy": 0.25, "b200c": 0.25})
    assert config.data.shares_at(29) == pytest.approx({"real": 0.7, "legacy": 0.15, "b200c": 0.15})


def test_a_curriculum_over_sources_that_are_not_there_is_left_out() -> None:
    config = begin("parts", "balanced", [PART, COLOUR], [""])
    assert config.data.curriculum == ()
    assert config.data.source_weights == {}


def test_furniture_is_trained_as_its_document_says() -> None:
    for name in ("furniture", "colour"):
        config = begin(name, "balanced", [HeadDef("one", TEMPLATES[name].kinds[0])])
        assert (config.data.batch_size, config.optimiser.learning_rate, config.schedule.epochs) == (16, 1e-4, 100)
        assert (config.stopping.patience, config.optimiser.gradient_clipping, config.schedule.kind) == (
            10,
            1.0,
            "cosine",
        )
        head = config.heads["one"]
        assert (head.dice_weight, head.perceptual_weight, head.style_weight) == (0.5, 0.1, 0.01)


def test_cards_are_trained_as_their_document_says() -> None:
    config = begin("cards", "balanced", [HeadDef("border", "boxes")])
    assert (config.optimiser.learning_rate, config.data.batch_size, config.schedule.epochs) == (8e-4, 12, 25)
    assert (config.optimiser.weight_decay, config.optimiser.momentum, config.model.dropout) == (1e-4, 0.9, 0.1)
    assert (config.stopping.patience, config.stopping.min_delta) == (5, 0.001)
    assert (config.heads["border"].loss, config.heads["border"].focal_alpha, config.heads["border"].focal_gamma) == (
        "focal",
        0.25,
        2.0,
    )


def test_quick_trains_heads_only_on_pictures_as_they_are() -> None:
    config = begin("parts", "quick", [PART])
    assert config.tuning.freeze_ratio == 1
    assert config.tuning.unfreeze == ()
    assert (config.data.augmentation, config.data.custom_augmentation) == ("none", None)


def test_thorough_lets_everything_learn_for_longer() -> None:
    balanced, thorough = begin("parts", "balanced", [PART]), begin("parts", "thorough", [PART])
    assert thorough.tuning.freeze_ratio == 0
    assert thorough.schedule.epochs == 2 * balanced.schedule.epochs
    assert thorough.regularisation.ema_decay > 0


@pytest.mark.parametrize("name", DATASETS)
def test_every_dataset_finds_a_template_for_its_questions(name: str) -> None:
    heads = DATASETS[name].heads
    template = template_for(name, heads)
    assert {head.kind for head in heads} <= set(template.kinds)
    assert any(key in name for key in (template.name, "border", "corner", "edge", "surface", "furniture", "tags"))


def test_a_dataset_without_a_template_is_known_by_its_questions() -> None:
    assert template_for("own", [HeadDef("x", "boxes")]).name == "detection"
    assert template_for("own", [HeadDef("x", "image")]).name == "colour"
    assert template_for("own", [HeadDef("x", "boxes"), PART]).name == "general"
    assert template_for("own").name == "general"


def test_what_is_not_there_is_one_sentence() -> None:
    with pytest.raises(TrainingError, match=r"no template lego; the templates are: textures, parts"):
        begin("lego")
    with pytest.raises(TrainingError, match=r"no preset fast; the presets are: quick, balanced, thorough"):
        begin("parts", "fast")


def test_the_documents_curriculum_rises() -> None:
    steps = begin("parts").data.curriculum
    assert [step.from_epoch for step in steps] == [0, 5, 15]
    assert all(isinstance(step, CurriculumStep) for step in steps)
