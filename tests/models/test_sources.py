from __future__ import annotations

import itertools
import os
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from models.errors import ArchiveError, EmptyFileError, FileError, UnreadableFileError
from models.images.formats import SNIFF_BYTES
from models.sources import Failure, Source, find, natural_key

posix = pytest.mark.skipif(sys.platform == "win32", reason="needs links or names that Windows doesn't allow")


def grow(folder: Path, *names: str) -> Path:
    """Make files (and their folders) that hold their own name."""
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode("utf-8", "surrogateescape"))
    return folder


def labels(*paths: Path) -> list[str]:
    """What is found, relative to the first path, in order; a failure stands as "name: reason"."""
    found = []
    for item in find(paths):
        source = item if isinstance(item, Source) else item.source
        label = source.label.removeprefix(str(paths[0])).lstrip(os.sep).replace(os.sep, "/")
        found.append(label if isinstance(item, Source) else f"{label}: {item.error.reason}")
    return found


def test_files_come_in_the_order_a_person_counts(tmp_path: Path) -> None:
    grow(tmp_path, "a10.png", "a2.png", "a1.png", "B1.png", "b02.png", "x/2.png", "x/10.png", "x3/1.png", "x12/1.png")
    assert labels(tmp_path) == [
        "a1.png", "a2.png", "a10.png", "B1.png", "b02.png", "x/2.png", "x/10.png", "x3/1.png", "x12/1.png",
    ]  # fmt: skip


def test_names_of_digits_beyond_counting_still_sort() -> None:
    names = ["9" * 300, "1" * 5000, "a", "", "1", "\u0661\u0662", "1a1", "a1"]
    assert sorted(names, key=natural_key)[:2] == ["", "1"]


def test_what_systems_leave_behind_is_skipped(tmp_path: Path) -> None:
    grow(tmp_path, ".DS_Store", "Thumbs.db", "desktop.ini", "._a.png", ".git/a.png", "__MACOSX/a.png", "a.png", "b/.c")
    assert labels(tmp_path) == ["a.png"]


def test_a_hidden_file_or_folder_named_by_the_person_is_taken(tmp_path: Path) -> None:
    grow(tmp_path, ".hidden/a.png", ".b.png")
    assert labels(tmp_path / ".hidden") == ["a.png"]
    assert [item.name for item in find([tmp_path / ".b.png"]) if isinstance(item, Source)] == [".b.png"]


def test_several_paths_one_of_them_missing(tmp_path: Path) -> None:
    grow(tmp_path, "a.png", "x/b.png")
    found = list(find([tmp_path / "x", tmp_path / "nowhere.png", tmp_path / "a.png"]))
    assert [type(item) for item in found] == [Source, Failure, Source]
    assert isinstance(found[1], Failure)
    assert str(found[1].error) == "nowhere.png is not there; check its name and place."
    assert found[1].source.path == tmp_path / "nowhere.png"


def test_finding_is_lazy(tmp_path: Path) -> None:
    grow(tmp_path, *(f"{folder}/{index}.png" for folder in "ab" for index in range(3)))

    def paths() -> itertools.chain[Path]:
        return itertools.chain([tmp_path / "a"], (pytest.fail("looked further than asked") for _ in range(1)))

    assert len(list(itertools.islice(find(paths()), 3))) == 3


def test_a_large_folder(tmp_path: Path) -> None:
    for index in range(10_000):
        (tmp_path / f"{index}.txt").touch()
    found = [item.name for item in find([tmp_path]) if isinstance(item, Source)]
    assert found == [f"{index}.txt" for index in range(10_000)]


@posix
def test_a_tree_deeper_than_the_stack(tmp_path: Path) -> None:
    deep = tmp_path
    here = os.open(tmp_path, os.O_RDONLY)
    names = 0
    try:
        while len(str(deep)) < 3800:
            deep = deep / "d"
            os.mkdir("d", dir_fd=here)  # a path this long can't be made in one go
            following = os.open("d", os.O_RDONLY, dir_fd=here)
            os.close(here)
            here = following
            names += 1
    finally:
        os.close(here)
    try:
        (deep / "a.png").touch()
        assert names > sys.getrecursionlimit()
        assert [item.name for item in find([tmp_path]) if isinstance(item, Source)] == ["a.png"]
    finally:
        # Python's own way to remove a tree is recursive, and would leave this one to the next run.
        subprocess.run(["rm", "-rf", str(tmp_path / "d")], check=True)


@posix
@pytest.mark.parametrize(
    "name",
    [
        "\u00fc\u00e9\u00df.png", "\u4e16\u754c.png", "\u0645\u0631\u062d\u0628\u0627.png", "\U0001f9f1.png",
        "e\u0301.png", "it's \"quoted\".png", "two\nlines.png", "tab\there.png", " space .png", "-rf", "%s %d.png",
        "a" * 255, "\x1b[31mred.png", "\u202egnp.exe.png", os.fsdecode(b"not utf-8 \xff\xfe.png"),
    ],
)  # fmt: skip
def test_names_in_every_script(tmp_path: Path, name: str) -> None:
    grow(tmp_path, name)
    (found,) = find([tmp_path])
    assert isinstance(found, Source)
    assert found.name == name
    assert found.read() == name.encode("utf-8", "surrogateescape")
    (tmp_path / name).unlink()
    with pytest.raises(UnreadableFileError) as caught:
        found.read()
    assert str(caught.value).isprintable()


def test_reading_a_whole_file_and_its_beginning(tmp_path: Path) -> None:
    grow(tmp_path, "a.png")
    source = Source(tmp_path / "a.png")
    assert source.read() == b"a.png"
    assert source.read(2) == b"a."
    assert source.read(0) == b""
    assert source.size() == 5


def test_of_what_is_no_picture_only_the_beginning_is_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.txt"
    with path.open("wb") as file:
        file.write(b"text " * SNIFF_BYTES)
        file.truncate(1 << 40)  # takes no room on the disk
    with pytest.raises(FileError, match=r"^huge\.txt holds text, not a picture; leave it out\.$"):
        Source(path).read_picture()
    with pytest.raises(FileError, match=r"^huge\.txt is larger than 1 GiB"):
        Source(path).read()


def test_a_picture_comes_whole(tmp_path: Path) -> None:
    content = b"\x89PNG\r\n\x1a\n" + bytes(500_000)
    (tmp_path / "a.txt").write_bytes(content)
    assert Source(tmp_path / "a.txt").read_picture() == content


def make_zip(path: Path, *names: str) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, name or "x")
    return path


def test_a_zip_is_looked_into_dropped_or_found(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "game.ZIP", "x/10.png", "x/2.png", "a.png", "__MACOSX/._a.png", ".DS_Store", "empty/")
    assert labels(path) == ["a.png", "x/2.png", "x/10.png"]
    assert labels(tmp_path) == ["game.ZIP/a.png", "game.ZIP/x/2.png", "game.ZIP/x/10.png"]


def test_a_member_reads_like_a_file(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "game.zip", "x/2.png", "a.png")
    first, second = find([path])
    assert isinstance(first, Source)
    assert isinstance(second, Source)
    assert (second.name, second.label) == ("2.png", f"{path}{os.sep}x/2.png")
    assert second.read() == b"x/2.png"
    assert second.read(1) == b"x"
    assert second.size() == 7
    with pytest.raises(FileError, match=r"^2\.png holds text"):
        second.read_picture()


def test_a_member_made_by_hand_equals_the_one_found_and_reads_the_same(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "game.zip", "x/2.png", "a.png")
    by_hand = Source(path, "x/2.png")
    assert by_hand in set(find([path]))
    assert by_hand.read() == b"x/2.png"
    assert by_hand.size() == 7
    with pytest.raises(ArchiveError, match=r"^b\.png is not in its archive any more; drop the archive again\.$"):
        Source(path, "b.png").read()


def test_the_zip_may_vanish_or_change_while_it_is_being_read(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "game.zip", "a.png", "b.png")
    first, second = (item for item in find([path]) if isinstance(item, Source))
    make_zip(path, "something quite different.png")
    with pytest.raises(ArchiveError, match="damaged or has changed"):
        second.read()
    path.unlink()
    with pytest.raises(UnreadableFileError, match=r"^game\.zip is not there"):
        first.read()


def test_a_zip_of_ten_thousand_is_read_from_many_threads(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "game.zip", *(f"{index}.png" for index in range(10_000)))
    sources = [item for item in find([path]) if isinstance(item, Source)]
    assert len(sources) == 10_000
    with ThreadPoolExecutor(4) as threads:
        assert all(threads.map(lambda source: source.read() == source.name.encode(), sources))


def test_a_picture_called_zip_is_a_picture(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(9))
    assert list(find([tmp_path])) == [Source(tmp_path / "a.zip")]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "a.zip is empty (0 bytes); copy it again from where it came from."),
        (b"not a zip", "a.zip is not a zip archive, or a damaged one; copy it again from where it came from."),
    ],
)
def test_a_zip_that_is_none(tmp_path: Path, content: bytes, sentence: str) -> None:
    (tmp_path / "a.zip").write_bytes(content)
    (failure,) = find([tmp_path])
    assert isinstance(failure, Failure)
    assert str(failure.error) == sentence


def test_an_empty_zip_and_an_empty_folder_give_nothing(tmp_path: Path) -> None:
    make_zip(tmp_path / "a.zip")
    assert list(find([tmp_path])) == []


@posix
def test_links_to_files_and_folders_are_followed(tmp_path: Path) -> None:
    grow(tmp_path, "real/a.png", "elsewhere/b.png")
    (tmp_path / "real" / "z.png").symlink_to(tmp_path / "elsewhere" / "b.png")
    (tmp_path / "real" / "more").symlink_to(tmp_path / "elsewhere")
    assert labels(tmp_path / "real") == ["a.png", "z.png", "more/b.png"]


@posix
def test_a_loop_of_links_ends_with_a_sentence(tmp_path: Path) -> None:
    grow(tmp_path, "a/b/c.png")
    (tmp_path / "a" / "b" / "up").symlink_to(tmp_path / "a")
    (tmp_path / "a" / "self").symlink_to("self")
    assert labels(tmp_path) == [
        "a/self: is a link that leads back to itself",
        "a/b/c.png",
        "a/b/up: is a link to a folder it lies in, which has no end",
    ]


@posix
def test_a_web_of_links_is_walked_once(tmp_path: Path) -> None:
    for level in range(30):
        (tmp_path / "web" / f"{level}").mkdir(parents=True)
        for way in "xy":
            (tmp_path / "web" / f"{level}" / way).symlink_to(tmp_path / "web" / f"{level + 1}")
    grow(tmp_path, "web/30/a.png")
    assert len(labels(tmp_path / "web" / "0")) == 1


@posix
def test_a_link_to_nothing(tmp_path: Path) -> None:
    (tmp_path / "gone.png").symlink_to(tmp_path / "nowhere")
    expected = "is a link to something that is gone"
    assert labels(tmp_path) == [f"gone.png: {expected}"]
    (failure,) = find([tmp_path / "gone.png"])
    assert isinstance(failure, Failure)
    assert failure.error.reason == expected
    with pytest.raises(UnreadableFileError, match=expected):
        Source(tmp_path / "gone.png").read()


def test_finding_and_recognising_load_nothing_heavy() -> None:
    program = (
        "import sys, models.sources, models.images.formats\n"
        "heavy = {'cv2', 'PIL', 'numpy', 'onnxruntime', 'PySide6'} & set(sys.modules)\n"
        "print(heavy or 'light')"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "light\n"


def test_no_content_is_an_empty_file(tmp_path: Path) -> None:
    (tmp_path / "a.png").touch()
    with pytest.raises(EmptyFileError, match=r"^a\.png is empty \(0 bytes\)"):
        Source(tmp_path / "a.png").read_picture()
