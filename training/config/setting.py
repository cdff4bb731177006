"""How one field of the configuration is written down: its value to begin with, its limits, and what a form says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["Section", "setting"]


class Section(BaseModel):
    """Base of all parts of the configuration: frozen, and nothing in it that is not known."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


def setting(
    default: Any,
    title: str,
    help: str,  # noqa: A002 - what forms call it
    *,
    low: float | None = None,
    high: float | None = None,
    above: float | None = None,
    below: float | None = None,
    step: float | None = None,
    unit: str = "",
    advanced: bool = False,
    choices: Mapping[str, str] | None = None,
    zero: str = "",
    heads: Sequence[str] = (),
    kind: str = "",
) -> Any:
    """A field of a ``Section``.

    Args:
        default: its value to begin with.
        title: for people, in a few words.
        help: what it does, in one plain sentence.
        low: the least value.
        high: the greatest.
        above: what it must be more than.
        below: what it must be less than.
        step: by which a form counts it up and down.
        unit: such as "px"; "" for none.
        advanced: whether a form folds it away.
        choices: of a ``Literal``: value -> title.
        zero: what 0 (or -1) means, such as "fitted to memory"; "" for just that number.
        heads: the kinds of heads that it matters to; none for all.
        kind: how a form asks for it, where its type does not say so (``training.config.fields``).
    """
    extra: dict[str, Any] = {"unit": unit, "advanced": advanced, "step": step, "zero": zero, "kind": kind}
    extra |= {"choices": dict(choices or {}), "heads": list(heads)}
    return Field(default, title=title, description=help, ge=low, le=high, gt=above, lt=below, json_schema_extra=extra)
