"""Run by the engine's Python: many small trainings in one process, since each start of PyTorch takes seconds.

``python -m tests.engine.training_runs FOLDER SCENARIO...`` writes ``<scenario>.json`` for each.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch

from training.config import TrainingConfig
from training.datasets.heads import HeadDef
from training.datasets.values import Category, Grade, Tags, Value
from training.pytorch.checkpoints import read_checkpoint
from training.pytorch.trainer import run_training
from training.runs.folder import RunFolder
from training.runs.info import RunInfo
from training.runs.items import RunItem

SIDE, COUNT = 32, 24
COLOURS = ("red", "green", "blue")
HEADS = (
    HeadDef("colour", "categories", COLOURS),
    HeadDef("marks", "tags", ("warm", "odd")),
    HeadDef("number", "grade", (), {"low": 1, "high": 3}),
)


def labels_of(row: int, heads: Sequence[HeadDef]) -> dict[str, Value]:
    """All that is known of a picture: every third tag and every fourth grade is not."""
    known: dict[str, Value] = {"colour": Category(COLOURS[row % 3])}
    if row % 3 != 2:
        known["marks"] = Tags(
            frozenset(name for name, there in (("warm", row % 3 == 0), ("odd", row % 2 == 1)) if there)
        )
    if row % 4 != 3:
        known["number"] = Grade(float(1 + row % 3))
    return {head.name: known[head.name] for head in heads if head.name in known}


def write_pictures(folder: Path) -> list[tuple[str, Path]]:
    """Content hash and place of two dozen noisy squares in three colours."""
    folder.mkdir(parents=True, exist_ok=True)
    chance = np.random.default_rng(5)
    made = []
    for row in range(COUNT):
        pixels = np.full((SIDE, SIDE, 3), 40, np.int64)
        pixels[..., row % 3] = 200
        pixels += chance.integers(-30, 30, pixels.shape)
        _, png = cv2.imencode(".png", cv2.cvtColor(np.clip(pixels, 0, 255).astype(np.uint8), cv2.COLOR_RGB2BGR))
        path = folder / f"{row:02}.png"
        path.write_bytes(png.tobytes())
        made.append((hashlib.sha256(png.tobytes()).hexdigest(), path))
    return made


def make_run(
    folder: Path,
    name: str,
    heads: Sequence[HeadDef] = HEADS,
    *,
    without: Mapping[str, Sequence[int]] | None = None,
    taught: Mapping[str, Any] | None = None,
    **sections: Any,
) -> RunFolder:
    """A run over the pictures; ``without``: rows whose label of a head is unknown; ``taught``: how heads learn."""
    items = []
    for row, (key, path) in enumerate(write_pictures(folder / "pictures")):
        labels = labels_of(row, heads)
        for head, rows in (without or {}).items():
            if row in rows:
                labels.pop(head, None)
        split = "train" if row < 16 else "val" if row < 20 else "test"
        items.append(RunItem(key, str(path), split=split, source="ab"[row % 2], width=SIDE, height=SIDE, labels=labels))
    plain: dict[str, Any] = {
        "data": {"side": SIDE, "batch_size": 4, "augmentation": "none"},
        "schedule": {"epochs": 2},
        "compute": {"device": "cpu", "threads": 1},
        "logging": {"samples": 2},
    }
    merged = {key: {**plain.get(key, {}), **sections.get(key, {})} for key in {**plain, **sections}}
    config = TrainingConfig.model_validate({**merged, "heads": dict(taught or {})})
    return RunFolder.create(folder / "runs" / name, config, RunInfo(id=name), heads, folder / "blobs", items)


def events(run: RunFolder) -> list[dict[str, Any]]:
    """All that a run has said."""
    return [json.loads(event.model_dump_json()) for event in run.events()]


def weights(run: RunFolder, which: str = "latest") -> dict[str, torch.Tensor]:
    """Of a checkpoint."""
    state = read_checkpoint(run.checkpoints / f"{which}.ckpt")
    found: dict[str, torch.Tensor] = state["network"]
    return found


def furthest(one: RunFolder, other: RunFolder) -> float:
    """The largest difference between the weights of two runs."""
    first, second = weights(one), weights(other)
    return max(float((first[name].double() - second[name].double()).abs().max()) for name in first)


def train(run: RunFolder) -> dict[str, Any]:
    """What came of it."""
    code = run_training(run)
    return {"code": code, "events": events(run)}


def each_alone_and_all_together(folder: Path) -> Any:
    found = {}
    for chosen in (*((head,) for head in HEADS), HEADS):
        name = "-".join(head.name for head in chosen)
        run = make_run(folder, name, chosen, tuning={"head_rate": 10})
        found[name] = train(run) | {"files": sorted(path.name for path in run.export.iterdir())}
    return found


def learns(folder: Path) -> Any:
    """Three colours are told apart after some epochs on the embeddings of the frozen backbone."""
    run = make_run(
        folder, "learns", tuning={"freeze_ratio": 1}, schedule={"epochs": 40}, optimiser={"learning_rate": 0.02}
    )
    return train(run)


def unknown_labels(folder: Path) -> Any:
    """The loss of one head is the same whatever else is known of the pictures."""
    plain: dict[str, Any] = {
        "tuning": {"freeze_ratio": 1},
        "model": {"dropout": 0},
        "optimiser": {"gradient_clipping": 0},
    }
    alone = make_run(folder, "alone", HEADS[:1], **plain)
    few = make_run(folder, "few", HEADS[:2], without={"marks": range(1, COUNT)}, **plain)
    none = make_run(folder, "none", HEADS[:2], without={"marks": range(COUNT)}, **plain)
    return {run.id: train(run) for run in (alone, few, none)}


def paused_at_every_step(folder: Path) -> Any:
    """A run that is paused after each single step, and one that is not."""
    both: dict[str, Any] = {
        "data": {"side": SIDE, "batch_size": 4, "augmentation": "light", "balancing": "sampler"},
        "optimiser": {"accumulation": 2},
        "regularisation": {"ema_decay": 0.9, "mixup": 0.2},
        "model": {"hidden": 16, "drop_path": 0.2},
    }
    heads = HEADS[:2]
    whole, pieces = make_run(folder, "whole", heads, **both), make_run(folder, "pieces", heads, **both)
    codes = [run_training(whole)]
    pieces.set_want("pause")
    codes += [run_training(pieces) for _ in range(4)]
    pieces.set_want("run")
    codes.append(run_training(pieces))
    return {
        "codes": codes,
        "furthest": furthest(whole, pieces),
        "whole": events(whole),
        "pieces": events(pieces),
        "resumed": pieces.info().resumed,
    }


def no_number(folder: Path) -> Any:
    """A learning rate at which every loss ends as none."""
    run = make_run(
        folder,
        "wild",
        HEADS[2:],
        optimiser={"learning_rate": 9.0, "name": "sgd", "gradient_clipping": 0, "momentum": 0.99},
        tuning={"head_rate": 1000},
        schedule={"epochs": 40, "warmup_epochs": 1.5, "kind": "constant"},
        stopping={"early": False},
    )
    return train(run) | {"best": run.best_checkpoint.exists()}


def damaged_pictures(folder: Path) -> Any:
    run = make_run(folder, "damaged")
    for row in (1, 5, 17):
        path = folder / "pictures" / f"{row:02}.png"
        path.write_bytes(path.read_bytes()[:60] if row != 5 else b"no picture")
    found = train(run)
    write_pictures(folder / "pictures")
    return found


def stopped(folder: Path) -> Any:
    run = make_run(folder, "stopped", schedule={"epochs": 500}, stopping={"early": False})
    run.set_want("pause")
    for _ in range(5):  # into the second epoch
        run_training(run)
    run.set_want("stop")
    return train(run) | {"best": run.best_checkpoint.exists(), "state": run.want()}


def frozen(folder: Path) -> Any:
    """What is frozen stays as it was, to the last bit, and is let go when that is due."""
    from training.pytorch.lite0 import build_network, installed_weights, read_weights

    before = build_network(read_weights(installed_weights())).state_dict()
    found: dict[str, Any] = {}
    for name, tuning in {
        "all": {"freeze_ratio": 1},
        "half": {"freeze_ratio": 0.5},
        "later": {"freeze_ratio": 1, "unfreeze": [{"epoch": 2, "freeze_ratio": 0.5}]},
        "norm": {"freeze_norm": True},
    }.items():
        run = make_run(folder, name, HEADS[:1], tuning=tuning, schedule={"epochs": 3})
        done = train(run)
        after = {key.removeprefix("encoder.network."): value for key, value in weights(run).items()}
        changed = sorted(key for key, value in before.items() if key in after and not torch.equal(value, after[key]))
        kept = [path.name for path in run.cache.glob("*.activations")] if run.cache.exists() else []
        found[name] = done | {"changed": changed, "kept": sorted(kept)}
    return found


def fitted(folder: Path) -> Any:
    """Batch size, early stop, curriculum, weights of sources, plateau, SGD, focal loss: all at once."""
    run = make_run(
        folder,
        "fitted",
        data={
            "batch_size": 0,
            "balancing": "loss",
            "source_weights": {"a": 3.0},
            "curriculum": [{"from_epoch": 0, "shares": {"a": 1}}, {"from_epoch": 1, "shares": {"a": 1, "b": 1}}],
            "cache": False,
        },
        taught={"colour": {"loss": "focal"}, "marks": {"loss": "focal", "weight": 2}},
        optimiser={"name": "sgd", "learning_rate": 1e-9},
        schedule={"epochs": 50, "kind": "plateau"},
        stopping={"patience": 2, "monitor": "colour.accuracy"},
        tuning={"freeze_ratio": 1},
    )
    return train(run)


def refused(folder: Path) -> Any:
    """What can't be trained is a sentence."""
    found = {}
    everything = {head.name: range(COUNT) for head in HEADS}
    for name, options in {
        "unlabelled": {"without": everything},
        "backbone": {"model": {"backbone": "no_such_network"}},
        "weights": {"model": {"backbone": "resnet18"}},
        "monitor": {"stopping": {"monitor": "colour.beauty"}},
        "device": {"compute": {"device": "cuda:7"}},
    }.items():
        found[name] = train(make_run(folder, name, **options))  # type: ignore[arg-type]
    return found


SCENARIOS: Mapping[str, Callable[[Path], Any]] = {
    one.__name__: one
    for one in (
        each_alone_and_all_together,
        learns,
        unknown_labels,
        paused_at_every_step,
        no_number,
        damaged_pictures,
        stopped,
        frozen,
        fitted,
        refused,
    )
}


if __name__ == "__main__":
    place = Path(sys.argv[1])
    for scenario in sys.argv[2:]:
        (place / f"{scenario}.json").write_text(json.dumps(SCENARIOS[scenario](place / scenario)), "utf-8")
