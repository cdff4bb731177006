"""Which pictures are for training, which for validation and which for the test: drawn by a seed, and never by chance
alone where something must hold. Plain sequences in and out; the store's part is ``training.datasets.resplitting``.

The same pictures, seed and settings give the same splits, in whatever order the pictures come.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from types import MappingProxyType
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from models.errors import DatasetError
from training.datasets.records import Split

__all__ = ["HOWS", "How", "Pictures", "Ratios", "Splitting", "split", "spread"]

How = Literal["ratio", "stratified", "grouped", "source"]
_ORDER: tuple[Split, ...] = ("train", "val", "test")


@dataclass(frozen=True, slots=True)
class Ratios:
    """The shares of the three splits, each from 0 to 1, together 1.

    Raises:
        DatasetError: they are not.
    """

    train: float = 0.7
    val: float = 0.15
    test: float = 0.15

    def __post_init__(self) -> None:
        if not all(0 <= share <= 1 for share in self.shares) or abs(sum(self.shares) - 1) > 1e-6:
            raise DatasetError("The three shares of a split must be 0 or more and sum to 100; correct them.")

    @property
    def shares(self) -> tuple[float, float, float]:
        """Train, val, test."""
        return self.train, self.val, self.test

    @classmethod
    def parse(cls, text: str) -> Ratios:
        """From "70/15/15" and the like, in any unit.

        Raises:
            DatasetError: it is no such text.
        """
        try:
            train, val, test = (float(part) for part in text.replace(":", "/").split("/"))
        except ValueError:
            raise DatasetError(f"{text!r} is no split; write three shares, such as 70/15/15.") from None
        total = train + val + test
        if not (min(train, val, test) >= 0 and 0 < total < float("inf")):
            raise DatasetError(f"{text!r} is no split; write three shares of 0 or more, such as 70/15/15.")
        return cls(train / total, val / total, test / total)


@dataclass(frozen=True, slots=True)
class Pictures:
    """What a split depends on, of N pictures.

    Attributes:
        contents: SHA-256 of each; its draw depends on it and the seed alone.
        splits: of each, so far.
        frozen: of each, whether that stays.
        strata: of each, what every split should have its share of, such as the category; None where unknown.
        groups: of each, what must stay together; those that are equal do.
        sources: of each; "" for none.
    """

    contents: Sequence[bytes]
    splits: Sequence[Split]
    frozen: Sequence[bool]
    strata: Sequence[str | None]
    groups: Sequence[Hashable]
    sources: Sequence[str]


@dataclass(frozen=True, slots=True)
class Splitting:
    """A split of N pictures.

    Attributes:
        splits: of each.
        notices: what could not be had, a sentence each.
    """

    splits: tuple[Split, ...]
    notices: tuple[str, ...] = ()


def split(
    pictures: Pictures, how: How, ratios: Ratios | None = None, *, seed: int = 0, real: Sequence[str] = ("real",)
) -> Splitting:
    """Divide all pictures that are not frozen.

    Args:
        pictures: what to divide.
        how: "ratio" by chance; "stratified" with each stratum's share in each split; "grouped" the same with groups
            kept whole; "source" as "grouped" for what is real, while all else is for training.
        ratios: of the splits; 70/15/15 if None. With a frozen test set, of the pictures that are left without the test.
        seed: another one draws another split.
        real: names of the sources that are real, for "source".

    Raises:
        DatasetError: it can't be done, and what to do instead.
    """
    if not pictures.contents:
        raise DatasetError("There are no pictures to divide; add some first.")
    return HOWS[how](pictures, ratios or Ratios(), seed, frozenset(real))


def spread(
    keys: Sequence[bytes],
    ratios: Ratios,
    *,
    strata: Sequence[str | None] | None = None,
    groups: Sequence[Hashable] | None = None,
    seed: int = 0,
) -> list[Split]:
    """The heart of it: N pictures over three splits, with each stratum spread alike and groups kept whole.

    Each stratum is to give each split its share, rounded so that the remainders even out over the strata. Groups are
    placed one by one, large ones first, where they fill most of what is still wanted (after the iterative
    stratification of Sechidis et al., 2011); equal sizes in an order drawn by the seed.

    Args:
        keys: of each picture, N; equal ones draw alike.
        ratios: of the splits.
        strata: of each; None for one stratum of all.
        groups: of each; None for each by itself.
        seed: another one draws another split.
    """
    names = sorted({str(one) for one in strata or ()}) or [""]
    columns = {name: column for column, name in enumerate(names)}
    of = [columns[str(one)] for one in strata] if strata is not None else [0] * len(keys)
    draws = [blake2b(key, digest_size=16, key=str(seed).encode()).digest() for key in keys]
    members: dict[Hashable, list[int]] = {}
    for row in range(len(keys)):
        members.setdefault(groups[row] if groups is not None else row, []).append(row)
    units = sorted(members.values(), key=lambda rows: (-len(rows), min(draws[row] for row in rows)))
    wanted = _wanted(np.bincount(of, minlength=len(names)), np.array(ratios.shares))
    result: list[Split] = [""] * len(keys)
    for rows in units:
        needs = np.bincount([of[row] for row in rows], minlength=len(names))
        filled = np.minimum(wanted, needs).sum(axis=1)
        # Of splits that have room alike, the one that lacks most; without room, the one that is exceeded least
        best = max(range(3), key=lambda place: (filled[place], wanted[place] @ (needs > 0), -place))
        wanted[best] -= needs
        for row in rows:
            result[row] = _ORDER[best]
    return result


def _wanted(sizes: NDArray[np.intp], shares: NDArray[np.float64]) -> NDArray[np.intp]:
    """How many of each stratum (n,) each split should get, (3, n): whole numbers that add up to the sizes.

    What rounding takes from a split in one stratum it gives back in the next, so that many small strata are divided as
    one large one would be.
    """
    wanted = np.zeros((3, len(sizes)), np.intp)
    owed = np.zeros(3)
    for column in np.argsort(-sizes, kind="stable"):
        exact = shares * sizes[column] + owed
        whole = np.where(shares > 0, np.maximum(np.floor(exact), 0), 0).astype(np.intp)
        while whole.sum() > sizes[column]:
            whole[int(np.argmin(np.where(whole > 0, exact - whole, np.inf)))] -= 1
        while whole.sum() < sizes[column]:
            whole[int(np.argmax(np.where(shares > 0, exact - whole, -np.inf)))] += 1
        owed = exact - whole
        wanted[:, column] = whole
    return wanted


def _by_ratio(pictures: Pictures, ratios: Ratios, seed: int, real: frozenset[str]) -> Splitting:  # noqa: ARG001
    return _divide(pictures, list(range(len(pictures.contents))), ratios, seed, strata=False, groups=False)


def _stratified(pictures: Pictures, ratios: Ratios, seed: int, real: frozenset[str]) -> Splitting:  # noqa: ARG001
    return _divide(pictures, list(range(len(pictures.contents))), ratios, seed, strata=True, groups=False)


def _grouped(pictures: Pictures, ratios: Ratios, seed: int, real: frozenset[str]) -> Splitting:  # noqa: ARG001
    return _divide(pictures, list(range(len(pictures.contents))), ratios, seed, strata=True, groups=True)


def _by_source(pictures: Pictures, ratios: Ratios, seed: int, real: frozenset[str]) -> Splitting:
    rows = [row for row, source in enumerate(pictures.sources) if source in real]
    if not rows:
        names = ", ".join(sorted({source or "none" for source in pictures.sources}))
        raise DatasetError(
            f"No picture comes from {' or '.join(sorted(real))} (the sources are: {names}); name the source that is "
            "real, or divide in another way."
        )
    divided = _divide(pictures, rows, ratios, seed, strata=True, groups=True)
    tested = {pictures.groups[row] for row in rows if divided.splits[row] in ("val", "test")}
    splits: list[Split] = list(divided.splits)
    kept_out = 0
    chosen = set(rows)
    for row in range(len(splits)):
        if row in chosen or pictures.frozen[row]:
            continue
        leaks = pictures.groups[row] in tested
        kept_out += leaks
        splits[row] = "" if leaks else "train"
    notices = list(divided.notices)
    if kept_out:
        notices.append(f"{kept_out:,} pictures that are not real look like real ones of val or test; they stay out.")
    return Splitting(tuple(splits), tuple(notices))


HOWS: Mapping[How, Callable[[Pictures, Ratios, int, frozenset[str]], Splitting]] = MappingProxyType(
    {"ratio": _by_ratio, "stratified": _stratified, "grouped": _grouped, "source": _by_source}
)
"""How pictures can be divided."""


def _divide(pictures: Pictures, rows: list[int], ratios: Ratios, seed: int, *, strata: bool, groups: bool) -> Splitting:
    """Those of ``rows`` that are not frozen; all others keep what they have."""
    notices: list[str] = []
    free = [row for row in rows if not pictures.frozen[row]]
    fixed = {pictures.groups[row] for row in range(len(pictures.contents)) if pictures.frozen[row]} if groups else set()
    out = [row for row in free if pictures.groups[row] in fixed]
    if out:
        notices.append(f"{len(out):,} pictures look like some of the frozen set; they stay out of all splits.")
        free = [row for row in free if pictures.groups[row] not in fixed]
    if any(pictures.frozen[row] and pictures.splits[row] == "test" for row in range(len(pictures.contents))):
        if ratios.train + ratios.val == 0:
            raise DatasetError("The test set is frozen, and everything else was to go into it; unfreeze it first.")
        ratios = Ratios(ratios.train / (ratios.train + ratios.val), ratios.val / (ratios.train + ratios.val), 0.0)
        notices.append("The frozen test set was kept; the other pictures were divided over train and val.")
    units = len({pictures.groups[row] for row in free}) if groups else len(free)
    parts = sum(share > 0 for share in ratios.shares)
    if units < parts:
        what = "groups of pictures that must stay together" if groups else "pictures"
        raise DatasetError(f"There are {units:,} {what} for {parts} splits; add pictures, or ask for fewer splits.")
    if strata:
        notices += _too_small(pictures, free, parts, groups=groups)
    spread_out = spread(
        [pictures.contents[row] for row in free],
        ratios,
        strata=[pictures.strata[row] for row in free] if strata else None,
        groups=[pictures.groups[row] for row in free] if groups else None,
        seed=seed,
    )
    splits: list[Split] = list(pictures.splits)
    for row in out:
        splits[row] = ""
    for row, one in zip(free, spread_out, strict=True):
        splits[row] = one
    return Splitting(tuple(splits), tuple(notices))


def _too_small(pictures: Pictures, rows: list[int], parts: int, *, groups: bool) -> list[str]:
    """Of categories that can't be in every split."""
    units = {(pictures.strata[row], pictures.groups[row] if groups else row) for row in rows}
    counts = Counter(stratum for stratum, _ in units if stratum is not None)
    small = sorted(name for name, count in counts.items() if count < parts)
    if not small:
        return []
    names = ", ".join(small[:8]) + (f" and {len(small) - 8:,} more" if len(small) > 8 else "")
    what = "groups" if groups else "pictures"
    return [f"{names}: fewer than {parts} {what}, so not every split has some; label more of them."]
