"""How the network learns: optimiser, schedule, regularisation, and when it is enough."""

from __future__ import annotations

from typing import Literal, TypeAlias

from training.config.setting import Section, setting

__all__ = [
    "OptimiserConfig",
    "OptimiserName",
    "RegularisationConfig",
    "ScheduleConfig",
    "ScheduleKind",
    "StoppingConfig",
]

OptimiserName: TypeAlias = Literal["adamw", "sgd"]
ScheduleKind: TypeAlias = Literal["cosine", "one_cycle", "plateau", "constant"]


class OptimiserConfig(Section):
    """How weights are changed by what is learned."""

    name: OptimiserName = setting(
        "adamw",
        "Optimiser",
        "The rule by which weights are changed.",
        choices={"adamw": "AdamW", "sgd": "SGD with momentum"},
        advanced=True,
    )
    learning_rate: float = setting(
        1e-3, "Learning rate", "How large the steps are; too large ones never arrive.", above=0, high=10, step=1e-4
    )
    weight_decay: float = setting(
        0.01,
        "Weight decay",
        "How strongly weights are drawn to 0, which keeps them simple.",
        low=0,
        high=1,
        step=0.01,
        advanced=True,
    )
    momentum: float = setting(
        0.9,
        "Momentum",
        "How much of the last step goes into the next; SGD only.",
        low=0,
        below=1,
        step=0.05,
        advanced=True,
    )
    gradient_clipping: float = setting(
        1.0,
        "Gradient clipping",
        "The longest step that one batch may ask for.",
        low=0,
        high=1000,
        step=0.5,
        zero="none",
        advanced=True,
    )
    accumulation: int = setting(
        1,
        "Accumulation",
        "How many batches make one step, as if they were one large batch.",
        low=1,
        high=1024,
        unit="batches",
        advanced=True,
    )


class ScheduleConfig(Section):
    """How the learning rate goes over the epochs."""

    epochs: int = setting(30, "Epochs", "How often every picture is seen.", low=1, high=10_000, step=1)
    kind: ScheduleKind = setting(
        "cosine",
        "Schedule",
        "How the learning rate falls.",
        choices={
            "cosine": "Cosine",
            "one_cycle": "One cycle",
            "plateau": "When nothing improves",
            "constant": "Stays as it is",
        },
        advanced=True,
    )
    warmup_epochs: float = setting(
        1.0,
        "Warm-up",
        "How long the rate rises from almost 0.",
        low=0,
        high=1000,
        step=0.5,
        unit="epochs",
        advanced=True,
    )
    final_share: float = setting(
        0.01,
        "Final share",
        "Which share of the learning rate is left at the end.",
        low=0,
        high=1,
        step=0.01,
        advanced=True,
    )
    plateau_patience: int = setting(
        3,
        "Patience of the rate",
        "How many epochs without improvement make the rate fall.",
        low=0,
        high=1000,
        unit="epochs",
        advanced=True,
    )
    plateau_factor: float = setting(
        0.3,
        "Fall of the rate",
        "What the rate is multiplied by when nothing improves.",
        above=0,
        below=1,
        step=0.1,
        advanced=True,
    )


class RegularisationConfig(Section):
    """What keeps the network from learning pictures by heart."""

    ema_decay: float = setting(
        0.0,
        "Averaged weights",
        "How slowly an average of the weights, which is what is kept, follows them.",
        low=0,
        below=1,
        step=0.001,
        zero="off",
        advanced=True,
    )
    mixup: float = setting(
        0.0,
        "Mixup",
        "How strongly pairs of pictures are blended into one.",
        low=0,
        high=10,
        step=0.1,
        zero="off",
        advanced=True,
        heads=("categories", "tags"),
    )
    cutmix: float = setting(
        0.0,
        "CutMix",
        "How strongly parts of pictures are put into others.",
        low=0,
        high=10,
        step=0.1,
        zero="off",
        advanced=True,
        heads=("categories", "tags"),
    )


class StoppingConfig(Section):
    """When a training ends before its last epoch."""

    early: bool = setting(True, "Stop early", "Whether it ends when nothing improves any more.")
    patience: int = setting(
        8, "Patience", "How many epochs without improvement are waited for.", low=1, high=1000, unit="epochs"
    )
    min_delta: float = setting(
        0.001,
        "Least gain",
        "By how much a figure must improve to count as better.",
        low=0,
        high=1,
        step=0.001,
        advanced=True,
    )
    monitor: str = setting(
        "auto",
        "Watched figure",
        "What must improve: auto is the main figure of all questions together; else loss, or question.figure.",
        advanced=True,
        kind="monitor",
    )
