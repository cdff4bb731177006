from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest

from models.errors import DatasetError, WorkspaceError
from training.datasets.blobs import BlobStore
from training.datasets.masks import put_mask, read_mask
from training.datasets.values import Mask


@pytest.fixture
def blobs(tmp_path: Path) -> BlobStore:
    return BlobStore(tmp_path / "blobs")


def test_what_is_put_can_be_read(blobs: BlobStore) -> None:
    sha = blobs.put(b"abc")
    assert sha == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert blobs.path(sha) == blobs.folder / "ba" / sha
    assert blobs.put(b"abc") == sha
    assert blobs.read(sha) == b"abc"
    assert blobs.has(sha)
    assert not blobs.has("0" * 64)


def test_a_blob_that_is_gone_or_altered_is_told(blobs: BlobStore) -> None:
    sha = blobs.put(b"abc")
    blobs.path(sha).write_bytes(b"abd")
    with pytest.raises(WorkspaceError, match="damaged"):
        blobs.read(sha)
    blobs.path(sha).unlink()
    with pytest.raises(WorkspaceError, match="can't be read"):
        blobs.read(sha)


def test_a_blob_that_was_cut_off_is_written_again(blobs: BlobStore) -> None:
    sha = blobs.put(b"abc")
    blobs.path(sha).write_bytes(b"a")
    assert blobs.read(blobs.put(b"abc")) == b"abc"


def test_a_name_that_is_no_hash_leads_nowhere(blobs: BlobStore) -> None:
    with pytest.raises(DatasetError):
        blobs.path("../../etc/passwd")


def test_many_may_put_the_same_at_once(blobs: BlobStore) -> None:
    barrier = threading.Barrier(8)
    found: list[str] = []

    def put() -> None:
        barrier.wait()
        found.append(blobs.put(b"same" * 10_000))

    threads = [threading.Thread(target=put) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1
    assert [path.name for path in blobs.folder.rglob("*") if path.is_file()] == [found[0]]


def test_a_folder_that_can_not_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "blobs").write_text("a file")
    with pytest.raises(WorkspaceError, match="can't be written"):
        BlobStore(tmp_path / "blobs").put(b"abc")


class TestMasks:
    def test_a_mask_comes_back(self, blobs: BlobStore) -> None:
        indices = np.array([[0, 2, 2], [255, 0, 7]], np.uint8)
        mask = put_mask(blobs, indices)
        assert (mask.width, mask.height, mask.present) == (3, 2, (0, 2, 7))
        assert read_mask(blobs, mask).tolist() == indices.tolist()

    def test_a_mask_of_nothing_known_names_nothing(self, blobs: BlobStore) -> None:
        assert put_mask(blobs, np.full((2, 2), 255, np.uint8)).present == ()

    def test_what_is_no_mask_is_refused(self, blobs: BlobStore) -> None:
        with pytest.raises(DatasetError):
            put_mask(blobs, np.zeros((2, 2, 3), np.uint8))
        with pytest.raises(DatasetError, match="is not the mask"):
            read_mask(blobs, Mask(blobs.put(b"no picture"), 2, 2))
        mask = put_mask(blobs, np.zeros((2, 2), np.uint8))
        with pytest.raises(DatasetError, match="is not the mask"):
            read_mask(blobs, Mask(mask.blob, 3, 2))
