"""What is woven, knotted or sewn."""

from __future__ import annotations

import numpy as np
from sample.canvas import (
    Field,
    N,
    X,
    Y,
    fractal,
    lit,
    mix,
    ramp,
    scattered,
    shade,
    smooth,
)


def weave(rng: np.random.Generator, stops: tuple[str, ...], threads: int = 42, twill: bool = False) -> Field:
    """Cloth with visible threads: plain weave, or twill with its diagonal."""
    x, y = X * threads / N, Y * threads / N
    column, row = np.floor(x), np.floor(y)
    over = ((column + row) % 3 == 0) if twill else ((column + row) % 2 == 0)
    warp_round = np.sin(np.pi * (x % 1)) * (0.65 + 0.35 * np.sin(np.pi * (y % 1)))
    weft_round = np.sin(np.pi * (y % 1)) * (0.65 + 0.35 * np.sin(np.pi * (x % 1)))
    height = np.where(over, warp_round, weft_round)
    uneven = np.where(over, fractal(rng, 1, (14, 1), low=3), fractal(rng, 1, (1, 14), low=3))
    fibre = fractal(rng, 0.3, low=30)
    tone = np.clip(0.25 + 0.55 * (uneven - 0.3) + 0.3 * over + 0.25 * (fibre - 0.5), 0, 1)
    folds = 0.88 + 0.24 * fractal(rng, 2.2)
    return shade(lit(ramp(tone, *stops), height, 3), (0.5 + 0.55 * height) * folds)


def tartan(rng: np.random.Generator) -> Field:
    """A woollen check."""
    sett = (
        (0.0, 0.3, "#7c1a1e"),
        (0.3, 0.34, "#e2c46a"),
        (0.34, 0.62, "#1f3d2b"),
        (0.62, 0.66, "#e8e4d8"),
        (0.66, 1, "#1c2544"),
    )
    stripes = []
    for axis in (X, Y):
        place, picture = axis * 2 / N % 1, np.zeros((N, N, 3))
        for start, stop, hue in sett:
            picture = mix(picture, hue, ((place >= start) & (place < stop)).astype(np.float64))
        stripes.append(picture)
    twill = ((np.floor(X / 4) + np.floor(Y / 4)) % 4 < 2).astype(np.float64)
    wool = fractal(rng, 0.5, low=20)
    return shade(mix(stripes[0], stripes[1], 0.2 + 0.6 * twill), (0.65 + 0.45 * wool) * (0.88 + 0.2 * fractal(rng, 2)))


def carpet(rng: np.random.Generator, stops: tuple[str, ...]) -> Field:
    """Short pile: tufts of yarn, trodden in places."""
    cells = scattered(rng, 96)
    tuft = 1 - np.clip(cells.u, 0, 1)
    tone = np.clip(0.5 * cells.pick(rng) + 0.4 * fractal(rng, 1.5) + 0.2 * (fractal(rng, 0.3, low=30) - 0.5), 0, 1)
    return lit(shade(ramp(tone, *stops), 0.45 + 0.75 * tuft), tuft + 0.5 * fractal(rng, 1.7), 3)


def rug(rng: np.random.Generator) -> Field:
    """A knotted rug: borders, a medallion, flowers; the same in all four quarters."""
    x, y = np.abs(X - N / 2), np.abs(Y - N / 2)
    knot = 6
    x, y = (np.floor(axis / knot) * knot for axis in (x, y))
    reach = np.maximum(x, y)
    turn, radius = np.arctan2(y, x), np.hypot(x, y)
    red, blue, cream, gold = "#7d1f22", "#1d2b4a", "#d6c19a", "#b07a32"
    picture = ramp(X * 0, red, red)
    flower = np.sin(x / 15) * np.sin(y / 15) + 0.5 * np.cos(x / 7.5) * np.cos(y / 7.5)
    for hue, mask in (
        (gold, flower > 0.62),
        (cream, flower > 0.95),
        (blue, flower < -0.75),
        (blue, radius < 128 + 14 * np.cos(turn * 8)),
        (gold, np.abs(radius - 112 - 12 * np.cos(turn * 8)) < 5),
        (red, radius < 92 + 12 * np.cos(turn * 4)),
        (cream, (radius < 70) & (np.cos(turn * 8) * 18 + radius < 62)),
        (blue, radius < 26),
        (gold, radius < 13),
        (blue, reach > 176),
        (cream, (reach > 184) & (np.sin(np.minimum(x, y) / 11) * 16 + 205 > reach) & (reach < 218)),
        (gold, (reach > 196) & (reach < 206)),
        (red, (reach > 218) & (reach < 240)),
        (cream, (reach > 224) & (reach < 234) & (np.floor(np.minimum(x, y) / 18) % 2 == 0)),
        (gold, (np.abs(reach - 180) < 3) | (np.abs(reach - 218) < 3)),
        (blue, reach > 240),
    ):
        picture = mix(picture, hue, np.asarray(mask, dtype=np.float64))
    pile = 0.5 + 0.5 * np.sin(np.pi * (Y % knot) / knot) * np.sin(np.pi * (X % knot) / knot)
    return shade(
        picture, (0.62 + 0.4 * pile) * (0.78 + 0.3 * fractal(rng, 0.8, low=3)) * (0.9 + 0.2 * fractal(rng, 1.8))
    )


def quilt(rng: np.random.Generator) -> Field:
    """Padded cloth with buttons, as on the wall of a cell."""
    a, b = (X + Y) * 4 / N, (X - Y) * 4 / N
    pad = np.abs(np.sin(np.pi * a) * np.sin(np.pi * b)) ** 0.45
    button = np.hypot((a + 0.5) % 1 - 0.5, (b + 0.5) % 1 - 0.5) * N / 4 / np.sqrt(2)
    crease = np.sin(np.arctan2((b + 0.5) % 1 - 0.5, (a + 0.5) % 1 - 0.5) * 12) * np.exp(-button / 18)
    cloth = fractal(rng, 0.4, low=24)
    picture = ramp(np.clip(0.35 * pad + 0.35 * fractal(rng, 1.7) + 0.25 * cloth, 0, 1), "#6b5a41", "#a08a66", "#c5b08a")
    picture = lit(picture, pad + 0.08 * cloth + 0.1 * crease, 26)
    knob = smooth(9 - button, 0, 2)
    return mix(
        shade(picture, 0.55 + 0.45 * smooth(button, 4, 22)),
        lit(ramp(cloth, "#7d6a4c", "#98835f"), -button / 9, 5),
        knob,
    )
