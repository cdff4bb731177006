"""Which pictures a training sees, at what size, how varied, and how often each."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, Literal, TypeAlias

from pydantic import field_validator

from training.config.setting import Section, setting

__all__ = ["Balancing", "CurriculumStep", "DataConfig"]

Balancing: TypeAlias = Literal["none", "sampler", "loss"]


class CurriculumStep(Section):
    """From an epoch on, which share of the pictures comes from each source.

    Attributes:
        from_epoch: the first epoch of it; epochs count from 0.
        shares: source -> share, above 0 in sum; they are taken relative to each other. A source that is not named
            gives nothing.
    """

    from_epoch: int = setting(0, "From epoch", "The first epoch for which these shares hold.", low=0, high=9999)
    shares: dict[str, float] = setting({}, "Shares", "Which share of the pictures comes from each source.")

    @field_validator("shares")
    @classmethod
    def _positive(cls, shares: dict[str, float]) -> dict[str, float]:
        if any(share < 0 for share in shares.values()) or sum(shares.values()) <= 0:
            raise ValueError("the shares must be 0 or more, and not all 0")
        return shares


class DataConfig(Section):
    """Pictures on their way into the network."""

    side: int = setting(
        224,
        "Picture size",
        "Side of the square that pictures are brought to; larger ones show more and take longer.",
        low=32,
        high=1024,
        step=32,
        unit="px",
    )
    batch_size: int = setting(
        0,
        "Batch size",
        "How many pictures are learned from at once.",
        low=0,
        high=4096,
        step=1,
        unit="pictures",
        zero="fitted to memory",
    )
    augmentation: str = setting(
        "auto",
        "Variation",
        "How pictures are varied, so that the network learns what does not matter.",
        kind="augmentation",
    )
    custom_augmentation: dict[str, Any] | None = setting(
        None, "Own variation", "Settings of your own instead of the named ones.", advanced=True, kind="augmentation"
    )
    workers: int = setting(
        -1,
        "Reading threads",
        "How many threads read and vary pictures.",
        low=-1,
        high=64,
        zero="automatic",
        advanced=True,
    )
    cache: bool = setting(
        True, "Keep decoded", "Whether pictures are decoded once into one large file, which makes every epoch faster."
    )
    balancing: Balancing = setting(
        "none",
        "Balancing",
        "How rare categories get their due: shown more often, or counted more.",
        choices={"none": "None", "sampler": "Show rare ones more often", "loss": "Count rare ones more"},
        advanced=True,
    )
    source_weights: dict[str, float] = setting(
        {}, "Weights of sources", "How much a picture of each source counts; 1 where none is given.", advanced=True
    )
    curriculum: tuple[CurriculumStep, ...] = setting(
        (),
        "Curriculum",
        "From which sources pictures come in which epochs, such as first rendered and later real ones.",
        advanced=True,
    )
    sources: tuple[str, ...] = setting(
        (), "Only these sources", "Pictures of which sources are trained on; all if none is named.", advanced=True
    )
    holdout: float = setting(
        0.15,
        "Held out",
        "Share of the training pictures that is used for validation if the dataset has none for it.",
        above=0,
        high=0.5,
        step=0.05,
        advanced=True,
    )

    @field_validator("side")
    @classmethod
    def _whole_steps(cls, side: int) -> int:
        if side % 32:
            raise ValueError(f"must be a multiple of 32 (such as {max(32, round(side / 32) * 32)})")
        return side

    @field_validator("source_weights")
    @classmethod
    def _weights(cls, weights: dict[str, float]) -> dict[str, float]:
        if any(weight < 0 for weight in weights.values()):
            raise ValueError("the weight of a source must be 0 or more")
        return weights

    @field_validator("curriculum")
    @classmethod
    def _rising(cls, steps: tuple[CurriculumStep, ...]) -> tuple[CurriculumStep, ...]:
        if any(later.from_epoch <= earlier.from_epoch for earlier, later in pairwise(steps)):
            raise ValueError("each step must begin at a later epoch than the one before")
        return steps

    def shares_at(self, epoch: int) -> dict[str, float] | None:
        """Source -> share in ``epoch`` (from 0), summing to 1; None where no step of the curriculum has begun."""
        begun = [step for step in self.curriculum if step.from_epoch <= epoch]
        if not begun:
            return None
        whole = sum(begun[-1].shares.values())
        return {source: share / whole for source, share in begun[-1].shares.items()}
