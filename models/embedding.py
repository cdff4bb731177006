"""Picture to vector: the bundled backbone, and a cache of what it said by the content of the file."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from models.database import Database
from models.errors import ModelError
from models.images.resize import to_square
from models.inference import OnnxInferenceSession

__all__ = ["Backbone", "Embedder", "EmbeddingCache"]

_STORED = np.dtype("<f2")
"""Vectors lie in the database as little-endian half floats, whatever the machine."""

_AT_ONCE = 500
"""Hashes asked about in one statement; SQLite before 3.32 takes 999 parameters."""


class Embedder(Protocol):
    """Whoever turns pictures into rows of numbers: the bundled backbone, or a network of a model's own."""

    id: str
    """Names the weights and how pixels reach them. Rows of different ids can't be compared."""

    dimensions: int
    """D, the length of a row."""

    cached: bool
    """Whether rows are short enough to be remembered."""

    longest: int
    """Pixels of the longest side that ``prepare`` has any use for, twice over: more need not be decoded."""

    def prepare(self, rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """A picture, uint8 (H, W, 3) RGB, at the size that ``embed`` takes, uint8 (h, w, 3)."""

    def embed(self, batch: NDArray[np.uint8]) -> NDArray[np.float16]:
        """Prepared pictures (N, h, w, 3) to rows, float16 (N, D).

        Raises:
            ModelError: the batch does not fit, or the network fails.
        """


class Backbone:
    """A network that turns pictures into vectors. Safe to use from several threads at once.

    Args:
        folder: with ``model.onnx`` and ``metadata.json`` (id, dimensions, side).
        threads: that one call of ``embed`` uses.
        providers: of ONNX Runtime, by preference; None for the processor.

    Attributes:
        id: names the weights and how pixels reach them. Vectors of different ids can't be compared.
        dimensions: D, the length of a vector.
        side: of the square pictures it takes, pixels.
        cached: as in ``Embedder``.
        longest: as in ``Embedder``.

    Raises:
        ModelError: a file is missing or damaged, or ONNX Runtime is.
    """

    def __init__(self, folder: Path, *, threads: int, providers: Sequence[str] | None = None) -> None:
        path = folder / "metadata.json"
        try:
            facts = json.loads(path.read_text(encoding="utf-8"))
            self.id: str = str(facts["id"])
            self.dimensions: int = int(facts["dimensions"])
            self.side: int = int(facts["side"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ModelError(f"{path} is missing or damaged; install Sortwerk again.") from error
        self.cached = True
        self.longest = 2 * self.side
        self._session = OnnxInferenceSession(folder / "model.onnx", num_threads=threads, providers=providers)
        if not self._session.is_ready():
            raise ModelError(self._session.error or f"{folder} can't be loaded; install Sortwerk again.")
        if self._session.output_shape[1:] != (self.dimensions,):
            raise ModelError(f"{path} and model.onnx beside it do not belong together; install Sortwerk again.")

    def prepare(self, rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """A picture, uint8 (H, W, 3) RGB, as the square that ``embed`` takes."""
        return to_square(rgb, self.side)

    @property
    def notice(self) -> str:
        """A sentence when it runs on another device than was wished; "" else."""
        return self._session.notice

    def embed(self, batch: NDArray[np.uint8]) -> NDArray[np.float16]:
        """Pictures to vectors.

        Args:
            batch: uint8 (N, side, side, 3) RGB, as ``models.images.resize.to_square`` makes them.

        Returns:
            float16 (N, D). Rounded, so that an answer from the cache and a fresh one are the same.

        Raises:
            ModelError: the batch has another shape or type, or the network fails.
        """
        if batch.dtype != np.uint8 or batch.shape[1:] != (self.side, self.side, 3):
            raise ModelError(
                f"The backbone {self.id} takes uint8 pictures of shape (N, {self.side}, {self.side}, 3) "
                f"and was given {batch.dtype} {batch.shape}."
            )
        if len(batch) == 0:
            return np.empty((0, self.dimensions), np.float16)
        vectors: NDArray[np.float16] = self._session.run(batch).astype(np.float16)
        return vectors


class EmbeddingCache:
    """What a backbone said, by the SHA-256 of the file it saw. Safe to use from several threads at once.

    Args:
        database: from ``models.database.open_cache``; it stays the caller's to close.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, backbone_id: str, content_hashes: Sequence[bytes]) -> dict[bytes, NDArray[np.float16]]:
        """The vectors known, by hash: float16 (D,) each, read-only. Unknown hashes are left out.

        Raises:
            WorkspaceError: the database can't be read.
        """
        known: dict[bytes, NDArray[np.float16]] = {}
        for start in range(0, len(content_hashes), _AT_ONCE):
            some = content_hashes[start : start + _AT_ONCE]
            marks = ", ".join("?" * len(some))
            sql = f"SELECT content, vector FROM embeddings WHERE backbone = ? AND content IN ({marks})"  # noqa: S608  # marks only
            for content, vector in self._database.query(sql, (backbone_id, *some)):
                if len(vector) % _STORED.itemsize == 0:  # else cut short on its way to the disk
                    known[content] = np.frombuffer(vector, _STORED)
        return known

    def put(self, backbone_id: str, vectors: Mapping[bytes, NDArray[np.float16]]) -> None:
        """Remember ``vectors``, float16 (D,) by hash, in one transaction; one known already is replaced.

        Raises:
            WorkspaceError: the database can't be written.
        """
        rows = [(backbone_id, content, vector.astype(_STORED).tobytes()) for content, vector in vectors.items()]
        with self._database.transaction() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO embeddings (backbone, content, vector) VALUES (?, ?, ?)", rows
            )

    def size(self) -> int:
        """Bytes of vectors that are kept.

        Raises:
            WorkspaceError: the database can't be read.
        """
        return int(self._database.query("SELECT COALESCE(SUM(LENGTH(vector)), 0) FROM embeddings")[0][0])

    def trim(self, limit: int) -> int:
        """Forget the vectors written longest ago until at most ``limit`` bytes are kept; return how many went.

        Raises:
            WorkspaceError: the database can't be written.
        """
        oldest = """
            DELETE FROM embeddings WHERE rowid IN (
                SELECT rowid FROM (SELECT rowid, SUM(LENGTH(vector)) OVER (ORDER BY rowid DESC) AS kept FROM embeddings)
                WHERE kept > ?
            )
        """
        with self._database.transaction() as connection:
            return connection.execute(oldest, (limit,)).rowcount
