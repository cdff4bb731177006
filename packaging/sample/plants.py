"""What grows: blades and leaves, laid one over another."""

from __future__ import annotations

import cv2
import numpy as np
from sample.canvas import (
    Field,
    N,
    X,
    Y,
    fractal,
    mix,
    polygon,
    ramp,
    shade,
)


def copies(line: Field) -> list[Field]:
    """A line (K, 2) and its copies one picture away on every side, as far as they reach into the picture."""
    moved = [line + np.array((dx, dy)) for dx in (-N, 0, N) for dy in (-N, 0, N)]
    return [copy for copy in moved if copy.max() >= 0 and copy.min() <= N]


def blades(
    rng: np.random.Generator, picture: Field, count: int, stops: tuple[str, ...], length: float, spread: float = 3.2
) -> Field:
    """Thin curved blades laid one over another, the later the lighter; wraps round the edges."""
    canvas = np.ascontiguousarray(picture.astype(np.float32))
    hues = ramp(np.clip(np.linspace(0, 1, count) * 0.75 + rng.normal(0.1, 0.16, count), 0, 1)[None], *stops)[0]
    for hue in hues:
        x, y, angle = rng.uniform(0, N), rng.uniform(0, N), rng.normal(-np.pi / 2, spread)
        bend, reach = rng.normal(0, 0.5), length * rng.uniform(0.5, 1.2)
        t = np.linspace(0, 1, 6)
        line = np.stack([x + reach * t * np.cos(angle + bend * t), y + reach * t * np.sin(angle + bend * t)], axis=-1)
        for copy in copies(line):
            points = (copy * 16).round().astype(np.int32)
            cv2.polylines(canvas, [points], False, hue.tolist(), max(1, round(length / 18)), cv2.LINE_AA, 4)
    return canvas.astype(np.float64)


def lawn(rng: np.random.Generator, stops: tuple[str, ...], length: float = 30, count: int = 9000) -> Field:
    """Grass from above."""
    grown = blades(rng, ramp(fractal(rng, 1.2), stops[0], stops[0]), count, stops, length)
    return shade(grown, 0.72 + 0.5 * fractal(rng, 1.7))


def leaf(size: float) -> list[tuple[float, float]]:
    """The outline of a pointed leaf of this length along x, its stalk at the origin."""
    t = np.linspace(0, 1, 14)
    half = 0.3 * size * np.sin(np.pi * t**0.8) ** 0.9
    return [*zip(t * size, half, strict=True), *zip(t[::-1] * size, -half[::-1], strict=True)]


def leaves(
    rng: np.random.Generator,
    places: list[tuple[float, float]],
    size: float,
    stops: tuple[str, ...],
    picture: Field,
    around: bool = True,
) -> tuple[Field, Field]:
    """Leaves at these places over a picture, each with a shadow, a rib and a light half; and the mask of them all.

    With ``around`` a leaf that crosses an edge comes in again on the other side.
    """
    canvas, mask = np.ascontiguousarray(picture.astype(np.float32)), np.zeros((N, N), dtype=np.float32)
    outline = np.array(leaf(size))
    hues = ramp(np.clip(np.linspace(0.05, 0.85, len(places)) + rng.normal(0, 0.13, len(places)), 0, 1)[None], *stops)[0]
    for (x, y), hue in zip(places, hues, strict=True):
        angle, scale = rng.uniform(0, 2 * np.pi), rng.uniform(0.65, 1.15)
        turn = scale * np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
        shape = outline @ turn + np.array((x, y))
        for copy in copies(shape) if around else [shape]:
            points = (copy * 16).round().astype(np.int32)
            half = np.concatenate([points[: len(points) // 2], points[:1]])
            rib = np.stack([points[0], points[len(points) // 2 - 1]])
            cv2.fillPoly(canvas, [points + 48], (hue * 0.25).tolist(), cv2.LINE_AA, 4)
            cv2.fillPoly(canvas, [points], hue.tolist(), cv2.LINE_AA, 4)
            cv2.fillPoly(canvas, [half], np.minimum(hue * 1.22, 1).tolist(), cv2.LINE_AA, 4)
            cv2.polylines(canvas, [rib], False, np.minimum(hue * 1.5, 1).tolist(), 1, cv2.LINE_AA, 4)
            cv2.fillPoly(mask, [points], (1.0,), cv2.LINE_AA, 4)
    return canvas.astype(np.float64), mask.astype(np.float64)


def hedge(
    rng: np.random.Generator, stops: tuple[str, ...] = ("#0d1f08", "#24501a", "#4d8a2c", "#8fbf4d"), size: float = 52
) -> Field:
    """Leaves on leaves."""
    count = int(5200 / size * 12)
    places = [(float(x), float(y)) for x, y in rng.uniform(0, N, (count, 2))]
    grown, _ = leaves(rng, places, size, stops, ramp(X * 0, stops[0], stops[0]))
    return shade(grown, 0.6 + 0.6 * fractal(rng, 1.6) + 0.1 * fractal(rng, 0.6, low=10))


def ivy(rng: np.random.Generator) -> Field:
    """Hanging ivy cut out on nothing: (N, N, 4)."""
    places: list[tuple[float, float]] = []
    for x in (70, 150, 235, 330, 420, 470):
        at, end = float(x), rng.uniform(0.45, 0.95) * N
        for y in np.arange(0, end, 7):
            at = float(np.clip(at + rng.normal(0, 7), 36, N - 36))
            places.append((at + rng.normal(0, 13), float(y) - 10))
    stops, nothing = ("#12280f", "#28521f", "#467a30", "#6f9f48"), ramp(X * 0, "#1a3314", "#1a3314")
    picture, mask = leaves(rng, places, 46, stops, nothing, around=False)
    return np.dstack([shade(picture, 0.8 + 0.35 * fractal(rng, 1.2)), mask])


def fern(rng: np.random.Generator) -> Field:
    """A tuft of reeds cut out on nothing: (N, N, 4)."""
    picture, mask = ramp(X * 0, "#23380f", "#23380f"), np.zeros((N, N))
    for k in range(46):
        lean, reach = rng.normal(0, 0.36), rng.uniform(0.5, 0.97) * N
        t, wide = np.linspace(0, 1, 12), rng.uniform(5, 9)
        x, y = N / 2 + rng.normal(0, 34) + lean * reach * t**1.7, N - reach * t * (1 - 0.12 * lean * lean)
        half = wide * (1 - t) ** 0.7
        shape = [*zip(x - half, y, strict=True), *zip((x + half)[::-1], y[::-1], strict=True)]
        part = polygon(*[(float(a), float(b)) for a, b in shape])
        hue = ramp(
            np.clip(np.full((1, 1), k / 46 + rng.normal(0, 0.15)), 0, 1), "#29420f", "#557a1c", "#93a83a", "#c0b860"
        )
        light = 0.55 + 0.6 * (1 - Y / N) + 0.12 * np.sign(np.interp(Y, y[::-1], x[::-1]) - X)
        picture, mask = mix(picture, np.clip(hue * light[..., None], 0, 1), part), np.maximum(mask, part)
    return np.dstack([picture, mask])
