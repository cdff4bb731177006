"""Augmentation against albumentations 2.0.8, on one core, the same pipelines and pictures.

    python -m tests.benchmarks.augmentation --reference-python /tmp/alb-venv/bin/python [--data DIR]

The reference runs in a process of its own (``augmentation_reference.py``), both are bound to the same core and let
OpenCV have one thread. Processor time is measured, rounds are interleaved, and the ratio is taken round by round: its
median, least and largest.
To make the reference's environment: ``python -m venv V; V/bin/pip install albumentations==2.0.8``.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import cv2
import numpy as np

from training.augmentation.augmenter import Augmenter
from training.augmentation.camera import Blur, Jpeg, MotionBlur, Noise
from training.augmentation.colour import Brightness, ColourJitter, Contrast, HueSaturationValue
from training.augmentation.config import AugmentationConfig
from training.augmentation.geometry import Flip, Perspective, Rotate, Rotate90, Scale, Shift
from training.augmentation.occlusion import CoarseDropout
from training.augmentation.presets import PRESETS
from training.augmentation.sample import Sample

PLACED, LIT = ("shift", "scale", "rotate"), ("brightness", "contrast")
MOVED = {
    "rotate90": Rotate90(0.5),
    "flip": Flip(0.5),
    "shift": Shift(0.5, (-10, 10)),
    "scale": Scale(0.5, (80, 120)),
    "rotate": Rotate(0.5, (-15, 15)),
}
LIGHT = {
    "brightness": Brightness(0.5, (-20, 20)),
    "contrast": Contrast(0.5, (-20, 20)),
    "hsv": HueSaturationValue(0.3, (-20, 20), (-8, 8), (-8, 8)),
}
PIPELINES = {
    "parts": PRESETS["parts"].config,
    "furniture": PRESETS["furniture"].config,
    "camera": PRESETS["camera"].config,
    "everything": AugmentationConfig(
        rotate90=Rotate90(1, (1, 3)),
        flip=Flip(1),
        shift=Shift(1, (-10, 10)),
        scale=Scale(1, (80, 120)),
        rotate=Rotate(1, (-15, 15)),
        perspective=Perspective(1, (0, 8)),
        brightness=Brightness(1, (-20, 20)),
        contrast=Contrast(1, (-20, 20)),
        hsv=HueSaturationValue(1, (-20, 20), (-8, 8), (-8, 8)),
        colour_jitter=ColourJitter(1, (-10, 10)),
        blur=Blur(1, (0.8, 1.1)),
        motion_blur=MotionBlur(1, (3, 9)),
        noise=Noise(1, (3.2, 7.1)),
        jpeg=Jpeg(1, (60, 95)),
        dropout=CoarseDropout(1, (1, 8)),
    ),
    "geometry": AugmentationConfig(**MOVED, together=(PLACED,)),
    "colour": AugmentationConfig(**LIGHT, together=(LIT,)),
}
CASES = [
    *((name, size, "picture") for name in ("parts", "furniture", "camera", "everything") for size in (224, 512)),
    *((name, size, "mask") for name in ("parts", "furniture", "camera", "everything") for size in (224, 512)),
    *((name, size, "boxes") for name in ("parts", "furniture") for size in (224, 512)),
    *((name, size, "picture") for name in ("geometry", "colour") for size in (224, 512)),
]
PICTURES = 24
BOXES = 5


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--reference-python", required=True, help="of an environment with albumentations 2.0.8")
    options.add_argument("--data", type=Path, default=Path("../shared/data"))
    options.add_argument("--rounds", type=int, default=9)
    options.add_argument("--seconds", type=float, default=0.6, help="of the reference, a round")
    given = options.parse_args()
    core = max(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {core})
    cv2.setNumThreads(1)
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / "pictures.npz"
        arrays = gather(given.data)
        np.savez(archive, **arrays)
        script = Path(__file__).with_name("augmentation_reference.py")
        command = [given.reference_python, str(script), str(archive), str(core)]
        child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert child.stdin is not None
        assert child.stdout is not None
        print("reference: albumentations, OpenCV, NumPy", child.stdout.readline().strip())
        print(f"here: OpenCV {cv2.__version__}, NumPy {np.__version__}; {PICTURES} pictures, one core")
        print(f"{'pipeline':<11}{'size':>5}  {'with':<8}{'here us':>9}{'reference us':>14}{'ratio':>7}  least-largest")
        for name, size, what in CASES:
            ours, theirs = pairs(child, arrays, (name, size, what), given.rounds, given.seconds)
            ratios = [their / our for our, their in zip(ours, theirs, strict=True)]
            middle, least, most = statistics.median(ratios), min(ratios), max(ratios)
            here, there = (statistics.median(some) * 1e6 for some in (ours, theirs))
            print(
                f"{name:<11}{size:>5}  {what:<8}{here:>9.0f}{there:>14.0f}{middle:>7.2f}  {least:.2f}-{most:.2f}",
                flush=True,
            )
        child.stdin.close()
        return child.wait()


def pairs(
    child: subprocess.Popen[str], arrays: dict[str, np.ndarray], case: tuple[str, int, str], rounds: int, seconds: float
) -> tuple[list[float], list[float]]:
    """Processor seconds a picture, here and there, for each round."""
    name, size, what = case
    samples = [
        Sample(
            image,
            (mask,) if what != "picture" else (),
            boxes=arrays[f"boxes{size}"] if what == "boxes" else np.empty((0, 4)),
        )
        for image, mask in zip(arrays[f"pictures{size}"], arrays[f"masks{size}"], strict=True)
    ]
    augment = Augmenter(PIPELINES[name], 5)
    asked(child, case, 1)
    once = asked(child, case, 2) / 2
    repeats = max(2, round(seconds / once))
    for sample in samples:
        augment(sample, 0)
    ours, theirs = [], []
    for turn in range(rounds):
        began = time.process_time()
        for repeat in range(repeats):
            for place, sample in enumerate(samples):
                augment(sample, (turn * repeats + repeat) * len(samples) + place)
        ours.append((time.process_time() - began) / (repeats * PICTURES))
        theirs.append(asked(child, case, repeats) / (repeats * PICTURES))
    return ours, theirs


def asked(child: subprocess.Popen[str], case: tuple[str, int, str], repeats: int) -> float:
    """Seconds that the reference took."""
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.write(f"{case[0]} {case[1]} {case[2]} {repeats}\n")
    child.stdin.flush()
    return float(child.stdout.readline())


def gather(data: Path) -> dict[str, np.ndarray]:
    """Real furniture scenes with their masks, and five boxes."""
    names = sorted(data.glob("furniture/images/*_src.png"))[:PICTURES]
    images = [cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB) for path in names]
    masks = [cv2.imread(str(data / "furniture" / "masks" / f"{path.name[:4]}.png"), 0) for path in names]
    found = {}
    for size in (224, 512):
        again = range(PICTURES)
        wanted = (size, size)
        found[f"pictures{size}"] = np.stack([cv2.resize(images[at % len(images)], wanted) for at in again])
        nearest = [cv2.resize(masks[at % len(masks)], wanted, interpolation=cv2.INTER_NEAREST) for at in again]
        found[f"masks{size}"] = np.stack(nearest)
        corners = np.random.default_rng(3).uniform(0.1, 0.55, (BOXES, 2))
        found[f"boxes{size}"] = np.concatenate([corners, corners + 0.3], 1) * size
    return found


if __name__ == "__main__":
    sys.exit(main())
