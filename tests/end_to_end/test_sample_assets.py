"""The pictures and icons that ship: all there, all listed, all readable, and really drawn by our own script."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtSvg import QSvgRenderer

from models.images.decode import decode, sniff

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "assets" / "samples"
ICONS = ROOT / "assets" / "icons"


def sources() -> list[dict[str, str]]:
    with SAMPLES.with_suffix(".csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_sample_is_listed_with_its_licence() -> None:
    rows = sources()
    assert {row["file"] for row in rows} == {path.name for path in SAMPLES.iterdir()}
    assert {row["licence"] for row in rows} == {"CC0-1.0"}
    assert "CC0" in (ROOT / "assets" / "samples.LICENSE.txt").read_text(encoding="utf-8")


def test_there_are_about_sixty_samples_of_all_fourteen_categories(data: Path) -> None:
    count = Counter(row["category"] for row in sources())
    assert 55 <= count.total() <= 70
    assert set(count) == {path.name for path in (data / "textures").iterdir() if path.is_dir()}
    assert min(count.values()) >= 4


def test_the_samples_stay_small() -> None:
    assert sum(path.stat().st_size for path in SAMPLES.iterdir()) <= 3_000_000


def test_every_sample_decodes_and_the_formats_of_games_are_among_them() -> None:
    formats, cut_outs = set(), 0
    for row in sources():
        content = (SAMPLES / row["file"]).read_bytes()
        picture = decode(content, row["file"])
        formats.add(sniff(content[:4096], row["file"]))
        cut_outs += picture.has_alpha
        assert max(picture.width, picture.height) in (128, 256)
        assert picture.on_grey().std() > 4, f"{row['file']} is all but one colour"
    assert formats == {"PNG", "JPEG", "TGA", "DDS", "TIM2"}
    assert cut_outs >= 3


def test_no_name_gives_a_category_away_as_a_folder() -> None:
    assert all(path.is_file() for path in SAMPLES.iterdir())


@pytest.mark.parametrize("names", [("sack_01.tga", "airvent_04.tm2", "ivy_hang.png")])
def test_the_script_draws_what_ships(tmp_path: Path, names: tuple[str, ...]) -> None:
    folder, script = tmp_path / "drawn", ROOT / "packaging" / "make_sample.py"
    subprocess.run([sys.executable, str(script), str(folder), *names], check=True)
    assert folder.with_suffix(".csv").read_bytes() == SAMPLES.with_suffix(".csv").read_bytes()
    for name in names:
        drawn, shipped = (decode((where / name).read_bytes(), name).pixels for where in (folder, SAMPLES))
        # Another NumPy may round a pixel otherwise; it may not draw another picture.
        assert np.abs(drawn.astype(int) - shipped).mean() < 0.5, name


@pytest.mark.parametrize("path", sorted(ICONS.glob("*.svg")), ids=lambda path: path.stem)
def test_every_icon_renders_and_can_be_recoloured(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert QSvgRenderer(text.encode()).isValid()
    colours = set(re.findall(r'(?:stroke|fill)="([^"]+)"', text)) - {"none"}
    assert colours == ({"#3056D3", "#FFFFFF", "#A9BCFF"} if path.stem == "sortwerk" else {"currentColor"})


def test_the_icons_keep_their_licence() -> None:
    assert "ISC License" in (ICONS / "LICENSE.txt").read_text(encoding="utf-8")
