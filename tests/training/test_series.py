"""Series are found by their names in the folders they lie in."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from training.pictures import read_table
from training.series import series


def together(*names: str) -> bool:
    """Whether ``names`` are one series, beside as many other pictures of their category."""
    paths = {name: PurePosixPath(name) for name in names}
    others = {f"other {letter}": PurePosixPath(f"other/{letter}.png") for letter in "abcdefgh"}
    found = series(paths | others, dict.fromkeys([*paths, *others], "wall"))
    return len({found[name] for name in names}) == 1


def test_numbers_make_a_series() -> None:
    assert together("a/tech_wall01.png", "a/tech_wall02.png", "a/Tech_Wall3.tga")
    assert together("wall_1a.png", "wall_1b.png", "wall-12.png")
    assert together("01_brick.png", "02_brick.png")
    assert not together("a/wall01.png", "b/wall02.png")
    assert not together("wall01.png", "door01.png")
    assert not together("wall01_norm.png", "wall01.png")


def test_the_numbering_of_a_camera_is_no_series() -> None:
    photographs = {n: PurePosixPath(f"DCIM/IMG_{n:04}.jpg") for n in range(30)}
    assert series(photographs, {n: "cat" if n % 2 else "dog" for n in photographs}) == {}
    assert series({n: PurePosixPath(f"cat/{n}.jpg") for n in range(30)}, dict.fromkeys(range(30), "cat")) == {}


def test_the_textures_have_series(data: Path) -> None:
    rows = read_table(data / "textures" / "labels.csv")
    categories = {row["file"]: row["category"] for row in rows}
    paths = {row["file"]: PurePosixPath(row["game"], PurePosixPath(row["original_name"]).name) for row in rows}
    members: dict[str, list[str]] = {}
    for file, name in series(paths, categories).items():
        members.setdefault(name, []).append(categories[file])
    several = [shown for shown in members.values() if len(shown) > 1]
    assert sum(map(len, several)) > 0.4 * len(rows)
    # Most show one material; that is why their members give each other away
    assert sum(len(set(shown)) == 1 for shown in several) > 0.7 * len(several)
