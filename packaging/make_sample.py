"""Draw the sample that ships with the program: about 60 pictures that look like textures of a game.

Run from anywhere: ``python packaging/make_sample.py [FOLDER [NAME...]]`` (without a folder ``assets/samples``, with
names only these pictures). Every picture is drawn by the functions in ``packaging/sample`` from a seed made of its
name, so two runs give the same pixels; nothing is copied from anywhere. The names say nothing of the categories'
folders: sorting them is what the sample is for.
"""

from __future__ import annotations

import csv
import struct
import sys
import zlib
from collections.abc import Callable
from functools import partial
from pathlib import Path

import cv2
import numpy as np
from PIL import Image
from sample import cloth, masonry, plants, surfaces, things
from sample.canvas import Field

SAMPLES = Path(__file__).resolve().parent.parent / "assets" / "samples"
LICENCE = "CC0-1.0"
Draw = Callable[[np.random.Generator], Field]

# File name, longer side in pixels, category (for the list of sources only), what it shows, how it is drawn.
CATALOGUE: tuple[tuple[str, int, str, str, Draw], ...] = (
    (
        "wall_red_01.jpg",
        256,
        "brick",
        "a wall of red bricks",
        partial(masonry.bricks, stops=("#5a2619", "#8c4329", "#ad6444"), mortar="#8b8174"),
    ),
    (
        "wall_old_02.dds",
        256,
        "brick",
        "an old wall of yellow bricks",
        partial(
            masonry.bricks,
            stops=("#6d5a35", "#96804f", "#b9a672"),
            mortar="#4a4030",
            rows=10,
            columns=5,
            wobble=7,
            joint=3.5,
            bevel=8,
            depth=14,
        ),
    ),
    (
        "cellar_wall.tga",
        128,
        "brick",
        "a dark cellar wall",
        partial(
            masonry.bricks,
            stops=("#1f1a18", "#3a2e2a", "#54443d"),
            mortar="#171412",
            rows=8,
            columns=4,
            joint=6,
            bevel=7,
            dirt=0.6,
        ),
    ),
    ("facade_white.jpg", 256, "brick", "bricks under flaking paint", masonry.painted_bricks),
    ("bunker_01.jpg", 256, "concrete", "cracked concrete", partial(surfaces.concrete, cracked=2.2)),
    (
        "bunker_02.dds",
        256,
        "concrete",
        "concrete with rain streaks",
        partial(surfaces.concrete, stops=("#4d4e48", "#6e6f68", "#86877f"), streaked=0.75),
    ),
    (
        "parking_slab.jpg",
        256,
        "concrete",
        "cast concrete with formwork joints",
        partial(surfaces.concrete, stops=("#707271", "#8c8e8d", "#a4a6a4"), slabs=2),
    ),
    (
        "stucco_ochre.tga",
        128,
        "concrete",
        "ochre stucco",
        partial(surfaces.concrete, stops=("#94793f", "#b5985a", "#cbb37a"), bumps=1.3, streaked=0.3),
    ),
    ("persian_01.jpg", 256, "fabric", "a knotted rug", cloth.rug),
    (
        "sack_01.tga",
        128,
        "fabric",
        "sackcloth",
        partial(cloth.weave, stops=("#5f4c2c", "#97804f", "#c2ab78"), threads=34),
    ),
    (
        "uniform_blue.dds",
        256,
        "fabric",
        "blue twill",
        partial(cloth.weave, stops=("#141d33", "#28395c", "#4c6289"), threads=66, twill=True),
    ),
    ("blanket_07.jpg", 256, "fabric", "a woollen check", cloth.tartan),
    ("carpet_hall.dds", 256, "fabric", "a red carpet", partial(cloth.carpet, stops=("#3d0e12", "#74212a", "#9e4149"))),
    ("padded_cell.jpg", 256, "fabric", "padding with buttons", cloth.quilt),
    ("desert_01.jpg", 256, "ground", "ripples in sand", surfaces.sand),
    (
        "path_soil.dds",
        256,
        "ground",
        "soil with pebbles",
        partial(
            surfaces.pebbles,
            across=24,
            earth=("#2c1f12", "#54402a", "#7a6141"),
            stones=("#4f4232", "#7a6a52", "#9a8a70"),
            share=0.22,
        ),
    ),
    (
        "gravel_a.jpg",
        256,
        "ground",
        "gravel",
        partial(
            surfaces.pebbles,
            across=26,
            earth=("#4a4033", "#746750"),
            stones=("#6b5f4e", "#8f8470", "#b3a68f"),
            share=0.85,
        ),
    ),
    ("winter_01.tga", 128, "ground", "snow", surfaces.snow),
    ("riverbed_dry.jpg", 256, "ground", "dried mud", surfaces.dry_mud),
    ("bulkhead_on.png", 128, "light", "a round bulkhead lamp", things.round_lamp),
    ("tube_02.jpg", 256, "light", "two fluorescent tubes", things.tubes),
    ("office_ceil_on.dds", 256, "light", "a square ceiling light", things.ceiling_light),
    ("alarm_red.tga", 128, "light", "a red alarm lamp", things.alarm),
    ("neon_blue.png", 128, "light", "blue glowing bars", things.strip_light),
    ("pool_01.jpg", 256, "liquid", "light on shallow water", surfaces.water),
    ("ocean_c.dds", 256, "liquid", "the open sea", surfaces.waves),
    ("lava_flow.jpg", 256, "liquid", "lava under its crust", surfaces.lava),
    ("toxic_01.jpg", 256, "liquid", "green slime", surfaces.slime),
    ("hull_rust.jpg", 256, "metal", "rusty riveted plates", things.rusty),
    ("step_plate.dds", 256, "metal", "tread plate", things.tread),
    (
        "shed_iron.jpg",
        256,
        "metal",
        "corrugated iron",
        partial(things.corrugated, stops=("#6d7475", "#8b9293", "#a9b0b0")),
    ),
    ("cargo_blue.jpg", 256, "metal", "the side of a container", things.container),
    ("walkway_mesh.png", 128, "metal", "an expanded metal grate, cut out", things.grate),
    ("base_tech_01.jpg", 256, "panel", "plates, bolts and vents", things.technical),
    ("hatch_c.jpg", 256, "panel", "a service hatch", things.hatch),
    ("lab_console.jpg", 256, "panel", "a computer wall", things.console),
    ("airvent_04.tm2", 128, "panel", "a round vent in a plate", things.fan),
    ("hv_warning.png", 128, "sign", "a high voltage sign", things.danger),
    ("exit_left.png", 128, "sign", "an exit sign", things.emergency_exit),
    ("limit_40.png", 128, "sign", "a speed limit, cut out", things.speed_limit),
    ("trefoil.jpg", 256, "sign", "a radiation warning", things.radiation),
    ("deck_07.tga", 128, "sign", "a deck number", things.number),
    ("notice_mine.jpg", 256, "sign", "a yellowed notice", things.poster),
    (
        "env_noon_ft.jpg",
        256,
        "sky",
        "a blue sky with clouds",
        partial(surfaces.clouds, stops=("#2f6cb5", "#a9cdea", "#a4b2c2", "#ffffff"), sides=True),
    ),
    (
        "env_storm_up.dds",
        256,
        "sky",
        "storm clouds",
        partial(surfaces.clouds, stops=("#5d6873", "#7f8b96", "#23292f", "#a9b1b8"), cover=0.75, power=2.1),
    ),
    ("env_dusk_lf.jpg", 256, "sky", "a sunset", surfaces.sunset),
    ("env_space_bk.png", 128, "sky", "stars and a nebula", surfaces.stars),
    ("cliff_01.jpg", 256, "stone", "a cliff", surfaces.rock),
    ("market_square.jpg", 256, "stone", "cobbles", masonry.cobbles),
    ("temple_floor.dds", 256, "stone", "broken flagstones", masonry.flagstones),
    ("palace_white.jpg", 256, "stone", "veined marble", surfaces.marble),
    (
        "bath_blue.jpg",
        256,
        "tile",
        "blue glazed tiles",
        partial(
            masonry.bricks,
            stops=("#2b5876", "#3d7392", "#5a92ae"),
            mortar="#b9bdb8",
            rows=6,
            columns=6,
            wobble=0,
            shift=0,
            joint=3,
            bevel=6,
            grit=0.08,
            depth=6,
            dirt=0.25,
        ),
    ),
    ("roof_clay.dds", 256, "tile", "clay roof tiles", masonry.roof_tiles),
    ("metro_hex.jpg", 256, "tile", "six-sided tiles", masonry.hexagons),
    ("lobby_floor.jpg", 256, "tile", "a chequered floor", masonry.chequer),
    ("villa_floor.jpg", 256, "tile", "ornamental cement tiles", masonry.ornament),
    (
        "meadow_01.jpg",
        256,
        "vegetation",
        "grass",
        partial(plants.lawn, stops=("#14260a", "#2f5214", "#5d8526", "#a3bd55")),
    ),
    ("hedge_a.dds", 256, "vegetation", "a hedge", plants.hedge),
    ("ivy_hang.png", 128, "vegetation", "hanging ivy, cut out", plants.ivy),
    ("reed_tuft.dds", 256, "vegetation", "reeds, cut out", plants.fern),
    (
        "deck_boards.jpg",
        256,
        "wood",
        "boards with nails",
        partial(masonry.boards, stops=("#3a2413", "#6f4a28", "#a0733f"), knots=5, nails=True),
    ),
    (
        "fence_grey.dds",
        256,
        "wood",
        "weathered upright boards",
        partial(masonry.boards, stops=("#2e2b27", "#5d5851", "#8b857b"), rows=5, upright=True, knots=4, weather=0.4),
    ),
    ("ballroom.jpg", 256, "wood", "parquet", masonry.parquet),
    ("crate_supply.jpg", 256, "wood", "the side of a crate", masonry.crate),
)


def tim2(pixels: np.ndarray) -> bytes:
    """A TIM2 file of the PlayStation 2 with one 24-bit picture from (H, W, 3) uint8."""
    height, width = pixels.shape[:2]
    size = pixels.nbytes
    head = struct.pack("<4sBBH8x", b"TIM2", 4, 0, 1)
    picture = struct.pack("<IIIHHBBBBHH24x", 48 + size, 0, size, 48, 0, 0, 1, 0, 2, width, height)
    return head + picture + pixels.tobytes()


def write(path: Path, pixels: np.ndarray) -> None:
    """Save (H, W, 3 or 4) uint8 in the format that the file's name asks for."""
    image = Image.fromarray(pixels)
    match path.suffix:
        case ".tm2":
            path.write_bytes(tim2(pixels))
        case ".dds":
            image.save(path, pixel_format="DXT5" if pixels.shape[2] == 4 else "DXT1")
        case ".tga":
            image.save(path, compression="tga_rle")
        case ".jpg":
            image.save(path, quality=86, optimize=True)
        case _:
            image.save(path, optimize=True)


def draw(name: str, side: int, how: Draw) -> np.ndarray:
    """One picture, (side, side, 3 or 4) uint8."""
    picture = np.clip(how(np.random.default_rng(zlib.crc32(name.encode()))), 0, 1)
    small = cv2.resize(picture, (side, side), interpolation=cv2.INTER_AREA)
    return np.asarray((small * 255).round().astype(np.uint8))


def list_sources(path: Path) -> None:
    """The table that ships beside the folder: what each shows, how it was made, under which licence.

    It lies outside the folder, so that the sample is sorted without a file that is no picture.
    """
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(("file", "category", "shows", "made_by", "licence"))
        for name, _side, category, shows, _how in CATALOGUE:
            table.writerow((name, category, shows, "drawn by packaging/make_sample.py", LICENCE))


def main(folder: Path, names: list[str]) -> None:
    """Draw the pictures of these names (none: all of them) into ``folder``, and list the sources beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, side, _category, _shows, how in CATALOGUE:
        if not names or name in names:
            write(folder / name, draw(name, side, how))
    list_sources(folder.with_suffix(".csv"))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else SAMPLES, sys.argv[2:])
