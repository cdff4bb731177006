"""What engines there are: the one to work with, and how each stands against what was proved."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from training.engine.environment import RECORD, Engine, interpreter, read_engine
from training.engine.places import disk_usage, engines_folder
from training.engine.uv import LOG
from training.engine.variants import VARIANTS, Variant, lock_hash, variant_named

__all__ = ["State", "Status", "drift", "environments", "find", "own_record", "status", "status_of"]

State = Literal["none", "half", "ready", "drifted", "outdated", "broken"]


@dataclass(frozen=True, slots=True)
class Status:
    """How a variant stands.

    Attributes:
        variant: its name.
        title: what a person calls it.
        state: "none" (not there), "half" (an installation was not finished), "ready", "drifted" (something in it was
            changed since it was proved), "outdated" (it works, and this version of the program was tested with another
            one), or "broken" (its interpreter is gone).
        sentence: the same, and what to do.
        engine: where there is one that may be worked with.
        drift: what was changed, a few words each.
        size: bytes of its environments on the disk.
        log: of the installations; the file need not be there.
    """

    variant: str
    title: str
    state: State
    sentence: str
    engine: Engine | None
    drift: tuple[str, ...]
    size: int
    log: Path


def find(variant: str | Variant, engines: Path | None = None) -> Engine | None:
    """The engine to work with: the person's own, else the one made last; None where there is none that is whole.

    Args:
        variant: or its name.
        engines: the folder of all; None for the usual one.
    """
    variant = variant_named(variant) if isinstance(variant, str) else variant
    engines = engines_folder() if engines is None else engines
    own = read_engine(own_record(variant, engines))
    if own is not None and own.python.is_file():
        return own
    whole = [
        (path.stat().st_mtime, path, engine)
        for folder in environments(variant, engines)
        if (path := folder / RECORD).is_file()
        and (engine := read_engine(path)) is not None
        and interpreter(folder).is_file()
    ]
    return max(whole, key=lambda one: one[:2])[2] if whole else None


def status(engines: Path | None = None) -> list[Status]:
    """How each variant stands. Never raises an ``EngineError``."""
    return [status_of(variant, engines) for variant in VARIANTS.values()]


def status_of(variant: Variant, engines: Path | None = None) -> Status:
    """How ``variant`` stands; as ``status``."""
    engines = engines_folder() if engines is None else engines
    folders = environments(variant, engines)
    engine = find(variant, engines)
    changed = drift(engine, variant) if engine is not None else ()
    state, sentence = _state(variant, engine, changed, folders, read_engine(own_record(variant, engines)))
    return Status(variant.name, variant.title, state, sentence, engine, changed, disk_usage(*folders), engines / LOG)


def drift(engine: Engine, variant: Variant) -> tuple[str, ...]:
    """What differs from what was proved, a few words each; of an own engine, only what work is done with."""
    if engine.site is None or not engine.site.is_dir():
        return ("the folder with its libraries is gone",)
    watched = {_plain(name) for name in variant.watched}
    now = dict(_installed(engine.site))
    before = {_plain(name): version for name, version in engine.versions.items()}
    if engine.own:
        before = {name: version for name, version in before.items() if name in watched and name in now}
        now = {name: version for name, version in now.items() if name in before}
    changed = []
    for name in sorted(before.keys() | now.keys()):
        was, is_ = before.get(name), now.get(name)
        if was == is_:
            continue
        if is_ is None:
            changed.append(f"{name} is gone")
        elif was is None:
            changed.append(f"{name} {is_} was added")
        else:
            changed.append(f"{name} is {is_} instead of {was}")
    return tuple(changed)


def environments(variant: Variant, engines: Path) -> list[Path]:
    """The folders of the environments of ``variant``, whole or not."""
    name = re.compile(re.escape(variant.name) + r"-(cpu|cuda|rocm|mps)-[0-9a-f]{12}")
    if not engines.is_dir():
        return []
    return sorted(folder for folder in engines.iterdir() if name.fullmatch(folder.name) and folder.is_dir())


def own_record(variant: Variant, engines: Path) -> Path:
    """The file that remembers the person's own interpreter."""
    return engines / f"own-{variant.name}.json"


def _state(
    variant: Variant, engine: Engine | None, changed: tuple[str, ...], folders: list[Path], own: Engine | None
) -> tuple[State, str]:
    title, name = variant.title, variant.name
    if own is not None and engine is not own and not own.python.is_file():
        return "broken", f"Your own Python {own.python} is gone; choose another one, or remove it from Sortwerk."
    if engine is None:
        if any((folder / RECORD).exists() for folder in folders):
            return "broken", f"The engine {title} has lost its Python; repair it: sortwerk engine repair {name}."
        if folders:
            return (
                "half",
                f"An installation of {title} was not finished; start it again: sortwerk engine install {name}.",
            )
        return (
            "none",
            f"{title} is not installed; {variant.needed} it: sortwerk engine install {name}.",
        )
    if changed:
        more = f" and {len(changed) - 3} more" if len(changed) > 3 else ""
        cure = "choose it again to prove it" if engine.own else f"repair it: sortwerk engine repair {name}"
        return "drifted", f"{title} was changed since it was proved ({'; '.join(changed[:3])}{more}); {cure}."
    if not engine.own and engine.lock != _lock_now(variant, engine):
        return "outdated", (
            f"{title} {engine.versions.get(variant.watched[0], '')} works, and this Sortwerk was tested with another "
            f"version; bring it up to date: sortwerk engine install {name}."
        )
    return "ready", f"{title} {engine.versions.get(variant.watched[0], '')} is ready on {engine.device}."


def _lock_now(variant: Variant, engine: Engine) -> str:
    """The hash that the engine would have if it were made now: its Python and device stay."""
    if engine.site is None:
        return ""
    minor = next((part.removeprefix("python") for part in engine.site.parts if part.startswith("python3.")), "")
    minor = minor or _windows_minor(engine.folder)
    return lock_hash(variant, minor, engine.folder.name.rsplit("-", 2)[1])


def _windows_minor(folder: Path) -> str:
    try:
        said = re.search(r"^version(?:_info)?\s*=\s*(\d+\.\d+)", (folder / "pyvenv.cfg").read_text(), re.MULTILINE)
    except OSError:
        return ""
    return said[1] if said else ""


def _installed(site: Path) -> list[tuple[str, str]]:
    """The distributions in a folder: name and version."""
    found = []
    for path in site.glob("*.dist-info"):
        name, _, version = path.name.removesuffix(".dist-info").rpartition("-")
        found.append((_plain(name), version))
    return found


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
