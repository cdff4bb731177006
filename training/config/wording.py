"""What is wrong with a configuration, in one sentence made of what pydantic says."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any

from pydantic import ValidationError

from models.errors import one_line

__all__ = ["closest", "sentence_of"]

_TEXTS = {
    "greater_than_equal": "must be {ge:g} or more, not {input}",
    "greater_than": "must be more than {gt:g}, not {input}",
    "less_than_equal": "must be {le:g} or less, not {input}",
    "less_than": "must be less than {lt:g}, not {input}",
    "literal_error": "must be {expected}, not {input}",
    "finite_number": "must be a number, not {input}",
    "int_parsing": "must be a whole number, not {input}",
    "int_type": "must be a whole number, not {input}",
    "int_from_float": "must be a whole number, not {input}",
    "float_parsing": "must be a number, not {input}",
    "float_type": "must be a number, not {input}",
    "bool_parsing": "must be true or false, not {input}",
    "bool_type": "must be true or false, not {input}",
    "string_type": "must be text, not {input}",
    "dict_type": "must be names with values, not {input}",
    "model_type": "must be an object, not {input}",
    "tuple_type": "must be a list, not {input}",
}


def sentence_of(error: ValidationError, where: str) -> str:
    """The first thing that is wrong, in one sentence that begins with ``where``; how many more there are."""
    faults = error.errors(include_url=False)
    first = faults[0]
    name = ".".join(str(part) for part in first["loc"])
    more = f" ({len(faults) - 1} more like it)" if len(faults) > 1 else ""
    if first["type"] == "extra_forbidden":
        return f"{where} has {one_line(name)}, which is not known{more}; correct its name or leave it out."
    if not name:
        return f"{where} must be an object with settings; correct it."
    return f"{where} can't be used: {one_line(name)} {_what(first)}{more}; correct it."


def closest(name: str, names: Iterable[str]) -> str:
    """The end of a sentence that offers what ``name`` may have been meant for; "" where nothing is like it."""
    near = difflib.get_close_matches(name, list(names), 1, 0.6)
    return f"; did you mean {near[0]}?" if near else ""


def _what(fault: Any) -> str:
    values = {**fault.get("ctx", {}), "input": _short(fault["input"])}
    if fault["type"] == "value_error":
        said = str(values["error"])
        return said if said.startswith("must") else f"can't be so: {said}"
    if fault["type"] in _TEXTS:
        return _TEXTS[fault["type"]].format(**values)
    return f"can't be {values['input']}"


def _short(value: Any) -> str:
    text = one_line(repr(value) if value == "" else str(value))
    return text if len(text) <= 60 else f"{text[:57]}..."
