"""Folders of runs as a trainer leaves them: hundreds of events, several questions, sample pictures. For the Train page.

Nothing here trains: the curves are drawn by formula. What reads them is the program's own.
"""

from __future__ import annotations

import hashlib
import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image

from training.config import TrainingConfig, begin
from training.datasets.heads import HeadDef
from training.datasets.values import Category
from training.runs.events import (
    Begun,
    Checkpoint,
    Classes,
    Epoch,
    Event,
    Exported,
    Failed,
    Finished,
    Log,
    Paused,
    Resources,
    Sample,
    SampleAnswer,
    Samples,
    Skipped,
    Step,
    Stopped,
    Test,
)
from training.runs.folder import RunFolder
from training.runs.info import CodeVersion, DatasetFacts, Environment, HeadFacts, Person, RunInfo
from training.runs.items import RunItem
from training.runs.living import own_process

__all__ = ["ANSWERS", "HEADS", "Course", "make_run", "write_events"]

SAMPLES = Path(__file__).resolve().parents[3] / "assets" / "samples"
MATERIALS = ("brick", "concrete", "grass", "metal", "panel", "plaster", "rock", "tile", "water", "wood")
COLOURS = ("black", "blue", "brown", "green", "grey", "red", "white")
HEADS = (HeadDef("material", "categories", MATERIALS), HeadDef("colour", "categories", COLOURS))
ANSWERS = {
    "wall_red_01.jpg": ("brick", "red"),
    "cargo_blue.jpg": ("metal", "blue"),
    "bath_blue.jpg": ("tile", "blue"),
    "cliff_01.jpg": ("rock", "grey"),
    "shed_iron.jpg": ("metal", "grey"),
    "palace_white.jpg": ("plaster", "white"),
}
"""The sample pictures, and what they are."""

NOW = 1_795_577_400.0  # seconds since 1970


@dataclass(frozen=True, slots=True)
class Course:
    """How a training went.

    Attributes:
        state: how it stands: "running", "paused", "finished", "failed", "lost".
        epochs: planned.
        done: of them.
        steps: an epoch.
        skill: the accuracy it comes to at last.
        seed: of the noise.
        seconds: an epoch.
        reason: why it finished.
        sentence: why it failed.
        device: that computes.
        gpu: whether a graphics card is there.
    """

    state: str = "finished"
    epochs: int = 30
    done: int = 30
    steps: int = 24
    skill: float = 0.88
    seed: int = 1
    seconds: float = 30.0
    reason: str = "epochs"
    sentence: str = ""
    device: str = "cpu"
    gpu: bool = False


def make_run(
    runs: Path,
    name: str,
    course: Course | None = None,
    *,
    heads: Sequence[HeadDef] = HEADS,
    preset: str = "balanced",
    begun: float = NOW,
    changes: Mapping[str, object] | None = None,
    person: Person | None = None,
) -> RunFolder:
    """A run called ``name`` in the folder ``runs``; ``changes`` are for single sections of its configuration."""
    course = course or Course()
    config = begin("textures", preset, heads).model_copy(update={"name": name})
    config = config.model_copy(update={"schedule": config.schedule.model_copy(update={"epochs": course.epochs})})
    for section, values in (changes or {}).items():
        config = config.model_copy(update={section: getattr(config, section).model_copy(update=values)})
    started = datetime.fromtimestamp(begun, UTC).replace(tzinfo=None)
    identity = f"{started:%Y%m%d-%H%M%S}-{name.lower().replace(' ', '-').replace(',', '')}"
    info = RunInfo(
        id=identity,
        created=started.isoformat(timespec="seconds"),
        dataset=DatasetFacts(id=1, name="Walls and floors", version="before training", hash="3f9a" * 16),
        heads=tuple(HeadFacts(name=one.name, kind=one.kind, categories=len(one.categories)) for one in heads),
        counts={"train": {"": 1190}, "val": {"": 210}, "test": {"": 198}},
        notices=("15 % of the pictures are set aside for validation.",),
        code=CodeVersion(version="0.8.0", sources="8c1f0a2b3d4e5f60"),
        environment=Environment(
            python="3.11.9",
            packages={"torch": "2.9.1", "lightning": "2.5.5", "timm": "1.0.22"},
            system="Linux-6.8 x86_64",
            device=course.device,
            device_name="AMD Ryzen 7" if course.device == "cpu" else "NVIDIA RTX 4070",
            cores=8,
            memory=32 << 30,
        ),
    )
    run = RunFolder.create(runs / identity, config, info, heads, runs / "blobs", _items(heads), person)
    keys = _thumbs(run)
    write_events(run, course, config, heads, keys, begun)
    run.log_path.write_text("Seed set to 1\nGPU available: False, used: False\n")
    if course.state != "prepared":
        alive = own_process()
        gone = alive.model_copy(update={"pid": 2**22 - 7, "created": 1.0})
        run.set_process(alive if course.state == "running" else gone)
    return run


def write_events(
    run: RunFolder,
    course: Course,
    config: TrainingConfig,
    heads: Sequence[HeadDef],
    keys: Mapping[str, str],
    begun: float,
) -> None:
    """Say all that a trainer would have said."""
    with run.writer() as writer:
        for event in _events(course, config, heads, keys, begun):
            writer.write(event)


def _events(
    course: Course, config: TrainingConfig, heads: Sequence[HeadDef], keys: Mapping[str, str], begun: float
) -> list[Event]:
    chance = random.Random(course.seed)  # noqa: S311 - noise of a drawing
    now = begun
    said: list[Event] = [
        Begun(
            time=now,
            steps_per_epoch=course.steps,
            epochs=course.epochs,
            device=course.device,
            precision="32",
            batch_size=48,
            train_items=1190,
            val_items=210,
            parameters=3_400_000,
            trainable=3_400_000,
        ),
        Log(time=now, text="Reading 1,400 pictures into one file; each is decoded once."),
        Skipped(time=now + 1, path="cut off.jpg", sentence="cut off.jpg ends too early; copy it again."),
    ]
    best = -1.0
    best_epoch = 0
    for epoch in range(course.done):
        losses: dict[str, float] = {}
        for step in range(1, course.steps + 1):
            at = epoch + step / course.steps
            now += course.seconds / course.steps
            losses = {
                head.name: (2.3 - 0.4 * place) * math.exp(-at / (5.0 + place)) + 0.12 + chance.gauss(0, 0.07)
                for place, head in enumerate(heads)
            }
            losses = {name: max(0.02, loss) for name, loss in losses.items()}
            rate = config.optimiser.learning_rate * 0.5 * (1 + math.cos(math.pi * at / course.epochs))
            left = (course.epochs - at) * course.seconds
            said.append(
                Step(
                    time=now,
                    epoch=epoch,
                    step=epoch * course.steps + step,
                    loss=sum(losses.values()) / len(losses),
                    losses=losses,
                    rate=rate,
                    images_per_second=48 * course.steps / course.seconds * chance.uniform(0.96, 1.04),
                    seconds_left=left,
                )
            )
            if step % 6 == 0:
                said.append(_resources(now, chance, gpu=course.gpu))
        said += _epoch_end(course, heads, keys, epoch, now, losses, chance)
        ended = said[-3]
        assert isinstance(ended, Epoch)
        if (ended.monitor or 0) > best:
            best, best_epoch = ended.monitor or 0.0, epoch
            said[-3] = ended.model_copy(update={"best": True})
            said.append(Checkpoint(time=now, kind="best", epoch=epoch, step=(epoch + 1) * course.steps))
        said.append(Checkpoint(time=now, kind="latest", epoch=epoch, step=(epoch + 1) * course.steps))
    return said + _last_words(course, heads, now, best, best_epoch)


def _epoch_end(
    course: Course,
    heads: Sequence[HeadDef],
    keys: Mapping[str, str],
    epoch: int,
    now: float,
    losses: Mapping[str, float],
    chance: random.Random,
) -> list[Event]:
    skill = [
        max(0.05, (course.skill + 0.04 * place) * (1 - math.exp(-(epoch + 1) / 6)) + chance.gauss(0, 0.008))
        for place in range(len(heads))
    ]
    val = {f"{head.name}.accuracy": one for head, one in zip(heads, skill, strict=True)}
    val |= {f"{head.name}.macro_f1": one - 0.03 for head, one in zip(heads, skill, strict=True)}
    val |= {f"{head.name}.loss": losses[head.name] * 1.25 + 0.1 for head in heads}
    val["loss"] = sum(losses.values()) / len(losses) * 1.25 + 0.1
    said: list[Event] = [
        Epoch(
            time=now,
            epoch=epoch,
            step=(epoch + 1) * course.steps,
            train={"loss": sum(losses.values()) / len(losses)},
            val=val,
            monitor=sum(skill) / len(skill),
            seconds=course.seconds,
        )
    ]
    figures = {
        head.name: [
            (name, min(1.0, max(0.0, one - 0.3 / (place + 1) + chance.gauss(0, 0.02))), 12 + 3 * place)
            for place, name in enumerate(head.categories)
        ]
        for head, one in zip(heads, skill, strict=True)
    }
    first = heads[0].name
    said.append(Classes(time=now, epoch=epoch, head=first, figures=figures[first]))
    said.append(_samples(heads, keys, epoch, now, skill, chance))
    for head in heads[1:]:
        said.insert(0, Classes(time=now, epoch=epoch, head=head.name, figures=figures[head.name]))
    return said


def _samples(
    heads: Sequence[HeadDef],
    keys: Mapping[str, str],
    epoch: int,
    now: float,
    skill: Sequence[float],
    chance: random.Random,
) -> Samples:
    answers = []
    for place, (name, key) in enumerate(keys.items()):
        by_head = {}
        for at, head in enumerate(heads):
            truth = ANSWERS[name][min(at, 1)]
            right = (epoch + 1) / 8 > (place + at) % 4 or chance.random() < skill[at] - 0.5
            right = right and not (place == 3 and at == 0)
            said = truth if right else head.categories[(place + epoch // 4) % len(head.categories)]
            by_head[head.name] = SampleAnswer(
                said=said, confidence=min(0.99, skill[at] * chance.uniform(0.8, 1.1)), truth=truth, right=said == truth
            )
        answers.append(Sample(key=key, heads=by_head))
    return Samples(time=now, epoch=epoch, answers=answers)


def _last_words(course: Course, heads: Sequence[HeadDef], now: float, best: float, best_epoch: int) -> list[Event]:
    if course.state == "paused":
        return [Paused(time=now)]
    if course.state == "failed":
        return [Failed(time=now, sentence=course.sentence, kind="TrainingError")]
    if course.state != "finished":
        return []
    said: list[Event] = [Stopped(time=now)] if course.reason == "stopped" else []
    figures = {f"{head.name}.accuracy": course.skill - 0.01 + 0.04 * place for place, head in enumerate(heads)}
    return [
        *said,
        Test(time=now + 2, figures=figures),
        Exported(time=now + 9, path="export/model.onnx", largest_difference=2.4e-6, images=64),
        Finished(time=now + 10, reason=course.reason, best_epoch=best_epoch, monitor=best),
    ]


def _resources(now: float, chance: random.Random, *, gpu: bool) -> Resources:
    return Resources(
        time=now,
        cpu=chance.uniform(0.9, 0.99),
        memory=chance.uniform(0.16, 0.18),
        gpu=chance.uniform(0.9, 0.97) if gpu else None,
        gpu_memory=chance.uniform(0.5, 0.52) if gpu else None,
        disk_read=chance.uniform(0.5e6, 2.5e6),
        disk_write=chance.uniform(0, 3e5),
    )


def _items(heads: Sequence[HeadDef]) -> list[RunItem]:
    made = []
    for number, (name, answers) in enumerate(ANSWERS.items()):
        path = SAMPLES / name
        labels = {
            head.name: Category(answers[min(place, 1)]) for place, head in enumerate(heads) if head.kind == "categories"
        }
        key = hashlib.sha256(path.read_bytes()).hexdigest()
        split = "val" if number < 3 else "train"
        made.append(RunItem(key, str(path), split=split, width=64, height=64, labels=labels))
    return made


def _thumbs(run: RunFolder) -> dict[str, str]:
    """Write the sample pictures; name -> key."""
    keys = {}
    for name in ANSWERS:
        path = SAMPLES / name
        keys[name] = hashlib.sha256(path.read_bytes()).hexdigest()
        with Image.open(path) as image:
            image.convert("RGB").resize((160, 160)).save(run.samples / f"{keys[name]}.png")
    return keys
