"""Where files are sorted from and to: folders, a disk of its own, and the journal's database."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.database import Database, open_workspace


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_workspace(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "from"
    made.mkdir()
    return made


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "to"


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own, one megabyte large."""
    mount = tmp_path / "disk"
    mount.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=1M", "none", mount]
    if sys.platform == "win32" or os.geteuid() != 0 or subprocess.run(command, check=False).returncode:
        pytest.skip("mounting a file system is not permitted")
    yield mount
    subprocess.run(["umount", mount], check=True)
