"""How pixels are likely to reach a network: size, layout, scale, mean and standard deviation."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import cycle, islice
from typing import Any, Literal, cast

from models.errors import ModelError
from models.formats.facts import OnnxFacts, Tensor
from models.formats.picture_input import PictureInput
from models.proposal.known_pixels import Three, read_pixels
from models.proposal.reason import Reason
from models.spec import IMAGENET_MEAN, IMAGENET_STD, HeadSpec, Preprocessing

__all__ = ["find_preprocessing"]

_SMALLEST, _LARGEST = 8, 4096
_MOST_COLOURS = 64
_COLOURS = ((244, 248, 244), (68, 50, 45), (41, 49, 51), (130, 137, 143))
"""To begin with: white, brown and two greys, as furniture is painted."""

_REGIONS = 2
_NOTHING, _ONE = (0.0, 0.0, 0.0), (1.0, 1.0, 1.0)
_HALF = (0.5, 0.5, 0.5)


def find_preprocessing(
    facts: OnnxFacts,
    picture: PictureInput,
    size: tuple[int, int],
    colours: Tensor | None,
    heads: Sequence[HeadSpec],
    reasons: list[Reason],
) -> Preprocessing:
    """The preprocessing for ``picture`` at ``size`` (height, width); what was decided is added to ``reasons``.

    Raises:
        ModelError: the network takes another number type, or a size, that preprocessing can't make.
    """
    height, width = size
    dtype = picture.tensor.dtype
    if dtype not in ("uint8", "float16", "float32"):
        raise ModelError(f"The network takes pictures as {dtype}; export it for float32, float16 or uint8.")
    if not all(_SMALLEST <= side <= _LARGEST for side in size):
        raise ModelError(
            f"The network takes {width} x {height} pixels; Sortwerk gives it {_SMALLEST} to {_LARGEST} a side."
        )
    fixed = picture.height is not None and picture.width is not None
    why = "the network takes no other" if fixed else "it takes any, and this is usual"
    reasons.append(Reason("size", f"{width} x {height} pixels: {why}."))
    where = "before" if picture.layout == "NCHW" else "after"
    channels = "one channel, grey," if picture.channels == 1 else "three channels"
    reasons.append(Reason("layout", f"{picture.layout}: the input has {channels} {where} height and width."))
    known = read_pixels(facts.metadata_map)
    colour: Literal["RGB", "BGR", "grey"]
    if known is not None and picture.channels == 3:
        colour, scale, mean, std = known.colour, known.scale, known.mean, known.std
        reasons.append(Reason("values", f"Pixels are given as {known.source}."))
    else:
        colour, scale, mean, std = _values(facts, picture, heads, reasons)
    wished: dict[str, Any] = {}
    if colours is not None:
        regions = colours.shape[1] if colours.shape is not None and isinstance(colours.shape[1], int) else _REGIONS
        if regions > _MOST_COLOURS:
            raise ModelError(f"The network wants {regions} colours, and Sortwerk gives at most {_MOST_COLOURS}.")
        wished = {
            "colours_input": colours.name,
            "colours": tuple(islice(cycle(_COLOURS), regions)),
            "colours_scale": scale,
        }
        reasons.append(Reason("colours", f"The input {colours.name} takes {regions} colours of three numbers each."))
    return Preprocessing(
        side=max(height, width),
        width=width,
        height=height,
        layout=picture.layout,
        dtype=cast(Literal["uint8", "float16", "float32"], dtype),
        colour=colour,
        scale=scale,
        mean=mean,
        std=std,
        fit=known.fit if known is not None else "stretch",
        input=picture.tensor.name,
        **wished,
    )


def _values(
    facts: OnnxFacts, picture: PictureInput, heads: Sequence[HeadSpec], reasons: list[Reason]
) -> tuple[Literal["RGB", "BGR", "grey"], float, Three, Three]:
    """Order of the channels, scale, mean and standard deviation."""
    metadata = {key.lower(): value for key, value in facts.metadata_map.items()}
    order = " ".join(metadata.get(key, "") for key in ("colour", "color", "color_format", "channel_order")).upper()
    colour: Literal["RGB", "BGR", "grey"] = "BGR" if "BGR" in order else "RGB"
    if picture.channels == 1:
        colour = "grey"
    elif colour == "BGR":
        reasons.append(Reason("colour", "BGR: the metadata says so."))
    mean, std = _three(metadata.get("mean")), _three(metadata.get("std"))
    scale = 1 / 255
    if mean is not None and std is not None and min(std) > 0:
        scale = 1.0 if max(*mean, *std) > 2 else scale
        text = "mean and standard deviation as the metadata says"
    elif picture.tensor.dtype == "uint8":
        scale, mean, std, text = 1.0, _NOTHING, _ONE, "0 to 255 as they are: the network takes whole numbers"
    elif any(head.kind == "image" for head in heads):
        form = next(head.form for head in heads if head.kind == "image")
        scale = 1.0 if form.high > 2 else scale
        mean, std = (_HALF, _HALF) if form.low < 0 else (_NOTHING, _ONE)
        text = f"{form.low:g} to {form.high:g}, as the picture that it gives"
    elif any(head.kind == "boxes" for head in heads):
        mean, std, text = _NOTHING, _ONE, "0 to 1, as networks that find boxes are used to"
    elif picture.channels == 1:
        mean, std, text = _NOTHING, _ONE, "0 to 1, as is usual for grey"
    else:
        mean, std, text = IMAGENET_MEAN, IMAGENET_STD, "with mean and standard deviation of ImageNet, as is usual"
    reasons.append(Reason("values", f"Pixels are given {text}."))
    return colour, scale, mean, std


def _three(text: str | None) -> Three | None:
    """Three numbers from JSON or from between commas."""
    try:
        said = json.loads(f"[{(text or '')[:200].strip().strip('[]()')}]")
        red, green, blue = (float(value) for value in said)
    except (ValueError, TypeError, RecursionError):
        return None
    return (red, green, blue) if all(abs(value) < 1e6 for value in (red, green, blue)) else None
