"""Numbers of a chart in words, and where its lines lie."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise

__all__ = ["said", "said_x", "steps_between", "tick_words", "ticks", "ticks_of_powers"]

_NICE = (1.0, 2.0, 2.5, 5.0)
_PLAIN = (1e-3, 1e6)  # outside of these a number is written with a power of ten


def said(value: float, *, percent: bool = False) -> str:
    """``value`` as a person reads it: "0.5124", "1.2e-05", or "87.2 %"."""
    if not math.isfinite(value):
        return "–"
    if percent:
        return f"{value * 100:.1f} %"
    size = abs(value)
    if size and not _PLAIN[0] <= size < _PLAIN[1]:
        return f"{value:.2e}"
    digits = 4 if size < 1 else max(0, 3 - math.floor(math.log10(size)))
    return f"{value:,.{digits}f}"


def said_x(value: float) -> str:
    """A place on the axis of x as a person reads it: "24", "12.4", "48,231"."""
    return f"{value:,.0f}" if abs(value) >= 1000 or value == round(value) else f"{value:.2f}".rstrip("0").rstrip(".")


def ticks(low: float, high: float, most: int, least_step: float = 0.0) -> list[float]:
    """Round numbers, the first not above ``low``, the last not below ``high``, with ``most`` steps between at most."""
    step = next(
        one for one in _steps(max((high - low) / most, 1e-300), least_step) if steps_between(low, high, one) <= most
    )
    first = math.floor(low / step + 1e-9)
    return [(first + place) * step for place in range(max(1, steps_between(low, high, step)) + 1)]


def ticks_of_powers(low: float, high: float, most: int) -> list[float]:
    """As :func:`ticks`, of powers of ten: exponents, whole where the range is wide, else those of 1, 2, 5, 10, ..."""
    if high - low >= 2:
        return ticks(low, high, most, 1.0)
    parts = (0.0, math.log10(2), math.log10(5)) if high - low > 0.3 else tuple(map(math.log10, range(1, 10)))
    marks = [power + part for power in range(math.floor(low), math.ceil(high) + 1) for part in parts]
    below = max((mark for mark in marks if mark <= low + 1e-9), default=low)
    above = min((mark for mark in marks if mark >= high - 1e-9), default=high)
    return [mark for mark in marks if below <= mark <= above]


def steps_between(low: float, high: float, step: float) -> int:
    """How many steps it takes from the multiple of ``step`` at or below ``low`` to the one at or above ``high``."""
    return math.ceil(high / step - 1e-9) - math.floor(low / step + 1e-9)


def tick_words(values: list[float], *, percent: bool = False, powers: bool = False) -> list[str]:
    """What stands beside the lines at ``values``, with as few digits as tell them apart."""
    if powers:
        return [f"{10**value:.0e}" if abs(value) > 4 else f"{10**value:,.4g}" for value in values]
    shown = [value * 100 for value in values] if percent else values
    step = min((b - a for a, b in pairwise(shown)), default=1.0)
    size = max(abs(value) for value in shown)
    if size and (size >= _PLAIN[1] or step < 1e-4):
        return [f"{value:.3g}" for value in shown]
    digits = max(0, -math.floor(math.log10(step) + 1e-9))
    digits += not math.isclose(round(step, digits), step, rel_tol=1e-6)  # 0.25
    return [f"{value:,.{digits}f}{' %' if percent else ''}" for value in shown]


def _steps(from_size: float, least: float) -> Iterator[float]:
    """Round steps, each larger than the one before."""
    power = math.floor(math.log10(from_size))
    while True:
        for part in _NICE:
            step = part * 10.0**power
            if step >= from_size * (1 - 1e-9) and step >= least and (least < 1 or step == round(step)):
                yield step
        power += 1
