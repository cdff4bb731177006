"""A head on disk: one .npz file, written whole or not at all, the same bytes for the same head, nothing pickled.

Bytes: 2 D + 48 an example (7 kB at D = 3496), 8 F a category (28 kB at F = 3497), and 16 D.
"""

from __future__ import annotations

import io
import itertools
import json
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from models.errors import WorkspaceError
from models.workspace import atomic_file, reason
from training.features import Features
from training.incremental import Example, IncrementalHead
from training.series import KEY_BYTES

__all__ = ["SavedHead", "load", "save", "write"]

FORMAT = 1
_DAMAGE = (
    ValueError,
    LookupError,
    TypeError,
    EOFError,
    RuntimeError,
    OverflowError,
    MemoryError,
    zipfile.BadZipFile,
    zlib.error,
)
"""What reading a bent archive, array or JSON raises. A bent flag asks ``zipfile`` for a password: RuntimeError."""

NAMES = ("facts", "mean", "scale", "keys", "key_lengths", "embeddings", "labels", "series", "weights")

_NO_SERIES = bytes(KEY_BYTES)
"""What is written for an example of no series."""


@dataclass(frozen=True, slots=True)
class SavedHead:
    """What a file holds.

    Attributes:
        head: as it was.
        series: example -> ``training.series.series_key``; examples whose names nobody knew are missing.
    """

    head: IncrementalHead
    series: Mapping[bytes, bytes]


def save(head: IncrementalHead, path: Path, series: Mapping[bytes, bytes] | None = None) -> None:
    """Write ``head`` to ``path`` in place of what was there; as ``write``.

    Raises:
        WorkspaceError: it can't be written; what was there still is.
    """
    try:
        with atomic_file(path) as file:
            write(head, file, series)
    except OSError as error:
        raise WorkspaceError(
            f"What was learned could not be saved in {path} ({reason(error)}); make room or choose another workspace."
        ) from error


def write(head: IncrementalHead, file: IO[bytes], series: Mapping[bytes, bytes] | None = None) -> None:
    """Write ``head`` into an open file.

    Args:
        head: what was learned.
        file: that can be sought in.
        series: example -> its series' key; examples may be missing, and what is no example is left out.

    Raises:
        ValueError: a series' key has not ``KEY_BYTES`` bytes.
        OSError: it can't be written.
    """
    facts = {
        "format": FORMAT,
        "ridge": head.ridge,
        "categories": head.categories,
    }
    examples = head.examples
    together = [(series or {}).get(key, _NO_SERIES) for key in examples]
    if any(len(one) != KEY_BYTES for one in together):
        raise ValueError(f"the key of a series has {KEY_BYTES} bytes")
    arrays: dict[str, NDArray[Any]] = {
        "facts": np.frombuffer(json.dumps(facts).encode(), np.uint8),
        "mean": head.features.mean,
        "scale": head.features.scale,
        "keys": np.frombuffer(b"".join(examples), np.uint8),
        "key_lengths": np.array([len(key) for key in examples], np.int32),
        "embeddings": np.array([e.embedding for e in examples.values()], np.float16).reshape(
            len(examples), head.features.dimensions
        ),
        "labels": np.array([head.categories.index(e.category) for e in examples.values()], np.int32),
        "series": np.frombuffer(b"".join(together), np.uint8).reshape(len(examples), KEY_BYTES),
        "weights": np.ascontiguousarray(head.weights),
    }
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name in NAMES:
            content = io.BytesIO()
            np.lib.format.write_array(content, arrays[name], allow_pickle=False)
            # ``np.savez`` would write the time of day
            archive.writestr(zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0)), content.getbuffer())


def load(path: Path) -> SavedHead:
    """What ``save`` wrote. The head can answer at once; its first change, or ``prepare``, makes the inverse anew.

    Raises:
        WorkspaceError: the file is missing, damaged, or of a newer version.
    """
    try:
        # Read whole first: ``np.load`` leaves a file open when it raises.
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as file:
            arrays = {name: file[name] for name in NAMES}
        facts = json.loads(arrays["facts"].tobytes())
        version = int(facts["format"])
    except OSError as error:
        raise WorkspaceError(f"{path} can't be read ({reason(error)}); check its name and place.") from error
    except _DAMAGE as error:
        raise _damaged(path, error) from error
    if version != FORMAT:
        raise WorkspaceError(f"{path} was written by another version of Sortwerk; install the newest one.")
    try:
        return _saved(facts, arrays)
    except _DAMAGE as error:
        raise _damaged(path, error) from error


def _saved(facts: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> SavedHead:
    bounds = np.cumsum([0, *arrays["key_lengths"].tolist()])
    content = arrays["keys"].tobytes()
    keys = [content[start:stop] for start, stop in itertools.pairwise(bounds)]
    categories = [str(name) for name in facts["categories"]]
    labels = arrays["labels"].tolist()
    features = Features(arrays["mean"], arrays["scale"])
    if (
        not len(set(keys)) == len(labels) == len(arrays["embeddings"])
        or len(content) != bounds[-1]
        or arrays["series"].shape != (len(keys), KEY_BYTES)
        or arrays["series"].dtype != np.uint8
        or min(labels, default=0) < 0
    ):
        raise ValueError("keys, embeddings, labels and series are not of the same examples")
    head = IncrementalHead.of_state(
        features,
        ridge=float(facts["ridge"]),
        categories=categories,
        examples={
            key: Example(embedding, categories[label])
            for key, embedding, label in zip(keys, arrays["embeddings"], labels, strict=True)
        },
        weights=arrays["weights"],
    )
    together = {key: row.tobytes() for key, row in zip(keys, arrays["series"], strict=True)}
    return SavedHead(head, {key: one for key, one in together.items() if one != _NO_SERIES})


def _damaged(path: Path, error: Exception) -> WorkspaceError:
    return WorkspaceError(
        f"{path} is damaged ({type(error).__name__}); put a copy of it back, or learn anew without it."
    )
