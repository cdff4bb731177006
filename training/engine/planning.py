"""What an installation would cost, before anything is fetched."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from training.engine.builds import Build
from training.engine.variants import Variant

__all__ = ["Plan", "make_plan"]

_TIMES = 3
"""How much free space is asked for, in sizes of the download: what is fetched, the unpacked, and room to work."""

_RATE, _UNPACKING = 10e6, 60e6
"""Bytes a second that are fetched and put in place on an ordinary line and disk, for a guess at the time."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What an installation would cost.

    Attributes:
        variant: its name.
        title: what a person calls it.
        device: that it is for, none of them "auto".
        python: minor version of the environment's Python.
        download: bytes to fetch, about; less where some are in the cache.
        unpacked: bytes on the disk afterwards, about.
        where: the folder.
        seconds: that it takes, about.
        free: bytes on that disk.
        fallback: whether the build for the device can't be reached and a larger one is taken.
        there: whether it is installed already.
    """

    variant: str
    title: str
    device: str
    python: str
    download: int
    unpacked: int
    where: Path
    seconds: float
    free: int
    fallback: bool
    there: bool

    @property
    def needed(self) -> int:
        """Free bytes that an installation asks for."""
        return 0 if self.there else _TIMES * self.download

    @property
    def enough(self) -> bool:
        """Whether there is room."""
        return self.free >= self.needed

    @property
    def too_little(self) -> str:
        """The sentence for a disk without room."""
        return (
            f"Installing {self.title} needs {self.needed / 1e9:.1f} GB of free space in {self.where.parent}, and "
            f"{self.free / 1e9:.1f} GB are free; free some, or set SORTWERK_ENGINES to a folder on another disk."
        )


def make_plan(variant: Variant, build: Build, python: str, where: Path, free: int, *, there: bool) -> Plan:
    """The plan for ``build`` of ``variant`` on Python ``python`` ("3.12") into ``where``."""
    unpacked = int(build.download * variant.unpacked)
    seconds = 20 + build.download / _RATE + unpacked / _UNPACKING
    return Plan(
        variant.name,
        variant.title,
        build.device,
        python,
        build.download,
        unpacked,
        where,
        seconds,
        free,
        build.fallback,
        there,
    )
