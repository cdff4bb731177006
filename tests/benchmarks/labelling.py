"""What assists spare a hand that labels: ``python -m tests.benchmarks.labelling``.

Cards (``quads``): the truth's corners, jittered as a hand does that clicks quickly, before and after snapping; and
cards that are found without any click. Cabinets (``masks``): a rough box for each part, its sides off by some pixels,
then strokes over the largest piece that is wrong, as many as allowed; each is one drag of the mouse. Parts are painted
from the large to the small, and the later one covers the earlier; ``plain`` is what the boxes alone give. Nothing here
was tuned on the splits that are printed: thresholds were chosen on the cards' train split, and none on cabinets.

Options: ``--data FOLDER``, ``--strokes N`` (2), ``--jitter PIXELS ...`` (3 5), ``--masks N`` (20), ``--seed N``.
"""

from __future__ import annotations

import argparse
import csv
import json
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from training.labelling.grabcut import grabcut
from training.labelling.mask_painting import MaskPainting
from training.labelling.quad_finding import find_quad
from training.labelling.quads import snap

SIZE = (63, 88)
CLASSES = ("background", "drawer", "frame", "handle", "surface", "other")
ORDER = (2, 4, 1, 5, 3)
"""Classes from the large to the small."""
LEAST = 25
"""Pixels of a part below which nobody would draw a box."""
BOX_NOISE = 2.0


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path(__file__).resolve().parents[3] / "shared" / "data")
    parser.add_argument("--strokes", type=int, default=2)
    parser.add_argument("--jitter", type=float, nargs="+", default=[3, 5])
    parser.add_argument("--masks", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args(arguments)
    quads(chosen.data / "cards", chosen.jitter, chosen.seed)
    masks(chosen.data / "furniture", chosen.masks, chosen.strokes, chosen.seed)


def read(path: Path) -> NDArray[np.uint8]:
    found = cv2.imread(str(path))
    assert found is not None, path
    return np.asarray(cv2.cvtColor(found, cv2.COLOR_BGR2RGB))


# -- cards ------------------------------------------------------------------------------------------------------------


def quads(folder: Path, jitters: Sequence[float], seed: int) -> None:
    rows = [row for row in csv.DictReader((folder / "cards.csv").open()) if row["split"] == "test"]
    cards = [(read(folder / row["image"]), json.loads((folder / row["truth"]).read_text())) for row in rows]
    print(f"\n{len(cards)} cards of the test split; mean distance of the four corners, pixels of 384 x 512")
    print("corners  jitter  before  after: mean  median   90 %   under 1 px   ms")
    for which in ("outer_quad", "inner_quad"):
        for jitter in jitters:
            rng = np.random.default_rng(seed)
            before, after, spent = [], [], 0.0
            for pixels, truth in cards:
                right = np.array(truth[which])
                clicked = right + rng.normal(0, jitter, (4, 2))
                start = time.perf_counter()
                snapped = snap(pixels, clicked, size=SIZE if which == "outer_quad" else None)
                spent += time.perf_counter() - start
                before.append(apart(clicked, right))
                after.append(apart(snapped.corners, right))
            shown = f"{np.mean(after):11.2f} {np.median(after):7.2f} {np.quantile(after, 0.9):6.2f}"
            good = np.mean(np.array(after) < 1)
            each = 1000 * spent / len(cards)
            print(f"{which[:5]:7s} {jitter:7.1f} {np.mean(before):7.2f} {shown} {good:11.0%} {each:5.0f}")
    distances, missed = [], 0
    for pixels, truth in cards:
        found = find_quad(pixels, SIZE[0] / SIZE[1])
        if found is None:
            missed += 1
        else:
            distances.append(apart(snap(pixels, found, size=SIZE).corners, np.array(truth["outer_quad"])))
    near = np.array(distances)
    print(
        f"without a click: {missed} not found; of the others {np.mean(near < 1):.0%} under 1 px, "
        f"{np.mean(near < 3):.0%} under 3 px, median {np.median(near):.2f}"
    )


def apart(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    return float(np.hypot(*(one - other).T).mean())


# -- cabinets ---------------------------------------------------------------------------------------------------------


def masks(folder: Path, count: int, strokes: int, seed: int) -> None:
    scenes: dict[str, str] = {}
    for row in csv.DictReader((folder / "triples.csv").open()):
        scenes.setdefault(row["scene"], row["split"])
    order = sorted(scenes, key=lambda scene: (("test", "val", "train").index(scenes[scene]), int(scene)))[:count]
    print(
        f"\n{len(order)} cabinets, test and val first; mean IoU of the parts that are there, drags of the mouse a mask"
    )
    print("scene  split  parts   plain IoU  drags   with strokes IoU  drags   pixels right   ms a drag")
    totals: list[tuple[float, int, float, int, float, int]] = []
    for scene in order:
        name = f"s{int(scene):03d}"
        pixels = read(folder / "images" / f"{name}_src.png")
        truth = cv2.imread(str(folder / "masks" / f"{name}.png"), cv2.IMREAD_UNCHANGED)
        start = time.perf_counter()
        plain, few, parts = paint(pixels, truth, 0, seed)
        full, many, _ = paint(pixels, truth, strokes, seed)
        each = 1000 * (time.perf_counter() - start) / (few + many)
        right = float(np.mean(full == truth))
        one = (mean_iou(plain, truth), few, mean_iou(full, truth), many, right, parts)
        totals.append(one)
        print(
            f"{name}   {scenes[scene]:5s} {parts:6d} {one[0]:11.3f} {few:6d} {one[2]:18.3f} {many:6d} "
            f"{right:13.1%} {each:10.0f}"
        )
    mean = np.mean(np.array(totals), axis=0)
    print(
        f"all           {mean[5]:6.1f} {mean[0]:11.3f} {mean[1]:6.1f} {mean[2]:18.3f} {mean[3]:6.1f} {mean[4]:13.1%}"
        f"   drags in all {int(sum(one[3] for one in totals))}"
    )


def paint(
    pixels: NDArray[np.uint8], truth: NDArray[np.uint8], strokes: int, seed: int
) -> tuple[NDArray[np.uint8], int, int]:
    """The mask that a hand and the assist make, how many drags that took, and how many parts there are."""
    rng = np.random.default_rng(seed)
    painting = MaskPainting(np.zeros(truth.shape, np.uint8), 0)
    drags = parts = 0
    waiting = list(things(truth))
    for place, (index, thing) in enumerate(waiting):
        parts += 1
        later = np.zeros(truth.shape, np.bool_)
        for _, other in waiting[place + 1 :]:
            later |= other
        rows, columns = np.nonzero(thing)
        left, top = columns.min() - 2 - abs(rng.normal(0, BOX_NOISE)), rows.min() - 2 - abs(rng.normal(0, BOX_NOISE))
        right, bottom = (
            columns.max() + 3 + abs(rng.normal(0, BOX_NOISE)),
            rows.max() + 3 + abs(rng.normal(0, BOX_NOISE)),
        )
        box = (float(left), float(top), float(right - left), float(bottom - top))
        inside, outside = (np.zeros(truth.shape, np.bool_) for _ in range(2))
        found = grabcut(pixels, box)
        drags += 1
        for _ in range(strokes):
            wrong = (found != thing) & ~later
            stroke = largest_stroke(wrong)
            if stroke is None or np.count_nonzero(wrong) < 0.02 * np.count_nonzero(thing):
                break
            belongs = bool(thing[stroke].mean() > 0.5)
            (inside if belongs else outside)[stroke & wrong] = True
            found = grabcut(pixels, box, inside=inside, outside=outside)
            drags += 1
        painting.indices[found] = index
    return painting.indices, drags, parts


def things(truth: NDArray[np.uint8]) -> Iterator[tuple[int, NDArray[np.bool_]]]:
    """Each part: the connected pieces of drawers, handles and objects, the frame and the worktop as wholes."""
    for index in ORDER:
        there = truth == index
        if index in (2, 4):
            if np.count_nonzero(there) >= LEAST:
                yield index, there
            continue
        count, names, stats, _ = cv2.connectedComponentsWithStats(there.view(np.uint8), connectivity=8)
        for piece in range(1, count):
            if stats[piece, cv2.CC_STAT_AREA] >= LEAST:
                yield index, names == piece


def largest_stroke(wrong: NDArray[np.bool_]) -> NDArray[np.bool_] | None:
    """A brush stroke, bool (H, W), 3 pixels wide, along the largest piece that is wrong; None where all are tiny."""
    count, names, stats, _ = cv2.connectedComponentsWithStats(wrong.view(np.uint8), connectivity=8)
    if count < 2:
        return None
    piece = 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))
    if stats[piece, cv2.CC_STAT_AREA] < 6:
        return None
    there = names == piece
    points = np.argwhere(there)[:, ::-1].astype(np.float32)
    dx, dy, x, y = cv2.fitLine(points, cv2.DIST_L2, 0, 0.01, 0.01).ravel()
    along = (points - (x, y)) @ np.array([dx, dy])
    first, last = (np.array([x, y]) + share * np.array([dx, dy]) for share in np.quantile(along, (0.1, 0.9)))
    ends = (round(float(first[0])), round(float(first[1]))), (round(float(last[0])), round(float(last[1])))
    stroke = np.zeros(wrong.shape, np.uint8)
    cv2.line(stroke, *ends, 1, 3)
    touched = (stroke > 0) & there
    return touched if touched.any() else there


def mean_iou(found: NDArray[np.uint8], truth: NDArray[np.uint8]) -> float:
    scores = []
    for index in range(len(CLASSES)):
        union = np.count_nonzero((found == index) | (truth == index))
        if np.count_nonzero(truth == index):
            scores.append(np.count_nonzero((found == index) & (truth == index)) / union)
    return float(np.mean(scores))


if __name__ == "__main__":
    main()
