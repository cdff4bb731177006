"""Series are found by their names in the folders they lie in."""

from __future__ import annotations

from pathlib import Path, PurePosixPath, PureWindowsPath

from training.pictures import read_table
from training.series import KEY_BYTES, series, series_key


def together(*names: str) -> bool:
    """Whether ``names`` are one series, beside as many other pictures of their category."""
    keys = {name: series_key(PurePosixPath(name)) for name in names}
    others = {f"other {letter}": series_key(PurePosixPath(f"other/{letter}.png")) for letter in "abcdefgh"}
    found = series(keys | others, dict.fromkeys([*keys, *others], "wall"))
    return len({found[name] for name in names}) == 1


def test_numbers_make_a_series() -> None:
    assert together("a/tech_wall01.png", "a/tech_wall02.png", "a/Tech_Wall3.tga")
    assert together("wall_1a.png", "wall_1b.png", "wall-12.png")
    assert together("01_brick.png", "02_brick.png")
    assert not together("a/wall01.png", "b/wall02.png")
    assert not together("wall01.png", "door01.png")
    assert not together("wall01_norm.png", "wall01.png")


def test_the_numbering_of_a_camera_is_no_series() -> None:
    photographs = {n: series_key(PurePosixPath(f"DCIM/IMG_{n:04}.jpg")) for n in range(30)}
    assert series(photographs, {n: "cat" if n % 2 else "dog" for n in photographs}) == {}
    numbers = {n: series_key(PurePosixPath(f"cat/{n}.jpg")) for n in range(30)}
    assert series(numbers, dict.fromkeys(range(30), "cat")) == {}


def test_pictures_of_no_known_name_count_for_their_category() -> None:
    wall = dict.fromkeys(range(6), b"the wall")
    assert series(wall, dict.fromkeys(range(12), "brick")) == wall
    assert series(wall, dict.fromkeys(range(11), "brick")) == {}


def test_what_was_sorted_out_stays_out() -> None:
    keys = dict.fromkeys(range(8), b"numbers") | {8: b"a wall", 9: b"a wall"}
    categories = dict.fromkeys(range(8), "brick") | dict.fromkeys(range(8, 14), "metal")
    once = series(keys, categories)
    assert once == {8: b"a wall", 9: b"a wall"}
    assert series(once, categories) == once


def test_a_key_does_not_say_the_name() -> None:
    key = series_key(PurePosixPath("holiday/anna01.png"))
    assert len(key) == KEY_BYTES
    assert key == series_key(PureWindowsPath("holiday\\Anna02.JPG"))
    assert key.hex() == "d470418cf7f7902c"  # the same in every version: keys are kept in files


def test_a_name_that_is_no_text_has_a_key() -> None:
    assert series_key(PurePosixPath("a/wall\udcff1.png")) == series_key(PurePosixPath("a/wall\udcff2.png"))


def test_the_textures_have_series(data: Path) -> None:
    rows = read_table(data / "textures" / "labels.csv")
    categories = {row["file"]: row["category"] for row in rows}
    keys = {
        row["file"]: series_key(PurePosixPath(row["game"], PurePosixPath(row["original_name"]).name)) for row in rows
    }
    members: dict[bytes, list[str]] = {}
    for file, name in series(keys, categories).items():
        members.setdefault(name, []).append(categories[file])
    several = [shown for shown in members.values() if len(shown) > 1]
    assert sum(map(len, several)) > 0.4 * len(rows)
    # Most show one material; that is why their members give each other away
    assert sum(len(set(shown)) == 1 for shown in several) > 0.7 * len(several)
