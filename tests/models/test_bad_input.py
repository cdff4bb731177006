"""What people really drop: each bad file gets one sentence, and the good ones beside it get their picture."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import zipfile
from collections.abc import Iterable
from pathlib import Path

import pytest

from models.errors import FileError
from models.images.decode import decode
from models.sources import Source, find
from tests.models.images.samples import every_format, gradient, png_of_size, saved

posix = pytest.mark.skipif(sys.platform == "win32", reason="pipes, owners and links as POSIX has them")

GOOD = saved(gradient(), "PNG")


def answers(paths: Iterable[Path]) -> dict[str, str]:
    """File name -> the format that was read, or the sentence that says why not."""
    found: dict[str, str] = {}
    for item in find(paths):
        if isinstance(item, Source):
            try:
                found[item.name] = decode(item.read_picture(), item.name).format
            except FileError as error:
                found[item.name] = str(error)
        else:
            found[item.source.name] = str(item.error)
    return found


def test_a_folder_of_everything_that_can_be_wrong(tmp_path: Path) -> None:
    content = {
        "a good.png": GOOD,
        "bomb.png": png_of_size(30_000, 30_000),
        "cut.png": GOOD[: len(GOOD) // 2],
        "cut.jpg": every_format()["jpeg"][:-100],
        "empty.png": b"",
        "no extension": every_format()["tga"],
        "really a jpeg.png": every_format()["jpeg"],
        "text.png": b"hello",
        "zeros.tga": bytes(5000),
        "zipped.png": b"PK\x03\x04" + bytes(100),
    }
    for name, data in content.items():
        (tmp_path / name).write_bytes(data)
    copy = "copy it again from where it came from."
    assert answers([tmp_path]) == {
        "a good.png": "PNG",
        "bomb.png": "bomb.png is 30,000 x 30,000 pixels, more than is safe to open; "
        "make it smaller than 200 million pixels.",
        "cut.png": f"cut.png is a PNG that is cut off or broken; {copy}",
        "cut.jpg": f"cut.jpg is a JPEG that is cut off or broken; {copy}",
        "empty.png": f"empty.png is empty (0 bytes); {copy}",
        "no extension": "TGA",
        "really a jpeg.png": "JPEG",
        "text.png": "text.png holds text, not a picture; leave it out.",
        "zeros.tga": "zeros.tga is not a picture this program reads; "
        "use one of these formats: PNG, JPEG, TGA, BMP, WebP, TIFF, GIF, DDS, TIM2.",
        "zipped.png": "zipped.png is a zip archive; give it a name that ends in .zip, or unpack it.",
    }


def test_ten_thousand_text_files_are_ten_thousand_sentences(tmp_path: Path) -> None:
    for index in range(10_000):
        (tmp_path / f"{index}.png").write_text("hello")
    found = answers([tmp_path])
    assert len(found) == 10_000
    assert set(found.values()) == {f"{index}.png holds text, not a picture; leave it out." for index in range(10_000)}


@posix
def test_what_is_no_file_is_refused_without_waiting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    monkeypatch.chdir(tmp_path)  # a socket's path may not be longer than 107 bytes
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket.png")
        (tmp_path / "device.png").symlink_to(os.devnull)
        expected = {
            "device.png": "device.png is a device, not a file; leave it out.",
            "pipe.png": "pipe.png is a pipe, not a file; leave it out.",
            "socket.png": "socket.png is a socket, not a file; leave it out.",
        }
        assert answers([tmp_path]) == expected
        assert answers(tmp_path / name for name in expected) == expected
        for name in ("pipe.png", "device.png"):
            with pytest.raises(FileError) as caught:
                Source(tmp_path / name).read()
            assert str(caught.value) == expected[name]


@posix
def test_a_file_replaced_by_a_folder_after_it_was_found(tmp_path: Path) -> None:
    (tmp_path / "a.png").mkdir()
    with pytest.raises(FileError, match=r"^a\.png is a folder where a file was expected"):
        Source(tmp_path / "a.png").read()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_a_file_whose_bytes_the_system_keeps_back() -> None:
    with pytest.raises(FileError, match=r"^mem can't be read, the disk reports a fault"):
        Source(Path("/proc/self/mem")).read()


def test_a_name_the_system_cannot_have() -> None:
    (sentence,) = answers([Path("a\0b.png")]).values()
    assert sentence == "a\\x00b.png has a name the system can't use; rename it."


@posix
def test_a_path_longer_than_the_system_allows() -> None:
    (sentence,) = answers([Path(os.sep, *["d" * 200] * 40, "a.png")]).values()
    assert sentence == "a.png has too long a path; move it to a folder nearer the top."


@posix
def test_a_folder_that_vanishes_while_it_is_walked(tmp_path: Path) -> None:
    for name in ("a.png", "sub/b.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(GOOD)
    walk = find([tmp_path])
    assert isinstance(next(walk), Source)
    (tmp_path / "sub" / "b.png").unlink()
    (tmp_path / "sub").rmdir()
    assert [str(item.error) for item in walk if not isinstance(item, Source)] == [
        "sub is not there; check its name and place."
    ]


FORBIDDEN = """
import os, sys
from pathlib import Path
from models.errors import FileError
from models.sources import Source, find
os.chdir(sys.argv[1])
if os.getuid() == 0:
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
for item in find([Path(".")]):
    try:
        print(item.name, len(item.read()), sep=": ") if isinstance(item, Source) else print(item.error)
    except FileError as error:
        print(error)
"""


@posix
def test_what_may_not_be_read(tmp_path: Path) -> None:
    """As another user where the tests run as root, whom nothing is forbidden."""
    folder = tmp_path / "shared"
    (folder / "closed").mkdir(parents=True)
    (folder / "closed" / "b.png").write_bytes(GOOD)
    for name in ("a.png", "secret.png", "secret.zip"):
        (folder / name).write_bytes(GOOD)
    folder.chmod(0o755)
    for path in (folder / "secret.png", folder / "secret.zip", folder / "closed"):
        path.chmod(0)
    try:
        done = subprocess.run(
            [sys.executable, "-c", FORBIDDEN, str(folder)], capture_output=True, text=True, check=False
        )
    finally:
        (folder / "closed").chmod(0o755)
    advice = "may not be read by you; ask its owner, or change its permissions."
    assert done.stdout.splitlines() == [
        f"a.png: {len(GOOD)}",
        f"secret.png {advice}",
        f"secret.zip {advice}",
        f"closed {advice}",
    ], done.stderr


def test_a_zip_of_everything_that_can_be_wrong(tmp_path: Path) -> None:
    path = tmp_path / "game.zip"
    names = {
        "ok/a good.png": GOOD,
        "../climbs.png": GOOD,
        "C:\\windows\\drive.png": GOOD,
        "/absolute.png": GOOD,
        "inner.zip": b"PK\x05\x06" + bytes(18),
        "bomb.tga": bytes(32 << 20),
        "empty.png": b"",
        "two\nlines.png": b"text",
        "\u4e16\u754c.png": GOOD,
        "cut.png": GOOD[:-30],
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in names.items():
            archive.writestr(name, data)
    found = answers([path])
    assert len(found) == len(names)
    assert {name for name, answer in found.items() if answer == "PNG"} == {"a good.png", "\u4e16\u754c.png"}
    repack, unpack = "pack the archive again.", "unpack the archive and drop the folder."
    assert found["climbs.png"] == f"climbs.png has a path that leads out of its archive (../climbs.png); {repack}"
    assert found["drive.png"] == f"drive.png has a path that leads out of its archive (C:/windows/drive.png); {repack}"
    assert found["absolute.png"] == f"absolute.png has a path that leads out of its archive (/absolute.png); {repack}"
    assert found["inner.zip"] == f"inner.zip is a zip inside a zip; {unpack}"
    assert found["bomb.tga"].startswith("bomb.tga unpacks to far more than a picture would")
    assert found["empty.png"].startswith("empty.png is empty")
    assert found["two\nlines.png"] == "two\\nlines.png holds text, not a picture; leave it out."
    assert found["cut.png"].startswith("cut.png is a PNG that is cut off")
