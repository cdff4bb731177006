"""The ``image`` head: a picture is answered with a picture, in colours that may be wished for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from models.heads.form import Form
from training.config import ModelConfig
from training.metrics import Asked
from training.pytorch.decoders import STRIDES, Unet
from training.pytorch.dense_losses import absolute_loss
from training.pytorch.heads.base import EncoderFacts, Example, Features, Head, HeadPlan, Said, Targets, nothing
from training.pytorch.perceptual import Perceptual, offline_features
from training.pytorch.target_pictures import regions, wished_colours

__all__ = ["COLOURS", "ImageHead"]

COLOURS = "colours"
"""The further input of an exported network that is told colours: (N, regions, 3), RGB from 0 to 1."""

_WISHES = 32
"""Channels that colours become."""


class ImageHead(Head):
    """A U-Net that sees the picture itself too. The raw answer is a picture, (N, 3, S, S), 0 to 1.

    Wished colours go through a linear layer and are laid over the deepest level and over the picture at full size: each
    place sees them.

    Args:
        plan: of its options count "roles" (what the pictures are) and those that ``regions`` reads.
        facts: of the encoder.
        model: not used.
        perceptual: for the likeness to the eye; None for the network that comes with the engine, taken when wanted.
    """

    kind: ClassVar[str] = "image"
    wants: ClassVar[Literal["embedding", "pyramid"]] = "pyramid"

    def __init__(
        self, plan: HeadPlan, facts: EncoderFacts, model: ModelConfig, perceptual: Perceptual | None = None
    ) -> None:
        super().__init__(plan, facts, model)
        self.regions = regions(plan.options)
        wishes = _WISHES if self.regions else 0
        self.wishes = nn.Linear(3 * len(self.regions), wishes) if self.regions else None
        self.decoder = Unet(facts, beside=wishes, finest=3 + wishes)
        self.last = nn.Conv2d(self.decoder.channels, 3, kernel_size=3, padding=1)
        self._perceptual = perceptual
        if perceptual is None and (plan.config.perceptual_weight or plan.config.style_weight):
            self._perceptual = offline_features()

    def targets(self, examples: Sequence[Example]) -> Targets:
        """The pictures uint8 (N, S, S, 3); "known" bool (N, S, S); "colours" float32 (N, regions, 3); with "weight"."""
        side = self.facts.side
        pictures = np.zeros((len(examples), side, side, 3), np.uint8)
        known = np.zeros((len(examples), side, side), np.bool_)
        colours = np.full((len(examples), len(self.regions), 3), 0.5, np.float32)
        weights = np.zeros(len(examples), np.float32)
        for row, example in enumerate(examples):
            if self.plan.name not in example.pictures:
                continue
            target, picture = example.pictures[self.plan.name]
            pictures[row] = picture[..., :3]
            known[row] = picture[..., 3] > 0 if picture.shape[2] == 4 else True
            colours[row] = wished_colours(target, self.regions)
            weights[row] = example.weight if known[row].any() else 0
        made = {"pictures": pictures, "known": known, "colours": colours, "weight": weights}
        return {name: torch.from_numpy(one) for name, one in made.items()}

    def forward(self, features: Features, targets: Targets | None = None) -> Tensor:
        """Pictures, (N, 3, S, S), 0 to 1; in the colours of the targets."""
        return self._made(features, None if targets is None else targets["colours"])

    def loss(self, raw: Tensor, targets: Targets) -> Tensor:
        """L1, and perceptual and style loss with their weights, of the known pixels."""
        config, weights = self.plan.config, targets["weight"]
        if not bool((weights > 0).any()):
            return nothing(raw)
        truths = targets["pictures"].permute(0, 3, 1, 2).float() / 255
        counts = targets["known"].float() * weights[:, None, None]
        loss = absolute_loss(raw, truths, counts)
        if self._perceptual is not None and (config.perceptual_weight or config.style_weight):
            perceptual, style = self._perceptual.losses(raw, truths, counts)
            loss = loss + config.perceptual_weight * perceptual + config.style_weight * style
        return loss

    def answers(self, raw: Tensor, targets: Targets) -> NDArray[np.uint8]:
        """Pictures, uint8 (N, S, S, 3)."""
        pixels = (raw.detach().float().clamp(0, 1) * 255).round().to(torch.uint8)
        pictures: NDArray[np.uint8] = pixels.permute(0, 2, 3, 1).cpu().numpy()
        return pictures

    def truths(self, targets: Targets) -> list[NDArray[np.uint8] | None]:
        """Likewise; None where nothing is known. What is unknown of a picture is black in it."""
        known = (targets["weight"] > 0).tolist()
        pictures = targets["pictures"].cpu().numpy()
        return [picture if there else None for picture, there in zip(pictures, known, strict=True)]

    def asked(self) -> Asked:
        """Normals are judged by their angles."""
        roles = self.plan.options.get("roles") or ("",)
        return Asked(role=str(roles[0]))

    def said(self, raw: Tensor, targets: Targets, row: int) -> Said:
        """How far it is off, in steps of 255: a picture has no name."""
        if not bool(targets["weight"][row] > 0):
            return Said("picture", 0.0)
        truth = targets["pictures"][row].permute(2, 0, 1).float() / 255
        off = (raw[row].detach().float() - truth).abs().mean(dim=0)[targets["known"][row]].mean()
        return Said(f"off by {255 * float(off):.0f} of 255", max(0.0, 1 - float(off)), "picture")

    def export_forward(self, features: Features, *extra: Tensor) -> tuple[Tensor, ...]:
        """Pictures, (N, 3, S, S); ``extra`` are the colours, where there are regions."""
        return (self._made(features, extra[0] if extra else None),)

    def form(self) -> Form:
        """0 is black and 1 is white."""
        return Form(outputs=self.outputs(), layout="NCHW", low=0.0, high=1.0)

    def inputs(self) -> Mapping[str, Tensor]:
        """The colours, where they are asked for: middle grey as an example."""
        return {COLOURS: torch.full((1, len(self.regions), 3), 0.5)} if self.regions else {}

    def _made(self, features: Features, colours: Tensor | None) -> Tensor:
        beside, finest = None, features.image
        if self.wishes is not None:
            if colours is None:
                colours = features.image.new_full((len(features.image), len(self.regions), 3), 0.5)
            side = self.facts.side
            wished = self.wishes(colours.flatten(1))[..., None, None]
            beside = wished.expand(-1, -1, side // STRIDES[-1], side // STRIDES[-1])
            finest = torch.cat([finest, wished.expand(-1, -1, side, side)], dim=1)
        return torch.sigmoid(self.last(self.decoder(features.pyramid, beside, finest))).float()
