"""Pipelines whose network's calls are counted or fail, pictures for them, and what they answer."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from models.errors import ModelError, WorkspaceError
from models.heads import Form
from models.images.resize import to_square
from models.library import Model
from models.pipeline import Answer, Failure, Pipeline
from models.spec import HeadSpec, ModelSpec

CATEGORIES = ("dark", "light")


class CountingBackbone:
    """The mean and spread of each colour as an embedding; counts what it is asked, and can be held up."""

    id = "counting-1"
    dimensions = 6
    cached = True
    side = 32
    longest = 64

    def __init__(self) -> None:
        self.batches: list[int] = []
        self.free = threading.Event()
        self.free.set()
        self.reached = threading.Event()

    def prepare(self, rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
        return to_square(rgb, self.side)

    def embed(self, batch: NDArray[np.uint8]) -> NDArray[np.float16]:
        assert batch.dtype == np.uint8
        assert batch.shape[1:] == (self.side, self.side, 3)
        self.reached.set()
        self.free.wait()
        self.batches.append(len(batch))
        flat = batch.reshape(len(batch), -1, 3)
        return np.concatenate([flat.mean(1), flat.std(1)], axis=1).astype(np.float16)


class BrokenBackbone(CountingBackbone):
    def embed(self, batch: NDArray[np.uint8]) -> NDArray[np.float16]:
        raise ModelError("The network is broken; get the model again.")


class ForgetfulCache:
    """A cache on a disk that is full."""

    asked = 0

    def get(self, backbone: str, contents: Sequence[bytes]) -> dict[bytes, NDArray[np.float16]]:
        return {}

    def put(self, backbone: str, vectors: object) -> None:
        self.asked += 1
        raise WorkspaceError("cache.sqlite could not be written because the disk is full; free some space.")


class Lightness:
    """A head that can tell dark from light."""

    form = Form()

    def __call__(self, embeddings: NDArray[np.float16]) -> NDArray[np.float32]:
        light = embeddings[:, :3].astype(np.float32).mean(axis=1) / 16 - 8
        return np.stack([-light, light], axis=1)


def model_on(backbone: CountingBackbone, **thresholds: float) -> Model:
    head = HeadSpec(name="tone", kind="categories", categories=CATEGORIES, **thresholds)
    return Model(ModelSpec(name="Tone", heads=(head,), backbone=backbone.id), backbone, Path(), [Lightness()])


def pictures(folder: Path, count: int, side: int = 16) -> list[Path]:
    """PNG files of different content, dark for even numbers and light for odd ones."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number in range(count):
        pixels = np.full((side, side, 3), 40 if number % 2 == 0 else 215, np.uint8)
        pixels[0, 0] = [pixels[0, 0, 0] + number % 8, pixels[0, 0, 1] + number // 8 % 16, number // 128]
        paths.append(folder / f"{number}.png")
        Image.fromarray(pixels).save(paths[-1], compress_level=1)
    return paths


def everything(pipeline: Pipeline, paths: Sequence[Path], **options: object) -> list[Answer | Failure]:
    return [item for items in pipeline.run(paths, **options) for item in items]


def by_name(items: Sequence[Answer | Failure]) -> dict[str, str]:
    return {i.source.label: i.best.category if isinstance(i, Answer) else str(i.error) for i in items}
