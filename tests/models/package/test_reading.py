"""One hostile or broken zip a test: each is one sentence, and nothing is written outside of the folder."""

from __future__ import annotations

import io
import itertools
import os
import re
import stat
import struct
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.errors import Cancelled, ModelError
from models.package.members import MAX_MEMBERS
from models.package.reading import unpack
from tests.models.package.packages import members_1_0, zipped

MEMBERS = {"metadata.json": b"{}", "model.onnx": b"network" * 100}


def packed(members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target.getvalue()


def with_info(change: Callable[[zipfile.ZipInfo], None]) -> bytes:
    """A package with a README whose entry is changed."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in MEMBERS.items():
            archive.writestr(name, content)
        info = zipfile.ZipInfo("README.md")
        change(info)
        archive.writestr(info, b"text")
    return target.getvalue()


def as_link(info: zipfile.ZipInfo) -> None:
    info.create_system = 3
    info.external_attr = (stat.S_IFLNK | 0o777) << 16


def twice() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name in MEMBERS:
            archive.writestr(name, b"{}")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("model.onnx", b"{}")
    return target.getvalue()


def patched(content: bytes, signature: bytes, offset: int, form: str, value: int, which: int = 0) -> bytes:
    """``content`` with one field behind the ``which``th ``signature`` changed."""
    bent = bytearray(content)
    at = [match.start() for match in re.finditer(re.escape(signature), content)][which]
    struct.pack_into(form, bent, at + offset, value)
    return bytes(bent)


LIST, END, LOCAL = b"PK\x01\x02", b"PK\x05\x06", b"PK\x03\x04"
GOOD = packed(MEMBERS)
PLAIN = packed(MEMBERS, zipfile.ZIP_STORED)


def overlapping() -> bytes:
    """The second entry of the list leads to the first member."""
    return patched(PLAIN, LIST, 42, "<L", 0, which=1)


def lying() -> bytes:
    """Says that the network is of 10 bytes unpacked."""
    return patched(GOOD, LIST, 24, "<L", 10, which=1)


HOSTILE = {
    "empty": (b"", "is empty (0 bytes)"),
    "noise": (b"noise" * 100, "is no model package (not a zip)"),
    "behind a program": (b"MZ" + GOOD, "is no model package (not a zip)"),
    "cut off": (GOOD[:-40], "is cut off"),
    "cut off early": (GOOD[:60], "is cut off"),
    "something behind": (GOOD + b"more", "lies before, between or behind"),
    "one of several parts": (patched(GOOD, END, 4, "<H", 1), "in several parts"),
    "a member on another disk": (patched(GOOD, LIST, 34, "<H", 3), "in several parts"),
    "locked": (patched(GOOD, LIST, 8, "<H", 1), "is locked with a password"),
    "another method": (packed(MEMBERS, zipfile.ZIP_LZMA), "packed in a way that packages are not"),
    "absolute": (packed({**MEMBERS, "/etc/passwd": b"x"}), "a path that leads out of it"),
    "climbing": (packed({**MEMBERS, "../../model.onnx": b"x"}), "a path that leads out of it"),
    "climbing backwards": (packed({**MEMBERS, "..\\model.onnx": b"x"}), "a path that leads out of it"),
    "drive": (packed({**MEMBERS, "C:model.onnx": b"x"}), "a path that leads out of it"),
    "folder": (packed({**MEMBERS, "inner/": b""}), "holds a folder"),
    "in a folder": (packed({**MEMBERS, "inner/README.md": b"x"}), "which no package has"),
    "backslash": (packed({**MEMBERS, "inner\\README.md": b"x"}), "which no package has"),
    "other name": (packed({**MEMBERS, "setup.py": b"x"}), "holds setup.py, which no package has"),
    "pickle": (packed({**MEMBERS, "model.pkl": b"x"}), "holds model.pkl, which no package has"),
    "head of a high number": (packed({**MEMBERS, "state-64.npz": b"x"}), "which no package has"),
    "zero in a name": (GOOD.replace(b"metadata.json", b"metadata.\0son"), "which no package has"),
    "capitals": (packed({**MEMBERS, "MODEL.onnx": b"x"}), "which no package has"),
    "twice": (twice, "holds model.onnx twice"),
    "link": (with_info(as_link), "which is a link or another special file"),
    "without network": (packed({"metadata.json": b"{}"}), "it has no model.onnx"),
    "without metadata": (packed({"model.onnx": b"{}"}), "it has no metadata.json"),
    "nothing in it": (packed({"README.md": b""}), "it has no metadata.json"),
    "many": (packed({f"{n}.txt": b"" for n in range(MAX_MEMBERS + 1)}), "more than a package may"),
    "large metadata": (packed({**MEMBERS, "metadata.json": b" " * (2 << 20)}), "holds metadata.json of more than"),
    "bomb": (packed({**MEMBERS, "model.onnx": bytes(40 << 20)}), "far more than a model would"),
    "overlapping": (overlapping, "at a place where another file lies"),
    "list over a member": (patched(PLAIN, LIST, 20, "<L", 9000, which=1), "lies over a file"),
    "lies about its size": (lying, "can't be unpacked"),
    "wrong sum": (patched(GOOD, LIST, 16, "<L", 1, which=1), "can't be unpacked"),
    "another name inside": (GOOD.replace(b"model.onnx", b"model.xnnx", 1), "can't be unpacked"),
    "a member is elsewhere": (patched(PLAIN, LIST, 42, "<L", 3, which=0), "is not where the list"),
}


@pytest.mark.parametrize("which", HOSTILE)
def test_a_hostile_zip_is_one_sentence(which: str, tmp_path: Path) -> None:
    content, said = HOSTILE[which]
    path, folder = tmp_path / "odd.ps2model", tmp_path / "staging"
    path.write_bytes(content() if callable(content) else content)
    folder.mkdir()
    with pytest.raises(ModelError) as raised:
        unpack(path, folder)
    sentence = str(raised.value)
    assert said in sentence
    assert sentence.startswith("odd.ps2model ")
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert {one.name for one in tmp_path.iterdir()} == {"odd.ps2model", "staging"}


def test_a_bomb_is_stopped_while_it_unpacks(tmp_path: Path) -> None:
    path = zipped(tmp_path / "bomb.ps2model", {"metadata.json": b"{}", "model.onnx": bytes(60 << 20)})
    (tmp_path / "staging").mkdir()
    with pytest.raises(ModelError):
        unpack(path, tmp_path / "staging")
    assert (tmp_path / "staging" / "model.onnx").stat().st_size < 20 << 20


def test_what_is_no_file_is_refused_without_waiting(tmp_path: Path) -> None:
    pipe, missing, link = tmp_path / "pipe.ps2model", tmp_path / "missing.ps2model", tmp_path / "link.ps2model"
    os.mkfifo(pipe)
    link.symlink_to(missing)
    for path, said in (
        (pipe, "is a pipe"),
        (missing, "is not there"),
        (link, "is a link to something that is gone"),
        (tmp_path, "is a folder"),
    ):
        with pytest.raises(ModelError, match=said):
            unpack(path, tmp_path)


def test_a_good_package_comes_out_as_it_was_packed(tmp_path: Path) -> None:
    members = members_1_0()
    for number, compression in enumerate((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)):
        folder = tmp_path / str(number)
        folder.mkdir()
        path = zipped(tmp_path / f"{number}.zip", members, compression)
        unpack(path, folder)
        assert {one.name: one.read_bytes() for one in folder.iterdir()} == members


def test_it_can_be_stopped(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.ps2model", MEMBERS)
    (tmp_path / "staging").mkdir()
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(Cancelled):
        unpack(path, tmp_path / "staging", cancel=cancel)


FOLDERS = itertools.count()


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(where=st.integers(0, len(GOOD) - 1), value=st.integers(0, 255), cut=st.none() | st.integers(0, len(GOOD)))
def test_no_byte_can_be_bent_into_anything_but_a_sentence(
    where: int, value: int, cut: int | None, tmp_path: Path
) -> None:
    bent = bytearray(GOOD)
    bent[where] = value
    folder = tmp_path / f"{next(FOLDERS)}"
    folder.mkdir()
    path = tmp_path / "bent.ps2model"
    path.write_bytes(bytes(bent[:cut]))
    try:
        unpack(path, folder)
    except ModelError as error:
        assert str(error).endswith(".")  # noqa: PT017  # what is raised is one of two good ends
    else:
        assert {one.name: one.read_bytes() for one in folder.iterdir()} == MEMBERS
