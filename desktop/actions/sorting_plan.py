"""What sorting would do, before a file is touched: where each goes, what it will be called, what stays and why."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Literal

from desktop.actions.facts import file_size
from desktop.actions.sorting_files import has_content, is_one_file
from desktop.actions.sorting_names import folded, numbered, safe_name
from models.answer import Answer
from models.errors import FileError, SortingError, one_line
from models.files import trouble
from models.sources import Failure, Source

__all__ = ["APART", "Mode", "Skip", "SortPlan", "SortStep", "category_or_none", "make_plan"]

APART = "_unknown"
"""The folder of what the model does not know, or is not sure of."""

Mode = Literal["copy", "move"]

MARGIN = 16 << 20
"""Bytes left free on the target's disk (less on a tiny one), beside 1 % of what is copied and a block a file."""

BLOCK = 4096


@dataclass(frozen=True, slots=True)
class SortStep:
    """One file to be put in its place.

    Attributes:
        source: what is copied or moved.
        target: where to, and under which name.
        size: bytes.
        sha256: of the content, as it was when the model answered.
        moves: whether the source goes away. Members of zips, and links, are copied whatever was asked for.
    """

    source: Source
    target: Path
    size: int
    sha256: bytes
    moves: bool


@dataclass(frozen=True, slots=True)
class Skip:
    """A source with nothing to do: its content is at ``there`` already, perhaps because it is that file itself."""

    source: Source
    there: Path


@dataclass(frozen=True)
class SortPlan:
    """Everything a sorting will do. Nothing has been touched.

    Attributes:
        target: the folder that gets one folder a category.
        mode: copy or move.
        steps: the files, in the order of the answers.
        skips: what is in its place already.
        failures: what got no answer.
        gone: what got one, and can't be read any more.
        folders: category -> its folder's name, where that is not the category: no system takes it, or another has it.
        new_folders: what has to be made, each after the one it lies in.
        bytes_needed: that the target's disk must have free.
    """

    target: Path
    mode: Mode
    steps: tuple[SortStep, ...]
    skips: tuple[Skip, ...]
    failures: tuple[Failure, ...]
    gone: tuple[Failure, ...]
    folders: dict[str, str]
    new_folders: tuple[Path, ...]
    bytes_needed: int

    @cached_property
    def counts(self) -> dict[str, int]:
        """Folder's name -> files that will come into it, most first."""
        return dict(Counter(step.target.parent.name for step in self.steps).most_common())

    @cached_property
    def renamed(self) -> tuple[SortStep, ...]:
        """What gets another name, because its own is taken."""
        return tuple(step for step in self.steps if step.target.name != step.source.name)

    @property
    def size(self) -> int:
        """Bytes of all files to be copied or moved."""
        return sum(step.size for step in self.steps)

    def notes(self) -> list[str]:
        """What is worth knowing before, beside the counts; a line each."""
        notes = [f"The folder for {one_line(a)} is called {one_line(b)}." for a, b in self.folders.items()]
        if self.renamed:
            notes.append(f"{len(self.renamed):,} get a number behind their name, which is taken.")
        if self.skips:
            notes.append(f"{len(self.skips):,} are there already and stay as they are.")
        if self.gone:
            notes.append(f"{len(self.gone):,} can't be read any more.")
        if self.failures:
            notes.append(f"{len(self.failures):,} without an answer stay where they are.")
        return notes

    def summary(self) -> list[str]:
        """The plan in lines for a person."""
        files = len(self.steps)
        verb = "Move" if self.mode == "move" else "Copy"
        lines = [f"{verb} {files:,} file{'s' * (files != 1)} ({file_size(self.size)}) to {one_line(self.target)}."]
        lines += [f"{count:>9,}  {one_line(folder)}" for folder, count in self.counts.items()]
        return lines + self.notes()


def category_or_none(answer: Answer) -> str | None:
    """What a person said it is, else the best category; None when the model does not know, or is not sure."""
    return None if answer.unsure else answer.category(answer.first)


def make_plan(
    items: Iterable[Answer | Failure],
    target: Path,
    mode: Mode = "copy",
    *,
    category: Callable[[Answer], str | None] = category_or_none,
    sorted_before: Collection[Path] = (),
) -> SortPlan:
    """Plan to put each answered file into ``target``, in a folder named like its category.

    Args:
        items: what the model said; a source that comes twice counts once.
        target: need not exist; may lie inside the folder that is sorted, or be it.
        mode: copy or move.
        category: of an answer; None for the folder ``APART``.
        sorted_before: files that earlier sortings made, which a copying one leaves alone: with the target inside the
            source they come up again.

    Raises:
        SortingError: the target can't be a folder, can't be written, or lacks space.
    """
    target = Path(os.path.abspath(target))  # noqa: PTH100 - Path.absolute keeps "..", Path.resolve follows links
    standing = _writable(target)
    device = standing.stat().st_dev
    planner = _Planner(target, mode, device, {*sorted_before} if mode == "copy" else set())
    wanted = [(item, None if isinstance(item, Failure) else category(item)) for item in items]
    planner.expect(wanted)
    for item, name in wanted:
        planner.add(item, name)
    steps = tuple(planner.steps)
    parents = dict.fromkeys(step.target.parent for step in steps)
    new = {folder for path in parents for folder in (path, *path.parents) if not folder.exists()}
    if planner.needed:
        total, _, free = shutil.disk_usage(standing)
        margin = min(MARGIN, total // 20)
        needed = planner.needed + planner.needed // 100 + BLOCK * len(steps) + margin
        if needed > free:
            raise SortingError(
                f"{one_line(target)} has {file_size(free)} free and {file_size(needed)} are needed; "
                "free some space, or choose a folder on another disk."
            )
    return SortPlan(
        target,
        mode,
        steps,
        tuple(planner.skips),
        tuple(planner.failures),
        tuple(planner.gone),
        {name: folder.path.name for name, folder in planner.folders.items() if name and name != folder.path.name},
        tuple(sorted(new, key=lambda path: len(path.parts))),
        planner.needed,
    )


def _writable(target: Path) -> Path:
    """The folder ``target``, or the nearest above it that exists."""
    standing = next(path for path in (target, *target.parents) if os.path.lexists(path))
    if not standing.is_dir():
        raise SortingError(f"{one_line(standing)} is not a folder; choose another place for the sorted files.")
    if not os.access(standing, os.W_OK | os.X_OK):
        raise SortingError(f"{one_line(standing)} can't be written; choose another folder, or change its permissions.")
    return standing


class _Folder:
    """A category's folder: which names are taken in it, on the disk and by the plan."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.planned: set[str] = set()
        self.contents: dict[tuple[str, bytes], Path] = {}
        self._next: dict[str, int] = {}
        self._there: dict[str, list[Path]] = {}
        self._present: dict[str, list[Path]] = _listed(path)

    def find(self, source: Source, name: str, size: int, sha256: bytes, stays: Callable[[Path], bool]) -> Path | None:
        """Where this content is already, under this name or a numbered one, and stays."""
        key = folded(name)
        if key not in self._there:
            self._there[key] = []
            number = 1
            while found := self._present.get(folded(_nth(name, number))):
                self._there[key] += found
                number += 1
            self._next[key] = number
        for path in self._there[key]:
            if (source.member is None and is_one_file(path, source.path)) or (
                stays(path) and _has_content(path, size, sha256)
            ):
                return path
        return self.contents.get((key, sha256))

    def take(self, name: str, sha256: bytes) -> Path:
        """A free name like ``name``, taken from now on."""
        key = folded(name)
        number = self._next[key]
        while (candidate := folded(_nth(name, number))) in self.planned or candidate in self._present:
            number += 1
        self._next[key] = number + 1
        self.planned.add(candidate)
        path = self.path / _nth(name, number)
        self.contents[key, sha256] = path
        return path


class _Planner:
    """Collects steps, skips and failures, one answer after the other."""

    def __init__(self, target: Path, mode: Mode, device: int, sorted_before: set[Path]) -> None:
        self.steps: list[SortStep] = []
        self.skips: list[Skip] = []
        self.failures: list[Failure] = []
        self.gone: list[Failure] = []
        self.folders: dict[str | None, _Folder] = {}
        self.needed = 0
        self._target, self._moves, self._device = target, mode == "move", device
        self._seen: set[tuple[Path, str | None]] = set()
        self._sorted_before = sorted_before
        self._names: set[str] = set()
        self._present = _listed(target)
        self._real = lru_cache(maxsize=1024)(os.path.realpath)
        self._leaving: dict[Path, str | None] = {}
        self.folder(None)

    def expect(self, items: Iterable[tuple[Answer | Failure, str | None]]) -> None:
        """Know beforehand what will be moved: a file that goes elsewhere is no reason to leave its like where it is."""
        for item, category in items if self._moves else ():
            if isinstance(item, Answer) and item.source.member is None:
                self._leaving.setdefault(self._place(item.source), category)

    def add(self, item: Answer | Failure, category: str | None) -> None:
        """Plan one file."""
        source = item.source
        path = self._place(source)
        if (path, source.member) in self._seen:
            return
        self._seen.add((path, source.member))
        if isinstance(item, Failure):
            self.failures.append(item)
            return
        if path in self._sorted_before:
            self.skips.append(Skip(source, path))
            return
        try:
            size = source.size()
            moves = self._moves and source.member is None and not path.is_symlink()
            travels = not moves or path.stat().st_dev != self._device
        except FileError as error:
            self.gone.append(Failure(source, error))
            return
        except OSError as error:
            self.gone.append(Failure(source, trouble(source.path, error)))
            return
        folder = self.folder(category)
        name = source.name if source.member is None else safe_name(source.name)
        there = folder.find(source, name, size, item.content_hash, self._stays)
        if there is not None:
            self.skips.append(Skip(source, there))
            return
        # The absolute path: a journal outlives the folder that the program was started in.
        absolute = Source(source.path.absolute(), source.member, source.place)
        self.steps.append(SortStep(absolute, folder.take(name, item.content_hash), size, item.content_hash, moves))
        self.needed += size if travels else 0

    def _place(self, source: Source) -> Path:
        """The one path of a file, whichever links led to its folder."""
        return Path(self._real(source.path.parent), source.path.name)

    def _stays(self, path: Path) -> bool:
        """Whether a file in the target will be there afterwards."""
        place = Path(self._real(path.parent), path.name)
        if place not in self._leaving:
            return True
        return Path(self._real(self.folder(self._leaving[place]).path)) == place.parent

    def folder(self, category: str | None) -> _Folder:
        """The folder of ``category``: one that is there already, whatever its capitals, else a new one."""
        if category not in self.folders:
            wanted = APART if category is None else safe_name(category)
            number = 1
            while True:
                name = _nth_folder(wanted, number)
                present = self._present.get(folded(name), [])
                folders = [path for path in present if path.is_dir()]
                if folded(name) not in self._names and (folders or not present):
                    break
                number += 1
            self._names.add(folded(name))
            exact = self._target / name
            self.folders[category] = _Folder(exact if exact in folders or not folders else folders[0])
        return self.folders[category]


def _listed(folder: Path) -> dict[str, list[Path]]:
    """Folded name -> what is in ``folder`` under it; nothing when the folder is not there."""
    present: dict[str, list[Path]] = {}
    try:
        for path in folder.iterdir():
            present.setdefault(folded(path.name), []).append(path)
    except FileNotFoundError:
        pass
    except OSError as error:
        raise SortingError(f"{one_line(folder)} can't be looked into; change its permissions.") from error
    return present


def _nth(name: str, number: int) -> str:
    return name if number == 1 else numbered(name, number)


def _nth_folder(name: str, number: int) -> str:
    return name if number == 1 else f"{name} ({number})"


def _has_content(path: Path, size: int, sha256: bytes) -> bool:
    try:
        return path.stat().st_size == size and has_content(path, sha256)
    except OSError:
        return False
