"""The whole configuration of a training: one frozen, checked value that a run keeps as ``config.json``."""

from __future__ import annotations

import json
from typing import Any, Literal, TypeAlias

from pydantic import ValidationError

from models.errors import TrainingError
from training.config.data import DataConfig
from training.config.heads import HeadConfig
from training.config.network import ModelConfig, TuningConfig
from training.config.optimising import OptimiserConfig, RegularisationConfig, ScheduleConfig, StoppingConfig
from training.config.running import ComputeConfig, ExportConfig, LoggingConfig
from training.config.setting import Section, setting
from training.config.wording import sentence_of

__all__ = ["PresetName", "TrainingConfig", "checked_config", "read_config"]

PresetName: TypeAlias = Literal["quick", "balanced", "thorough", "custom"]


class TrainingConfig(Section):
    """Everything about a training but its pictures.

    ``model_validate`` and ``model_validate_json`` raise pydantic's error; ``checked_config`` and ``read_config`` make a
    sentence of it.
    """

    version: Literal[1] = setting(1, "Version", "Of the form of this configuration.", kind="hidden")
    name: str = setting("", "Name", "What the run is called; empty for a name made of dataset and date.")
    template: str = setting("", "Template", "The task, by the name of a template.", kind="hidden")
    preset: PresetName = setting(
        "balanced",
        "Preset",
        "How much effort is made.",
        choices={"quick": "Quick", "balanced": "Balanced", "thorough": "Thorough", "custom": "Own"},
        kind="hidden",
    )
    heads: dict[str, HeadConfig] = setting({}, "Questions", "How each question is learned, by its name.", kind="hidden")
    data: DataConfig = DataConfig()
    model: ModelConfig = ModelConfig()
    tuning: TuningConfig = TuningConfig()
    optimiser: OptimiserConfig = OptimiserConfig()
    schedule: ScheduleConfig = ScheduleConfig()
    regularisation: RegularisationConfig = RegularisationConfig()
    stopping: StoppingConfig = StoppingConfig()
    compute: ComputeConfig = ComputeConfig()
    logging: LoggingConfig = LoggingConfig()
    export: ExportConfig = ExportConfig()

    def head(self, name: str) -> HeadConfig:
        """How the head of that name is trained; as heads are where nothing is said of it."""
        return self.heads.get(name) or HeadConfig()

    def to_json(self) -> str:
        """The text of ``config.json``, which ``read_config`` reads; every field is in it, also what is as it was."""
        return json.dumps(self.model_dump(mode="json"), indent=2, ensure_ascii=False) + "\n"


def checked_config(data: Any, where: str = "The configuration") -> TrainingConfig:
    """A configuration of what JSON said.

    Args:
        data: an object; what is missing is as it is to begin with.
        where: how a sentence calls it; it begins with that.

    Raises:
        TrainingError: something in it is not known, or not possible.
    """
    try:
        return TrainingConfig.model_validate(data)
    except ValidationError as error:
        raise TrainingError(sentence_of(error, where)) from None


def read_config(text: str | bytes, where: str = "The configuration") -> TrainingConfig:
    """As ``checked_config``, of a text in JSON."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        raise TrainingError(f"{where} is no JSON, or cut off; correct the file or choose another one.") from None
    return checked_config(data, where)
