from __future__ import annotations

import contextlib
import io
import struct
import zipfile
import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import archives
from models.errors import ArchiveError, EmptyFileError, FileError

CONTENT = bytes(range(256)) * 8000  # several chunks, easily packed


def packed(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    with io.BytesIO() as out:
        with zipfile.ZipFile(out, "w", method) as archive:
            for name, content in members.items():
                archive.writestr(name, content)
        return out.getvalue()


def only_member(content: bytes) -> archives.Member:
    ((_, member),) = archives.members(io.BytesIO(content), "a.zip")
    assert isinstance(member, archives.Member)
    return member


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_reads_whole_members_and_beginnings(method: int) -> None:
    content = packed({"a": CONTENT}, method)
    member = only_member(content)
    assert member.size == len(CONTENT)
    assert archives.read(io.BytesIO(content), member, "a") == CONTENT
    assert archives.read(io.BytesIO(content), member, "a", 10) == CONTENT[:10]
    assert archives.read(io.BytesIO(content), member, "a", 10 * len(CONTENT)) == CONTENT


def test_something_in_front_of_the_zip_does_no_harm() -> None:
    content = b"#!/bin/sh\n" + packed({"a": CONTENT})
    assert archives.read(io.BytesIO(content), only_member(content), "a") == CONTENT


def test_many_threads_read_one_zip(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(packed({f"m{index}": bytes([index]) * 5000 for index in range(200)}))
    with path.open("rb") as file:
        listed = list(archives.members(file, "a.zip"))

    def read(pair: tuple[str, archives.Member | ArchiveError]) -> bool:
        name, member = pair
        assert isinstance(member, archives.Member)
        with path.open("rb") as file:
            return archives.read(file, member, name) == bytes([int(name[1:])]) * 5000

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(read, listed))


def test_a_member_never_unpacks_to_more_than_the_list_promised() -> None:
    content = packed({"a": CONTENT})
    lying = replace(only_member(content), size=1000)
    with pytest.raises(ArchiveError, match="damaged or has changed"):
        archives.read(io.BytesIO(content), lying, "a")


@pytest.mark.parametrize(
    "change", [{"size": len(CONTENT) + 1}, {"packed": 5}, {"crc": 7}, {"offset": 3}, {"offset": 1 << 40}]
)
def test_a_zip_that_is_not_as_listed_any_more(change: dict[str, Any]) -> None:
    content = packed({"a": CONTENT})
    with pytest.raises(ArchiveError, match=r"^a can't be unpacked"):
        archives.read(io.BytesIO(content), replace(only_member(content), **change), "a")


def test_an_empty_member() -> None:
    content = packed({"a": b""})
    with pytest.raises(EmptyFileError, match=r"^a is empty"):
        archives.read(io.BytesIO(content), only_member(content), "a")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"text", packed({"a": CONTENT})[:-30], bytes(1000)])
def test_what_is_no_zip(content: bytes) -> None:
    with pytest.raises(ArchiveError, match=r"^a\.zip is not a zip archive, or a damaged one"):
        list(archives.members(io.BytesIO(content), "a.zip"))


def test_a_zip_cut_off_and_a_list_out_of_its_letters() -> None:
    content = bytearray(packed({"\u00e9": b"x"}))
    at = content.index(b"PK\x01\x02")
    name = content.index("\u00e9".encode(), at)
    content[name : name + 2] = b"\xff\xff"
    with pytest.raises(ArchiveError):
        list(archives.members(io.BytesIO(bytes(content)), "a.zip"))


@pytest.mark.parametrize(
    "name",
    ["../a.png", "x/../../a.png", "/a.png", "C:/a.png", "c:a.png", "..\\a.png", "x\\..\\..\\a.png", "\\\\host\\a.png"],
)
def test_a_path_that_climbs_out(name: str) -> None:
    ((_, refused),) = archives.members(io.BytesIO(packed({name: b"x"})), "a.zip")
    assert isinstance(refused, ArchiveError)
    assert "leads out of its archive" in str(refused)
    assert str(refused).startswith(("a.png ", "c:a.png "))


@pytest.mark.parametrize("name", ["x/a..b.png", "x/..a/b.png", "x\\y\\a.png", "a.png..", "x/./a.png"])
def test_a_path_that_only_looks_like_it(name: str) -> None:
    ((inner, member),) = archives.members(io.BytesIO(packed({name: b"x"})), "a.zip")
    assert isinstance(member, archives.Member)
    assert "\\" not in inner


def test_folders_are_left_out() -> None:
    assert [name for name, _ in archives.members(io.BytesIO(packed({"x/": b"", "x/a": b"1"})), "a.zip")] == ["x/a"]


def test_a_bomb_is_refused_from_the_list_alone() -> None:
    content = packed({"bomb": bytes(32 << 20), "harmless": bytes(8 << 20)})
    (_, bomb), (_, harmless) = archives.members(io.BytesIO(content), "a.zip")
    assert isinstance(bomb, ArchiveError)
    assert str(bomb) == "bomb unpacks to far more than a picture would; leave it out, it may do harm."
    assert isinstance(harmless, archives.Member)


def test_a_huge_member_is_refused_from_the_list_alone() -> None:
    content = bytearray(packed({"a": b"x" * 100}, zipfile.ZIP_STORED))
    at = content.index(b"PK\x01\x02")
    struct.pack_into("<II", content, at + 20, 600 << 20, 600 << 20)
    ((_, refused),) = archives.members(io.BytesIO(bytes(content)), "a.zip")
    assert "unpacks to more than 512 MiB" in str(refused)


def test_a_locked_member() -> None:
    content = bytearray(packed({"a": b"secret"}))
    content[content.index(b"PK\x01\x02") + 8] |= 1
    ((_, refused),) = archives.members(io.BytesIO(bytes(content)), "a.zip")
    assert str(refused) == "a is locked with a password; unpack the archive and drop the folder."


@pytest.mark.parametrize(("method", "named"), [(zipfile.ZIP_BZIP2, "bzip2"), (zipfile.ZIP_LZMA, "LZMA")])
def test_an_unusual_packing(method: int, named: str) -> None:
    ((_, refused),) = archives.members(io.BytesIO(packed({"a": b"x" * 99}, method)), "a.zip")
    assert f"packed in a way this program does not read ({named})" in str(refused)


def test_a_zip_in_a_zip() -> None:
    ((_, refused),) = archives.members(io.BytesIO(packed({"x/inner.ZIP": packed({"a": b"x"})})), "a.zip")
    assert str(refused) == "inner.ZIP is a zip inside a zip; unpack the archive and drop the folder."


def test_of_two_members_of_one_name_the_last_counts() -> None:
    with io.BytesIO() as out:
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("a.png", b"first")
            with pytest.warns(UserWarning, match="Duplicate name"):
                archive.writestr("a.png", b"second")
            with pytest.warns(UserWarning, match="Duplicate name"):
                archive.writestr("a.png", b"third")
        content = out.getvalue()
    listed = dict(archives.members(io.BytesIO(content), "a.zip"))
    assert len(listed) == 3
    member = listed.pop("a.png")
    assert isinstance(member, archives.Member)
    assert archives.read(io.BytesIO(content), member, "a.png") == b"third"
    for refused in listed.values():
        assert str(refused).startswith("a.png is in its archive more than once")


SMALL = packed({"x/a.png": b"picture" * 30, "b": zlib.compress(b"x" * 99)})


@settings(max_examples=400, deadline=None)
@given(
    flips=st.lists(st.tuples(st.integers(0, len(SMALL) - 1), st.integers(1, 255)), max_size=6), kept=st.floats(0.3, 1)
)
def test_whatever_is_broken_the_answer_is_bytes_or_a_sentence(flips: list[tuple[int, int]], kept: float) -> None:
    content = bytearray(SMALL)
    for place, flip in flips:
        content[place] ^= flip
    file = io.BytesIO(bytes(content[: int(len(content) * kept)] if kept < 0.9 else content))
    with contextlib.suppress(FileError):
        for name, member in archives.members(file, "a.zip"):
            if isinstance(member, archives.Member):
                assert len(archives.read(file, member, name)) == member.size
