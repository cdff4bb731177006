"""Every setting described for forms, the command line's help and the documentation; taken from the sections."""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

import annotated_types
from pydantic.fields import FieldInfo

from training.config.config import TrainingConfig
from training.config.heads import HeadConfig
from training.config.setting import Section

__all__ = ["SECTIONS", "FieldFacts", "all_fields", "fields_of", "head_fields"]

SECTIONS: Mapping[str, str] = MappingProxyType(
    {
        "": "Training",
        "data": "Pictures",
        "model": "Network",
        "tuning": "What learns",
        "optimiser": "Optimiser",
        "schedule": "Schedule",
        "regularisation": "Regularisation",
        "stopping": "Stopping",
        "compute": "Computer",
        "logging": "Records",
        "export": "Result",
    }
)
"""Section -> title, in the order of a form; "" holds what lies in no section."""


@dataclass(frozen=True, slots=True)
class FieldFacts:
    """One setting.

    Attributes:
        section: its section, a key of ``SECTIONS``; "heads" for a setting of a head.
        key: its name in the section.
        title: for people.
        help: what it does, one sentence.
        kind: how a form asks for it: "int", "float", "bool", "choice", "text", "names" (a list of text), "numbers"
            (name -> number), "steps" (a list of small objects), or by what it is: "augmentation", "backbone", "device",
            "monitor"; "hidden" for what a form asks in another way.
        default: to begin with.
        low: the least value, None without an end.
        high: likewise the greatest.
        open_low: whether ``low`` itself is not allowed.
        open_high: likewise.
        step: by which it is counted up and down; None where that is not said.
        unit: such as "px".
        zero: what 0 (or -1) means; "" for just that number.
        choices: (value, title) each, where it is a choice.
        advanced: whether a form folds it away.
        heads: the kinds of heads that it matters to; empty for all.
    """

    section: str
    key: str
    title: str
    help: str
    kind: str
    default: Any
    low: float | None = None
    high: float | None = None
    open_low: bool = False
    open_high: bool = False
    step: float | None = None
    unit: str = ""
    zero: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    advanced: bool = False
    heads: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """As ``with_set`` takes it; of a head's setting, with <name> for the head."""
        if self.section == "heads":
            return f"heads.<name>.{self.key}"
        return f"{self.section}.{self.key}" if self.section else self.key


@cache
def all_fields() -> tuple[FieldFacts, ...]:
    """Every setting, section by section; those of heads are ``head_fields``."""
    return tuple(fact for section in SECTIONS for fact in fields_of(section))


@cache
def fields_of(section: str) -> tuple[FieldFacts, ...]:
    """The settings of one section, a key of ``SECTIONS``."""
    model: type[Section] = TrainingConfig
    if section:
        model = type(getattr(TrainingConfig(), section))
    return tuple(
        _facts(section, key, info) for key, info in model.model_fields.items() if not _is_section(info.annotation)
    )


@cache
def head_fields(kind: str = "") -> tuple[FieldFacts, ...]:
    """The settings of a head: those that matter to its ``kind``, or all."""
    found = [_facts("heads", key, info) for key, info in HeadConfig.model_fields.items()]
    return tuple(fact for fact in found if not kind or not fact.heads or kind in fact.heads)


def _is_section(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, Section)


def _facts(section: str, key: str, info: FieldInfo) -> FieldFacts:
    extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    ends: dict[str, Any] = {}
    for limit in info.metadata:
        match limit:
            case annotated_types.Ge(ge=value):
                ends |= {"low": value}
            case annotated_types.Gt(gt=value):
                ends |= {"low": value, "open_low": True}
            case annotated_types.Le(le=value):
                ends |= {"high": value}
            case annotated_types.Lt(lt=value):
                ends |= {"high": value, "open_high": True}
    read: Any = extra.get
    return FieldFacts(
        section,
        key,
        info.title or key,
        info.description or "",
        read("kind") or _kind(info.annotation),
        info.default,
        **ends,
        step=read("step"),
        unit=read("unit", ""),
        zero=read("zero", ""),
        choices=tuple(read("choices", {}).items()),
        advanced=read("advanced", False),
        heads=tuple(read("heads", ())),
    )


def _kind(annotation: Any) -> str:
    if annotation in (bool, int, float):
        return str(annotation.__name__)
    origin, inner = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Literal:
        return "choice"
    if origin is tuple:
        return "names" if inner[0] is str else "steps"
    if origin is dict or origin is types.UnionType:
        return "numbers"
    return "text"
