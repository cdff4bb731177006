"""What is known of an ONNX network once a child process has looked at it and has run it. JSON goes in and out."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

__all__ = ["OnnxFacts", "Sample", "Tensor"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Tensor(_Frozen):
    """An input or output as the file declares it.

    Attributes:
        name: by which it is fed or asked for.
        dtype: NumPy's name of its number type, such as "float32"; the ONNX name in lower case where NumPy has none.
        shape: lengths of its axes, a name or None where any length is taken; None when not even their number is said.
    """

    name: str
    dtype: str
    shape: tuple[int | str | None, ...] | None


class Sample(_Frozen):
    """An input or output as it was in the first run.

    Attributes:
        name: as of the tensor.
        dtype: as of the tensor.
        shape: with its batch axis.
        low: the smallest number in it; None when it is empty or not finite.
        high: the largest.
        finite: whether no number is NaN or infinite.
        axis: over which they add up to 1, when none is under 0: 1, or -1 for channels last; 0 when they don't.
    """

    name: str
    dtype: str
    shape: tuple[int, ...]
    low: float | None = None
    high: float | None = None
    finite: bool = True
    axis: int = 0

    @property
    def probabilities(self) -> bool:
        """Whether its numbers are probabilities of classes that lie along ``axis``."""
        return self.axis != 0


class OnnxFacts(_Frozen):
    """What one ONNX file is and does.

    Attributes:
        size: of the file, bytes.
        sha256: of the file, lower-case hex.
        ir_version: of the file format.
        opsets: operator set versions by domain; "" is ONNX's own.
        producer: what wrote it, with its version; "" when not said.
        inputs: in the network's order; all are tensors of numbers.
        outputs: likewise.
        metadata_map: custom metadata.
        parameters: how many numbers its weights are.
        weights: their type in a word, such as "float32", "float16", "int8 quantised"; "none".
        nodes: how many operators it has, those in branches and functions too.
        operators: which, sorted, as "Conv" or "com.microsoft:QLinearAdd".
        external_data: whether weights lie in other files; always False in what is not refused.
        sample_inputs: what it was run with.
        sample_outputs: what came out, for a batch of one picture (or of as many as it takes).
        batches: whether it gives for two pictures at once twice what it gives for one.
        batch_error: one sentence why not; "" else.
        run_error: one sentence why it could not be run at all; "" else, and then there are samples.
        finite: whether all numbers that came out were.
    """

    size: int
    sha256: str
    ir_version: int
    opsets: dict[str, int]
    producer: str
    inputs: tuple[Tensor, ...]
    outputs: tuple[Tensor, ...]
    metadata_map: dict[str, str]
    parameters: int
    weights: str
    nodes: int
    operators: tuple[str, ...]
    external_data: bool = False
    sample_inputs: tuple[Sample, ...] = ()
    sample_outputs: tuple[Sample, ...] = ()
    batches: bool = False
    batch_error: str = ""
    run_error: str = ""
    finite: bool = True
