"""What the person has set: one typed, versioned file, ``settings.json`` in the workspace.

Read before the first paint, so plain dataclasses and explicit checks, nothing that takes long to import. A value that
makes no sense falls back to its default alone; a file that can't be read at all is set aside, never overwritten. Fields
of a newer version are kept, so going back and forth between two versions loses nothing.
"""

from __future__ import annotations

import getpass
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from models.errors import WorkspaceError
from models.workspace import atomic_file

__all__ = [
    "DEVICES",
    "ENGINE_DEVICES",
    "LONGEST_NAME",
    "ONLINE_KINDS",
    "PER_HOUR",
    "PER_MINUTE",
    "THEMES",
    "THREADS",
    "TILE_SIDES",
    "WRONGS",
    "Settings",
    "annotator_name",
    "load",
    "migrate",
    "save",
]

FILE = "settings.json"
BROKEN = "settings.broken.json"
THEMES = ("system", "light", "dark")
# "auto", "cpu", or an execution provider of models.inference.DEVICES, which comes with NumPy; a test holds them equal.
DEVICES = (
    "auto",
    "cpu",
    "TensorrtExecutionProvider",
    "CUDAExecutionProvider",
    "ROCMExecutionProvider",
    "MIGraphXExecutionProvider",
    "DmlExecutionProvider",
    "CoreMLExecutionProvider",
    "OpenVINOExecutionProvider",
)
ENGINE_DEVICES = ("auto", "cpu", "cuda", "rocm", "mps")  # those of training.engine.builds; a test holds them equal
THREADS = range(257)
ONLINE_KINDS = ("auto", "classify", "openai")
PER_MINUTE, PER_HOUR = range(1, 10_001), range(1, 100_001)
TILE_SIDES = range(64, 385)
WRONGS = range(51)
LONGEST_NAME = 200
"""Characters of a person's name."""

Migration = Callable[[dict[str, Any]], dict[str, Any]]

MIGRATIONS: tuple[Migration, ...] = ()
"""Oldest first; the first takes the fields of version 1 to version 2. Only ever append."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, with their defaults.

    Attributes:
        theme: one of ``THEMES``.
        device: that models run on, one of ``DEVICES``.
        tile_side: of a picture in the grid, in device-independent pixels, in ``TILE_SIDES``.
        geometry: of the window, as the window toolkit wrote it, in base64; "" before the first closing.
        last_folder: where the last file chooser was left; "" at first.
        model: that answers: its folder's name in the workspace's ``models``; "" for the starter model.
        wrong: percent of the answers that may be wrong before they are called unknown, in ``WRONGS``; 0 for any.
        threads: that work on pictures; 0 for one a core.
        online: whether the online model may be asked.
        online_url: its address; "" for none.
        online_kind: how it is spoken to, one of ``ONLINE_KINDS``.
        online_model: its name there.
        online_per_minute: questions a minute, at most, in ``PER_MINUTE``.
        online_per_hour: questions an hour, at most, in ``PER_HOUR``.
        annotator: the person's name on labels and reviews; "" for that of the system's user.
        engine_device: that PyTorch is installed for, one of ``ENGINE_DEVICES``.
        proxy: through which the engine's packages are fetched ("http://proxy.example:3128"); "" for the system's own.
        engine_index: address of a mirror of the Python Package Index to fetch them from; "" for the index itself.
        newer: fields that this version does not know, kept as they are.
        version: of the file's form.
    """

    theme: str = "system"
    device: str = "auto"
    tile_side: int = 128
    geometry: str = ""
    last_folder: str = ""
    model: str = ""
    wrong: int = 20
    threads: int = 0
    online: bool = False
    online_url: str = ""
    online_kind: str = "auto"
    online_model: str = "clip-vit-base-patch32"
    online_per_minute: int = 60
    online_per_hour: int = 1000
    annotator: str = ""
    engine_device: str = "auto"
    proxy: str = ""
    engine_index: str = ""
    newer: Mapping[str, Any] = field(default_factory=dict)
    version: int = 1 + len(MIGRATIONS)


def _is_address(value: Any, schemes: Sequence[str]) -> bool:
    if not isinstance(value, str) or len(value) >= 2000 or not value.isprintable() or " " in value:
        return False
    scheme, mark, rest = value.partition("://")
    return not value or (scheme in schemes and bool(mark) and rest[:1] not in ("", "/", ":"))


_CHECKS: Mapping[str, Callable[[Any], bool]] = {
    "theme": lambda value: value in THEMES,
    "device": lambda value: value in DEVICES,
    "tile_side": lambda value: type(value) is int and value in TILE_SIDES,
    "model": lambda value: isinstance(value, str) and value not in (".", "..") and not set(value) & set("/\\\0"),
    "wrong": lambda value: type(value) is int and value in WRONGS,
    "threads": lambda value: type(value) is int and value in THREADS,
    "online": lambda value: isinstance(value, bool),
    "online_url": lambda value: isinstance(value, str) and len(value) < 2000,
    "online_kind": lambda value: value in ONLINE_KINDS,
    "online_model": lambda value: isinstance(value, str) and len(value) < 200,
    "online_per_minute": lambda value: type(value) is int and value in PER_MINUTE,
    "online_per_hour": lambda value: type(value) is int and value in PER_HOUR,
    "annotator": lambda value: isinstance(value, str) and len(value) <= LONGEST_NAME and value.isprintable(),
    "proxy": lambda value: _is_address(value, ("http", "https", "socks5", "socks5h")),
    "engine_index": lambda value: _is_address(value, ("http", "https")),
    "engine_device": lambda value: value in ENGINE_DEVICES,
    "geometry": lambda value: isinstance(value, str) and value.isascii() and len(value) < 10_000,
    "last_folder": lambda value: isinstance(value, str),
}


def annotator_name(settings: Settings) -> str:
    """The name on a person's labels: as it was set, else that of the system's user; "" where nobody knows."""
    if settings.annotator.strip():
        return settings.annotator.strip()
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # a system without users
        return ""


def load(folder: Path) -> tuple[Settings, str | None]:
    """The settings kept in ``folder``, and a sentence for the person if something in them was not usable.

    Never fails: what can't be read is set aside as ``settings.broken.json`` and the defaults are used.
    """
    path = folder / FILE
    try:
        content = json.loads(path.read_bytes())
        if not isinstance(content, dict):
            raise ValueError("not an object")
        version = content.pop("version", 1)
        if type(version) is not int or version < 1:
            raise ValueError("no version")
        content = migrate(content, version, MIGRATIONS)
    except FileNotFoundError:
        return Settings(), None
    except OSError as error:
        return (
            Settings(),
            f"Your settings in {path} can't be read ({error.strerror}); the defaults are used until they can.",
        )
    except (ValueError, RecursionError, KeyError, TypeError):
        return Settings(), _set_aside(path)
    known = {name: content.pop(name) for name in _CHECKS if name in content}
    wrong = [name for name, value in known.items() if not _CHECKS[name](value)]
    kept = {name: value for name, value in known.items() if name not in wrong}
    settings = Settings(**kept, newer=content, version=max(version, 1 + len(MIGRATIONS)))
    if not wrong:
        return settings, None
    names = " and ".join(name.replace("_", " ") for name in wrong)
    return settings, f"The setting {names} in {path} was not usable and is back at its default; set it again if needed."


def save(settings: Settings, folder: Path) -> None:
    """Keep ``settings`` in ``folder``: the file is replaced whole, or stays as it is.

    Raises:
        WorkspaceError: the file can't be written.
    """
    path = folder / FILE
    content = {"version": settings.version} | {name: getattr(settings, name) for name in _CHECKS} | dict(settings.newer)
    try:
        with atomic_file(path) as file:
            file.write(json.dumps(content, indent=2).encode("ascii") + b"\n")
    except OSError as error:
        raise WorkspaceError(
            f"Your settings could not be saved in {path} ({error.strerror}); check that you may write there."
        ) from error


def migrate(content: dict[str, Any], version: int, migrations: Sequence[Migration]) -> dict[str, Any]:
    """Fields of ``version`` (1 or more) brought to the newest; those of a newer version stay as they are."""
    for step in migrations[version - 1 :]:
        content = step(content)
    return content


def _set_aside(path: Path) -> str:
    aside = path.with_name(BROKEN)
    try:
        path.replace(aside)
    except OSError:
        return f"Your settings in {path} are damaged; the defaults are used, and the next change replaces that file."
    return f"Your settings were damaged and are back at their defaults; the damaged file is kept as {aside}."
