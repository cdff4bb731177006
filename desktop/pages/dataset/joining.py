"""What was looked at comes into the dataset that is open: which of its labels fit, and doing it. No Qt."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from desktop.pages.dataset.importing import Came, Preview, add
from desktop.pages.dataset.wording import counted
from models.progress import Progress

if TYPE_CHECKING:  # NumPy comes with them
    from training.datasets.fitting import Fit
    from training.datasets.heads import HeadDef
    from training.datasets.store import DatasetStore

__all__ = ["fit_rows", "fitting_of", "join"]

_MOST = 4


def fitting_of(asked: Sequence[HeadDef], preview: Preview) -> Fit:
    """Which labels of ``preview`` answer which of the questions ``asked``."""
    from training.datasets.fitting import fit_heads

    return fit_heads(asked, preview.heads)


def fit_rows(fit: Fit) -> list[tuple[str, str]]:
    """(question of the labels, what becomes of them), those that fit first."""
    rows = []
    for name, into in fit.answers.items():
        new = fit.new.get(into, ())
        words = "fits" if name == into else f"answers {into}"
        if new:
            more = f" and {len(new) - _MOST:,} more" if len(new) > _MOST else ""
            noun = "category" if len(new) == 1 else "categories"
            words += f", with {len(new):,} new {noun}: {', '.join(new[:_MOST])}{more}"
        rows.append((name, words))
    if len(fit.left_out) > 1:
        names = ", ".join(fit.left_out)
        return [*rows, ("Stay out", f"{names}: the dataset asks nothing that they answer; add such questions first.")]
    return rows + list(fit.left_out.items())


def join(
    store: DatasetStore,
    dataset: int,
    preview: Preview,
    *,
    labels: bool = True,
    copy: bool = False,
    cancel: threading.Event | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> Came:
    """Add what was looked at to a dataset, as one step; as ``importing.bring``.

    Args:
        store: where it comes into.
        dataset: id.
        preview: of ``importing.look_into``.
        labels: whether the labels that fit come too.
        copy: whether pictures are copied into the workspace.
        cancel: set it to stop; then nothing has come in.
        on_progress: told after each picture.

    Raises:
        Cancelled: ``cancel`` was set.
        DatasetError: nothing can come in.
        WorkspaceError: the workspace can't be written.
    """
    if not preview.format or not labels:
        return add(store, dataset, preview.paths, copy=copy, cancel=cancel, on_progress=on_progress)
    from training.datasets import joining

    done = joining.join(
        store, dataset, preview.paths[0], format=preview.format, copy=copy, cancel=cancel, on_progress=on_progress
    )
    new, known = len(done.added.new), len(done.added.known)
    words = f"Added {counted(new)}"
    if known:
        words += f"; {known:,} {'was' if known == 1 else 'were'} here already"
    if done.unreadable:
        words += f"; {done.unreadable:,} can't be read"
    if done.labels:
        words += "; with " + ", ".join(f"{name} of {count:,}" for name, count in done.labels.items())
    return Came(dataset, f"{words}.", done.problems)
