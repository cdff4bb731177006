"""The models that can answer: the starter model that ships, or one in a folder of its own."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.answer import Reply
from models.embedding import Backbone, Embedder
from models.errors import ModelError
from models.heads import KINDS, Form, Result
from models.inference import available_providers
from models.network import HeadSlice, Network
from models.spec import HeadSpec, ModelSpec, read_spec

__all__ = [
    "BUNDLED",
    "STARTER",
    "LinearHead",
    "Model",
    "bundled_id",
    "load_backbone",
    "load_head",
    "load_model",
    "network_file",
    "on_bundled",
    "readable_spec",
]

BUNDLED = Path(__file__).parent / "bundled"
"""Model files that ship. True in the frozen program too: ``build.spec`` puts them beside this module."""

STARTER = BUNDLED / "starter"
"""The model that answers when no other is chosen."""

NETWORK = "model.onnx"
"""The file of a model's own network."""

ORT_NETWORK = "model.ort"
"""Likewise, of a model whose format is "ort": ONNX Runtime's own form, which it knows by the end of the name."""


class Model:
    """A model as it was made, which learns nothing: linear heads on the bundled backbone, or a network of its own.

    Attributes:
        spec: what ``metadata.json`` says.
        backbone: picture to a row of numbers.
        path: the folder it was read from.
    """

    def __init__(
        self, spec: ModelSpec, backbone: Embedder, path: Path, heads: Sequence[LinearHead | HeadSlice]
    ) -> None:
        self.spec = spec
        self.backbone = backbone
        self.path = path
        self._heads = tuple(zip(spec.heads, heads, strict=True))

    def answer(self, contents: Sequence[bytes], embeddings: NDArray[np.float16]) -> list[Reply]:
        """N embeddings, (N, D), to N replies; no person has said anything to this model."""
        columns = [_decoded(spec, head, embeddings) for spec, head in self._heads]
        names = [spec.name for spec, _ in self._heads]
        return [Reply(dict(zip(names, row, strict=True))) for row in zip(*columns, strict=True)]


def _decoded(spec: HeadSpec, head: LinearHead | HeadSlice, embeddings: NDArray[np.float16]) -> Sequence[Result]:
    return KINDS[spec.kind].decode(
        head(embeddings),
        spec.categories,
        unsure_below=spec.unsure_below,
        unknown_below=spec.unknown_below,
        form=head.form,
    )


class LinearHead:
    """``((e - mean) / scale) @ weights + bias``, the temperature already folded into weights and bias.

    Args:
        path: ``head.npz`` with float32 mean (D,), scale (D,), weights (D, n), bias (n,).
        dimensions: D, of the backbone's embedding.
        head: whose categories are the n outputs.
        sha256: what the file must hash to, lower-case hex; "" when the model states none.

    Attributes:
        form: of its numbers: logits.

    Raises:
        ModelError: the file is missing, altered, damaged, or does not fit the backbone or the head.
    """

    def __init__(self, path: Path, *, dimensions: int, head: HeadSpec, sha256: str) -> None:
        self.form = Form()
        arrays = _read_arrays(path, sha256)
        outputs = len(head.categories)
        shapes = {"mean": (dimensions,), "scale": (dimensions,), "weights": (dimensions, outputs), "bias": (outputs,)}
        for name, shape in shapes.items():
            array = arrays.get(name)
            if array is None or array.shape != shape or array.dtype != np.float32 or not np.isfinite(array).all():
                raise ModelError(f"{path} does not fit its model ({name} is not float32 {shape}); get the model again.")
        if not arrays["scale"].all():
            raise ModelError(f"{path} does not fit its model (a scale is zero); get the model again.")
        # One product instead of three passes over the embedding. In float64, so that folding rounds once, at the end.
        mean, scale, matrix, bias = (arrays[name].astype(np.float64) for name in shapes)
        folded = matrix / scale[:, None]
        self._weights = folded.astype(np.float32)
        self._bias = (bias - mean @ folded).astype(np.float32)

    @property
    def folded(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Matrix (D, n) and bias (n,), float32, with which logits are embeddings @ matrix + bias."""
        return self._weights, self._bias

    def __call__(self, embeddings: NDArray[np.float16]) -> NDArray[np.float32]:
        """Embeddings (N, D) to logits, float32 (N, n)."""
        logits: NDArray[np.float32] = embeddings.astype(np.float32) @ self._weights + self._bias
        return logits


def load_model(path: Path | None = None, *, threads: int = 1, device: str = "auto") -> Model:
    """The model in the folder ``path``, or the starter model, ready to answer.

    Args:
        path: a folder with ``metadata.json`` and the files that its format has.
        threads: that one inference uses. The pipeline runs an inference on each core side by side, so 1 is right for
            it; more is for a caller who runs one at a time.
        device: "auto" for the fastest that ONNX Runtime has here, "cpu" for the processor, or one of
            ``models.inference.DEVICES``.

    Raises:
        ModelError: a file is missing, altered or damaged, or the model needs what this version does not have.
    """
    folder = path or STARTER
    spec = readable_spec(folder)
    backbone = load_backbone(folder, spec, threads=threads, device=device)
    return Model(spec, backbone, folder, [load_head(folder, spec, index, backbone) for index in range(len(spec.heads))])


def readable_spec(folder: Path) -> ModelSpec:
    """The spec of the model in ``folder``, if this version can show what its heads answer.

    Raises:
        ModelError: it can't, or the spec can't be read.
    """
    spec = read_spec(folder)
    if not spec.heads or any(head.kind not in KINDS for head in spec.heads):
        kinds = ", ".join(f"{head.name} ({head.kind})" for head in spec.heads) or "nothing"
        raise ModelError(f"{folder} answers {kinds}, which this version can't show; install a newer Sortwerk.")
    return spec


def bundled_id() -> str:
    """The id of the backbone that ships.

    Raises:
        ModelError: it is missing or damaged.
    """
    path = BUNDLED / "backbone" / "metadata.json"
    try:
        return str(json.loads(path.read_text(encoding="utf-8"))["id"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{path} is missing or damaged; install Sortwerk again.") from error


def network_file(folder: Path, spec: ModelSpec) -> Path:
    """Where the network of a model that has its own lies."""
    return folder / (ORT_NETWORK if spec.format == "ort" else NETWORK)


def on_bundled(folder: Path, spec: ModelSpec) -> bool:
    """Whether the model in ``folder`` stands on the backbone that ships, and its heads are at hand for that.

    A package made for another backbone has a whole network too, which answers as it did when it was made.
    """
    if spec.backbone is None:
        return False
    if not (folder / NETWORK).is_file():
        return True  # heads and nothing else: that it is another backbone is for ``load_backbone`` to say
    if spec.backbone != bundled_id():
        return False
    return all(head.state_hash or _head_file(spec, index)[0] in spec.files for index, head in enumerate(spec.heads))


def load_backbone(folder: Path, spec: ModelSpec, *, threads: int = 1, device: str = "auto") -> Embedder:
    """What turns pictures into the rows that the heads of the model in ``folder`` take; arguments and errors as
    ``load_model``.
    """
    providers = available_providers() if device == "auto" else None if device == "cpu" else [device]
    if not on_bundled(folder, spec):
        return Network(network_file(folder, spec), spec, threads=threads, providers=providers)
    backbone = Backbone(BUNDLED / "backbone", threads=threads, providers=providers)
    if spec.backbone != backbone.id:
        raise ModelError(
            f"{folder} needs the backbone {spec.backbone} and this version has {backbone.id}; "
            "get a version of the model that fits."
        )
    return backbone


def load_head(folder: Path, spec: ModelSpec, index: int, backbone: Embedder) -> LinearHead | HeadSlice:
    """The head at ``index`` of the model in ``folder``, as it was when the model was made.

    Raises:
        ModelError: as ``LinearHead``.
    """
    if isinstance(backbone, Network):
        return backbone.heads[index]
    name, sha256 = _head_file(spec, index)
    return LinearHead(folder / name, dimensions=backbone.dimensions, head=spec.heads[index], sha256=sha256)


def _head_file(spec: ModelSpec, index: int) -> tuple[str, str]:
    """The file of a linear head, and what it must hash to, "" where that is not stated."""
    if spec.format == "head" and index == 0:
        return "head.npz", spec.model_hash  # the one weights file of such a model
    name = f"head-{index}.npz"
    return name, spec.files.get(name, "")


def _read_arrays(path: Path, sha256: str) -> Mapping[str, NDArray[np.generic]]:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ModelError(f"{path} can't be read ({error.strerror}); get the model again.") from error
    if sha256 and hashlib.sha256(content).hexdigest() != sha256:
        raise ModelError(f"{path} was altered or damaged (its SHA-256 is not the one stated); get the model again.")
    try:
        # Never unpickle what came with a model: an array of objects is refused.
        with np.load(io.BytesIO(content), allow_pickle=False) as file:
            return {name: file[name] for name in file.files}
    except (ValueError, OSError, EOFError, KeyError, AttributeError, zipfile.BadZipFile) as error:
        raise ModelError(f"{path} is damaged ({type(error).__name__}); get the model again.") from error
