"""Facts by name that no question asks about: attributes of a shape, metadata of an item. Whatever JSON can say."""

from __future__ import annotations

import copy
import json
import math
from collections.abc import Iterator, Mapping
from typing import Any

from models.errors import DatasetError, one_line

__all__ = ["MOST_CHARACTERS", "NOTHING", "Attributes", "usable"]

MOST_CHARACTERS = 1 << 20
"""Of the JSON of one shape or item: what is longer is a file of its own and no fact about one."""

_TOO_LONG = f"Attributes have more than {MOST_CHARACTERS >> 20} MiB of text; keep them in a file of their own."
_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode


class Attributes(Mapping[str, Any]):
    """An immutable mapping from names to values that JSON can hold: None, bool, int, finite float, text, lists and
    objects of those. Two are equal, and have the same hash, when their JSON is the same text; so 1 is not 1.0.

    Args:
        values: by name; what comes out of this mapping shares nothing with them. Tuples become lists.

    Raises:
        DatasetError: a name is no text or empty, a value can't be JSON, or all together are too long.
    """

    __slots__ = ("_text", "_values")

    def __init__(self, values: Mapping[str, Any] | None = None) -> None:
        self._values: dict[str, Any] = {name: _checked(name, value) for name, value in dict(values or {}).items()}
        self._text = _encoded(self._values)

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Attributes:
        """``values`` themselves where they are such already; raises as the constructor."""
        return values if isinstance(values, Attributes) else cls(values)

    @property
    def text(self) -> str:
        """Its JSON, names sorted: equal ones have equal text."""
        return self._text

    def to_json(self) -> dict[str, Any]:
        """For ``json.dumps``; a copy."""
        return copy.deepcopy(self._values)

    @classmethod
    def from_text(cls, text: str) -> Attributes:
        """The counterpart of ``text``. Raises ``DatasetError``: it is none."""
        try:
            return cls(json.loads(text))
        except (ValueError, TypeError, RecursionError) as error:
            raise DatasetError("What is kept of a picture beside its labels is damaged; make it anew.") from error

    def __getitem__(self, name: str) -> Any:
        return copy.deepcopy(self._values[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Attributes):
            return self._text == other._text
        return NotImplemented

    def __hash__(self) -> int:
        return hash(self._text)

    def __repr__(self) -> str:
        return f"Attributes({self._values!r})"


def usable(values: Mapping[str, Any]) -> tuple[Attributes, tuple[str, ...]]:
    """Those of somebody's ``values`` that can be kept, and a sentence each about the others."""
    try:
        return Attributes(values) if values else NOTHING, ()
    except DatasetError:
        pass
    good: dict[str, Any] = {}
    bad = []
    length = 1
    for name, value in values.items():
        try:
            one = Attributes({name: value})
            longer = length + len(one.text) - 1  # of two braces one becomes a comma
            if longer > MOST_CHARACTERS:
                raise DatasetError(_TOO_LONG)
        except DatasetError as error:
            bad.append(str(error))
        else:
            good |= one
            length = longer
    return Attributes(good), tuple(bad)


def _checked(name: Any, value: Any) -> Any:
    if not isinstance(name, str) or not name or not _is_unicode(name):
        raise DatasetError("An attribute has a name that is no text; name it in plain words.")
    try:
        return _copied(value)
    except (TypeError, ValueError, RecursionError):
        raise DatasetError(
            f"The attribute {one_line(name[:60])} holds what JSON can't; give it text, finite numbers or lists."
        ) from None


def _copied(value: Any) -> Any:
    """As ``json`` would read it again; raises ``TypeError`` or ``ValueError`` for what is no JSON."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        if not _is_unicode(value):
            raise ValueError
        return str(value)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError
        return float(value)
    if isinstance(value, list | tuple):
        return [_copied(one) for one in value]
    if isinstance(value, Mapping):
        if not all(isinstance(name, str) and _is_unicode(name) for name in value):
            raise TypeError
        return {str(name): _copied(one) for name, one in value.items()}
    raise TypeError


def _encoded(values: Mapping[str, Any]) -> str:
    try:
        text = _encode(values)
    except (ValueError, RecursionError):  # a whole number of thousands of digits, or lists in lists in lists
        raise DatasetError("An attribute holds what JSON can't; give it text, finite numbers or lists.") from None
    if len(text) > MOST_CHARACTERS:
        raise DatasetError(_TOO_LONG)
    return text


def _is_unicode(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text) if not text.isascii() else True


NOTHING = Attributes()  # only now: it is checked as any other
"""Of whom nothing further is known."""
