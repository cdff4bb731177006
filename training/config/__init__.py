"""The configuration of a training: sections, presets and templates; described for forms. Neither PyTorch nor Qt."""

from training.config.changing import diff, paths, with_set, with_value
from training.config.config import PresetName, TrainingConfig, checked_config, read_config
from training.config.data import CurriculumStep, DataConfig
from training.config.fields import FieldFacts, all_fields, fields_of, head_fields
from training.config.heads import HeadConfig
from training.config.network import ModelConfig, TuningConfig, UnfreezeStep
from training.config.optimising import OptimiserConfig, RegularisationConfig, ScheduleConfig, StoppingConfig
from training.config.presets import PRESETS, Preset
from training.config.running import ComputeConfig, ExportConfig, LoggingConfig
from training.config.templates import TEMPLATES, Template, begin, template_for

__all__ = [
    "PRESETS",
    "TEMPLATES",
    "ComputeConfig",
    "CurriculumStep",
    "DataConfig",
    "ExportConfig",
    "FieldFacts",
    "HeadConfig",
    "LoggingConfig",
    "ModelConfig",
    "OptimiserConfig",
    "Preset",
    "PresetName",
    "RegularisationConfig",
    "ScheduleConfig",
    "StoppingConfig",
    "Template",
    "TrainingConfig",
    "TuningConfig",
    "UnfreezeStep",
    "all_fields",
    "begin",
    "checked_config",
    "diff",
    "fields_of",
    "head_fields",
    "paths",
    "read_config",
    "template_for",
    "with_set",
    "with_value",
]
