from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from models.database import Database, open_cache
from models.embedding import Backbone, EmbeddingCache
from models.errors import ModelError
from models.library import BUNDLED
from training.pictures import square

FOLDER = BUNDLED / "backbone"


@pytest.fixture(scope="module")
def backbone() -> Backbone:
    return Backbone(FOLDER, threads=1)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = open_cache(tmp_path)
    yield database
    database.close()


def test_what_ships_is_what_its_metadata_says(backbone: Backbone) -> None:
    facts = json.loads((FOLDER / "metadata.json").read_text())
    model = (FOLDER / "model.onnx").read_bytes()
    assert facts["model_hash"] == hashlib.sha256(model).hexdigest()
    assert facts["model_size"] == len(model) < 4_200_000
    ends = [0, *(block["stop"] for block in facts["blocks"])]
    assert [block["start"] for block in facts["blocks"]] == ends[:-1]
    assert ends[-1] == backbone.dimensions


def test_pictures_become_vectors(backbone: Backbone, data: Path) -> None:
    paths = sorted((data / "textures" / "wood").iterdir())[:5]
    batch = np.stack([square(path, backbone.side) for path in paths])
    vectors = backbone.embed(batch)
    assert vectors.shape == (5, backbone.dimensions)
    assert vectors.dtype == np.float16
    assert np.isfinite(vectors).all()
    assert len(np.unique(vectors, axis=0)) == 5


def test_a_picture_gets_the_same_vector_alone_in_a_batch_and_from_any_thread(backbone: Backbone, data: Path) -> None:
    paths = sorted((data / "textures" / "brick").iterdir())[:8]
    batch = np.stack([square(path, backbone.side) for path in paths])
    together = backbone.embed(batch)
    with ThreadPoolExecutor(4) as pool:
        alone = list(pool.map(lambda one: backbone.embed(one[None])[0], batch))
    assert (np.stack(alone) == together).all()


def test_flat_pictures_are_fine(backbone: Backbone) -> None:
    flat = np.stack([np.full((backbone.side, backbone.side, 3), grey, np.uint8) for grey in (0, 127, 255)])
    assert np.isfinite(backbone.embed(flat)).all()


def test_no_pictures_no_vectors(backbone: Backbone) -> None:
    empty = np.empty((0, backbone.side, backbone.side, 3), np.uint8)
    assert backbone.embed(empty).shape == (0, backbone.dimensions)


@pytest.mark.parametrize(
    "batch", [np.zeros((1, 3, 224, 224), np.uint8), np.zeros((1, 224, 224, 3), np.float32)], ids=["NCHW", "floats"]
)
def test_another_layout_is_refused_in_one_sentence(backbone: Backbone, batch: np.ndarray) -> None:
    with pytest.raises(ModelError, match=r"takes uint8 pictures of shape \(N, 224, 224, 3\) and was given"):
        backbone.embed(batch)


def test_a_folder_without_a_backbone(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"metadata\.json is missing or damaged"):
        Backbone(tmp_path, threads=1)


def test_files_that_do_not_belong_together(tmp_path: Path) -> None:
    folder = tmp_path / "backbone"
    shutil.copytree(FOLDER, folder)
    facts = json.loads((folder / "metadata.json").read_text())
    (folder / "metadata.json").write_text(json.dumps(facts | {"dimensions": 7}))
    with pytest.raises(ModelError, match="do not belong together"):
        Backbone(folder, threads=1)
    (folder / "model.onnx").write_bytes(b"cut off")
    with pytest.raises(ModelError, match=r"model\.onnx can't be loaded"):
        Backbone(folder, threads=1)


def vectors(count: int) -> dict[bytes, np.ndarray]:
    rng = np.random.default_rng(0)
    return {i.to_bytes(32, "big"): rng.standard_normal(16).astype(np.float16) for i in range(count)}


def test_the_cache_gives_back_what_it_was_given(database: Database) -> None:
    cache = EmbeddingCache(database)
    given = vectors(1200)
    cache.put("a", given)
    found = cache.get("a", [*given, b"unknown"])
    assert found.keys() == given.keys()
    assert all((found[key] == given[key]).all() and found[key].dtype == np.float16 for key in given)
    assert cache.get("a", []) == {}


def test_backbones_do_not_share_vectors(database: Database) -> None:
    cache = EmbeddingCache(database)
    given = vectors(3)
    cache.put("a", given)
    assert cache.get("b", list(given)) == {}


def test_the_cache_outlives_the_program(tmp_path: Path) -> None:
    given = vectors(3)
    for _ in range(2):
        database = open_cache(tmp_path)
        EmbeddingCache(database).put("a", given)
        database.close()
    database = open_cache(tmp_path)
    assert EmbeddingCache(database).get("a", list(given)).keys() == given.keys()
    assert EmbeddingCache(database).size() == 3 * 32
    database.close()


def test_trimming_forgets_the_oldest(database: Database) -> None:
    cache = EmbeddingCache(database)
    given = vectors(10)
    for key, vector in given.items():
        cache.put("a", {key: vector})
    assert cache.size() == 10 * 32
    assert cache.trim(10 * 32) == 0
    assert cache.trim(4 * 32 + 31) == 6
    assert cache.get("a", list(given)).keys() == set(list(given)[6:])
