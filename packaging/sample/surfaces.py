"""What is poured, weathers, flows or drifts: concrete, earth, rock, liquids, skies."""

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
    warp,
)


def cracks(rng: np.random.Generator, across: int, width: float) -> Field:
    """Hairline cracks as a mask: the crooked edges of large cells, of which a part is shown."""
    edge = warp(warp(scattered(rng, across).edge, rng, 22, 1.7), rng, 5, 1.1)
    return (1 - smooth(edge, 0, width)) * smooth(fractal(rng, 1.9), 0.42, 0.58)


def concrete(
    rng: np.random.Generator,
    stops: tuple[str, ...] = ("#605f5a", "#83827b", "#9b9a92"),
    *,
    cracked: float = 0,
    streaked: float = 0,
    slabs: int = 0,
    bumps: float = 0,
) -> Field:
    """Cast concrete, plaster or stucco: blotches, pits, and perhaps cracks, rain streaks, formwork joints, bumps."""
    blotch, grain = fractal(rng, 1.5), fractal(rng, 0.5, low=8)
    picture = ramp(np.clip(0.75 * blotch + 0.35 * (grain - 0.3), 0, 1), *stops)
    height = 0.5 * grain + 0.3 * blotch
    pits = scattered(rng, 34)
    hole = (1 - smooth(pits.u, 0.05, 0.16)) * (pits.pick(rng) > 0.8)
    picture = shade(picture, 1 - 0.45 * hole)
    if bumps:
        height = height + bumps * smooth(fractal(rng, 1.3, low=14, high=70), 0.35, 0.75)
    if cracked:
        line = cracks(rng, 4, cracked)
        picture, height = shade(picture, 1 - 0.7 * line), height - line
    if streaked:
        run = smooth(fractal(rng, 1.2, (8, 1)), 0.5, 0.9) * (1 - 0.7 * Y / N)
        picture = mix(picture, "#37342c", streaked * run)
    if slabs:
        x, y = X * slabs / N % 1, Y * slabs / N % 1
        joint = np.minimum(np.minimum(x, 1 - x), np.minimum(y, 1 - y)) * N / slabs
        tie = np.hypot(np.minimum(x, 1 - x) - 0.16, np.minimum(y, 1 - y) - 0.16) * N / slabs
        picture = shade(picture, (0.45 + 0.55 * smooth(joint, 1, 4)) * (0.4 + 0.6 * smooth(tie, 7, 9)))
        height = height + smooth(joint, 1, 6) + smooth(tie, 5, 10)
    return lit(picture, height, 3)


def sand(rng: np.random.Generator) -> Field:
    """Wind ripples in sand."""
    bend = (fractal(rng, 2.2) - 0.5) * 2.6
    wave = 2 * np.pi * (Y * 11 / N + 2 * X / N + bend)
    ripple = 0.5 + 0.5 * np.sin(wave + 0.7 * np.sin(wave))
    grain = fractal(rng, 0.3, low=20)
    picture = ramp(
        np.clip(0.55 * ripple + 0.3 * fractal(rng, 1.6) + 0.25 * grain, 0, 1), "#8a6837", "#b8935a", "#d8b97f"
    )
    return lit(picture, ripple + 0.12 * grain, 9)


def pebbles(
    rng: np.random.Generator, across: int, earth: tuple[str, ...], stones: tuple[str, ...], share: float
) -> Field:
    """Soil or gravel: earth with pebbles of two sizes in it; ``share`` of the places have one."""
    grain, clod = fractal(rng, 0.7, low=4), fractal(rng, 1.5)
    picture, height = ramp(np.clip(0.6 * clod + 0.5 * grain - 0.1, 0, 1), *earth), 0.35 * grain + 0.3 * clod
    for count in (across * 2, across):
        cells = scattered(rng, count)
        there = cells.pick(rng) < share
        edge = warp(cells.edge, rng, 2, 1.2)
        reach = N / count / 2
        dome = np.where(there, np.sqrt(smooth(edge, reach * 0.1, reach * 0.8)), 0)
        tone = np.clip(0.8 * cells.pick(rng) + 0.3 * (grain - 0.3), 0, 1)
        picture = shade(picture, 1 - 0.45 * np.where(there, smooth(edge, 0, reach * 0.1), 0))
        picture = mix(picture, ramp(tone, *stones), np.where(there, smooth(edge, reach * 0.1, reach * 0.2), 0))
        height = height + 0.9 * dome
    return lit(picture, height, 6)


def snow(rng: np.random.Generator) -> Field:
    """Trodden snow, blue in the hollows."""
    soft, grain = fractal(rng, 1.7), fractal(rng, 0.5, low=14)
    picture = ramp(np.clip(1.2 * soft - 0.1 + 0.2 * grain, 0, 1), "#a9b8cc", "#d5dee9", "#eef2f6")
    return lit(picture, soft * 1.8 + 0.3 * grain, 4)


def dry_mud(rng: np.random.Generator) -> Field:
    """Mud that has dried and cracked."""
    wide, fine = (warp(warp(scattered(rng, n, 1).edge, rng, 14, 1.8), rng, 4, 1.2) for n in (7, 17))
    crack = np.minimum(wide, fine * 1.6 + 9 * (fractal(rng, 1.6) - 0.3))
    grain = fractal(rng, 0.8, low=4)
    plate = smooth(crack, 0.5, 4)
    tone = np.clip(0.55 * fractal(rng, 1.6) + 0.45 * grain + 0.1 * smooth(wide, 0, 25) - 0.05, 0, 1)
    picture = mix(ramp(grain, "#2a1d12", "#49341f"), ramp(tone, "#6d4f35", "#94714e", "#b5926a"), plate)
    return lit(picture, plate * 0.7 + 0.5 * grain + 0.3 * fractal(rng, 1.6), 6)


def rock(
    rng: np.random.Generator,
    stops: tuple[str, ...] = ("#3f3a34", "#6c655b", "#948b7d"),
    along: tuple[float, float] = (1, 1),
) -> Field:
    """A cliff: ridges of folded noise under hard light."""
    bed = warp(fractal(rng, 1.7, along, low=2), rng, 40, 2)
    fold = 1 - 2 * np.abs(bed - 0.5)
    facet = warp(warp(scattered(rng, 6).edge, rng, 30, 1.9), rng, 6, 1.3)
    chip = warp(scattered(rng, 15).edge, rng, 12, 1.5)
    height = 0.9 * fold + 0.7 * smooth(facet, 0, 26) + 0.3 * smooth(chip, 0, 12) + 0.12 * fractal(rng, 1, low=10)
    cleft = smooth(facet + 4 * bed, 0, 7)
    tone = np.clip(
        0.6 * fractal(rng, 1.6, along) + 0.35 * (height - 0.6) + 0.3 * (fractal(rng, 0.8, low=8) - 0.4), 0, 1
    )
    return lit(shade(ramp(tone, *stops), 0.4 + 0.6 * cleft), height, 17)


def marble(rng: np.random.Generator) -> Field:
    """Pale marble with grey veins."""
    turn = X / N + Y / N
    veins = np.abs(np.sin(np.pi * (2 * turn + 3.2 * (fractal(rng, 1.8) - 0.5) + 1.1 * (fractal(rng, 1.4) - 0.5))))
    fine = np.abs(fractal(rng, 1.5) - 0.5) * 3
    tone = np.clip(0.6 * np.sqrt(veins) + 0.3 * np.sqrt(np.minimum(fine, 1)) + 0.3 * (fractal(rng, 1.6) - 0.3), 0, 1)
    return shade(ramp(tone, "#34322f", "#8b857b", "#c9c2b5", "#dcd6ca"), 0.95 + 0.1 * fractal(rng, 0.5, low=10))


def water(rng: np.random.Generator, stops: tuple[str, ...] = ("#062a3f", "#0d5878", "#3aa3bd", "#d3f4f5")) -> Field:
    """Light nets on shallow water: the edges of two layers of bent cells."""
    nets = [np.exp(-warp(scattered(rng, count, 1).edge, rng, 26, 2) / reach) for count, reach in ((6, 9), (9, 5))]
    tone = 0.62 * nets[0] + 0.38 * nets[1] + 0.35 * (fractal(rng, 2) - 0.35)
    return ramp(np.clip(tone, 0, 1), *stops)


def waves(rng: np.random.Generator) -> Field:
    """The open sea, small waves from one side."""
    swell = 1 - 2 * np.abs(warp(fractal(rng, 2.6, (1, 2.2), low=4), rng, 14) - 0.5)
    chop = fractal(rng, 2.1, (1, 1.8), low=8)
    height = 0.6 * swell + 0.5 * chop
    picture = ramp(np.clip(1.5 * (height - 0.4), 0, 1), "#07263a", "#0f4a66", "#2a7f9e", "#a9dce6")
    return lit(picture, height, 7)


def lava(rng: np.random.Generator) -> Field:
    """Dark crust adrift on glowing rock."""
    edge = warp(warp(scattered(rng, 6, 1).edge, rng, 26, 1.8), rng, 6, 1.2)
    heat = np.exp(-edge / 9) + 0.55 * smooth(fractal(rng, 1.7), 0.5, 0.95)
    crust = lit(ramp(fractal(rng, 1.1), "#120806", "#3a1a10"), smooth(edge, 0, 26) + 0.5 * fractal(rng, 1.2), 16)
    glow = ramp(np.clip(heat, 0, 1), "#200603", "#8a1704", "#f05a06", "#ffc23a", "#fff3b0")
    return np.asarray(np.clip(crust * (1 - smooth(heat, 0.2, 0.6))[..., None] + glow, 0, 1))


def slime(rng: np.random.Generator) -> Field:
    """Poisonous green slime with bubbles."""
    flow = fractal(rng, 2.2)
    fold = 0.5 + 0.5 * np.sin(20 * flow + 6 * fractal(rng, 2.4))
    picture = ramp(np.clip(0.6 * fold + 0.5 * (flow - 0.2), 0, 1), "#0f3306", "#2c6b0c", "#5fae1a", "#a9df45")
    picture = lit(picture, 0.5 * fold + 0.5 * fractal(rng, 1.9), 8)
    for across, share in ((16, 0.2), (7, 0.3)):
        cells = scattered(rng, across, 0.6)
        there, reach = cells.pick(rng) < share, cells.u / 0.3
        dome = np.where(there, np.sqrt(np.clip(1 - reach**2, 0, 1)), 0)
        rim = np.where(there, np.exp(-(((reach - 1) * 7) ** 2)), 0)
        picture = lit(shade(picture, 1 - 0.5 * rim + 0.25 * dome), dome, 60 / across)
    return np.asarray(np.clip(picture, 0, 1))


def clouds(
    rng: np.random.Generator, stops: tuple[str, ...], cover: float = 0.5, power: float = 1.8, sides: bool = False
) -> Field:
    """Clouds over a sky that is lighter near the horizon (``sides``) or even, as seen looking up."""
    soft = fractal(rng, power, (1, 1.8) if sides else (1, 1))
    shape = smooth(soft + 0.15 * (fractal(rng, 1.3) - 0.5), 1 - cover - 0.18, 1 - cover + 0.34)
    under = np.roll(soft, (14, 8), (0, 1)) - soft
    horizon = Y / N if sides else 0.35 + 0.15 * fractal(rng, 2.4)
    cloud = ramp(np.clip(0.68 + 0.22 * under / under.std(), 0, 1), stops[2], stops[3])
    return mix(ramp(horizon, *stops[:2]), cloud, shape * 0.95)


def sunset(rng: np.random.Generator) -> Field:
    """Bands of cloud lit from below by a low sun."""
    picture = ramp(Y / N, "#1b2148", "#4b3a72", "#a9506f", "#ee8352", "#ffc56b", "#ffdf95")
    sun = np.hypot(X - N * 0.6, (Y - N * 0.86) * 1.2)
    picture = picture + np.exp(-sun / 70)[..., None] * np.array([0.5, 0.4, 0.2]) * 0.9
    bank = smooth(fractal(rng, 1.7, (1, 4)), 0.48, 0.78) * (0.4 + 0.6 * np.sin(np.pi * Y / N))
    return np.asarray(np.clip(mix(picture, ramp(Y / N, "#2a2247", "#6a3459", "#b04b48", "#c96a45"), bank * 0.85), 0, 1))


def stars(rng: np.random.Generator) -> Field:
    """Stars and a nebula."""
    gas, dust = fractal(rng, 1.7), fractal(rng, 1.8)
    veil = smooth(gas, 0.42, 0.95) * smooth(dust, 0.2, 0.8)
    picture = ramp(veil, "#04050c", "#16163a", "#4c2a6b", "#b4567f", "#f0b79b")
    light = np.zeros((N, N))
    for x, y, size in zip(rng.uniform(0, N, 420), rng.uniform(0, N, 420), rng.pareto(2.2, 420), strict=True):
        reach = min(0.9 + size * 0.35, 3.2)
        left, top = max(int(x) - 16, 0), max(int(y) - 16, 0)
        part = np.s_[top : top + 33, left : left + 33]
        light[part] += np.exp(-(((X[part] - x) ** 2 + (Y[part] - y) ** 2) / reach**2)) * min(0.35 + size * 0.4, 1.3)
    return np.asarray(np.clip(picture + light[..., None] * np.array([0.95, 0.97, 1.0]), 0, 1))
