"""What is saved of a head comes back whole, or as one sentence."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path

import numpy as np
import pytest

from models.errors import WorkspaceError
from tests.training.test_incremental import PROMISED, RIDGE, embeddings, error, features, filled
from training.head_file import load, save, write
from training.incremental import IncrementalHead


def test_a_saved_head_is_the_same_head(tmp_path: Path) -> None:
    head = filled(30)
    head.add(b"\0 key that ends in zeros \0\0", embeddings(1, seed=4)[0], "wood")
    head.add_category("leer \N{LATIN SMALL LETTER U WITH DIAERESIS}\0")
    path = tmp_path / "head.npz"
    save(head, path)
    again = load(path).head
    assert again.categories == head.categories
    assert list(again.examples) == list(head.examples)
    np.testing.assert_array_equal(again.weights, head.weights)
    save(again, tmp_path / "again.npz")
    assert (tmp_path / "again.npz").read_bytes() == path.read_bytes()
    again.remove(b"7")
    head.remove(b"7")
    assert error(again) < PROMISED
    assert error(head) < PROMISED


def test_an_empty_head_is_saved_too(tmp_path: Path) -> None:
    save(IncrementalHead(features(), ridge=RIDGE), tmp_path / "head.npz")
    again = load(tmp_path / "head.npz")
    assert again.head.categories == ()
    assert again.series == {}


def test_the_series_of_the_examples_come_back_and_no_others(tmp_path: Path) -> None:
    series = {b"%d" % i: bytes([i + 1]) * 8 for i in range(0, 30, 3)}
    save(filled(30), tmp_path / "head.npz", series | {b"unlearned since": b"anything"})
    again = load(tmp_path / "head.npz")
    assert again.series == series
    save(again.head, tmp_path / "again.npz", again.series)
    assert (tmp_path / "again.npz").read_bytes() == (tmp_path / "head.npz").read_bytes()


def test_the_key_of_a_series_has_its_length() -> None:
    with pytest.raises(ValueError, match="8 bytes"):
        write(filled(3), io.BytesIO(), {b"1": b"wall"})


def test_series_of_another_number_of_examples_are_damage(tmp_path: Path) -> None:
    save(filled(6), tmp_path / "head.npz")
    with np.load(tmp_path / "head.npz") as file:
        arrays = {name: file[name] for name in file.files}
    for wrong in (arrays["series"][:5], arrays["series"][:, :4], arrays["series"].astype(np.int64)):
        np.savez(tmp_path / "head.npz", allow_pickle=False, **(arrays | {"series": wrong}))
        with pytest.raises(WorkspaceError, match="is damaged"):
            load(tmp_path / "head.npz")


def test_a_damaged_file_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "head.npz"
    with pytest.raises(WorkspaceError, match=r"head\.npz can't be read"):
        load(path)
    save(filled(30), path, {b"3": b"the wall"})
    whole = path.read_bytes()
    rng = np.random.default_rng(0)
    for cut in (0, 1, 100, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:cut])
        with pytest.raises(WorkspaceError, match=r"head\.npz is damaged"):
            load(path)
    for _ in range(200):
        bent = bytearray(whole)
        bent[rng.integers(len(whole))] ^= 1 << int(rng.integers(8))
        path.write_bytes(bent)
        again = None
        with contextlib.suppress(WorkspaceError):  # and nothing but that
            again = load(path).head
        # Only the archive's own dates and flags, and the last digits of a ridge, may be bent unseen
        assert again is None or error(again) < PROMISED


def test_a_save_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "head.npz"
    save(filled(6), path)
    before = path.read_bytes()
    with pytest.raises(ValueError, match="8 bytes"):
        save(filled(3), path, {b"1": b"wall"})
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]
    with pytest.raises(WorkspaceError, match="could not be saved"):
        save(filled(6), tmp_path / "missing" / "head.npz")
