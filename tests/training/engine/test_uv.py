from __future__ import annotations

import json
import lzma
import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from models.errors import EngineError
from training.engine.failures import explain
from training.engine.network import Network
from training.engine.uv import find_uv, stop_stray, unpack


def test_uv_comes_with_the_program(tmp_path: Path) -> None:
    done = subprocess.run([find_uv(tmp_path), "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("uv ")
    assert list(tmp_path.iterdir()) == []


def test_a_packed_program_is_unpacked_once(tmp_path: Path) -> None:
    packed = tmp_path / "uv.xz"
    packed.write_bytes(lzma.compress(b"#!/bin/sh\necho here\n"))
    path = unpack(packed, tmp_path / "bin")
    assert path.read_bytes() == b"#!/bin/sh\necho here\n"
    assert os.access(path, os.X_OK)
    before = path.stat().st_mtime_ns
    assert unpack(packed, tmp_path / "bin") == path
    assert path.stat().st_mtime_ns == before


def test_what_can_not_be_unpacked_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "uv.xz").write_bytes(b"no archive")
    with pytest.raises(EngineError, match="can't be unpacked into"):
        unpack(tmp_path / "uv.xz", tmp_path / "bin")
    assert list((tmp_path / "bin").iterdir()) == []


def test_a_stray_uv_is_stopped_and_nothing_else(tmp_path: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    born = psutil.Process(process.pid).create_time()
    (tmp_path / "uv.json").write_text(json.dumps({"pid": process.pid, "born": born + 5}))
    stop_stray(tmp_path)
    assert process.poll() is None
    assert not (tmp_path / "uv.json").exists()
    (tmp_path / "uv.json").write_text(json.dumps({"pid": process.pid, "born": born}))
    stop_stray(tmp_path)
    assert process.poll() is not None
    (tmp_path / "uv.json").write_text("[")
    stop_stray(tmp_path)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("error: failed to write\n  cause: No space left on device (os error 28)", "The disk is full"),
        ("error: x\n  cause: invalid peer certificate: UnknownIssuer", "is not trusted by this computer"),
        ("error: x\n  cause: operation timed out", "went silent for five minutes"),
        ("error: No interpreter found for Python 3.12", "No Python of the right version was found"),
        ("error: Permission denied (os error 13)", "can't be written; look into"),
        ("something else", "The installation failed (something else); look into"),
        ("", "The installation failed (it said nothing)"),
    ],
)
def test_what_uv_says_is_one_sentence(said: str, words: str) -> None:
    text = explain(said.splitlines(), Network(), Path("/engines/install.log"))
    assert words in text
    assert text[0].isupper()
    assert text.endswith(".")
    assert "\n" not in text
