"""TorchScript: a network that brings its code. What it takes is not said in the file, so it is tried."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from models.errors import ModelError, one_line, words_of
from training.pytorch.preparing import Prepared
from training.samples import SIDES, pictures

__all__ = ["open_scripted"]


class _Tensors(torch.nn.Module):
    """A scripted network whose answer is a dictionary, as a tuple of its tensors in the order of their names."""

    def __init__(self, network: torch.nn.Module, names: list[str]) -> None:
        super().__init__()
        self.network = network
        self.names = names

    def forward(self, image: torch.Tensor) -> tuple[torch.Tensor, ...]:
        answer = self.network(image)
        return tuple(answer[name] for name in self.names)


def open_scripted(path: Path) -> Prepared:
    """The network in a TorchScript file, with a size of picture that it takes.

    Raises:
        ModelError: it is damaged, or takes no picture, or answers with something else than tensors.
    """
    name = one_line(path.name)
    try:
        network: Any = torch.jit.load(str(path), map_location="cpu").eval()
    except MemoryError:
        raise
    except Exception as error:
        raise ModelError(f"{name} is damaged or no TorchScript that this PyTorch reads; export it again.") from error
    said = ""
    for channels in (3, 1):
        for side in SIDES:
            try:
                with torch.no_grad():
                    answer = network(torch.from_numpy(pictures((1, channels, side, side))))
            except MemoryError:
                raise
            except Exception as error:
                said = said or words_of(error, last=True)
                continue
            return _prepared(network, answer, (channels, side, side), name)
    raise ModelError(
        f"{name} takes no picture of any common size as (1, 3, height, width): PyTorch says {said!r}; export it to "
        "ONNX where it was made."
    )


def _prepared(network: Any, answer: Any, shape: tuple[int, int, int], name: str) -> Prepared:
    wrapped: torch.nn.Module = network
    if isinstance(answer, torch.Tensor):
        outputs = ["output"]
    elif isinstance(answer, tuple | list) and answer and all(isinstance(one, torch.Tensor) for one in answer):
        outputs = [f"output_{index}" for index in range(len(answer))]
    elif isinstance(answer, dict) and answer and all(isinstance(one, torch.Tensor) for one in answer.values()):
        outputs = [str(one) for one in answer]
        wrapped = _Tensors(network, outputs)
    else:
        raise ModelError(f"{name} answers with something else than tensors; export it to ONNX where it was made.")
    size = f"{shape[2]} × {shape[1]}"
    return Prepared(
        *(wrapped, "TorchScript", shape, tuple(outputs)),
        {"architecture": "TorchScript"},
        (f"A TorchScript network; the file does not say which size it takes, and {size} pixels worked.",),
    )
