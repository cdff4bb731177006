from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

import pytest

from models.errors import UnreadableFileError
from models.files import TROUBLE, open_regular, trouble


def test_a_regular_file_opens(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x\r\n\x1a")
    with open_regular(tmp_path / "a") as file:
        assert file.read() == b"x\r\n\x1a"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="counts open files in /proc")
def test_what_is_refused_is_not_left_open(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(5):
        with pytest.raises(UnreadableFileError, match=r"^pipe is a pipe, not a file; leave it out\.$"):
            open_regular(tmp_path / "pipe")
    assert len(list(Path("/proc/self/fd").iterdir())) == before


@pytest.mark.parametrize("code", sorted(errno.errorcode))
def test_whatever_the_system_says_becomes_one_sentence(code: int) -> None:
    sentence = str(trouble(Path("x/wall.png"), OSError(code, os.strerror(code))))
    assert sentence.startswith("wall.png ")
    assert sentence.endswith(".")
    assert sentence.count(";") == 1
    assert (TROUBLE[code][0] in sentence) if code in TROUBLE else (os.strerror(code).lower() in sentence)


def test_a_system_that_says_nothing() -> None:
    assert str(trouble(Path("a.png"), OSError())).startswith("a.png can't be read (the system gives no reason);")
