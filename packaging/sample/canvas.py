"""What every sample picture is drawn with: noise that tiles, courses and cells, colour ramps, light, shapes.

A *field* is a float array (N, N), mostly 0 to 1; a *colour* is a float array (N, N, 3), sRGB, 0 to 1. Lengths are
pixels of the N x N drawing, which is twice the size of the largest picture so that edges come out smooth. Row 0 is the
top and light falls from the top left. Nothing here knows what a brick is.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

N = 512
Field = NDArray[np.float64]
Indices = NDArray[np.int64]
Y, X = (axis + 0.5 for axis in np.mgrid[0:N, 0:N].astype(np.float64))


def smooth(field: Field, low: float, high: float) -> Field:
    """0 below ``low``, 1 above ``high``, a cubic between them (Perlin's smoothstep)."""
    t = np.clip((field - low) / (high - low), 0, 1)
    return np.asarray(t * t * (3 - 2 * t))


def fractal(
    rng: np.random.Generator, power: float = 1.6, along: tuple[float, float] = (1, 1), low: float = 1, high: float = N
) -> Field:
    """Tiling fractal noise, mean 0.5, deviation 0.2, clipped to 0..1.

    Args:
        rng: Where the noise comes from.
        power: The amplitude falls as 1 / frequency ** power: 1 is grit, 2 is clouds, 3 is hills.
        along: Stretches (vertical, horizontal): (1, 12) draws streaks that lie across.
        low: The lowest frequency kept, in waves over the picture.
        high: The highest frequency kept.
    """
    waves = np.fft.fftfreq(N) * N
    radius = np.hypot(waves[:, None] * along[0], waves[None, :] * along[1])
    amplitude = np.where((radius >= low) & (radius <= high), np.maximum(radius, 1e-6) ** -power, 0)
    field = np.fft.ifft2(np.fft.fft2(rng.standard_normal((N, N))) * amplitude).real
    return np.asarray(np.clip(0.5 + 0.2 * field / field.std(), 0, 1))


def warp(field: Field, rng: np.random.Generator, reach: float, power: float = 2) -> Field:
    """``field`` pushed about by up to ``reach`` pixels, so that straight things look grown."""
    dx, dy = (reach * 2 * (fractal(rng, power) - 0.5) for _ in range(2))
    x, y = (X - 0.5 + dx).astype(np.float32), (Y - 0.5 + dy).astype(np.float32)
    wrapped = cv2.remap(field.astype(np.float32), x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP)
    return np.asarray(wrapped, dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Cells:
    """A picture cut into pieces: for each pixel, which piece it is in, where in it, and how far from its edge."""

    edge: Field
    """Distance to the edge, pixels."""
    index: Indices
    """Number of the piece."""
    u: Field
    """Place in the piece from left to right, 0..1 (in scattered cells: distance to the middle)."""
    v: Field
    """Place in the piece from top to bottom, 0..1 (in scattered cells: the same as ``u``)."""

    def pick(self, rng: np.random.Generator) -> Field:
        """One random value in 0..1 for each piece."""
        return np.asarray(rng.random(int(self.index.max()) + 1)[self.index])


def scattered(rng: np.random.Generator, across: int, jitter: float = 0.9) -> Cells:
    """Worley's cells (A Cellular Texture Basis Function, 1996) round ``across`` x ``across`` shaken grid points."""
    shake = 0.5 + jitter * (rng.random((across, across, 2)) - 0.5)
    step = N / across
    column, row = np.floor(X / step).astype(np.int64), np.floor(Y / step).astype(np.int64)
    near, second = np.full((N, N), np.inf), np.full((N, N), np.inf)
    index = np.zeros((N, N), dtype=np.int64)
    for dy in range(-2, 3):
        for dx in range(-2, 3):
            i, j = (row + dy) % across, (column + dx) % across
            place = shake[i, j]
            distance = np.hypot((column + dx + place[..., 0]) * step - X, (row + dy + place[..., 1]) * step - Y)
            closer = distance < near
            second = np.where(closer, near, np.minimum(second, distance))
            near, index = np.where(closer, distance, near), np.where(closer, i * across + j, index)
    return Cells((second - near) / 2, index, near / step, near / step)


def courses(
    rng: np.random.Generator, rows: int, columns: int, shift: float | None = 0.5, wobble: float = 0, power: float = 2
) -> Cells:
    """Rows of equal pieces, each row moved by ``shift`` of a piece (None: by chance), ``wobble`` pixels crooked."""
    y, x = ((axis + wobble * 2 * (fractal(rng, power) - 0.5)) % N for axis in (Y, X))
    row = np.floor(y * rows / N).astype(np.int64) % rows
    moves = rng.random(rows) if shift is None else np.arange(rows) * shift
    place = x * columns / N + moves[row]
    u, v = place % 1, (y * rows / N) % 1
    edge = np.minimum(np.minimum(u, 1 - u) * N / columns, np.minimum(v, 1 - v) * N / rows)
    return Cells(edge, row * columns + np.floor(place).astype(np.int64) % columns, u, v)


def colour(text: str) -> Field:
    """``#rrggbb`` as three numbers, 0..1."""
    return np.array([int(text[i : i + 2], 16) / 255 for i in (1, 3, 5)])


def ramp(field: Field, *stops: str) -> Field:
    """A field painted: 0 is the first of the ``#rrggbb`` colours, 1 the last."""
    places, colours = np.linspace(0, 1, len(stops)), np.array([colour(stop) for stop in stops])
    return np.stack([np.interp(field, places, colours[:, i]) for i in range(3)], axis=-1)


def mix(below: Field, above: Field | str, mask: Field) -> Field:
    """``above`` (a picture or ``#rrggbb``) laid over ``below`` where ``mask`` is 1."""
    top = colour(above) if isinstance(above, str) else above
    return np.asarray(below + (top - below) * mask[..., None])


def shade(picture: Field, amount: Field) -> Field:
    """Brightness multiplied, pixel by pixel."""
    return np.asarray(picture * amount[..., None])


def lit(picture: Field, height: Field, depth: float) -> Field:
    """Light from the top left on a relief of ``height`` (0..1), ``depth`` pixels deep."""
    slope = sum(depth * (np.roll(height, -1, axis) - np.roll(height, 1, axis)) / 2 for axis in (0, 1))
    return shade(picture, np.clip(1 + np.tanh(slope * 0.9) * 0.75, 0.15, 1.9))


def box(x: float, y: float, width: float, height: float, radius: float = 0) -> Field:
    """Signed distance to a rounded box round (x, y), pixels, negative inside (Inigo Quilez, 2D distance functions)."""
    dx, dy = np.abs(X - x) - width / 2 + radius, np.abs(Y - y) - height / 2 + radius
    outside = np.hypot(np.maximum(dx, 0), np.maximum(dy, 0))
    return np.asarray(outside + np.minimum(np.maximum(dx, dy), 0) - radius)


def disc(x: float, y: float, radius: float) -> Field:
    """Signed distance to a disc, pixels, negative inside."""
    return np.asarray(np.hypot(X - x, Y - y) - radius)


def inside(distance: Field) -> Field:
    """A mask with soft edges of one pixel from a signed distance."""
    return np.asarray(np.clip(0.5 - distance, 0, 1))


def raised(distance: Field, bevel: float) -> Field:
    """Height 0..1 of a plate with a slanted edge ``bevel`` pixels wide."""
    return np.asarray(np.clip(-distance / bevel, 0, 1))


def polygon(*points: tuple[float, float]) -> Field:
    """A mask of the polygon through these points."""
    image = Image.new("L", (N * 2, N * 2))
    ImageDraw.Draw(image).polygon([(x * 2, y * 2) for x, y in points], fill=255)
    return np.asarray(image.resize((N, N), Image.Resampling.BOX), dtype=np.float64) / 255


def words(text: str, x: float, y: float, size: float, weight: int = 0) -> Field:
    """A mask of text centred at (x, y), in the typeface that comes with Pillow (Aileron, CC0)."""
    image = Image.new("L", (N, N))
    font = ImageFont.load_default(size)
    ImageDraw.Draw(image).text((x, y), text, 255, font, anchor="mm", align="center", stroke_width=weight)
    return np.asarray(image, dtype=np.float64) / 255
