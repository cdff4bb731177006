"""The encoder: one network of timm that all heads look through."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import timm
import torch
from torch import Tensor, nn

from models.errors import TrainingError, one_line, words_of
from training.config import ModelConfig
from training.pytorch.heads.base import EncoderFacts, Features
from training.pytorch.lite0 import build_network, installed_weights, read_weights

__all__ = ["BUNDLED", "Encoder", "make_encoder"]

BUNDLED = "tf_efficientnet_lite0"
"""The backbone whose weights come with the engine."""

_LITE0_MEAN, _LITE0_STD = (127 / 255,) * 3, (128 / 255,) * 3  # (x - 127) / 128, as those weights were trained


class Encoder(nn.Module):
    """uint8 pixels to features.

    Args:
        network: of timm, without its classifier.
        side: of the pictures, pixels.
        mean: of the channels, for pixels from 0 to 1.
        std: likewise.
        hidden: width of a layer that all heads share (linear, batch norm, ReLU, dropout); 0 for none.
        dropout: of that layer.
        pyramid: whether a head wants the levels between.
    """

    def __init__(
        self,
        network: nn.Module,
        side: int,
        *,
        mean: tuple[float, ...],
        std: tuple[float, ...],
        hidden: int = 0,
        dropout: float = 0.0,
        pyramid: bool = False,
    ) -> None:
        super().__init__()
        self.network, self.side, self.pyramid = network, side, pyramid
        self.register_buffer("mean", torch.tensor(mean) * 255)
        self.register_buffer("std", torch.tensor(std) * 255)
        width, levels = self._measured()
        self.width = width
        self.hidden: nn.Module = nn.Identity()
        if hidden:
            self.hidden = nn.Sequential(
                nn.Linear(width, hidden), nn.BatchNorm1d(hidden), nn.ReLU(inplace=True), nn.Dropout(dropout)
            )
        strides = tuple(side // one.shape[-1] for one in levels)
        self.facts = EncoderFacts(tuple(one.shape[1] for one in levels), strides, hidden or width, side)
        self.features: Any = network.forward_features  # compiled in place of it where that is asked for

    def _measured(self) -> tuple[int, list[Tensor]]:
        training = self.network.training
        self.network.eval()
        with torch.no_grad():
            last, levels = self.network.forward_intermediates(torch.zeros(1, 3, self.side, self.side))
            width = self.pooled(last).shape[1]
        self.network.train(training)
        return width, list(levels)

    def normalised(self, pixels: Tensor) -> Tensor:
        """(N, S, S, 3) from 0 to 255, uint8 or float32, to float32 (N, 3, S, S) as the weights were trained."""
        image: Tensor = (pixels.float() - self.mean) / self.std
        return image.permute(0, 3, 1, 2)

    def pooled(self, last: Tensor) -> Tensor:
        """The network's last layer to one vector a picture, (N, ``width``), before the shared layer."""
        vector: Tensor = self.network.forward_head(last, pre_logits=True)
        return vector

    def embedding(self, pooled: Tensor) -> Tensor:
        """What heads see of ``pooled``: (N, ``facts.embedding``)."""
        shared: Tensor = self.hidden(pooled)
        return shared

    def forward(self, pixels: Tensor) -> Features:
        """Everything that heads see of (N, S, S, 3), uint8 or float32 from 0 to 255."""
        image = self.normalised(pixels)
        if self.pyramid:
            last, levels = self.network.forward_intermediates(image)
        else:
            last, levels = self.features(image), ()
        return Features(image, tuple(levels), self.embedding(self.pooled(last)))


def make_encoder(model: ModelConfig, side: int, *, pyramid: bool) -> Encoder:
    """The encoder of a configuration, with the weights that it begins with.

    Args:
        model: which network and weights.
        side: of the pictures, pixels.
        pyramid: whether a head wants the levels between.

    Raises:
        TrainingError: there is no such network, or its weights can't be had.
        EngineError: the engine lacks the weights that come with it.
    """
    try:
        network = _network(model, side)
        cfg: Mapping[str, Any] = getattr(network, "pretrained_cfg", {})
        mean, std = tuple(cfg.get("mean", (0.5,) * 3)), tuple(cfg.get("std", (0.5,) * 3))
        if model.weights == "bundled":
            mean, std = _LITE0_MEAN, _LITE0_STD
        return Encoder(network, side, mean=mean, std=std, hidden=model.hidden, dropout=model.dropout, pyramid=pyramid)
    except (AttributeError, NotImplementedError, AssertionError) as error:
        raise TrainingError(
            f"The backbone {one_line(model.backbone)} takes no pictures of {side} × {side} or shows no levels "
            f"({words_of(error)}); choose another size or backbone."
        ) from error


def _network(model: ModelConfig, side: int) -> nn.Module:
    name = model.backbone
    if not timm.is_model(name):
        raise TrainingError(f"There is no backbone {one_line(name)} in the engine; choose one of the list.")
    if model.weights == "bundled":
        if name != BUNDLED:
            raise TrainingError(
                f"No weights of {one_line(name)} come with the engine; choose weights from the internet, or {BUNDLED}."
            )
        network = build_network(read_weights(installed_weights()), drop_path=model.drop_path)
        network.reset_classifier(0)
        return network
    options: dict[str, Any] = {"num_classes": 0, "drop_path_rate": model.drop_path}
    if name.startswith(("vit_", "deit", "beit", "eva", "swin")):
        options["img_size"] = side
    if model.weights == "none":
        plain: nn.Module = timm.create_model(name, pretrained=False, **options)
        return plain
    try:
        fetched: nn.Module = timm.create_model(name, pretrained=True, **options)
    except (OSError, RuntimeError, ValueError) as error:
        raise TrainingError(
            f"The weights of {one_line(name)} could not be fetched ({words_of(error)}); check the connection, or "
            f"choose {BUNDLED} with the weights of the engine."
        ) from error
    return fetched
