"""What is made in a workshop: sheet metal, technical panels, lamps, signs."""

from __future__ import annotations

import numpy as np
from sample.canvas import (
    Field,
    N,
    X,
    Y,
    box,
    disc,
    fractal,
    inside,
    lit,
    mix,
    polygon,
    raised,
    ramp,
    scattered,
    shade,
    smooth,
    warp,
    words,
)

STEEL = ("#2e3235", "#4b5054", "#6d7276")


def sheet(rng: np.random.Generator, stops: tuple[str, ...] = STEEL, scratched: float = 0.3) -> Field:
    """Bare or painted sheet metal, blotched and scratched."""
    blotch = fractal(rng, 1.5)
    picture = ramp(np.clip(0.75 * blotch + 0.25 * (fractal(rng, 0.6, low=10) - 0.1), 0, 1), *stops)
    scratch = smooth(warp(fractal(rng, 0.7, (1, 40), low=9), rng, 5), 0.72, 0.95)
    return shade(picture, 1 + scratched * (scratch - 0.4 * smooth(fractal(rng, 1.4), 0.55, 0.95)))


def rust(rng: np.random.Generator, share: float = 0.5) -> tuple[Field, Field]:
    """Rust and the mask of where it is; ``share`` of a surface is rusty."""
    grain, clod = fractal(rng, 0.8, low=4), fractal(rng, 1.4)
    picture = ramp(np.clip(0.7 * clod + 0.5 * grain - 0.1, 0, 1), "#26100a", "#55240f", "#8c421a", "#b5682c")
    where = 0.75 * fractal(rng, 1.6) + 0.25 * grain
    return lit(picture, 0.6 * grain + 0.4 * clod, 5), smooth(where, 1 - share - 0.05, 1 - share + 0.05)


def rusty(rng: np.random.Generator, stops: tuple[str, ...] = STEEL, share: float = 0.55, seams: int = 2) -> Field:
    """Riveted plates with rust that runs from the seams."""
    brown, where = rust(rng, share)
    x = X * seams / N % 1
    seam = np.minimum(x, 1 - x) * N / seams
    picture = mix(sheet(rng, stops), brown, where)
    height = smooth(seam, 1, 6) + np.where(seam < 34, 0.0, -0.4) - 0.3 * where
    step = (Y % 64) - 32
    rivet = np.hypot(seam - 18, step) - 8
    picture = lit(shade(picture, 0.35 + 0.65 * smooth(seam, 0.5, 3)), height, 5)
    picture = shade(picture, 1 - 0.5 * smooth(-(rivet - 5), 0, 6) * smooth(rivet, -1, 0))
    return lit(picture, np.sqrt(np.clip(-rivet / 8, 0, 1)), 9)


def tread(rng: np.random.Generator) -> Field:
    """Tread plate: raised lozenges that lean left and right by turns."""
    step = N / 10
    column, row = np.floor(X / step), np.floor(Y / step)
    dx, dy = X % step - step / 2, Y % step - step / 2
    lean = np.where((column + row) % 2 == 0, 1, -1)
    long, short = (dx + lean * dy) / np.sqrt(2), (dx - lean * dy) / np.sqrt(2)
    lozenge = smooth(1 - np.hypot(long / 27, short / 8), 0, 0.5)
    brown, where = rust(rng, 0.3)
    steel = sheet(rng, ("#3a3d3f", "#5b5f61", "#83878a"), 0.5)
    picture = mix(steel, brown, where * (1 - 0.8 * lozenge))
    return lit(shade(picture, 0.78 + 0.35 * lozenge), lozenge, 13)


def corrugated(rng: np.random.Generator, stops: tuple[str, ...], ribs: int = 12, share: float = 0.3) -> Field:
    """Corrugated iron, upright, rusting from the bottom."""
    wave = np.sin(2 * np.pi * X * ribs / N)
    brown, where = rust(rng, share)
    run = np.clip(where + smooth(fractal(rng, 1.2, (7, 1)) + 0.35 * (Y / N - 0.6), 0.62, 0.75), 0, 1)
    picture = mix(sheet(rng, stops, 0.2), brown, run * 0.9)
    overlap = np.abs(Y - N * 0.52) - 1.5
    picture = shade(picture, 1 - 0.6 * smooth(-overlap, -7, 1) * (Y > N * 0.52))
    return lit(picture, 0.5 + 0.5 * wave, 13)


def container(rng: np.random.Generator) -> Field:
    """The side of a shipping container: square ribs under chipped paint."""
    x = X * 6 / N % 1
    rib = smooth(x, 0.08, 0.2) * (1 - smooth(x, 0.52, 0.64))
    brown, where = rust(rng, 0.3)
    picture = mix(sheet(rng, ("#22435a", "#2f5e7c", "#44799a"), 0.25), brown, where)
    band = (Y > N * 0.62) & (Y < N * 0.7)
    picture = mix(picture, "#c9c4b4", band * (1 - where) * 0.75)
    return shade(lit(picture, rib, 15), (0.78 + 0.3 * rib) * (1 - 0.3 * smooth(fractal(rng, 1.3, (8, 1)), 0.5, 0.95)))


def grate(rng: np.random.Generator) -> Field:
    """Expanded metal with holes that are see-through: (N, N, 4)."""
    a, b = (X / 64 + Y / 40) % 1, (X / 64 - Y / 40) % 1
    mesh = np.minimum(np.minimum(a, 1 - a), np.minimum(b, 1 - b)) * 42
    frame = np.minimum(np.minimum(X, N - X), np.minimum(Y, N - Y))
    bar = np.maximum(smooth(7 - mesh, 0, 1.5), smooth(30 - frame, 0, 1.5))
    height = np.maximum(np.clip(1 - mesh / 7, 0, 1), 1.2 * np.clip((30 - frame) / 6, 0, 1) * smooth(frame, 0, 6))
    brown, where = rust(rng, 0.45)
    picture = lit(mix(sheet(rng, ("#4a4641", "#6c665e", "#8f887c")), brown, where), height, 8)
    return np.dstack([np.clip(picture, 0, 1), bar])


def plate(picture: Field, distance: Field, bevel: float = 5, depth: float = 6, sunk: bool = False) -> Field:
    """A plate that stands out of the picture (or is sunk into it), with a dark joint round it."""
    joint = 1 - 0.65 * np.exp(-((distance / 2.2) ** 2))
    height = raised(distance, bevel) * (-1 if sunk else 1)
    return lit(shade(picture, joint), height, depth)


def bolts(picture: Field, places: list[tuple[float, float]], radius: float = 6) -> Field:
    """Round bolt heads at these places."""
    for x, y in places:
        head = disc(x, y, radius)
        picture = shade(picture, 1 - 0.55 * np.exp(-(np.maximum(head, 0) ** 2) / 9) * (head > 0))
        picture = lit(mix(picture, "#777a7c", inside(head) * 0.35), np.sqrt(np.clip(-head / radius, 0, 1)), radius)
    return picture


def slots(picture: Field, x: float, y: float, width: float, height: float, count: int) -> Field:
    """A vent: louvres one below another in a sunk frame."""
    frame = box(x, y, width + 20, height + 20, 8)
    picture = plate(shade(picture, 1 - 0.35 * inside(frame)), frame, 6, 7, sunk=True)
    place = ((Y - y) / height + 0.5) * count
    hole = np.maximum(box(x, y, width, height, 3), (np.abs(place % 1 - 0.32) - 0.26) * height / count)
    picture = shade(picture, 1 - 0.9 * inside(hole))
    return lit(picture, np.where(box(x, y, width, height) < 0, 1 - place % 1, 0.5), 5)


def technical(
    rng: np.random.Generator, stops: tuple[str, ...] = ("#31363a", "#444b50", "#5a6268"), stripe: str = "#b06a1c"
) -> Field:
    """A wall of plates, halved again and again, with bolts, vents and a coloured stripe."""
    picture = sheet(rng, stops, 0.25)
    parts, done = [(0.0, 0.0, float(N), float(N))], []
    while parts:
        x, y, width, height = parts.pop()
        if max(width, height) < 140 or (max(width, height) < 260 and rng.random() < 0.35):
            done.append((x, y, width, height))
        elif width >= height:
            cut = round(width * rng.choice([0.375, 0.5, 0.625]))
            parts += [(x, y, cut, height), (x + cut, y, width - cut, height)]
        else:
            cut = round(height * rng.choice([0.375, 0.5, 0.625]))
            parts += [(x, y, width, cut), (x, y + cut, width, height - cut)]
    for number, (x, y, width, height) in enumerate(done):
        middle = (x + width / 2, y + height / 2)
        face = box(*middle, width - 6, height - 6, 9)
        picture = mix(picture, shade(picture, X * 0 + rng.uniform(0.72, 1.2)), inside(face))
        picture = plate(picture, face, 6, 7)
        kind = rng.random()
        if number == 1:
            band = inside(box(*middle, width - 22, min(height * 0.22, 34)))
            picture = mix(picture, stripe, band * (0.5 + 0.5 * smooth(fractal(rng, 1.2), 0.3, 0.42)))
        elif kind < 0.3 and min(width, height) > 90:
            picture = slots(picture, *middle, width * 0.6, height * 0.5, max(3, int(height / 30)))
        elif kind < 0.6:
            picture = plate(picture, box(*middle, width * 0.6, height * 0.6, 6), 5, 6, sunk=True)
        if kind > 0.35:
            edges = [(x + i, y + j) for i in (18, width - 18) for j in (18, height - 18)]
            picture = bolts(picture, edges, 5)
    grime = smooth(fractal(rng, 1.5, (2, 1)), 0.5, 0.95)
    return shade(picture, 1 - 0.45 * grime)


def hatch(rng: np.random.Generator) -> Field:
    """A service hatch with a hazard edge."""
    picture = sheet(rng, ("#3b3f3d", "#525855", "#6c726e"), 0.3)
    frame, door = box(N / 2, N / 2, 470, 470, 26), box(N / 2, N / 2, 372, 372, 60)
    stripes = ((X + Y) // 30 % 2).astype(np.float64)
    worn = smooth(fractal(rng, 1.2), 0.3, 0.4)
    edge = inside(np.maximum(frame + 12, -(door - 10)))
    picture = mix(picture, mix(ramp(X * 0, "#c99a1f", "#c99a1f"), "#1c1c1a", stripes), edge * worn * 0.92)
    picture = plate(plate(picture, frame, 7, 8), door, 9, 10)
    picture = plate(picture, box(N / 2, N / 2, 300, 300, 40), 6, 7, sunk=True)
    picture = plate(picture, disc(N / 2, N / 2, 84), 10, 10)
    picture = plate(shade(picture, 1 - 0.5 * inside(disc(N / 2, N / 2, 52))), disc(N / 2, N / 2, 52), 6, 9, sunk=True)
    picture = plate(
        mix(picture, "#7d8480", inside(box(N / 2, N / 2, 130, 24, 10))), box(N / 2, N / 2, 130, 24, 10), 7, 9
    )
    picture = bolts(
        picture, [(i, j) for i in (32, N / 2, N - 32) for j in (32, N / 2, N - 32) if (i, j) != (N / 2, N / 2)], 9
    )
    return shade(picture, 1 - 0.5 * smooth(fractal(rng, 1.5), 0.5, 0.95))


def console(rng: np.random.Generator) -> Field:
    """A computer wall: a screen, rows of lamps and keys."""
    picture = plate(sheet(rng, ("#2c4152", "#3a566b", "#4b6a80"), 0.2), box(N / 2, N / 2, N - 8, N - 8, 14), 8, 8)
    for x, y, width, height in ((210, 165, 330, 210), (440, 165, 84, 210), (256, 395, 440, 160)):
        picture = plate(shade(picture, 0.95 + X * 0), box(x, y, width, height, 22), 7, 8, sunk=True)
    glass = box(210, 165, 290, 172, 14)
    trace = np.abs(Y - 165 - 38 * np.sin(X / 21) * np.exp(-(((X - 215) / 80) ** 2)))
    grid = 1 - smooth(np.minimum(X % 24, Y % 24), 0, 2)
    image = ramp(np.clip(np.exp(-trace / 2.5) + 0.22 * grid + 0.05, 0, 1), "#041210", "#1c6a52", "#9cf5c4")
    picture = plate(mix(picture, image, inside(glass)), glass, 4, 4, sunk=True)
    picture = mix(picture, "#dff7ff", inside(glass) * polygon((70, 80), (190, 80), (110, 250), (70, 250)) * 0.07)
    hues = ("#e2483d", "#f0a53a", "#53c26b", "#4aa3e0", "#3a4046")
    for column in range(10):
        for row in range(3):
            key = box(70 + column * 41, 350 + row * 44, 30, 30, 6)
            hue = hues[int(rng.choice(5, p=(0.1, 0.12, 0.12, 0.1, 0.56)))]
            picture = plate(mix(picture, hue, inside(key) * 0.9), key, 5, 6)
    for row in range(7):
        for x in (422, 458):
            lamp = disc(x, 84 + row * 27, 8)
            hue = hues[int(rng.integers(0, 5))]
            picture = mix(picture, hue, inside(lamp)) + np.exp(-np.maximum(lamp, 0) / 5)[..., None] * 0.12
    picture = bolts(picture, [(i, j) for i in (24, N - 24) for j in (24, N - 24)], 7)
    return shade(np.clip(picture, 0, 1), 0.85 + 0.25 * fractal(rng, 1.6))


def fan(rng: np.random.Generator) -> Field:
    """A round vent in a plate."""
    picture = plate(sheet(rng, ("#3c3e40", "#54575a", "#707478"), 0.3), box(N / 2, N / 2, N - 10, N - 10, 20), 8, 8)
    radius, turn = np.hypot(X - N / 2, Y - N / 2), np.arctan2(Y - N / 2, X - N / 2)
    picture = plate(picture, disc(N / 2, N / 2, 214), 9, 10)
    picture = plate(picture, disc(N / 2, N / 2, 190), 6, 9, sunk=True)
    ring = np.abs(radius % 26 - 13) - 7
    spoke = np.abs(np.sin(turn * 2 + 0.6)) * radius - 9
    hole = np.maximum(np.maximum(ring, radius - 186), np.maximum(44 - radius, -spoke + 0))
    picture = lit(shade(picture, 1 - 0.9 * inside(hole)), raised(np.where(radius < 190, -hole, -9), 4), 6)
    picture = bolts(picture, [(i, j) for i in (40, N - 40) for j in (40, N - 40)], 13)
    return shade(picture, 1 - 0.5 * smooth(fractal(rng, 1.5), 0.5, 0.95))


def glow(picture: Field, distance: Field, hue: Field, reach: float, strength: float) -> Field:
    """Light that spills from a lamp on what is round it."""
    spill = (np.exp(-np.maximum(distance, 0) / reach) * (1 - inside(distance)))[..., None] * hue * strength
    return np.asarray(np.clip(picture * (1 + spill * 2) + spill * 0.25, 0, 1))


def round_lamp(rng: np.random.Generator) -> Field:
    """A bulkhead lamp: ribbed glass in a bolted ring."""
    picture = plate(sheet(rng, ("#3d3530", "#57504a", "#746c64"), 0.3), box(N / 2, N / 2, N - 8, N - 8, 18), 8, 8)
    ring, glass = disc(N / 2, N / 2, 216), disc(N / 2, N / 2, 164)
    picture = plate(picture, ring, 14, 14)
    turns = np.arange(8) * np.pi / 4 + np.pi / 8
    picture = bolts(picture, [(N / 2 + 190 * float(np.cos(a)), N / 2 + 190 * float(np.sin(a))) for a in turns], 11)
    depth = np.sqrt(np.clip(1 - (np.hypot(X - N / 2, Y - N / 2) / 164) ** 2, 0, 1))
    ribs = 0.5 + 0.5 * np.cos(X / 9) * np.cos(Y / 9)
    bulb = np.clip(0.1 + 0.85 * depth**2 + 0.25 * (ribs - 0.5), 0, 1)
    picture = mix(picture, ramp(bulb, "#6b4517", "#d99a3e", "#ffe2a0", "#fffbea"), inside(glass))
    return glow(picture, glass, np.array([1.0, 0.8, 0.45]), 34, 0.55)


def tubes(rng: np.random.Generator, hue: str = "#cfe4ff", count: int = 2) -> Field:
    """Fluorescent tubes in a dark fitting."""
    picture = plate(sheet(rng, ("#24272a", "#34383c", "#484d52"), 0.3), box(N / 2, N / 2, N - 8, N - 8, 12), 8, 8)
    tray = box(N / 2, N / 2, N - 110, 400, 30)
    picture = plate(shade(picture, 1 - 0.45 * inside(tray)), tray, 12, 12, sunk=True)
    light = np.array([int(hue[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    nearest = np.full((N, N), np.inf)
    for k in range(count):
        x = N / 2 + (k - (count - 1) / 2) * 330 / count
        tube = box(x, N / 2, 180 / count, 340, 80 / count)
        body = np.clip(1 - np.abs(X - x) / (100 / count), 0, 1)
        picture = mix(picture, ramp(body, hue, "#ffffff", "#ffffff"), inside(tube))
        for y in (N / 2 - 178, N / 2 + 178):
            cap = box(x, y, 190 / count, 34, 6)
            picture = plate(mix(picture, "#6d7174", inside(cap)), cap, 8, 8)
        nearest = np.minimum(nearest, tube)
    picture = glow(picture, nearest, light, 40, 0.8)
    return bolts(picture, [(i, j) for i in (28, N - 28) for j in (28, N - 28)], 8)


def ceiling_light(rng: np.random.Generator) -> Field:
    """A square ceiling light behind a prismatic cover."""
    picture = plate(sheet(rng, ("#55534d", "#74726b", "#93918a"), 0.2), box(N / 2, N / 2, N - 8, N - 8, 10), 8, 8)
    cover = box(N / 2, N / 2, 400, 400, 18)
    prism = np.maximum(np.abs(X % 20 - 10), np.abs(Y % 20 - 10)) / 10
    fall = np.exp(-(((X - N / 2) ** 2 + (Y - N / 2) ** 2) / 220**2))
    tone = np.clip(0.2 + 0.75 * fall - 0.28 * prism, 0, 1)
    picture = mix(picture, ramp(tone, "#8f8a6c", "#e0dcb8", "#fffdf0", "#ffffff"), inside(cover))
    picture = glow(plate(picture, cover, 8, 9, sunk=True), cover, np.array([1.0, 0.97, 0.8]), 26, 0.5)
    return bolts(picture, [(i, j) for i in (28, N - 28) for j in (28, N - 28)], 8)


def alarm(rng: np.random.Generator) -> Field:
    """A red lamp behind bars."""
    picture = plate(sheet(rng, ("#26282b", "#383b3f", "#4d5156"), 0.3), box(N / 2, N / 2, N - 8, N - 8, 40), 9, 9)
    seat, glass = box(N / 2, N / 2, 384, 300, 90), box(N / 2, N / 2, 330, 246, 76)
    picture = plate(picture, seat, 14, 14)
    depth = np.clip(-glass / 123, 0, 1)
    core = np.exp(-((X - N / 2) ** 2 / 105**2 + (Y - N / 2) ** 2 / 60**2))
    ribs = 0.5 + 0.5 * np.cos(X / 6.5)
    tone = np.clip(0.22 + 0.35 * depth + 0.55 * core + 0.1 * (ribs - 0.5), 0, 1)
    picture = mix(picture, ramp(tone, "#3d0506", "#c01a14", "#ff6a4a", "#ffe6d8"), inside(glass))
    picture = glow(picture, glass, np.array([1.0, 0.12, 0.08]), 48, 0.9)
    for x in (N / 2 - 84, N / 2, N / 2 + 84):
        bar = box(x, N / 2, 20, 296, 8)
        picture = plate(mix(picture, "#2c2e31", inside(bar)), bar, 9, 10)
    return bolts(picture, [(i, j) for i in (48, N - 48) for j in (48, N - 48)], 11)


def strip_light(rng: np.random.Generator) -> Field:
    """Blue glowing bars in a dark grille."""
    picture = plate(sheet(rng, ("#1d2025", "#2a2e35", "#3a4049"), 0.3), box(N / 2, N / 2, N - 8, N - 8, 12), 8, 8)
    tray = box(N / 2, N / 2, 420, 440, 16)
    picture = plate(shade(picture, 1 - 0.6 * inside(tray)), tray, 8, 9, sunk=True)
    nearest = np.full((N, N), np.inf)
    for k in range(7):
        bar = box(N / 2, 88 + k * 56, 372, 22, 11)
        picture = mix(picture, ramp(np.clip(-bar / 9, 0, 1), "#3d6cff", "#b9d0ff", "#ffffff"), inside(bar))
        nearest = np.minimum(nearest, bar)
    picture = glow(picture, nearest, np.array([0.25, 0.45, 1.0]), 15, 1.1)
    return bolts(picture, [(i, j) for i in (24, N - 24) for j in (24, N - 24)], 7)


def weathered(rng: np.random.Generator, picture: Field, amount: float = 0.5) -> Field:
    """A sign after some winters: scratches down to the metal, dirt, faded paint."""
    chips = smooth(
        fractal(rng, 1.2) * 0.8 + 0.2 * fractal(rng, 0.8, (1, 20), low=8), 0.86 - 0.2 * amount, 0.9 - 0.2 * amount
    )
    brown, _ = rust(rng)
    picture = mix(picture, brown, chips * 0.85)
    return shade(picture, 1 - 0.5 * amount * smooth(fractal(rng, 1.5, (2, 1)), 0.45, 0.95))


def danger(rng: np.random.Generator) -> Field:
    """High voltage: a yellow sign with a flash in a triangle."""
    picture = ramp(X * 0, "#e9b91a", "#e9b91a")
    frame = box(N / 2, N / 2, N - 30, N - 30, 26)
    picture = mix(picture, "#171512", inside(np.abs(frame + 11) - 8))
    picture = mix(picture, "#171512", polygon((256, 54), (438, 346), (74, 346)))
    picture = mix(picture, "#e9b91a", polygon((256, 96), (404, 328), (108, 328)))
    flash = polygon((282, 138), (206, 242), (252, 238), (230, 316), (306, 216), (262, 220))
    picture = mix(picture, "#171512", flash)
    picture = mix(picture, "#171512", words("DANGER", N / 2, 392, 74, 3))
    picture = mix(picture, "#171512", words("HIGH VOLTAGE", N / 2, 450, 44, 1))
    return bolts(weathered(rng, picture, 0.5), [(i, j) for i in (40, N - 40) for j in (40, N - 40)], 8)


def emergency_exit(rng: np.random.Generator) -> Field:
    """A green exit sign with an arrow and a door."""
    picture = ramp(0.3 + 0.5 * fractal(rng, 2), "#067a44", "#0f9a58")
    frame = box(N / 2, N / 2, N - 24, N - 24, 20)
    picture = mix(picture, "#f2f5f0", inside(np.abs(frame + 9) - 5))
    white = np.maximum(polygon((70, 190), (190, 190), (190, 140), (290, 222), (190, 304), (190, 254), (70, 254)), 0)
    door = inside(np.abs(box(380, 222, 116, 210, 4)) - 8)
    picture = mix(picture, "#f2f5f0", np.clip(white + door + inside(disc(352, 222, 8)), 0, 1))
    picture = mix(picture, "#f2f5f0", words("EXIT", N / 2, 412, 118, 4))
    return weathered(rng, picture, 0.2)


def speed_limit(rng: np.random.Generator) -> Field:
    """A round limit sign, cut out: (N, N, 4)."""
    radius = np.hypot(X - N / 2, Y - N / 2)
    picture = ramp(0.6 + 0.4 * fractal(rng, 2), "#dcdad2", "#f4f2ec")
    picture = mix(picture, "#b3161b", smooth(radius, 179, 181))
    picture = mix(picture, "#e6e4de", smooth(radius, 241, 243))
    picture = mix(picture, "#151515", words("40", N / 2, N / 2 - 4, 230, 9))
    return np.dstack([weathered(rng, picture, 0.4), smooth(-radius, -252, -250)])


def radiation(rng: np.random.Generator) -> Field:
    """The trefoil on yellow, with a line of text."""
    picture = ramp(X * 0, "#e3b917", "#e3b917")
    x, y = X - N / 2, Y - 212
    radius, turn = np.hypot(x, y), np.arctan2(y, x)
    blade = (np.cos(3 * turn + np.pi / 2) > 0) & (radius > 46) & (radius < 160)
    picture = mix(picture, "#4e1450", inside(np.where(blade, -1.0, 1.0)))
    picture = mix(picture, "#4e1450", inside(radius - 30))
    picture = mix(picture, "#4e1450", words("RESTRICTED AREA", N / 2, 424, 50, 2))
    picture = mix(picture, "#4e1450", inside(np.abs(box(N / 2, N / 2, N - 34, N - 34, 14)) - 5))
    return weathered(rng, picture, 0.75)


def number(rng: np.random.Generator) -> Field:
    """A deck number, white on blue enamel."""
    frame = box(N / 2, N / 2, N - 16, N - 16, 50)
    picture = ramp(np.clip(1 - Y / N + 0.2 * fractal(rng, 1.6), 0, 1), "#0e2350", "#1c3f86", "#2f5cae")
    figure = words("07", N / 2, N / 2 - 30, 300, 8)
    picture = mix(picture, "#f1f3f6", figure)
    picture = mix(picture, "#f1f3f6", words("SECTOR", N / 2, 428, 62, 2))
    picture = mix(picture, "#d9dde3", inside(np.abs(frame + 10) - 6))
    return plate(mix(weathered(rng, picture, 0.35), "#16181b", smooth(frame, -1, 1)), frame, 10, 8)


def poster(rng: np.random.Generator) -> Field:
    """A yellowed notice with headings and small print."""
    paper = ramp(
        np.clip(0.6 * fractal(rng, 1.5) + 0.4 * fractal(rng, 0.8, low=6), 0, 1), "#8d744a", "#bfa372", "#d9c497"
    )
    crease = lit(paper, fractal(rng, 2) + warp(scattered(rng, 3).edge, rng, 20) / 60, 8)
    ink = np.maximum(words("NOTICE", N / 2, 84, 108, 4), words("to all who work below", N / 2, 164, 38, 1))
    ink = np.maximum(ink, inside(box(N / 2, 200, 420, 5)))
    lines = (
        "Lamps stay lit at all hours.",
        "Report loose rock at once.",
        "Carts keep to the left.",
        "No fires in the galleries.",
    )
    for k, line in enumerate(lines):
        ink = np.maximum(ink, words(line, N / 2, 246 + k * 46, 33, 0))
    ink = np.maximum(ink, words("THE OVERSEER", N / 2, 454, 42, 1))
    return mix(crease, "#2a2013", ink * (0.6 + 0.4 * fractal(rng, 0.8, low=5)))
