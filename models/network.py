"""A model's own network: a picture to the packed numbers of all its heads, in the place of an embedding.

So whatever a model is, the pipeline carries, batches and remembers one row of numbers a picture, and a head is a slice
of it (``HeadSlice``) where heads on the bundled backbone are products with it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from models.errors import ModelError
from models.heads import KINDS, Form
from models.heads.tensors import LARGEST
from models.images.resize import to_size
from models.inference import OnnxInferenceSession
from models.spec import HeadSpec, ModelSpec, Preprocessing

__all__ = ["REMEMBERED", "HeadSlice", "Network"]

REMEMBERED = 8192
"""Numbers of a row, up to which it is remembered: classes are, masks and pictures are computed again."""


@dataclass(frozen=True, slots=True)
class HeadSlice:
    """Where the numbers of one head lie in a row.

    Attributes:
        start: of the first.
        stop: behind the last.
        form: as in the spec, with the shape that was found.
    """

    start: int
    stop: int
    form: Form

    def __call__(self, rows: NDArray[np.float16]) -> NDArray[np.float32]:
        """Rows (N, D) to the head's packed numbers, float32 (N, d)."""
        packed: NDArray[np.float32] = rows[:, self.start : self.stop].astype(np.float32)
        return packed


class Network:
    """``model.onnx`` as its spec says; ``models.embedding.Embedder``. Safe to use from several threads at once.

    It is run once when it is made, on a grey picture, to find how many numbers each head gives.

    Args:
        path: of the file.
        spec: of the model.
        threads: that one call of ``embed`` uses; None: one for each core.
        providers: of ONNX Runtime, by preference; None for the processor.
        session: of the same file, where it has been loaded already.

    Attributes:
        id: of the weights and of how pixels reach them.
        dimensions: D, the length of a row: the packed numbers of all heads, one head after another, and the embedding.
        cached: whether rows are short enough to be remembered.
        longest: twice the longest side of the input, pixels.
        heads: where each head lies.
        embedding: where that lies from which heads go on learning; None for a network that gives none.

    Raises:
        ModelError: the file is missing or can't be run, or does not do what the spec says.
    """

    def __init__(
        self,
        path: Path,
        spec: ModelSpec,
        *,
        threads: int | None = 1,
        providers: Sequence[str] | None = None,
        session: OnnxInferenceSession | None = None,
    ) -> None:
        self._how = spec.preprocessing
        self._specs = spec.heads
        self._name = spec.name
        self._embedding = spec.embedding
        self._session = session or OnnxInferenceSession(path, num_threads=threads, providers=providers)
        if not self._session.is_ready():
            raise ModelError(self._session.error or f"{path} can't be loaded; get the model again.")
        self._input, self._fixed_batch = self._find_input()
        self._colours = self._find_colours()
        if self._one_at_a_time():
            self._fixed_batch = 1
        self.longest = 2 * max(self._how.size)
        width, height = self._how.size
        packed = self._pack(np.full((1, height, width, 3), 127, np.uint8))
        slices, start = [], 0
        forms = [head.form for head in self._specs] + ([Form()] if self._embedding else [])
        for form, (numbers, shape) in zip(forms, packed, strict=True):
            stop = start + numbers.shape[1]
            slices.append(HeadSlice(start, stop, replace(form, shape=shape)))
            start = stop
        self.embedding = slices.pop() if self._embedding else None
        self.heads = tuple(slices)
        self.dimensions = start
        self.cached = start <= REMEMBERED
        how = self._how.model_dump_json() + "".join(head.model_dump_json() for head in self._specs) + self._embedding
        self.id = f"onnx-{spec.model_hash or _sha256(path)}-{hashlib.sha256(how.encode()).hexdigest()[:16]}"

    @property
    def notice(self) -> str:
        """A sentence when it runs on another device than was wished; "" else."""
        return self._session.notice

    @property
    def fixed_batch(self) -> int | None:
        """How many pictures it takes at a time, no more and no fewer; None for any number."""
        return self._fixed_batch

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the input, pixels."""
        return self._how.size

    def prepare(self, rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """A picture, uint8 (H, W, 3) RGB, fitted to the network's input, uint8 (height, width, 3)."""
        width, height = self._how.size
        if self._how.fit == "crop":
            rgb = _middle(rgb, width / height)
        return to_size(rgb, width, height)

    def embed(
        self, batch: NDArray[np.uint8], colours: Sequence[tuple[int, int, int]] | None = None
    ) -> NDArray[np.float16]:
        """Prepared pictures to rows.

        Args:
            batch: uint8 (N, height, width, 3) RGB.
            colours: that are wished for, RGB, by a network that is told some; None for those of the spec.

        Returns:
            float16 (N, D).

        Raises:
            ModelError: the batch does not fit, or the network fails, or gives what are no numbers.
        """
        width, height = self._how.size
        if batch.dtype != np.uint8 or batch.shape[1:] != (height, width, 3):
            raise ModelError(
                f"{self._name} takes uint8 pictures of shape (N, {height}, {width}, 3) "
                f"and was given {batch.dtype} {batch.shape}."
            )
        if len(batch) == 0:
            return np.empty((0, self.dimensions), np.float16)
        rows = np.concatenate([numbers for numbers, _ in self._pack(batch, colours)], axis=1)
        if rows.shape[1] != self.dimensions:
            raise ModelError(f"{self._name} gives more numbers for one picture than for another; it can't be used.")
        return rows.astype(np.float16)

    # -- inside -------------------------------------------------------------------------------------------------------

    def _find_input(self) -> tuple[str, int | None]:
        """The name of the input for pictures, and the length of its batch axis where that is fixed."""
        inputs = {one.name: one for one in self._session.inputs}
        name = self._how.input or next(iter(inputs))
        if name not in inputs:
            raise ModelError(f"{self._name} has no input {name}; import it again and choose another one.")
        shape = inputs[name].shape
        width, height = self._how.size
        channels = 1 if self._how.colour == "grey" else 3
        wanted = (channels, height, width) if self._how.layout == "NCHW" else (height, width, channels)
        fits = len(shape) == 4 and all(
            not isinstance(given, int) or given == length for given, length in zip(shape[1:], wanted, strict=True)
        )
        if not fits:
            takes = ", ".join("any" if not isinstance(one, int) else str(one) for one in shape)
            raise ModelError(
                f"{self._name} takes ({takes}) and not (any, {', '.join(map(str, wanted))}), as its metadata says; "
                "import it again and change size or layout."
            )
        first = shape[0]
        return name, first if isinstance(first, int) else None

    def _one_at_a_time(self) -> bool:
        """Whether boxes come without a batch axis: then nobody can tell to which picture of several each belongs."""
        shapes = {one.name: one.shape for one in self._session.outputs}
        return any(
            head.kind == "boxes" and len(head.form.outputs) == 3 and len(shapes.get(head.form.outputs[0], ())) == 2
            for head in self._specs
        )

    def _find_colours(self) -> str:
        name = self._how.colours_input
        dtypes = {one.name: one.dtype for one in self._session.inputs}
        if name and name not in dtypes:
            raise ModelError(f"{self._name} has no input {name} for colours; import it again and choose another one.")
        self._colours_dtype = dtypes.get(name, "float32")
        return name

    def _pack(
        self, batch: NDArray[np.uint8], colours: Sequence[tuple[int, int, int]] | None = None
    ) -> list[tuple[NDArray[np.float32], tuple[int, ...]]]:
        """For each head, and the embedding, its packed numbers of all pictures, (N, d), and the shape of a row."""
        at_once = self._fixed_batch or len(batch)
        parts: list[list[tuple[NDArray[np.float32], tuple[int, ...]]]] = []
        for start in range(0, len(batch), at_once):
            some = batch[start : start + at_once]
            count = len(some)
            if count < at_once:  # a network that takes just so many
                some = np.concatenate([some, np.repeat(some[-1:], at_once - count, axis=0)])
            tensors = self._session.run_all(self.feeds(some, colours))
            columns = [self._pack_head(head, tensors, count) for head in self._specs]
            if self._embedding:
                columns.append((self._pack_embedding(tensors)[:count], ()))
            parts.append(columns)
        return [
            (np.concatenate([numbers for numbers, _ in column]), column[0][1]) for column in zip(*parts, strict=True)
        ]

    def _pack_head(
        self, head: HeadSpec, tensors: Mapping[str, NDArray[Any]], count: int
    ) -> tuple[NDArray[np.float32], tuple[int, ...]]:
        names = head.form.outputs or tuple(tensors)[:1]
        missing = [name for name in names if name not in tensors]
        if missing:
            raise ModelError(f"{self._name} has no output {missing[0]}; import it again and choose another one.")
        try:
            numbers, shape = KINDS[head.kind].pack(
                [tensors[name] for name in names], head.form, head.categories, self._how.size
            )
        except ValueError as error:
            raise ModelError(
                f"{self._name} does not answer {head.name} as its metadata says: {error}; "
                "import it again and change that."
            ) from None
        if not np.isfinite(numbers).all():
            raise ModelError(f"{self._name} answers {head.name} with what are no numbers (NaN); don't use it.")
        return numbers[:count], shape

    def _pack_embedding(self, tensors: Mapping[str, NDArray[Any]]) -> NDArray[np.float32]:
        found = tensors.get(self._embedding)
        if found is None:
            raise ModelError(f"{self._name} has no output {self._embedding} to go on learning from; get it again.")
        rows: NDArray[np.float32] = found.reshape(len(found), -1).astype(np.float32)
        if not np.isfinite(rows).all():
            raise ModelError(f"{self._name} gives an embedding of what are no numbers (NaN); don't use it.")
        return np.clip(rows, -LARGEST, LARGEST)

    def feeds(
        self, batch: NDArray[np.uint8], colours: Sequence[tuple[int, int, int]] | None = None
    ) -> dict[str, NDArray[Any]]:
        """Prepared pictures as the network takes them, by the names of its inputs; arguments as ``embed``."""
        feeds: dict[str, NDArray[Any]] = {self._input: to_tensor(batch, self._how)}
        if self._colours:
            wished = np.array(self._how.colours if colours is None else colours, np.float32) * self._how.colours_scale
            feeds[self._colours] = np.repeat(wished[None].astype(self._colours_dtype), len(batch), axis=0)
        return feeds


def to_tensor(batch: NDArray[np.uint8], how: Preprocessing) -> NDArray[Any]:
    """Pictures, uint8 (N, H, W, 3) RGB, as the network takes them: (pixel * scale - mean) / std."""
    pixels: NDArray[Any] = batch
    channels = 3
    if how.colour == "BGR":
        pixels = batch[..., ::-1]
    elif how.colour == "grey":
        pixels = np.stack([cv2.cvtColor(one, cv2.COLOR_RGB2GRAY)[..., None] for one in batch])
        channels = 1
    plain = how.scale == 1 and not any(how.mean) and all(value == 1 for value in how.std)
    if how.dtype != "uint8" or not plain:
        mean, std = (np.array(values[:channels], np.float32) for values in (how.mean, how.std))
        pixels = (pixels * np.float32(how.scale) - mean) / std
    if how.layout == "NCHW":
        pixels = pixels.transpose(0, 3, 1, 2)
    return np.ascontiguousarray(pixels, how.dtype)


def _middle(rgb: NDArray[np.uint8], aspect: float) -> NDArray[np.uint8]:
    """The largest part from the middle whose width is ``aspect`` times its height."""
    height, width = rgb.shape[:2]
    wide, high = min(width, max(1, round(height * aspect))), min(height, max(1, round(width / aspect)))
    left, top = (width - wide) // 2, (height - high) // 2
    return rgb[top : top + high, left : left + wide]


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
