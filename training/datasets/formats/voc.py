"""Pascal VOC: an XML file for each picture with its boxes, and lists of names for the parts.

Corners are taken as edges in pixels from 0 on, as the programs write them that people label with today (the first VOC
counted pixels from 1). Outlines are written as ``polygon``, as some of those do. No XML file: nobody has looked.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath
from xml.sax.saxutils import escape

from models.errors import DatasetError, FileError, one_line
from models.files import open_regular, trouble
from training.datasets.formats import xml
from training.datasets.formats.attributes_file import AttributesFile
from training.datasets.formats.documents import MAX_TEXT, number, read_text, whole
from training.datasets.formats.finding import Finder, pictures, usable_names
from training.datasets.formats.heads_file import named, write_heads
from training.datasets.formats.naming import Names, split_of
from training.datasets.formats.outlines import box_shape, outline_shape
from training.datasets.formats.plan import NO_OPTIONS, Contents, ContentsItem, Plan, PlannedItem, ReadOptions
from training.datasets.formats.problems import Problems
from training.datasets.formats.voc_facts import attributes_of, metadata_of, picture_fields, thing_fields
from training.datasets.formats.writing import Writing
from training.datasets.heads import HeadDef
from training.datasets.values import Boxes, Shape

__all__ = ["read", "recognise", "write"]

TITLE = "Pascal VOC"
HEAD = "objects"
XMLS, IMAGES, LISTS, MAP = "Annotations", "JPEGImages", "ImageSets/Main", "labelmap.txt"


def recognise(folder: Path) -> float:
    """0.8 where there are XML files of annotations."""
    if not folder.is_dir():
        return 0.0
    first = next(iter(_xmls(folder)), None)
    if first is None:
        return 0.5 if (folder / IMAGES).is_dir() and (folder / MAP).is_file() else 0.0
    try:
        return 0.8 if _parse(first).name == "annotation" else 0.0
    except DatasetError:
        return 0.2


def read(folder: Path, options: ReadOptions = NO_OPTIONS) -> Plan:
    """Plan what the XML files say: once for the categories, once more for the items.

    Raises:
        DatasetError: there are none.
    """
    problems = Problems()
    files = list(_xmls(folder))
    if not files and not (folder / IMAGES).is_dir():
        raise DatasetError(f"{one_line(folder)} has no XML files with annotations; choose the folder of them.")
    splits = _splits(folder)
    head = named(folder, HeadDef(HEAD, "boxes", _categories(folder, files, problems)), options.head)

    def items() -> Iterator[PlannedItem]:
        finder = Finder(folder, "the annotations", problems, (IMAGES, "images", "", *sorted(_beside(folder, files))))
        known = AttributesFile(folder, problems)
        seen: set[Path] = set()
        for path in files:
            try:
                node = _parse(path)
            except DatasetError as error:
                problems.note("{n:,} more XML files can't be used.", str(error))
                continue
            picture = finder.find(node.said("filename") or f"{path.stem}.jpg")
            if picture is not None:
                seen.add(picture)
                labels = {head.name: Boxes(tuple(_shapes(node, path, head.categories, problems)))}
                metadata = known.metadata(picture, metadata_of(node, one_line(path.name), problems))
                yield PlannedItem(picture, labels, splits.get(path.stem, ""), size=_size(node), metadata=metadata)
        if (folder / IMAGES).is_dir():
            for picture in pictures(folder / IMAGES, problems):
                if picture not in seen:
                    yield PlannedItem(picture, {}, splits.get(picture.stem, ""), metadata=known.metadata(picture))

    return Plan("voc", (head,), items, problems)


def _xmls(folder: Path) -> Iterator[Path]:
    places = [folder / XMLS, folder / "annotations", folder]
    place = next((one for one in places if one.is_dir() and next(one.glob("*.xml"), None)), None)
    if place is not None:
        return iter(sorted(place.glob("*.xml")))
    return iter(sorted(folder.glob("*/*.xml")))


def _beside(folder: Path, files: list[Path]) -> set[str]:
    return {path.parent.relative_to(folder).as_posix() for path in files}


def _parse(path: Path) -> xml.Node:
    try:
        with open_regular(path) as file:
            content = file.read(MAX_TEXT + 1) or b""
    except FileError as error:
        raise DatasetError(str(error)) from error
    except (OSError, ValueError) as error:
        raise DatasetError(str(trouble(path, error))) from error
    if len(content) > MAX_TEXT:
        raise DatasetError(f"{one_line(path.name)} is larger than {MAX_TEXT >> 20} MiB; leave it out.")
    try:
        return xml.parse(content)
    except ValueError as error:
        raise DatasetError(f"{one_line(path.name)} {error}; it was left out.") from error


def _categories(folder: Path, files: list[Path], problems: Problems) -> tuple[str, ...]:
    named: list[str] = []
    if (folder / MAP).is_file():
        lines = read_text(folder / MAP).splitlines()
        named = [line.rsplit(":", 3)[0] for line in lines if line.strip() and not line.startswith("# ")]
    found: set[str] = set()
    for path in files:
        try:
            found.update(thing.said("name") for thing in _parse(path).all("object"))
        except DatasetError:
            continue  # said when the items are read
    return usable_names(
        [*(one for one in named if one != "background" or one in found), *sorted(found)], XMLS, problems
    )


def _splits(folder: Path) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for path in sorted((folder / LISTS).glob("*.txt")):
        split = split_of(path.stem)
        if split:
            # A name may hold blanks; what some lists have after it is 1 or -1.
            found |= dict.fromkeys((line.strip() for line in read_text(path).splitlines() if line.strip()), split)
    return found


def _size(node: xml.Node) -> tuple[int, int] | None:
    try:
        width, height = whole(node.said("size", "width")), whole(node.said("size", "height"))
    except ValueError:
        return None
    return (width, height) if width > 0 and height > 0 else None


def _shapes(node: xml.Node, path: Path, categories: tuple[str, ...], problems: Problems) -> Iterator[Shape]:
    for thing in node.all("object"):
        try:
            category = thing.said("name")
            if category not in categories:
                raise ValueError(f"{one_line(category) or 'its name'} can't be a category")
            shape = _shape(category, thing)
            attributes = attributes_of(thing, one_line(path.name), problems)
            yield replace(shape, attributes=attributes) if attributes else shape
        except (ValueError, DatasetError) as error:
            problems.note(
                "{n:,} more things in XML files can't be used.",
                f"A thing in {one_line(path.name)} was left out: {str(error).rstrip('.')}.",
            )


def _shape(category: str, thing: xml.Node) -> Shape:
    box = (
        [number(thing.said("bndbox", side)) for side in ("xmin", "ymin", "xmax", "ymax")]
        if thing.find("bndbox")
        else None
    )
    polygons = [list(_points(one)) for one in thing.all("polygon")]
    if not polygons and box is not None:
        return box_shape(category, *box)
    if box is None:
        return outline_shape(category, None, polygons)
    plain = box_shape(category, *box)
    return outline_shape(category, (plain.left, plain.top, plain.width, plain.height), polygons)


def _points(polygon: xml.Node) -> Iterator[float]:
    """Corners as x1, y1, x2, y2, ... or as pt elements."""
    points = list(polygon.all("pt"))
    if points:
        for point in points:
            yield from (number(point.said("x")), number(point.said("y")))
        return
    yield from (number(child.text) for child in polygon.children)


def write(contents: Contents, folder: Path, problems: Problems, *, cancel: threading.Event | None = None) -> None:
    """Write the first boxes head.

    Raises:
        DatasetError: there is no such head, or a file can't be copied.
    """
    heads = contents.of_kind("boxes")[:1]
    if not heads:
        raise DatasetError(f"{one_line(contents.name)} has no boxes, and VOC has nothing else; choose another format.")
    writing = Writing(contents, folder, TITLE, problems, keeps=heads, parts=("split",), cancel=cancel)
    names = Names(stems=True)
    lists: dict[str, list[str]] = {"train": [], "val": [], "test": []}
    for item in writing.items():
        name = names.take(item.name.rpartition("/")[2], item.name.replace("/", "_"))
        stem = PurePosixPath(name).stem
        writing.place(item.path, f"{IMAGES}/{name}")
        if item.split in lists:
            lists[item.split].append(stem)
        boxes = item.labels.get(heads[0].name)
        if isinstance(boxes, Boxes):
            document = _document(name, item, boxes, writing)
            writing.text(f"{XMLS}/{stem}.xml", document)
            if item.metadata and metadata_of(xml.parse(document.encode()), name, Problems()) == item.metadata:
                continue  # VOC itself says all of it
        writing.keep(f"{IMAGES}/{name}", item.metadata or None)
    for split, stems in lists.items():
        if stems:
            writing.text(f"{LISTS}/{split}.txt", "".join(f"{stem}\n" for stem in stems))
    write_heads(folder, heads)
    lines = "".join(f"{name}:::\n" for name in heads[0].categories)
    writing.text(MAP, f"# label:color_rgb:parts:actions\n{lines}")


def _document(name: str, item: ContentsItem, boxes: Boxes, writing: Writing) -> str:
    things = "".join(_thing(shape, writing) for shape in boxes.shapes)
    return (
        f"<annotation>\n <folder>{IMAGES}</folder>\n <filename>{escape(name)}</filename>\n"
        f" <size><width>{item.width}</width><height>{item.height}</height><depth>3</depth></size>\n"
        f"{picture_fields(item.metadata)}{things}</annotation>\n"
    )


def _thing(shape: Shape, writing: Writing) -> str:
    if shape.crowd:
        writing.lost("VOC has no crowds: {n:,} written as single things.")
    if shape.rle is not None:
        writing.lost("VOC has no run lengths: {n:,} left out, with only the box or the outline written.")
    corners = zip(
        ("xmin", "ymin", "xmax", "ymax"),
        (shape.left, shape.top, shape.left + shape.width, shape.top + shape.height),
        strict=True,
    )
    box = "".join(f"<{side}>{_short(value)}</{side}>" for side, value in corners)
    polygons = "".join(f"  <polygon>{_corners(polygon)}</polygon>\n" for polygon in shape.polygons)
    return (
        f" <object>\n  <name>{escape(shape.category)}</name>\n{thing_fields(shape.attributes)}"
        f"  <bndbox>{box}</bndbox>\n{polygons} </object>\n"
    )


def _corners(polygon: tuple[float, ...]) -> str:
    pairs = ((f"{'xy'[at % 2]}{at // 2 + 1}", value) for at, value in enumerate(polygon))
    return "".join(f"<{name}>{_short(value)}</{name}>" for name, value in pairs)


def _short(value: float) -> str:
    return str(int(value)) if value.is_integer() else repr(value)
