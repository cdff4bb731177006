"""Things laid piece by piece: bricks, tiles, dressed stone, boards."""

from __future__ import annotations

import numpy as np
from sample.canvas import (
    Cells,
    Field,
    N,
    X,
    Y,
    courses,
    disc,
    fractal,
    inside,
    lit,
    mix,
    ramp,
    scattered,
    shade,
    smooth,
    warp,
)


def laid(
    rng: np.random.Generator,
    cells: Cells,
    stops: tuple[str, ...],
    mortar: str,
    *,
    joint: float = 5,
    bevel: float = 5,
    grit: float = 0.35,
    depth: float = 9,
    dirt: float = 0.4,
    spread: float = 0.75,
) -> Field:
    """Pieces of ``stops`` colours with joints between them.

    Args:
        rng: Where chance comes from.
        cells: The pieces.
        stops: Colours from the darkest piece to the lightest.
        mortar: Colour of the joints.
        joint: Half the width of a joint, pixels.
        bevel: How far the edge of a piece is rounded, pixels.
        grit: Roughness of the face, 0..1.
        depth: Depth of the relief, pixels.
        dirt: How much the wall as a whole is stained, 0..1.
        spread: How much of the colour is the piece's own; the rest follows the noise.
    """
    grain, coarse = fractal(rng, 0.9, low=6), fractal(rng, 1.6)
    face = smooth(cells.edge + (coarse - 0.5) * joint * 0.8, joint, joint + bevel)
    pieces = ramp(np.clip(spread * cells.pick(rng) + (1 - spread) * coarse + (grain - 0.5) * grit, 0, 1), *stops)
    bed = shade(ramp(grain, mortar, mortar), 0.75 + 0.5 * grain)
    height = face * (1 - grit * 0.45 * (1 - grain)) + (1 - face) * grain * 0.12
    picture = lit(mix(bed, pieces, face), height, depth)
    return shade(picture, 1 - dirt * 0.75 * smooth(fractal(rng, 1.9), 0.45, 0.95))


def bricks(
    rng: np.random.Generator,
    stops: tuple[str, ...],
    mortar: str,
    rows: int = 12,
    columns: int = 6,
    wobble: float = 4,
    shift: float = 0.5,
    **look: float,
) -> Field:
    """A wall in stretcher bond; ``look`` goes to `laid`."""
    return laid(rng, courses(rng, rows, columns, shift, wobble), stops, mortar, **look)


def painted_bricks(rng: np.random.Generator) -> Field:
    """Bricks under white paint that has come off in places."""
    cells = courses(rng, 10, 5, wobble=4)
    bare = laid(rng, cells, ("#5f2d20", "#8a4630", "#a8603f"), "#857a6c", dirt=0.3)
    paint = laid(rng, cells, ("#c9c5ba", "#d9d6cc", "#e4e1d8"), "#bdb9ae", joint=4, bevel=6, depth=7, dirt=0.25)
    gone = smooth(fractal(rng, 1.5) + 0.25 * (fractal(rng, 0.9) - 0.5), 0.66, 0.7)
    return mix(paint, bare, gone)


def cobbles(rng: np.random.Generator) -> Field:
    """Round stones, set by hand."""
    cells = scattered(rng, 9, 0.6)
    dome = np.sqrt(smooth(warp(cells.edge, rng, 4), 1, 24))
    grain = fractal(rng, 1.1, low=4)
    stone = ramp(
        np.clip(0.7 * cells.pick(rng) + 0.6 * (grain - 0.25), 0, 1), "#4a4844", "#77716a", "#98917f", "#8d8f90"
    )
    picture = mix(ramp(grain, "#1d1a16", "#3d372d"), stone, smooth(cells.edge, 2, 6))
    return shade(lit(picture, dome + 0.2 * grain, 15), 0.55 + 0.5 * dome)


def flagstones(rng: np.random.Generator, stops: tuple[str, ...] = ("#5d5648", "#8b8069", "#a99c80")) -> Field:
    """Broken slabs with earth between them."""
    cells = scattered(rng, 5, 0.75)
    edge = warp(cells.edge, rng, 8, 1.6)
    grain, strata = fractal(rng, 1.2, low=3), fractal(rng, 1.8)
    face = smooth(edge, 3, 10)
    slab = ramp(np.clip(0.45 * cells.pick(rng) + 0.35 * strata + 0.5 * (grain - 0.25), 0, 1), *stops)
    return lit(mix(ramp(grain, "#211c15", "#453b2c"), slab, face), face * 0.8 + 0.35 * strata + 0.15 * grain, 18)


def roof_tiles(rng: np.random.Generator) -> Field:
    """Clay roof tiles, each row lying on the next."""
    rows, columns = 8, 8
    row = np.floor(Y * rows / N)
    u, v = (X * columns / N + row * 0.5) % 1, (Y * rows / N) % 1
    lip = 0.68 + 0.3 * np.sqrt(np.clip(1 - (2 * u - 1) ** 2, 0, 1))
    own = v < lip
    number = (np.where(own, row, row + 1) % rows * columns + np.floor(X * columns / N + (~own) * 0.5)).astype(np.int64)
    tone, grain = rng.random(rows * columns + columns + 2)[number], fractal(rng, 1.1, low=4)
    picture = ramp(np.clip(0.6 * tone + 0.6 * (grain - 0.3), 0, 1), "#6b2c1a", "#a04a2c", "#c06a42")
    height = np.where(own, v / lip, 0) * 0.9
    light = np.where(own, 0.75 + 0.4 * v, 0.45) * (0.8 + 0.3 * np.sin(np.pi * u))
    return shade(lit(picture, height + 0.06 * grain, 7), light * (0.85 + 0.3 * fractal(rng, 1.9)))


def hexagons(rng: np.random.Generator) -> Field:
    """Six-sided floor tiles, most white, some black."""
    across, step = 8, N / 8
    cells = []
    for odd in (0.0, 0.5):
        x = (X / step + odd) % across
        y = (Y / (step * 2) + odd) % (across / 2)
        dx, dy = (x % 1 - 0.5) * step, (y % 1 - 0.5) * step * 2
        reach = np.maximum(np.abs(dx), np.abs(dx) / 2 + np.abs(dy) * 0.75)
        cells.append((reach, (np.floor(y) * across + np.floor(x)).astype(np.int64) * 2 + int(odd * 2)))
    first = cells[0][0] < cells[1][0]
    edge = np.abs(cells[0][0] - cells[1][0]) / 2
    edge = np.minimum(edge, step / 2 - np.minimum(cells[0][0], cells[1][0]))
    hexes = Cells(edge, np.where(first, cells[0][1], cells[1][1]), X, Y)
    black = (hexes.pick(rng) > 0.8).astype(np.float64)
    stops = ("#cfcabc", "#dedace", "#e9e6dd")
    white = laid(rng, hexes, stops, "#6d675c", joint=1.6, bevel=4, grit=0.1, depth=5, dirt=0.3)
    dark = laid(rng, hexes, ("#23262b", "#343940"), "#6d675c", joint=1.6, bevel=4, grit=0.15, depth=5, dirt=0.2)
    return mix(white, dark, black)


def chequer(rng: np.random.Generator) -> Field:
    """A floor of black and white marble squares."""
    cells = courses(rng, 4, 4, 0)
    odd = ((cells.index // 4 + cells.index % 4) % 2).astype(np.float64)
    vein = np.abs(fractal(rng, 1.7) - 0.5) * 2 + 0.7 * np.abs(fractal(rng, 1.5) - 0.5)
    white = ramp(smooth(vein, 0, 0.35), "#8d8a86", "#cfccc6", "#e2dfd9")
    black = ramp(smooth(vein, 0, 0.25), "#6a6d70", "#26282b", "#1b1c1f")
    tone = 0.9 + 0.2 * cells.pick(rng)
    picture = mix(mix(white, black, odd), "#2c2a27", 1 - smooth(cells.edge, 1.5, 3))
    return shade(lit(picture, smooth(cells.edge, 1.5, 6), 5), tone * (0.8 + 0.4 * fractal(rng, 1.9)))


def ornament(rng: np.random.Generator) -> Field:
    """Cement tiles with a star, a ring and quarter roses in the corners."""
    cells = courses(rng, 3, 3, 0)
    x, y = cells.u * 2 - 1, cells.v * 2 - 1
    radius, angle = np.hypot(x, y), np.arctan2(y, x)
    picture = ramp(cells.pick(rng) * 0.3, "#d8cbb0", "#cbbd9f")
    corner = np.hypot(1 - np.abs(x), 1 - np.abs(y))
    for hue, distance in (
        ("#2f5468", radius - (0.66 + 0.13 * np.cos(8 * angle))),
        ("#d8cbb0", radius - 0.5),
        ("#a5472f", radius - (0.3 + 0.14 * np.cos(4 * angle))),
        ("#d8cbb0", radius - 0.1),
        ("#a5472f", corner - 0.42),
        ("#d8cbb0", corner - 0.32),
        ("#2f5468", corner - 0.2),
    ):
        picture = mix(picture, hue, smooth(-distance, -0.008, 0.008))
    worn = fractal(rng, 1.0, low=3)
    picture = mix(picture, "#4f483d", 1 - smooth(cells.edge, 1.5, 3.5))
    picture = lit(picture, smooth(cells.edge, 1, 6) + 0.15 * worn, 6)
    return shade(mix(picture, "#8d8371", 0.45 * smooth(fractal(rng, 1.5), 0.5, 0.8)), 0.8 + 0.35 * worn)


def grain_of(rng: np.random.Generator, cells: Cells, fine: float = 24) -> Field:
    """Wood grain that runs across the picture, its rings shifted from board to board, 0..1."""
    shift = cells.pick(rng) * 40
    rings = fractal(rng, 1.9, (1, 5)) * 9 + shift + Y / 30
    bands = 0.5 + 0.5 * np.sin(2 * np.pi * (rings + 0.6 * fractal(rng, 1.3, (1, fine))))
    return np.asarray(0.45 * bands + 0.55 * fractal(rng, 0.8, (1, fine), low=6))


def boards(
    rng: np.random.Generator,
    stops: tuple[str, ...],
    rows: int = 6,
    columns: int = 1,
    *,
    upright: bool = False,
    nails: bool = False,
    knots: int = 0,
    weather: float = 0.3,
) -> Field:
    """Planks side by side, with grain, knots, gaps and nails."""
    cells = courses(rng, rows, columns, None, wobble=1.2)
    grain = grain_of(rng, cells)
    tone = np.clip(0.5 * cells.pick(rng) + 0.75 * (grain - 0.15), 0, 1)
    picture = ramp(tone, *stops)
    for _ in range(knots):
        x, y, size = rng.uniform(30, N - 30), (rng.integers(0, rows) + 0.5) * N / rows, rng.uniform(6, 13)
        reach = np.hypot((X - x) / 1.6, Y - y) / size
        picture = shade(picture, 1 - 0.5 * np.exp(-((reach / 1.1) ** 2)) - 0.18 * np.exp(-reach) * np.sin(reach * 9))
    gap = smooth(cells.edge, 0.8, 3.5)
    picture = lit(shade(picture, 0.25 + 0.75 * gap), gap + 0.22 * grain, 8)
    if nails:
        heads = [(x * N, (row + y) * N / rows) for row in range(rows) for x in (0.07, 0.57) for y in (0.25, 0.75)]
        for head in heads:
            picture = mix(picture, "#1c1712", inside(disc(*head, 3.2)))
    picture = shade(picture, 1 - weather * smooth(fractal(rng, 1.8, (1, 2)), 0.4, 0.95))
    return np.transpose(picture, (1, 0, 2)) if upright else picture


def parquet(rng: np.random.Generator) -> Field:
    """Short oak strips in basket weave."""
    blocks, strips = 4, 4
    block = np.floor(X * blocks / N) + np.floor(Y * blocks / N)
    turned = block % 2 == 1
    across, down = np.where(turned, Y, X), np.where(turned, X, Y)
    strip = np.floor(down * blocks * strips / N)
    v, u = (down * blocks * strips / N) % 1, (across * blocks / N) % 1
    number = (strip * blocks + np.floor(across * blocks / N)).astype(np.int64) + turned * 100
    edge = np.minimum(np.minimum(v, 1 - v) * N / blocks / strips, np.minimum(u, 1 - u) * N / blocks)
    cells = Cells(edge, number, u, v)
    grain = grain_of(rng, courses(rng, 16, 1, 0))
    grain = np.where(turned, grain.T, grain)
    gap = smooth(edge, 0.3, 2.2)
    tone = np.clip(0.65 * cells.pick(rng) + 0.5 * (grain - 0.1), 0, 1)
    picture = shade(ramp(tone, "#6a3d1c", "#94602f", "#b98547"), 0.4 + 0.6 * gap)
    return shade(lit(picture, gap + 0.1 * grain, 4), 0.9 + 0.2 * fractal(rng, 2))


def crate(rng: np.random.Generator) -> Field:
    """The side of a crate: a frame and a brace over upright boards."""
    stops = ("#4f3318", "#7d5529", "#a37a43")
    picture = shade(boards(rng, stops, 6, upright=True, weather=0.3), np.full((N, N), 0.72))
    flat, upright = boards(rng, stops, 1, knots=2), boards(rng, stops, 1, upright=True, knots=2)
    for hold, frame in (
        (np.abs(X + Y - N) / np.sqrt(2) - 34, flat),
        (np.minimum(Y, N - Y) - 62, flat),
        (np.minimum(X, N - X) - 62, upright),
    ):
        picture = shade(picture, 1 - 0.55 * smooth(-(hold - 12), 0, 14))
        picture = mix(picture, lit(frame, smooth(-hold, 0, 5), 5), inside(hold))
    for x in (31, N - 31):
        for y in (31, N - 31):
            for dx in (-14, 14):
                bolt = disc(x + dx, y, 6)
                picture = mix(picture, lit(ramp(X * 0, "#6b6862", "#6b6862"), -bolt / 12, 12), inside(bolt))
    return shade(picture, 0.55 + 0.45 * smooth(np.minimum(np.minimum(X, N - X), np.minimum(Y, N - Y)), 0, 9))
