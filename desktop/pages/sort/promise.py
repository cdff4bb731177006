"""How often the answers that are given may be wrong, in a person's words. No Qt."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # NumPy comes with it
    from training.calibration import Calibration

__all__ = ["CHOICES", "choice_words", "explain", "words"]

CHOICES = (0.05, 0.1, 0.2, 0.3, None)
"""Shares of wrong answers a person can choose from; None answers everything."""

_MANY = 100
"""Labelled pictures from which a promise fails because the answers are wrong too often, not for want of pictures."""


def choice_words(wrong: float | None) -> str:
    """What the menu says for a choice."""
    return "Answer everything" if wrong is None else f"Wrong at most about {_percent(wrong)}"


def words(wrong: float | None, found: Calibration | None) -> str:
    """What the button says.

    Args:
        wrong: what is wished: a share, 0 to 1, or None to answer everything.
        found: what has come of it; None while that is not known.
    """
    if wrong is None or found is None or found.wrong != wrong or found.promised:
        return choice_words(wrong)
    return "Too few labels to promise" if found.examples < _MANY else f"Can't promise {_percent(wrong)}"


def explain(wrong: float | None, found: Calibration | None) -> str:
    """What it rests on."""
    if wrong is None:
        return "Every picture gets an answer, however unsure."
    if found is None or found.wrong != wrong:
        return "How sure an answer must be for that is being found out."
    pictures = f"{found.examples:,} labelled {'picture' if found.examples == 1 else 'pictures'}"
    if not found.promised and found.examples < _MANY:
        return (
            f"Found from {pictures}, which is not enough; say what more pictures are. Until then all get an answer, "
            "as far as there are categories."
        )
    if not found.promised:
        return (
            f"Of {pictures} too many are answered wrong, even by the surest answers; correct more pictures, or choose "
            "a higher share. Until then all get an answer."
        )
    basis = f"Found from {pictures}; pictures unlike them can be wrong more often."
    if found.unknown_below == 0:
        return f"Every picture gets an answer: they are wrong no more often than that. {basis}"
    return f"Answers less sure than {_percent(found.unknown_below)} are shown as Unknown. {basis}"


def _percent(share: float) -> str:
    return f"{share * 100:.0f} %"
