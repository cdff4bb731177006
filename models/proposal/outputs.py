"""Which heads a network's outputs are likely to be, by their shapes, numbers and names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from models.errors import one_line
from models.formats.facts import Sample
from models.heads.form import Form
from models.proposal.names import Names, clean
from models.proposal.reason import Reason
from models.spec import HeadSpec

__all__ = ["FURNITURE", "find_heads"]

FURNITURE = ("Background", "Drawer", "Frame", "Handle", "Surface", "Other")
"""What masks of six classes are in the document of the furniture models; a suggestion."""

_ANY_BOXES = 91
"""Labels, where nobody says how many there are: the most that common detectors know."""

_ANY_CLASSES = 21
"""In a mask of indices, at least, where nobody says how many there are: the first run may not show all of them."""

_EPSILON = 1e-3
_TITLES = {
    "categories": "category",
    "boxes": "boxes",
    "mask": "mask",
    "image": "image",
    "grade": "grade",
    "tags": "tags",
}

Layout = Literal["NCHW", "NHWC"]
Values = Literal["logits", "probabilities", "classes"]


@dataclass(frozen=True, slots=True)
class _Guess:
    kind: str
    form: Form
    count: int
    why: str
    background: bool = False


def find_heads(
    outputs: Sequence[Sample],
    size: tuple[int, int],
    names: Names | None,
    colours: bool,
    reasons: list[Reason],
) -> list[HeadSpec]:
    """Heads for ``outputs``, in their order; what was decided, and what is left out, is added to ``reasons``.

    Args:
        outputs: of the first run.
        size: height and width of the network's input.
        names: of categories, where any were found.
        colours: whether the network is told colours, so that what it gives is a picture.
        reasons: to add to.
    """
    guesses: list[tuple[str, _Guess]] = []
    detection = _detection(outputs)
    rest = [one for one in outputs if detection is None or one.name not in detection.form.outputs]
    if detection is not None:
        guesses.append((detection.form.outputs[0], detection))
    for one in rest:
        guess = _guess(one, size, names, colours)
        if guess is None:
            reasons.append(Reason(one_line(one.name), f"{_shape(one)} is of no kind that is known; it is left out."))
        else:
            guesses.append((one.name, guess))
    alone = len(guesses) == 1
    titles = clean([_TITLES[guess.kind] if alone else output for output, guess in guesses])
    heads = []
    for title, (output, guess) in zip(titles, guesses, strict=True):
        reasons.append(Reason(title, f"{guess.kind.capitalize()}: {guess.why}."))
        categories = _categories(guess, output, names, title, reasons)
        heads.append(HeadSpec(name=title, kind=guess.kind, categories=categories, form=guess.form))
    return heads


def _detection(outputs: Sequence[Sample]) -> _Guess | None:
    """Three outputs: boxes (..., 4), and labels and scores with one number a box."""
    for boxes in outputs:
        if boxes.shape[-1:] != (4,) or len(boxes.shape) not in (2, 3) or not boxes.dtype.startswith("float"):
            continue
        others = [one for one in outputs if one is not boxes and one.shape == boxes.shape[:-1]]
        labels = next((one for one in others if "int" in one.dtype or _says(one, "label", "class")), None)
        scores = next((one for one in others if one is not labels and one.dtype.startswith("float")), None)
        if labels is None or scores is None:
            continue
        fractions = boxes.high is not None and 0 < boxes.high <= 1.5
        form = Form(outputs=(boxes.name, labels.name, scores.name), fractions=fractions)
        unit = "fractions of the picture" if fractions else "pixels"
        why = f"its outputs {boxes.name}, {labels.name} and {scores.name} fit together, corners in {unit}"
        return _Guess("boxes", form, 0, why)
    return None


def _guess(one: Sample, size: tuple[int, int], names: Names | None, colours: bool) -> _Guess | None:
    shape = one.shape
    while len(shape) > 2 and shape[-1] == 1 and len(shape) != 4:
        shape = shape[:-1]
    if len(shape) == 4 and shape[2:] == (1, 1):
        shape = shape[:2]
    if len(shape) == 4:
        return _dense(one, size, colours)
    if len(shape) == 3:
        return _flat_mask(one, size) or _yolo(one, names)
    if len(shape) == 2 and shape[1] >= 1 and one.dtype.startswith("float"):
        return _vector(one, shape[1])
    return None


def _vector(one: Sample, count: int) -> _Guess | None:
    bounded = _within(one, 0, 1)
    if count == 1:
        low, high = (0.0, 1.0) if bounded else (1.0, 10.0)
        form = Form(outputs=(one.name,), low=low, high=high)
        return _Guess("grade", form, 0, f"one number a picture, taken to be from {low:g} to {high:g}")
    if _says(one, "tag", "attribute", "multilabel"):
        values: Values = "probabilities" if bounded else "logits"
        return _Guess(
            "tags", Form(outputs=(one.name,), values=values), count, f"{count} {values}, by its name any of them"
        )
    if one.axis == 1:
        why = f"{count} numbers a picture that add up to 1, so probabilities"
        return _Guess("categories", Form(outputs=(one.name,), values="probabilities"), count, why)
    why = f"{count} numbers a picture that don't add up to 1, so logits"
    return _Guess("categories", Form(outputs=(one.name,), values="logits"), count, why)


def _dense(one: Sample, size: tuple[int, int], colours: bool) -> _Guess | None:
    """A mask or a picture, when two of its axes go with the input's height and width."""
    _, first, middle, last = one.shape
    layout: Layout
    if _near((middle, last), size):
        layout, channels = "NCHW", first
    elif _near((first, middle), size):
        layout, channels = "NHWC", last
    else:
        return None
    scale = _picture_scale(one, channels, colours)
    if scale is not None:
        low, high = scale
        form = Form(outputs=(one.name,), layout=layout, low=low, high=high)
        return _Guess("image", form, 0, f"{channels} channels of {low:g} to {high:g}, of the picture's size")
    if "int" in one.dtype or one.dtype == "bool":
        if channels != 1:
            return None
        return _classes(one, layout)
    if channels == 1:
        values: Values = "probabilities" if _within(one, 0, 1) else "logits"
        form = Form(outputs=(one.name,), layout=layout, values=values)
        return _Guess("mask", form, 2, f"one layer of {values}: where something is, and where not", background=True)
    values = "probabilities" if one.axis == (1 if layout == "NCHW" else -1) else "logits"
    form = Form(outputs=(one.name,), layout=layout, values=values)
    return _Guess("mask", form, channels, f"a layer of {values} for each of {channels} classes", background=True)


def _picture_scale(one: Sample, channels: int, colours: bool) -> tuple[float, float] | None:
    """Black and white of what is a picture; None for what is none."""
    if channels not in (1, 3) or one.low is None or one.high is None or one.axis != 0:
        return None
    if one.dtype == "uint8":
        return (0.0, 255.0) if channels == 3 else None
    if not one.dtype.startswith("float") or _says(one, "mask", "seg", "logit"):
        return None
    if channels == 1 and not _says(one, "depth", "image", "picture", "albedo", "grey", "gray", "height"):
        return None
    if _within(one, 0, 1):
        return 0.0, 1.0
    if _within(one, -1, 1):
        return -1.0, 1.0
    told = colours or _says(one, "image", "picture", "rgb")
    if told and one.low >= -1 and one.high > 2:
        return 0.0, 255.0
    return (0.0, 1.0) if told else None


def _flat_mask(one: Sample, size: tuple[int, int]) -> _Guess | None:
    """(N, H, W): a class a pixel, or one layer."""
    if not _near(one.shape[1:], size):
        return None
    if "int" in one.dtype:
        return _classes(one, "NCHW")
    if _says(one, "depth", "height"):
        return _Guess("image", Form(outputs=(one.name,)), 0, "one number a pixel, by its name")
    values: Values = "probabilities" if _within(one, 0, 1) else "logits"
    return _Guess("mask", Form(outputs=(one.name,), values=values), 2, f"one layer of {values}", background=True)


def _classes(one: Sample, layout: Layout) -> _Guess:
    count = max(_ANY_CLASSES, int(one.high or 0) + 1)
    form = Form(outputs=(one.name,), layout=layout, values="classes")
    return _Guess("mask", form, count, "a whole number a pixel, so the index of its class", background=True)


def _yolo(one: Sample, names: Names | None) -> _Guess | None:
    """(N, 4 + n, anchors), or the other way round; one with a column more is of an older form that is not read."""
    few, many = sorted(one.shape[1:])
    if few < 5 or few == many or not one.dtype.startswith("float"):
        return None
    known = names.find(one.name) if names is not None else ()
    if known and len(known) != few - 4:
        return None
    form = Form(outputs=(one.name,), boxes="yolo")
    return _Guess("boxes", form, few - 4, f"{many} anchors with a box and {few - 4} scores each, as YOLO gives them")


def _categories(guess: _Guess, output: str, names: Names | None, title: str, reasons: list[Reason]) -> tuple[str, ...]:
    """Names for a guess; what is not known is counted."""
    if guess.kind in ("image", "grade"):
        return ()
    found = names.find(output) if names is not None else ()
    source = names.source if names is not None else ""
    counted = guess.kind == "boxes" and guess.form.boxes != "yolo"  # a number of boxes says nothing of labels
    sure = guess.form.values != "classes" and not counted
    if found and (len(found) == guess.count or not sure):
        reasons.append(Reason(title, f"The names of its {len(found)} categories are from {source}."))
        return found
    if found and guess.background and len(found) + 1 == guess.count:
        reasons.append(Reason(title, f"Names are from {source}, which has none for the background."))
        return clean(("Background", *found))
    if found:
        reasons.append(
            Reason(title, f"There are {len(found)} names in {source} for {guess.count} categories: not used.")
        )
    if guess.kind == "mask" and guess.count == len(FURNITURE):
        reasons.append(
            Reason(title, "The names are a suggestion: those of furniture models, which have six classes too.")
        )
        return FURNITURE
    if guess.kind == "mask" and guess.count == 2:
        return ("Background", "Object")
    count = _ANY_BOXES if counted else guess.count
    reasons.append(Reason(title, f"Nothing says what its {count} categories are called; name them."))
    return tuple(f"class {index}" for index in range(count))


def _near(sides: Sequence[int], size: tuple[int, int]) -> bool:
    """Whether ``sides`` go with the input's: of an eighth to four times its size, and of its proportions."""
    down, across = (side / whole for side, whole in zip(sides, size, strict=True))
    return 1 / 8 <= down <= 4 and abs(down - across) <= 0.1 * max(down, across) and min(sides) > 1


def _within(one: Sample, low: float, high: float) -> bool:
    return one.low is not None and one.high is not None and low - _EPSILON <= one.low and one.high <= high + _EPSILON


def _says(one: Sample, *words: str) -> bool:
    return any(word in one.name.lower() for word in words)


def _shape(one: Sample) -> str:
    return f"{one.dtype} ({', '.join(map(str, one.shape))})"
