"""For scripts of one's own: train any PyTorch module, and hand it to the inference side as ONNX.

    if is_pytorch_available():
        trainer = PyTorchTrainer(model, loader, learning_rate=1e-3)
        trainer.train(epochs=5, progress_callback=on_epoch)
        trainer.export_checkpoint("models/mine.onnx")

Imports without PyTorch and says there how to get it. What the window trains goes another way:
``training.pytorch.trainer``.
"""

from __future__ import annotations

import importlib.util
import math
import os
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from training.engine.availability import install_instructions

__all__ = ["OPSET", "PyTorchTrainer", "export_to_onnx", "is_pytorch_available"]

OPSET = 17

Progress = Callable[[int, int, Mapping[str, float]], None]
"""Told the epoch that has ended (from 1), of how many, and its figures."""


def is_pytorch_available() -> bool:
    """Whether the Python that runs this can import PyTorch. Nothing is imported."""
    return importlib.util.find_spec("torch") is not None


class PyTorchTrainer:
    """Trains a classifier with cross-entropy and Adam, on a graphics card where there is one.

    Args:
        model: a ``torch.nn.Module`` from a batch of inputs to logits (N, n); it is trained in place.
        train_loader: batches (inputs, labels), such as a ``torch.utils.data.DataLoader``; gone through once an epoch.
        val_loader: likewise, to measure on after each epoch; None to do without.
        learning_rate: of Adam, more than 0.
        device: such as "cpu" or "cuda"; None for the fastest there is.

    Attributes:
        history: the figures of each epoch so far.

    Raises:
        RuntimeError: PyTorch is not there; the sentence says how to get it.
        ValueError: the learning rate is not more than 0.
    """

    def __init__(
        self,
        model: Any,
        train_loader: Iterable[Any],
        val_loader: Iterable[Any] | None = None,
        *,
        learning_rate: float = 1e-3,
        device: str | None = None,
    ) -> None:
        torch = _torch()
        if not 0 < learning_rate < math.inf:
            raise ValueError(f"the learning rate must be more than 0, not {learning_rate}")
        self.model = model
        self.history: list[dict[str, float]] = []
        self._loaders = (train_loader, val_loader)
        self._device = torch.device(device or ("cuda" if torch.cuda.is_available() else "cpu"))
        model.to(self._device)
        self._optimiser = torch.optim.Adam(model.parameters(), lr=learning_rate)

    def train(self, epochs: int = 10, progress_callback: Progress | None = None) -> list[dict[str, float]]:
        """Go through the training batches ``epochs`` times; may be called again to go on.

        Args:
            epochs: at least 1.
            progress_callback: called after each epoch as ``progress_callback(epoch, epochs, metrics)``.

        Returns:
            For each epoch "train_loss" and "train_accuracy", and with a ``val_loader`` "val_loss" and "val_accuracy".

        Raises:
            RuntimeError: the loss is no number any more, or there are no batches.
            ValueError: ``epochs`` is under 1.
        """
        if epochs < 1:
            raise ValueError(f"there is at least one epoch, not {epochs}")
        done: list[dict[str, float]] = []
        for epoch in range(1, epochs + 1):
            metrics = self._through(self._loaders[0], "train")
            if self._loaders[1] is not None:
                metrics |= self._through(self._loaders[1], "val")
            done.append(metrics)
            self.history.append(metrics)
            if progress_callback is not None:
                progress_callback(epoch, epochs, metrics)
        return done

    def export_checkpoint(self, path: str | os.PathLike[str]) -> Path:
        """Write the model as it is now to an ONNX file, for inputs such as the training batches have.

        Raises:
            RuntimeError: there are no batches to take the shape from, or the model can't be expressed.
            OSError: the file can't be written.
        """
        for inputs, *_ in self._loaders[0]:
            return export_to_onnx(self.model, path, tuple(inputs.shape[1:]))
        raise RuntimeError("The training loader gives no batches; give one that does.")

    def _through(self, loader: Iterable[Any], name: str) -> dict[str, float]:
        torch = _torch()
        training = name == "train"
        self.model.train(training)
        total, right, count = 0.0, 0, 0
        with torch.set_grad_enabled(training):
            for inputs, labels in loader:
                truths = labels.to(self._device)
                logits = self.model(inputs.to(self._device))
                loss = torch.nn.functional.cross_entropy(logits, truths)
                if training:
                    self._optimiser.zero_grad()
                    loss.backward()
                    self._optimiser.step()
                total += float(loss.detach()) * len(truths)
                right += int((logits.argmax(dim=1) == truths).sum())
                count += len(truths)
        if count == 0:
            raise RuntimeError(f"The {name} loader gives no batches; give one that does.")
        if not math.isfinite(total):
            raise RuntimeError("The loss is no number any more (NaN); use a lower learning rate and begin anew.")
        return {f"{name}_loss": total / count, f"{name}_accuracy": right / count}


def export_to_onnx(
    model: Any,
    path: str | os.PathLike[str],
    input_shape: Sequence[int] = (3, 224, 224),
    *,
    input_name: str = "input",
    output_name: str = "output",
    opset: int = OPSET,
) -> Path:
    """Write a ``torch.nn.Module`` as ONNX, for any number of inputs at once; return the path.

    The module comes back as it was: on its device, in its mode.

    Args:
        model: from one batch to one tensor.
        path: of the file; folders that are missing are made.
        input_shape: of one input, such as (3, 224, 224); with a batch axis of 1 in front it is taken as well.
        input_name: what the file calls the input.
        output_name: what the file calls the output.
        opset: of ONNX.

    Raises:
        RuntimeError: PyTorch is not there, or the model can't be expressed.
        OSError: the file can't be written.
    """
    torch = _torch()
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    one = tuple(input_shape)[1:] if len(input_shape) == 4 else tuple(input_shape)
    first = next(iter(model.parameters()), None)
    example = torch.zeros((2, *one), device=first.device if first is not None else "cpu")
    training = bool(model.training)
    model.eval()
    try:
        with torch.no_grad(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            torch.onnx.export(
                model,
                (example,),
                str(target),
                input_names=[input_name],
                output_names=[output_name],
                dynamic_axes={input_name: {0: "batch"}, output_name: {0: "batch"}},
                opset_version=opset,
                dynamo=False,
            )
    except (OSError, MemoryError):
        raise
    except Exception as error:
        raise RuntimeError(f"The model can't be written as ONNX: {error}") from error
    finally:
        model.train(training)
    return target


def _torch() -> Any:
    """PyTorch.

    Raises:
        RuntimeError: it is not there.
    """
    if not is_pytorch_available():
        raise RuntimeError(install_instructions())
    import torch

    return torch
