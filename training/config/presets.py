"""How much effort is made: three functions that turn a template's configuration into a quicker or a better one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from training.config.config import PresetName, TrainingConfig

__all__ = ["PRESETS", "Preset"]


@dataclass(frozen=True, slots=True)
class Preset:
    """A measure of effort.

    Attributes:
        name: as configurations call it.
        title: for people.
        sentence: what it does and how long that takes.
        apply: the function; what it does not mention stays as the template has it.
    """

    name: PresetName
    title: str
    sentence: str
    apply: Callable[[TrainingConfig], TrainingConfig]


def _quick(config: TrainingConfig) -> TrainingConfig:
    """The backbone stays, and sees each picture once, so that there is nothing to vary, average or unfreeze."""
    data = config.data.model_copy(update={"augmentation": "none", "custom_augmentation": None})
    tuning = config.tuning.model_copy(update={"freeze_ratio": 1.0, "unfreeze": ()})
    optimiser = config.optimiser.model_copy(update={"learning_rate": 3e-3})
    schedule = config.schedule.model_copy(update={"epochs": 40, "warmup_epochs": 1.0})
    regularisation = config.regularisation.model_copy(update={"ema_decay": 0.0, "mixup": 0.0, "cutmix": 0.0})
    stopping = config.stopping.model_copy(update={"patience": 6})
    parts = {"data": data, "tuning": tuning, "optimiser": optimiser, "schedule": schedule, "stopping": stopping}
    return config.model_copy(update={"preset": "quick", **parts, "regularisation": regularisation})


def _balanced(config: TrainingConfig) -> TrainingConfig:
    return config.model_copy(update={"preset": "balanced"})


def _thorough(config: TrainingConfig) -> TrainingConfig:
    """Everything learns, for twice as long, the lower stages more slowly; an average of the weights is kept."""
    tuning = config.tuning.model_copy(update={"freeze_ratio": 0.0, "unfreeze": (), "layer_decay": 0.8})
    schedule = config.schedule.model_copy(update={"epochs": min(2 * config.schedule.epochs, 10_000)})
    regularisation = config.regularisation.model_copy(update={"ema_decay": 0.998})
    stopping = config.stopping.model_copy(update={"patience": 2 * config.stopping.patience})
    parts = {"tuning": tuning, "schedule": schedule, "regularisation": regularisation, "stopping": stopping}
    return config.model_copy(update={"preset": "thorough", **parts})


_ALL = (
    Preset("quick", "Quick", "Only the answers are learned, on what the backbone sees already: seconds.", _quick),
    Preset("balanced", "Balanced", "The network learns too, as the task needs it.", _balanced),
    Preset("thorough", "Thorough", "All of the network learns, twice as long: best results, most time.", _thorough),
)

PRESETS: Mapping[str, Preset] = MappingProxyType({one.name: one for one in _ALL})
"""Name -> preset, the least effort first."""
