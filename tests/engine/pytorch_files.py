"""Makes files of PyTorch's for tests. Run by the engine's interpreter: ``python -m tests.engine.pytorch_files DIR``."""

from __future__ import annotations

import sys
import warnings
from pathlib import Path

from tests.benchmarks.conversion_files import spread


def write(folder: Path) -> None:
    """One file of each sort; weights are random."""
    import timm
    import torch
    import torchvision
    from safetensors.torch import save_file

    squeezenet = torchvision.models.squeezenet1_1(num_classes=5).eval()
    spread(squeezenet)
    weights = squeezenet.state_dict()
    torch.save({f"module.{name}": tensor for name, tensor in weights.items()}, folder / "several.pth")
    torch.save(weights, folder / "older.pth", _use_new_zipfile_serialization=False)
    torch.save({name: tensor for name, tensor in weights.items() if "classifier" not in name}, folder / "headless.pth")
    torch.save(squeezenet, folder / "whole.pt")
    torch.jit.trace(squeezenet, torch.rand(1, 3, 224, 224)).save(folder / "traced.pt")
    torch.jit.script(squeezenet).save(folder / "scripted.pt")
    whole = (folder / "several.pth").read_bytes()
    (folder / "cut.pth").write_bytes(whole[:-5000])
    numbers = whole.index(b"data.pkl") + 4000
    (folder / "bent.pth").write_bytes(whole[:numbers] + bytes(64) + whole[numbers + 64 :])

    mobilenet = timm.create_model("mobilenetv4_conv_small_035", num_classes=3).eval()
    spread(mobilenet)
    save_file(mobilenet.state_dict(), folder / "mine.safetensors")
    (folder / "cut.safetensors").write_bytes((folder / "mine.safetensors").read_bytes()[:90_000])
    zeros = {name: torch.zeros_like(tensor) for name, tensor in mobilenet.state_dict().items()}
    averaged = {"arch": "mobilenetv4_conv_small_035", "state_dict": zeros, "state_dict_ema": mobilenet.state_dict()}
    torch.save(averaged, folder / "averaged.pth.tar")
    lightning = {f"model.{name}": tensor for name, tensor in mobilenet.state_dict().items()}
    torch.save({"state_dict": {**lightning, "loss.weight": torch.ones(3)}, "epoch": 2}, folder / "last.ckpt")

    twins = timm.create_model("efficientnet_lite0", num_classes=4).eval()
    spread(twins)
    torch.save(twins.state_dict(), folder / "weights.pth")
    torch.save(twins.state_dict(), folder / "tf-efficientnet-lite0 best.pth")
    torch.save({"a.weight": torch.ones(4, 4), "a.bias": torch.ones(4)}, folder / "own.pth")


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    write(Path(sys.argv[1]))
