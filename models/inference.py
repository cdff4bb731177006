"""ONNX Runtime behind one small class: the only module that imports it, and only when a session is made.

    session = OnnxInferenceSession("model.onnx", num_threads=4)
    if session.is_ready():
        logits = session.run(batch)

Without ONNX Runtime this module still imports: ``is_available()`` is False and a session is not ready, with the reason
in its ``error``.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.errors import ModelError
from models.processor import has_vnni, is_x86

__all__ = [
    "CPU",
    "DEVICES",
    "OnnxInferenceSession",
    "TensorFacts",
    "available_providers",
    "is_available",
    "run_batch_inference",
]

CPU = "CPUExecutionProvider"

DEVICES: Mapping[str, str] = {
    "TensorrtExecutionProvider": "NVIDIA graphics card (TensorRT)",
    "CUDAExecutionProvider": "NVIDIA graphics card",
    "ROCMExecutionProvider": "AMD graphics card",
    "MIGraphXExecutionProvider": "AMD graphics card",
    "DmlExecutionProvider": "graphics card",
    "CoreMLExecutionProvider": "Apple neural engine",
    "OpenVINOExecutionProvider": "Intel graphics or processor",
    CPU: "processor",
}
"""Execution providers that run on this computer, and what a person calls them."""

_NOT_INSTALLED = "ONNX Runtime is not installed; install it with: pip install onnxruntime."

_DTYPES = {
    "tensor(float)": np.float32,
    "tensor(float16)": np.float16,
    "tensor(double)": np.float64,
    "tensor(uint8)": np.uint8,
    "tensor(int8)": np.int8,
    "tensor(int32)": np.int32,
    "tensor(int64)": np.int64,
}


@dataclass(frozen=True, slots=True)
class TensorFacts:
    """An input or output of a network.

    Attributes:
        name: by which it is fed or asked for.
        dtype: such as "float32"; the runtime's own word where NumPy has none.
        shape: lengths of its axes; a name, or None, where any length is taken.
    """

    name: str
    dtype: str
    shape: tuple[int | str | None, ...]


def is_available() -> bool:
    """Whether ONNX Runtime can be imported here."""
    try:
        import onnxruntime  # noqa: F401  # the import is the question
    except ImportError:
        return False
    return True


def available_providers() -> list[str]:
    """Those of ``DEVICES`` that the installed ONNX Runtime has, fastest first; empty without it."""
    try:
        import onnxruntime
    except ImportError:
        return []
    return [name for name in onnxruntime.get_available_providers() if name in DEVICES]


class OnnxInferenceSession:
    """One loaded network. Never raises while being made: ask ``is_ready()``, and ``error`` says what is wrong.

    Safe to use from several threads at once: ONNX Runtime runs them side by side.

    Args:
        path: of the .onnx file.
        num_threads: threads that one call of ``run`` uses; None: one for each core.
        providers: execution providers by preference ("CUDAExecutionProvider", ...). Those that this ONNX Runtime does
            not have are left out; the CPU always comes last. None: the CPU only.

    Attributes:
        path: as given.
        error: one sentence when not ready, else None.
        notice: one sentence when it runs on the processor though something else was wished; "" else.
        providers: in use, by preference; empty when not ready.
    """

    def __init__(
        self, path: str | os.PathLike[str], *, num_threads: int | None = None, providers: Sequence[str] | None = None
    ) -> None:
        self.path = Path(path)
        self.error: str | None = None
        self.notice = ""
        self.providers: tuple[str, ...] = ()
        self._session: Any = None
        try:
            import onnxruntime
        except ImportError:
            self.error = _NOT_INSTALLED
            return
        if not self.path.is_file():
            self.error = f"{self.path} is not there; check the path of the model."
            return
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3  # errors come back as exceptions; warnings are about the writer of the model
        options.inter_op_num_threads = 1
        if num_threads is not None:
            options.intra_op_num_threads = num_threads
        # By default, threads out of work burn their core for a while in the hope of more. The window, the decoders and
        # other sessions need that core (docs/models.md has what this costs: nothing with one thread).
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        if is_x86() and not has_vnni():
            # There the fast INT8 products overflow 16 bits and answers change; these are exact, and slower.
            options.add_session_config_entry("session.x64quantprecision", "1")
        asked = [name for name in providers or () if name != CPU]
        wanted = [name for name in asked if name in onnxruntime.get_available_providers()]
        for tried in [[*wanted, CPU], [CPU]] if wanted else [[CPU]]:
            try:
                self._session = onnxruntime.InferenceSession(str(self.path), options, providers=tried)
                break
            except Exception as error:  # the runtime has a dozen kinds of its own, none with a common base
                trouble = _reason(error)
        if self._session is None:
            self.error = f"{self.path} can't be loaded ({trouble}); get the model again, or a newer Sortwerk."
            return
        self.providers = tuple(self._session.get_providers())
        if asked and not set(asked) & set(self.providers):
            device = DEVICES.get(asked[0], asked[0])
            self.notice = f"The {device} could not be used for {self.path.name}; the processor does the work instead."

    def is_ready(self) -> bool:
        """Whether ``run`` can be called."""
        return self._session is not None

    @property
    def input_shape(self) -> tuple[int | None, ...]:
        """Shape of the first input; None where any length is taken.

        Raises:
            ModelError: the session is not ready.
        """
        return _shape(self._ready().get_inputs()[0].shape)

    @property
    def output_shape(self) -> tuple[int | None, ...]:
        """Shape of the first output; None where it depends on the input.

        Raises:
            ModelError: the session is not ready.
        """
        return _shape(self._ready().get_outputs()[0].shape)

    @property
    def inputs(self) -> tuple[TensorFacts, ...]:
        """All inputs, in the network's order.

        Raises:
            ModelError: the session is not ready.
        """
        return tuple(_facts(one) for one in self._ready().get_inputs())

    @property
    def outputs(self) -> tuple[TensorFacts, ...]:
        """All outputs, in the network's order.

        Raises:
            ModelError: the session is not ready.
        """
        return tuple(_facts(one) for one in self._ready().get_outputs())

    @property
    def metadata(self) -> dict[str, str]:
        """The model's custom metadata.

        Raises:
            ModelError: the session is not ready.
        """
        return dict(self._ready().get_modelmeta().custom_metadata_map)

    def run(self, image: NDArray[Any]) -> NDArray[Any]:
        """The first output for one batch.

        Args:
            image: the network's input with its batch axis, such as float32 (1, 3, 224, 224) or uint8 (N, 224, 224, 3);
                another number type is converted when no value can overflow.

        Returns:
            The first output, such as float32 (1, classes).

        Raises:
            ModelError: the session is not ready, the input does not fit the network, or the network fails.
        """
        session = self._ready()
        first = session.get_inputs()[0]
        dtype = _DTYPES.get(first.type)
        if dtype is not None and image.dtype != dtype:
            if not np.can_cast(image.dtype, dtype, "same_kind"):
                raise ModelError(f"{self.path} takes {np.dtype(dtype)} and was given {image.dtype}; convert it first.")
            image = image.astype(dtype)
        try:
            output: NDArray[Any] = session.run([session.get_outputs()[0].name], {first.name: image})[0]
        except Exception as error:  # as above
            raise ModelError(
                f"{self.path} failed on an input of shape {image.shape} ({_reason(error)}); "
                f"it takes {_shape(first.shape)}."
            ) from error
        return output

    def run_all(self, feeds: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
        """Every output by its name, for one array an input, each of the number type that the network takes.

        Raises:
            ModelError: the session is not ready, an input is missing or does not fit, or the network fails.
        """
        session = self._ready()
        try:
            outputs = session.run(None, dict(feeds))
        except Exception as error:  # as above
            given = ", ".join(f"{name} {array.dtype} {array.shape}" for name, array in feeds.items())
            raise ModelError(f"{self.path} failed on {given} ({_reason(error)}); check what it takes.") from error
        return dict(zip((one.name for one in session.get_outputs()), outputs, strict=True))

    def _ready(self) -> Any:
        if self._session is None:
            raise ModelError(self.error or _NOT_INSTALLED)
        return self._session


def run_batch_inference(
    path: str | os.PathLike[str],
    images: Sequence[NDArray[Any]],
    *,
    batch_size: int = 32,
    num_threads: int | None = None,
    providers: Sequence[str] | None = None,
) -> list[NDArray[Any]]:
    """The first output for each of ``images``, which have no batch axis and one common shape, such as (3, 224, 224).

    A network whose batch length is fixed decides over ``batch_size`` when that is 1.

    Raises:
        ModelError: the model can't be loaded, or an input does not fit it.
        ValueError: ``batch_size`` is under 1.
    """
    if batch_size < 1:
        raise ValueError(f"batch_size must be at least 1, not {batch_size}")
    session = OnnxInferenceSession(path, num_threads=num_threads, providers=providers)
    if session.input_shape[:1] == (1,):
        batch_size = 1
    outputs: list[NDArray[Any]] = []
    for start in range(0, len(images), batch_size):
        outputs.extend(session.run(np.stack(images[start : start + batch_size])))
    return outputs


def _facts(node: Any) -> TensorFacts:
    dtype = _DTYPES.get(node.type)
    shape = tuple(length if isinstance(length, int | str) else None for length in node.shape)
    return TensorFacts(node.name, np.dtype(dtype).name if dtype is not None else node.type, shape)


def _shape(shape: Sequence[object]) -> tuple[int | None, ...]:
    return tuple(length if isinstance(length, int) else None for length in shape)


def _reason(error: Exception) -> str:
    """The first line of the runtime's message, without its prefix of error codes."""
    lines = str(error).strip().splitlines()
    return (lines[0].rpartition(" : ")[2] if lines else "")[:300] or type(error).__name__
