"""Single settings changed by name, and what differs between two configurations."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from models.errors import TrainingError, one_line
from training.config.config import TrainingConfig, checked_config
from training.config.heads import HeadConfig
from training.config.wording import closest

__all__ = ["diff", "paths", "with_set", "with_value"]

_BY_NAME = ("heads", "data.source_weights")
"""Where the next part of a path is a name that a person gave, and may have dots in it."""


def with_set(config: TrainingConfig, assignment: str) -> TrainingConfig:
    """``config`` with one setting changed: "schedule.epochs=3", "heads.colour.weight=0.5", "data.sources=real,legacy".

    Values are text, or JSON where they begin with a bracket; lists of text may be written with commas.

    Raises:
        TrainingError: there is no such setting, or it can't have that value.
    """
    path, equals, value = assignment.partition("=")
    path, value = path.strip(), value.strip()
    if not equals or not path:
        raise TrainingError(f"{one_line(assignment)} sets nothing; write setting=value, such as schedule.epochs=3.")
    return with_value(config, path, _parsed(path, value))


def with_value(config: TrainingConfig, path: str, value: Any) -> TrainingConfig:
    """``config`` with the setting at ``path`` ("schedule.epochs") changed to ``value``, JSON or a part of one.

    Raises:
        TrainingError: as ``with_set``.
    """
    data = config.model_dump(mode="json")
    *folders, key = _parts(path)
    place: Any = data
    for depth, folder in enumerate(folders):
        if depth == 1 and folders[0] == "heads" and folder not in place:
            place[folder] = HeadConfig().model_dump(mode="json")
        if not isinstance(place, dict) or not isinstance(place.get(folder), dict):
            raise _unknown(path)
        place = place[folder]
    by_name = ".".join(folders) in _BY_NAME
    if not by_name and key not in place:
        raise _unknown(path)
    place[key] = value
    return checked_config(data, "The changed configuration")


def diff(before: TrainingConfig, after: TrainingConfig) -> list[tuple[str, Any, Any]]:
    """What differs: path, value before, value after (JSON), in the order of the fields; None where there is none.

    A head of which nothing is said counts as one with the usual settings.
    """
    one, other = paths(before), paths(after)
    for missing, name in _lone_heads(before, after):
        usual = {f"heads.{name}.{key}": value for key, value in HeadConfig().model_dump(mode="json").items()}
        (one if missing is before else other).update(usual)
    names = [*one, *(name for name in other if name not in one)]
    return [(name, one.get(name), other.get(name)) for name in names if one.get(name) != other.get(name)]


def paths(config: TrainingConfig) -> dict[str, Any]:
    """Every setting by its path; what a person named (heads, weights of sources) by its name, lists as a whole."""
    found: dict[str, Any] = {}

    def walk(place: Mapping[str, Any], path: str) -> None:
        for key, value in place.items():
            inner = f"{path}{key}"
            if isinstance(value, dict) and inner != "data.custom_augmentation":
                walk(value, f"{inner}.")
            else:
                found[inner] = value

    walk(config.model_dump(mode="json"), "")
    return found


def _lone_heads(before: TrainingConfig, after: TrainingConfig) -> list[tuple[TrainingConfig, str]]:
    """The configuration that lacks a head which the other has, and that head's name."""
    lacking = [(after, name) for name in before.heads if name not in after.heads]
    return lacking + [(before, name) for name in after.heads if name not in before.heads]


def _parts(path: str) -> list[str]:
    if path.startswith("heads."):
        name, _, key = path.removeprefix("heads.").rpartition(".")
        return ["heads", name, key] if name else ["heads", key]
    if path.startswith("data.source_weights."):
        return ["data", "source_weights", path.removeprefix("data.source_weights.")]
    return path.split(".")


def _parsed(path: str, value: str) -> Any:
    if value[:1] in ("[", "{") or value == "null":
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            raise TrainingError(f"The value of {one_line(path)} is no JSON; correct its brackets and quotes.") from None
    if path == "data.sources":
        return [name for part in value.split(",") if (name := part.strip())]
    return value


def _unknown(path: str) -> TrainingError:
    names = list(paths(TrainingConfig()))
    if path.startswith("heads."):
        start = path.rpartition(".")[0]
        names = [f"{start}.{key}" for key in HeadConfig.model_fields]
    hint = closest(path, names) or "; sortwerk train --help lists all settings."
    return TrainingError(f"There is no setting {one_line(path)}{hint}")
