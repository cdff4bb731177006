"""What an engine's wheels weigh: reads a pylock.toml and writes, for each system and Python, the bytes of each wheel.

    uv pip compile LOCK.txt --universal --no-deps --format pylock.toml | python packaging/engine_sizes.py SIZES.json

A system and Python for which a distribution has no wheel is left out: the engine can't be had there.
"""

from __future__ import annotations

import json
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from packaging.markers import Marker
from packaging.tags import Tag, compatible_tags, cpython_tags, mac_platforms
from packaging.utils import parse_wheel_filename

__all__: list[str] = []

_MINORS = ("3.11", "3.12", "3.13", "3.14")

_SYSTEMS = {
    "linux-x86_64": ("linux", "Linux", "posix", "x86_64"),
    "linux-aarch64": ("linux", "Linux", "posix", "aarch64"),
    "windows-x86_64": ("win32", "Windows", "nt", "AMD64"),
    "macos-aarch64": ("darwin", "Darwin", "posix", "arm64"),
}
"""Key -> sys_platform, platform_system, os_name and platform_machine."""


def platforms(key: str) -> list[str]:
    """The platform tags of a system that is a few years old, best first."""
    if key.startswith("linux"):
        machine = key.removeprefix("linux-")
        minors = [f"manylinux_2_{minor}_{machine}" for minor in range(35, 16, -1)]
        return [
            *minors,
            f"manylinux2014_{machine}",
            *(f"manylinux_2_{minor}_{machine}" for minor in range(16, 4, -1)),
        ] + (["manylinux2010_x86_64", "manylinux1_x86_64"] if machine == "x86_64" else [])
    return ["win_amd64"] if key.startswith("windows") else list(mac_platforms((14, 0), "arm64"))


def tags(key: str, minor: str) -> dict[Tag, int]:
    """The tags that a Python on a system takes -> how good each is, 0 best."""
    version = tuple(int(part) for part in minor.split("."))
    names = platforms(key)

    def all_tags() -> Iterator[Tag]:
        yield from cpython_tags(version, platforms=names)
        yield from compatible_tags(version, f"cp{version[0]}{version[1]}", names)

    return {tag: place for place, tag in reversed(list(enumerate(all_tags())))}


def applies(package: dict[str, Any], key: str, minor: str) -> bool:
    """Whether a package of the lock is for a system and Python."""
    if "marker" not in package:
        return True
    system, name, family, machine = _SYSTEMS[key]
    environment = {"sys_platform": system, "platform_system": name, "os_name": family, "platform_machine": machine}
    environment |= {
        "python_version": minor,
        "python_full_version": f"{minor}.5",
        "implementation_version": f"{minor}.5",
    }
    return Marker(package["marker"]).evaluate(environment)


def best_wheel(package: dict[str, Any], order: dict[Tag, int]) -> int | None:
    """The bytes of the wheel that would be taken; None if there is none."""
    found = []
    for wheel in package.get("wheels", ()):
        places = [order[tag] for tag in parse_wheel_filename(wheel["url"].rpartition("/")[2])[3] if tag in order]
        if places:
            found.append((min(places), wheel["size"]))
    return min(found)[1] if found else None


def main(target: Path) -> None:
    """Read standard input, write ``target``."""
    packages = tomllib.load(sys.stdin.buffer)["packages"]
    table: dict[str, dict[str, int]] = {}
    for key in _SYSTEMS:
        for minor in _MINORS:
            order = tags(key, minor)
            sizes = {one["name"]: best_wheel(one, order) for one in packages if applies(one, key, minor)}
            missing = [name for name, size in sizes.items() if size is None]
            if missing:
                print(f"{target}: {key} {minor} is left out, no wheel of {', '.join(missing)}", file=sys.stderr)
            else:
                table[f"{key}-{minor}"] = {name: size for name, size in sizes.items() if size is not None}
    target.write_text(json.dumps({"wheels": table}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
