"""On what a training runs, what it writes down, and what it hands over at the end."""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

from pydantic import field_validator

from training.config.setting import Section, setting

__all__ = ["ComputeConfig", "ExportConfig", "LoggingConfig", "Precision", "Quantise", "Strategy"]

Precision: TypeAlias = Literal["auto", "32", "16-mixed", "bf16-mixed"]
Strategy: TypeAlias = Literal["auto", "ddp", "ray"]
Quantise: TypeAlias = Literal["none", "fp16", "int8"]


class ComputeConfig(Section):
    """Devices and how they compute."""

    device: str = setting("auto", "Device", "What computes: auto, cpu, cuda, cuda:1 or mps.", kind="device")
    precision: Precision = setting(
        "auto",
        "Precision",
        "How exactly numbers are kept; half as many bits are faster on a graphics card.",
        choices={"auto": "Automatic", "32": "32 bits", "16-mixed": "16 bits, mixed", "bf16-mixed": "bfloat16, mixed"},
        advanced=True,
    )
    channels_last: bool = setting(
        False,
        "Channels last",
        "Whether pictures lie in memory pixel by pixel, which many cards are faster with.",
        advanced=True,
    )
    compile: bool = setting(
        False, "Compile", "Whether the network is compiled first: minutes at the start, faster later.", advanced=True
    )
    threads: int = setting(0, "Threads", "How many threads compute.", low=0, high=1024, zero="all cores", advanced=True)
    seed: int = setting(
        1,
        "Seed",
        "Another number draws other chances; the same one repeats a training.",
        low=0,
        high=2**31 - 1,
        advanced=True,
    )
    deterministic: bool = setting(
        True, "Repeatable", "Whether the same training gives the same result to the last digit.", advanced=True
    )
    devices: int = setting(
        1, "Devices", "How many devices of one machine compute together.", low=1, high=64, advanced=True
    )
    nodes: int = setting(1, "Machines", "How many machines compute together.", low=1, high=1024, advanced=True)
    strategy: Strategy = setting(
        "auto",
        "Together by",
        "How several devices or machines work together.",
        choices={"auto": "Automatic", "ddp": "Distributed data parallel", "ray": "Ray"},
        advanced=True,
    )

    @field_validator("device")
    @classmethod
    def _known(cls, device: str) -> str:
        if not re.fullmatch(r"auto|cpu|mps|(cuda|xpu)(:\d+)?", device):
            raise ValueError("must be auto, cpu, cuda, cuda:1 (or another number) or mps")
        return device


class LoggingConfig(Section):
    """What is written down beside the events of the run."""

    tensorboard: bool = setting(False, "TensorBoard", "Whether curves are written for TensorBoard too.", advanced=True)
    mlflow: bool = setting(False, "MLflow", "Whether curves are written for MLflow too.", advanced=True)
    mlflow_uri: str = setting(
        "", "MLflow address", "Where MLflow keeps runs; empty for a folder of the run.", advanced=True
    )
    samples: int = setting(
        6, "Sample pictures", "How many pictures show after each epoch what is answered.", low=0, high=64, advanced=True
    )
    checkpoint_minutes: float = setting(
        10,
        "Checkpoint every",
        "How often the state is kept within an epoch.",
        low=0,
        high=1440,
        unit="minutes",
        zero="only after epochs",
        advanced=True,
    )


class ExportConfig(Section):
    """What becomes of the best network."""

    name: str = setting("", "Name of the model", "What the model is called; empty for the name of the run.")
    install: bool = setting(
        True, "Add to the library", "Whether the model is ready to use when the training has ended."
    )
    quantise: Quantise = setting(
        "none",
        "Make smaller",
        "Whether a smaller and faster copy is made too.",
        choices={"none": "No", "fp16": "16 bits", "int8": "8 bits"},
    )
    torchscript: bool = setting(
        False, "TorchScript too", "Whether a file for PyTorch is written beside the ONNX file.", advanced=True
    )
