"""The real textures and parts: every one decodes to the size and format its list states."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from models.images.decode import decode


def test_every_texture(data: Path) -> None:
    folder = data / "textures"
    with (folder / "labels.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 1160
    for row in rows:
        picture = decode((folder / row["file"]).read_bytes(), row["file"], max_side=224)
        assert (picture.width, picture.height) == (int(row["width"]), int(row["height"])), row["file"]
        kind, _, variant = picture.format.partition(", ")
        listed = re.split("[ /]", row["format"])
        assert kind == listed[0], row["file"]
        assert variant == (listed[1] if kind == "DDS" else ""), row["file"]
        assert min(picture.pixels.shape[:2]) >= min(224, picture.width, picture.height), row["file"]
        assert picture.pixels.std() > 0, row["file"]


def test_a_sample_of_the_parts(data: Path) -> None:
    paths = sorted(path for path in (data / "parts").rglob("*") if path.suffix in {".jpg", ".png"})
    assert len(paths) > 3000
    for path in paths[::20]:
        picture = decode(path.read_bytes(), path.name)
        assert picture.pixels.shape == (picture.height, picture.width, 3)
        assert picture.pixels.std() > 1, path
