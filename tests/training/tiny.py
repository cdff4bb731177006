"""Models and pictures of eight numbers, where those of 3,496 would take long: heads that ship with what they know."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from models.combinations import Combinations
from models.database import Database, open_cache, open_workspace
from models.embedding import EmbeddingCache
from models.heads.categories import UNKNOWN
from models.spec import ModelSpec, read_spec
from training import head_file
from training.correction_record import Correction
from training.features import Features
from training.incremental import IncrementalHead
from training.learned_head import LearnedHead
from training.learner import Learner

DIMENSIONS = 8
RIDGE = 0.1
SHIPPED = {"stone": (0, 1, 2, 3), "wood": (4, 5, 6, 7), "metal": (8, 9, 10)}
"""Category -> numbers of the pictures that ``make_model``'s heads have learned."""

PICTURES = range(40)
"""The first 11 are the shipped ones; the others nobody has said anything about."""

FEATURES = Features(np.zeros(DIMENSIONS, np.float32), np.full(DIMENSIONS, np.sqrt(DIMENSIONS), np.float32))


class Backbone:
    """Stands where the bundled one would; nobody asks it for pictures here."""

    id = "tiny-1"
    dimensions = DIMENSIONS
    cached = True
    longest = 8

    def prepare(self, rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
        raise AssertionError("no picture is looked at")

    def embed(self, batch: NDArray[np.uint8]) -> NDArray[np.float16]:
        raise AssertionError("no picture is looked at")


def content(number: int) -> bytes:
    """The hash of a picture."""
    return hashlib.sha256(str(number).encode()).digest()


def embedding(number: int) -> NDArray[np.float16]:
    """Of the same picture, (8,)."""
    return np.random.default_rng(number).normal(size=DIMENSIONS).astype(np.float16)


def embeddings(numbers: Sequence[int]) -> NDArray[np.float16]:
    """(N, 8)."""
    return np.stack([embedding(number) for number in numbers])


def make_model(
    folder: Path,
    heads: Sequence[str] = ("material",),
    combinations: Combinations | None = None,
    shipped: Mapping[str, Sequence[int]] = SHIPPED,
) -> ModelSpec:
    """Write a model whose heads have all learned ``shipped`` and can go on."""
    folder.mkdir(parents=True)
    specs = []
    for index, name in enumerate(heads):
        head = IncrementalHead(FEATURES, ridge=RIDGE, categories=tuple(shipped))
        head.add_many((content(n), embedding(n), category) for category, ns in shipped.items() for n in ns)
        path = folder / f"state-{index}.npz"
        head_file.save(head, path)
        specs.append(
            {
                "name": name,
                "kind": "categories",
                "categories": tuple(shipped),
                "temperature": 0.2,
                "unsure_below": 0.5,
                "unknown_below": 0.2,
                "state_hash": hashlib.sha256(path.read_bytes()).hexdigest(),
            }
        )
    fields = {"name": "Tiny", "id": "tiny-model", "format": "head", "heads": specs, "backbone": Backbone.id}
    spec = ModelSpec.parse({**fields, "combinations": combinations}, "Tiny")
    (folder / "metadata.json").write_text(spec.to_json(), encoding="utf-8")
    return spec


@contextlib.contextmanager
def window(folder: Path, home: Path) -> Iterator[Learner]:
    """A learner as a window of its own has one: with its own connections to the files in ``home``."""
    home.mkdir(exist_ok=True)
    with databases(home) as (workspace, cache):
        learner = Learner(folder, read_spec(folder), Backbone(), workspace=workspace, cache=cache)
        yield learner
        learner.close()


@contextlib.contextmanager
def databases(home: Path) -> Iterator[tuple[Database, Database]]:
    """The workspace and the cache in ``home``."""
    with contextlib.closing(open_workspace(home)) as workspace, contextlib.closing(open_cache(home)) as cache:
        yield workspace, cache


def see(home: Path, numbers: Sequence[int]) -> None:
    """Have the pictures in the cache, as after a drop."""
    with contextlib.closing(open_cache(home)) as cache:
        EmbeddingCache(cache).put(Backbone.id, {content(number): embedding(number) for number in numbers})


def said(number: int, label: str, head: str = "material", model: str = "tiny-model") -> Correction:
    """A person says what a picture is."""
    return Correction(f"textures/{number}.png", label, texture_hash=content(number).hex(), head=head, model=model)


SAID = {0: "wood", 8: UNKNOWN, 20: "glass", 21: "glass", 22: "stone"}
LABELS = {content(number): label for number, label in SAID.items()}


def say(learner: Learner) -> None:
    """All of ``SAID``, one after another."""
    for number, label in SAID.items():
        learner.record([said(number, label)])


def learned(learner: Learner, head: int = 0) -> LearnedHead:
    one = learner.learning_heads()[head]
    assert one is not None
    return one


def from_scratch(labels: Mapping[bytes, str]) -> IncrementalHead:
    """What a head must be, in which a person has said ``labels``."""
    by_content = {content(number): number for number in PICTURES}
    wanted: dict[bytes, str] = {content(n): name for name, numbers in SHIPPED.items() for n in numbers}
    wanted |= labels
    wanted = {one: name for one, name in wanted.items() if name != UNKNOWN}
    names = dict.fromkeys([*SHIPPED, *wanted.values()])
    head = IncrementalHead(FEATURES, ridge=RIDGE, categories=tuple(names))
    head.add_many((one, embedding(by_content[one]), name) for one, name in wanted.items())
    return head


def agrees(learner: Learner, labels: Mapping[bytes, str], head: int = 0) -> None:
    """The learner has learned just what ``labels`` say."""
    expected, found = from_scratch(labels), learned(learner, head)
    assert dict(learner.published[head].labels) == labels
    assert found.waiting == set()
    assert {key: one.category for key, one in found.head.examples.items()} == {
        key: one.category for key, one in expected.examples.items()
    }
    assert sorted(found.head.categories) == sorted(expected.categories)
    order = [found.head.categories.index(name) for name in expected.categories]
    error = np.linalg.norm(found.head.weights[:, order] - expected.weights) / np.linalg.norm(expected.weights)
    assert error < 1e-6


def said_of(learner: Learner, head: str = "material") -> list[dict[str, float]]:
    """Category -> probability for each picture."""
    replies = learner.answer([content(number) for number in PICTURES], embeddings(PICTURES))
    results = [reply.heads[head] for reply in replies]
    return [dict(zip(one.categories, one.probabilities.tolist(), strict=True)) for one in results]


def same_answers(one: Learner, other: Learner, head: str = "material") -> None:
    for mine, theirs in zip(said_of(one, head), said_of(other, head), strict=True):
        assert mine == pytest.approx(theirs, abs=1e-5)
