"""Writes contents in a format, reads them back, and says what each picture is then."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from training.datasets.attributes import NOTHING, Attributes
from training.datasets.blobs import BlobStore
from training.datasets.formats import FORMATS, Problems, ReadOptions
from training.datasets.formats.mask_folders import indices
from training.datasets.formats.plan import Contents, ContentsItem, MaskFile, Plan, PlannedItem, TargetFiles
from training.datasets.heads import HeadDef
from training.datasets.masks import put_mask, read_mask
from training.datasets.names import known
from training.datasets.values import Boxes, Category, Grade, Mask, Rle, Shape, Tags, Target, Targets, Value

SIZES = ((8, 6), (5, 9), (7, 7), (12, 4))
ENDINGS = (".png", ".jpg", ".bmp", ".PNG")


@dataclass
class Place:
    """Pictures and blobs that all examples of a test share."""

    pictures: list[Path]
    blobs: BlobStore


def place(folder: Path) -> Place:
    paths = []
    for number, ((width, height), ending) in enumerate(zip(SIZES, ENDINGS, strict=True)):
        path = folder / "given" / f"p{number}{ending}"
        path.parent.mkdir(exist_ok=True)
        pixels = np.full((height, width, 3), 40 * number, np.uint8)
        pixels[0, 0] = number
        path.write_bytes(cv2.imencode(ending.lower(), pixels)[1].tobytes())
        paths.append(path)
    return Place(paths, BlobStore(folder / "blobs"))


names = (
    st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=12)
    .map(str.strip)
    .filter(lambda name: known(name) is not None and name == name.strip())
)
plain = st.text("abcdefgh ,;\"'|/:.%ß#[]{}", min_size=1, max_size=8).map(str.strip).filter(bool)
splits = st.sampled_from(["", "train", "val", "test"])
coordinates = st.floats(-3, 15, allow_nan=False).map(lambda value: round(value, 3))
sides = st.floats(0.125, 9, allow_nan=False).map(lambda value: round(value, 3))


def categories(most: int = 5) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(names, min_size=1, max_size=most, unique=True).map(tuple)


fact_names = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=6) | st.sampled_from(
    [
        "id",
        "keypoints",
        "num_keypoints",
        "license",
        "captions",
        "caption_ids",
        "caption_fields",
        "date_captured",
        "attributes",
        "metadata",
        "info",
        "difficult",
        "truncated",
        "pose",
        "occluded",
        "part",
        "segmented",
        "owner",
        "source",
        "object",
        "group",
        "margins_mm",
        "severity",
        "type",
        "image",
        "outer_quad",
        "file_name",
        "labelled",
        "polygons",
        "name",
        "value",
    ]
)
"""Anything, and what the formats themselves know."""

fact_values = st.one_of(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-(10**20), 10**20)
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(st.characters(exclude_categories=("Cs",)), max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(fact_names, inner, max_size=3),
        max_leaves=4,
    ),
    st.sampled_from(
        [
            [4, 5, 2, 0, 0, 0],
            1,
            7,
            ["a cat", "two cats"],
            [{"lang": "en", "bbox": 1}, {"id": 9}],
            {"id": 3, "name": "CC BY", "url": "u"},
            {"id": 3, "name": "another"},
            {"database": "The VOC2007 Database", "image": "flickr"},
            [{"name": "head", "bndbox": {"xmin": 1.0, "ymin": 2.5, "xmax": 3.0, "ymax": 4.0}}],
            "Frontal",
            True,
        ]
    ),
)
facts = st.just(NOTHING) | st.dictionaries(fact_names, fact_values, max_size=4).map(Attributes)


@st.composite
def polygons(draw: st.DrawFn) -> tuple[float, ...]:
    return tuple(draw(st.lists(coordinates, min_size=6, max_size=6)))


@st.composite
def shapes(draw: st.DrawFn, size: tuple[int, int], head: HeadDef, *, outlines: bool, regions: bool) -> Shape:
    width, height = size
    shape = Shape(draw(st.sampled_from(head.categories)), *(draw(one) for one in (coordinates,) * 2 + (sides,) * 2))
    shape = replace(shape, attributes=draw(facts))
    form = draw(st.sampled_from(["box"] + ["outline"] * outlines + ["region"] * regions))
    if form == "outline":
        shape = replace(shape, polygons=tuple(draw(st.lists(polygons(), min_size=1, max_size=2))))
    if form == "region":
        pixels = np.array(draw(st.lists(st.booleans(), min_size=width * height, max_size=width * height)))
        edges = np.flatnonzero(np.diff(np.concatenate([[False], pixels]).astype(np.int8)))
        counts = np.diff(np.concatenate([[0], edges, [width * height]]))
        shape = replace(shape, rle=Rle(tuple(int(one) for one in counts), height, width), crowd=draw(st.booleans()))
    return shape


@st.composite
def values(draw: st.DrawFn, at: Place, head: HeadDef, size: tuple[int, int], *, rich: bool = True) -> Value:
    width, height = size
    if head.kind == "categories":
        return Category(draw(st.sampled_from(head.categories)))
    if head.kind == "tags":
        return Tags(draw(st.frozensets(st.sampled_from(head.categories))))
    if head.kind == "grade":
        return Grade(draw(st.floats(0, 10, allow_nan=False)))
    if head.kind == "boxes":
        return Boxes(tuple(draw(st.lists(shapes(size, head, outlines=rich, regions=rich), max_size=4))))
    if head.kind == "mask":
        numbers = st.sampled_from([*range(len(head.categories)), 255])
        cells = draw(st.lists(numbers, min_size=width * height, max_size=width * height))
        return put_mask(at.blobs, np.array(cells, np.uint8).reshape(height, width))
    params = st.dictionaries(st.sampled_from(["colour", "note", "classes"]), plain, max_size=2)
    target = st.builds(Target, st.just(at.blobs.put(at.pictures[0].read_bytes())), st.just(""), plain, params)
    return Targets(tuple(draw(st.lists(target, min_size=1, max_size=3))))


@st.composite
def contents(
    draw: st.DrawFn, at: Place, heads: Sequence[HeadDef], *, parts: Sequence[str] = (), rich: bool = True
) -> Contents:
    items = []
    for number, (path, size) in enumerate(zip(at.pictures, SIZES, strict=True)):
        labels = {}
        for head in heads:
            if draw(st.integers(0, 3)):
                labels[head.name] = draw(values(at, head, size, rich=rich))
        said = {part: draw(splits if part == "split" else st.just("") | plain) for part in parts}
        name = draw(st.sampled_from([f"p{number}", f"deep/er/p{number}", "same", "deep/same"])) + path.suffix
        items.append(ContentsItem(path, f"{number}/{name}", *size, labels=labels, metadata=draw(facts), **said))
    return Contents("given", tuple(heads), lambda: iter(items), at.blobs.path)


@dataclass(frozen=True)
class Known:
    """A picture, whatever it is called."""

    labels: Mapping[str, object]
    split: str
    source: str
    group: str
    metadata: Attributes


def sha(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def there(given: Contents, at: Place) -> dict[str, Known]:
    return {
        sha(item.path): Known(
            {head: plainly(value, at) for head, value in item.labels.items()},
            item.split,
            item.source,
            item.group,
            item.metadata,
        )
        for item in given.items()
    }


def plainly(value: Value, at: Place) -> object:
    """A value without where its files lie."""
    if isinstance(value, Mask):
        return grid(read_mask(at.blobs, value))
    if isinstance(value, Targets):
        return [(one.blob or sha(Path(one.path)), one.role, dict(one.params)) for one in value.targets]
    return value


def grid(mask: NDArray[np.uint8]) -> list[list[int]]:
    return [[int(cell) for cell in row] for row in mask]


def planned(item: PlannedItem) -> Known:
    found: dict[str, object] = {}
    for head, label in item.labels.items():
        if isinstance(label, MaskFile):
            found[head] = grid(indices(label))
        elif isinstance(label, TargetFiles):
            found[head] = [(sha(one.path), one.role, dict(one.params)) for one in label.targets]
        else:
            found[head] = label
    return Known(found, item.split, item.source, item.group, item.metadata)


@dataclass
class Trip:
    """What came back, and what was said on the way."""

    back: dict[str, Known]
    plan: Plan
    lost: tuple[str, ...]
    missed: tuple[str, ...]


def trip(given: Contents, name: str, look: Callable[[Path], None] = lambda _: None) -> Trip:
    with tempfile.TemporaryDirectory() as folder:
        lost = Problems()
        FORMATS[name].write(given, Path(folder), lost)
        look(Path(folder))
        plan = FORMATS[name].read(Path(folder), ReadOptions())
        back = {}
        for item in plan.items():
            key = sha(item.path)
            assert key not in back
            back[key] = planned(item)
        return Trip(back, plan, lost.sentences(), plan.problems.sentences())
