from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.training.datasets.making import content
from tests.training.launching.making import ENGINE, PART, PLENTY, A, B, plan_of, plenty, row
from tests.training.runs.making import make_run
from training.config import TrainingConfig, with_set
from training.datasets.heads import HeadDef
from training.datasets.values import Boxes, Grade, Shape, Tags
from training.datasets.versions import VersionRow
from training.launching.finding import Finding
from training.launching.machine_checks import Surroundings, look_around, needs
from training.launching.plan import Plan
from training.launching.preflight import preflight
from training.runs.living import holding, own_process

GRADE = HeadDef("quality", "grade", options={"low": 1, "high": 10}, id=2)
BOXES = HeadDef("objects", "boxes", ("bolt",), id=3)
TAGS = HeadDef("tags", "tags", ("x", "y"), id=4)


def here(tmp_path: Path, rows: list[VersionRow]) -> list[VersionRow]:
    """``rows`` with their files in ``tmp_path``."""
    found = []
    for one in rows:
        path = tmp_path / one.place.source.name
        path.touch()
        found.append(replace(one, place=replace(one.place, path=bytes(path))))
    return found


def settings(*assignments: str) -> TrainingConfig:
    config = TrainingConfig()
    for one in assignments:
        config = with_set(config, one)
    return config


def kinds(plan: Plan, around: Surroundings = PLENTY) -> dict[str, str]:
    """Kind -> severity of what is found, without the files that these rows do not have."""
    found = preflight(plan, around, look_alikes=[])
    for one in found:
        assert one.sentence.endswith(".")
        assert "\n" not in one.sentence + one.fix
        assert not one.sentence[0].islower() or one.head
        assert not one.fix or one.fix.endswith((".", ")"))
    return {one.kind: one.severity for one in reversed(found) if one.kind != "missing"}


def one_of(plan: Plan, kind: str, around: Surroundings = PLENTY) -> Finding:
    return next(one for one in preflight(plan, around, look_alikes=[]) if one.kind == kind)


def test_nothing_is_said_where_nothing_is_wrong(tmp_path: Path) -> None:
    assert preflight(plan_of(*here(tmp_path, plenty())), PLENTY, look_alikes=[]) == []


def test_the_worst_comes_first() -> None:
    plan = plan_of(row("one"), config=settings("schedule.epochs=3", 'tuning.unfreeze=[{"epoch":5,"freeze_ratio":0}]'))
    severities = [one.severity for one in preflight(plan, PLENTY)]
    assert severities == sorted(severities, key=["error", "warning", "note"].index)
    assert {"error", "note"} <= set(severities)


def test_no_question() -> None:
    assert kinds(plan_of(*plenty(), config=settings("heads.part.train=no")))["no-questions"] == "error"


def test_no_label() -> None:
    assert kinds(plan_of(row("a", "train", {}), row("b", "train", {})))["no-labels"] == "error"


def test_one_picture() -> None:
    found = kinds(plan_of(row("one")))
    assert found["one-picture"] == "error"
    assert found["no-validation"] == "warning"


def test_one_class() -> None:
    rows = [row(f"a{number}{split}", split) for number in range(9) for split in ("train", "val")]  # type: ignore[arg-type]
    found = one_of(plan_of(*rows), "one-class")
    assert found.severity == "error"
    assert found.sentence == "All training pictures of part are a, so there is nothing to tell apart."


def test_a_class_without_pictures() -> None:
    head = HeadDef("part", "categories", ("a", "b", "c"))
    found = one_of(plan_of(*plenty(), heads=(head,)), "empty-class")
    assert (found.severity, found.head) == ("warning", "part")
    assert found.sentence == "part has a category without any picture: c."


def test_a_class_that_only_validation_shows() -> None:
    rows = [one for one in plenty() if one.split == "val" or one.labels["part"] == A]
    found = kinds(plan_of(*rows))
    assert found["unseen-class"] == "warning"
    assert "empty-class" not in found


def test_a_class_with_few_pictures() -> None:
    rows = [*plenty(20, 6), *(row(f"c{number}", "train", {"part": B}) for number in range(3))]
    few = [
        one for one in rows if one.split == "val" or one.labels["part"] == A or one.place.source.name.startswith("c")
    ]
    assert one_of(plan_of(*few), "few").sentence.startswith("part has a category with fewer than 5 pictures")


def test_a_question_without_labels() -> None:
    found = one_of(plan_of(*plenty(), heads=(PART, GRADE)), "unknown")
    assert (found.severity, found.head) == ("error", "quality")
    assert "heads.quality.train=no" in found.fix


def test_a_question_that_is_not_judged() -> None:
    rows = [
        replace(one, labels={**one.labels, **({"quality": Grade(1 + n % 5)} if one.split == "train" else {})})
        for n, one in enumerate(plenty())
    ]
    found = one_of(plan_of(*rows, heads=(PART, GRADE)), "no-validation")
    assert (found.severity, found.head) == ("warning", "quality")


def test_one_grade() -> None:
    rows = [row(f"g{n}{split}", split, {"quality": Grade(4)}) for n in range(6) for split in ("train", "val")]  # type: ignore[arg-type]
    assert kinds(plan_of(*rows, heads=(GRADE,)))["one-grade"] == "error"


def test_no_boxes_and_no_outlines() -> None:
    empty = [row(f"b{n}{split}", split, {"objects": Boxes()}) for n in range(6) for split in ("train", "val")]  # type: ignore[arg-type]
    assert kinds(plan_of(*empty, heads=(BOXES,)))["no-boxes"] == "error"
    boxes = Boxes((Shape("bolt", 1, 1, 4, 4),))
    plain = [replace(one, labels={"objects": boxes}) for one in empty]
    maskrcnn = settings("model.detector=maskrcnn")
    assert kinds(plan_of(*plain, heads=(BOXES,), config=maskrcnn))["no-outlines"] == "warning"
    outlined = Boxes((Shape("bolt", 1, 1, 4, 4, ((1, 1, 4, 1, 4, 4),)),))
    drawn = [replace(one, labels={"objects": outlined}) for one in empty]
    assert "no-outlines" not in kinds(plan_of(*drawn, heads=(BOXES,), config=maskrcnn))


def test_tags_may_all_be_the_same() -> None:
    rows = [row(f"t{n}{split}", split, {"tags": Tags(frozenset("x"))}) for n in range(6) for split in ("train", "val")]  # type: ignore[arg-type]
    assert "one-class" not in kinds(plan_of(*rows, heads=(TAGS,)))


def test_a_group_on_both_sides() -> None:
    rows = [
        replace(one, group="burst") if one.place.source.name in ("train 0.png", "val 0.png") else one
        for one in plenty()
    ]
    found = one_of(plan_of(*rows), "leak")
    assert found.severity == "warning"
    assert found.sentence == (
        "1 group of pictures that belong together straddles splits, so 1 picture for validation or test is too easy."
    )


def test_look_alikes_on_both_sides() -> None:
    plan = plan_of(*plenty())
    alike = [[content("train 0"), content("val 1")], [content("train 2"), content("train 4")], [content("gone")]]
    found = [one for one in preflight(plan, PLENTY, look_alikes=alike) if one.kind == "look-alikes"]
    assert [one.severity for one in found] == ["warning"]
    assert found[0].sentence.startswith("1 picture for validation or test looks like some that are trained on")
    assert [one.kind for one in preflight(plan, PLENTY) if one.kind == "unchecked"] == ["unchecked"]


def test_no_engine() -> None:
    found = one_of(plan_of(*plenty()), "engine", replace(PLENTY, engine=None))
    assert found.severity == "error"
    assert "sortwerk engine install torch" in found.fix


@pytest.mark.parametrize(
    ("device", "has", "wrong"),
    [
        ("auto", "cpu", False),
        ("cpu", "cuda", False),
        ("cuda:1", "cuda", False),
        ("cuda", "rocm", False),
        ("cuda", "cpu", True),
        ("mps", "cuda", True),
    ],
)
def test_a_device_that_is_not_there(device: str, has: str, wrong: bool) -> None:
    around = replace(PLENTY, engine=replace(ENGINE, device=has))
    assert ("device" in kinds(plan_of(*plenty(), config=settings(f"compute.device={device}")), around)) == wrong


def test_half_precision_on_a_processor() -> None:
    plan = plan_of(*plenty(), config=settings("compute.precision=16-mixed"))
    assert kinds(plan)["precision"] == "error"
    assert "precision" not in kinds(plan, replace(PLENTY, engine=replace(ENGINE, device="cuda")))


def test_weights_that_are_not_there() -> None:
    plan = plan_of(*plenty(), config=settings("model.backbone=resnet18"))
    assert kinds(plan)["weights"] == "error"
    plan = plan_of(*plenty(), config=settings("model.backbone=resnet18", "model.weights=download"))
    assert one_of(plan, "download").sentence.endswith("(about 47 MB; Apache-2.0).")
    plan = plan_of(*plenty(), config=settings("model.backbone=strange_net", "model.weights=download"))
    assert "their size is not known" in one_of(plan, "download").sentence
    plan = plan_of(*plenty(), config=settings("model.weights=none", "tuning.freeze_ratio=0.5"))
    assert kinds(plan)["weights"] == "warning"


def test_too_little_disk() -> None:
    plan = plan_of(*plenty(), config=settings("data.cache=no"))
    takes = needs(plan)
    assert takes.cache == 0
    assert kinds(plan, replace(PLENTY, disk=takes.checkpoints))["disk"] == "error"
    assert "disk" not in kinds(plan, replace(PLENTY, disk=2 * takes.checkpoints))
    assert needs(plan_of(*plenty())).cache == 26 * 224 * 224 * 3


def test_too_little_memory() -> None:
    plan = plan_of(*plenty(), config=settings("data.batch_size=64"))
    around = replace(PLENTY, memory=needs(plan).memory)
    assert "data.batch_size=0" in one_of(plan, "memory", around).fix
    fitted = plan_of(*plenty())
    assert "memory" not in kinds(fitted, around)
    assert "even for one picture" in one_of(fitted, "memory", replace(PLENTY, memory=1 << 28)).sentence
    assert "memory" not in kinds(plan, replace(around, engine=replace(ENGINE, device="cuda")))


def test_larger_pictures_batches_and_more_that_learns_need_more_memory() -> None:
    usual = needs(plan_of(*plenty(), config=settings("data.batch_size=8"))).memory
    for more in ("data.side=448", "data.batch_size=16", "model.backbone=resnet50"):
        assert needs(plan_of(*plenty(), config=settings("data.batch_size=8", more))).memory > usual
    assert needs(plan_of(*plenty(), config=settings("data.batch_size=8", "tuning.freeze_ratio=1"))).memory < usual


def test_sources_that_are_not_there() -> None:
    assert kinds(plan_of(*plenty(), config=settings("data.sources=real")))["sources"] == "error"
    rows = [replace(one, source="real") for one in plenty()]
    found = one_of(plan_of(*rows, config=settings("data.sources=real,legacy")), "sources")
    assert found.severity == "warning"
    assert found.sentence == "No picture for training comes from legacy; its sources are: real."


def test_a_curriculum_that_gives_nothing() -> None:
    rows = [replace(one, source="real") for one in plenty()]
    step = settings('data.curriculum=[{"from_epoch":0,"shares":{"legacy":1,"real":0}}]')
    assert kinds(plan_of(*rows, config=step))["curriculum"] == "error"
    both = [replace(one, source="other") if n % 2 else one for n, one in enumerate(rows)]
    step = settings('data.curriculum=[{"from_epoch":0,"shares":{"real":1}}]')
    found = one_of(plan_of(*both, config=step), "curriculum")
    assert found.severity == "warning"
    assert found.sentence == "The curriculum never takes 10 pictures from other."


def test_a_watched_figure_of_no_question() -> None:
    for monitor in ("auto", "loss", "part.accuracy"):
        assert "monitor" not in kinds(plan_of(*plenty(), config=settings(f"stopping.monitor={monitor}")))
    assert kinds(plan_of(*plenty(), config=settings("stopping.monitor=colour.accuracy")))["monitor"] == "error"


def test_files_that_are_gone(tmp_path: Path) -> None:
    rows = plenty()
    found = one_of(plan_of(*rows), "missing")
    assert found.severity == "error"
    assert found.sentence.startswith("26 pictures can't be found any more, such as /pictures/")
    some = [*here(tmp_path, rows[1:]), rows[0]]
    assert one_of(plan_of(*some), "missing").severity == "warning"


def test_another_training_that_runs(tmp_path: Path) -> None:
    run = make_run(tmp_path)
    with holding(run):
        found = preflight(plan_of(*plenty()), PLENTY, look_alikes=[], runs=tmp_path)
    assert [one.sentence for one in found if one.kind == "busy"] == [
        f"The training {run.id} runs already, and two at once take each other's time."
    ]
    run.set_process(own_process().model_copy(update={"created": 1.0}))
    assert not [one for one in preflight(plan_of(*plenty()), PLENTY, runs=tmp_path) if one.kind == "busy"]


def test_this_machine_has_memory_and_disk(tmp_path: Path) -> None:
    around = look_around(tmp_path / "runs", ENGINE)
    assert around.engine == ENGINE
    assert around.memory > 1 << 20
    assert around.disk > 1 << 20
