"""How shapes are written in the panel and drawn on the canvas."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from desktop.labelling import shape_acts
from desktop.labelling.editor import Proposal
from desktop.labelling.shape_set import ShapeSet
from desktop.widgets.canvas import CanvasShape
from desktop.widgets.row_list import Row
from models.heads.painting import hex_colour
from training.datasets.values import Shape

__all__ = [
    "as_drawn",
    "colours_of",
    "counted_categories",
    "drawn",
    "list_title",
    "named",
    "proposal_words",
    "shape_rows",
]


def colours_of(categories: Sequence[str]) -> dict[str, str]:
    """#RRGGBB of each."""
    return {name: hex_colour(place) for place, name in enumerate(categories)}


def drawn(shapes: ShapeSet, numbers: Sequence[int], colours: Mapping[str, str]) -> list[CanvasShape]:
    """What holds and what is proposed, for the canvas; ``numbers`` are selected."""
    chosen = set(numbers)
    return [
        as_drawn(number, one, colours, dashed=number in shapes.waiting, selected=number in chosen)
        for number, one in shapes.everything()
    ]


def as_drawn(
    number: int, shape: Shape, colours: Mapping[str, str], *, dashed: bool = False, selected: bool = False
) -> CanvasShape:
    """One of them."""
    return CanvasShape(
        number,
        shape.category,
        colours.get(shape.category, "#808080"),
        (shape.left, shape.top, shape.width, shape.height),
        tuple(shape_acts.points_of(ring) for ring in shape.polygons),
        dashed=dashed,
        selected=selected,
        crowd=shape.crowd or shape.rle is not None,
        data=shape,
    )


def counted_categories(
    shapes: ShapeSet, categories: Sequence[str], colours: Mapping[str, str]
) -> list[tuple[str, str, int]]:
    """Name, colour and how many shapes of each."""
    counts = Counter(one.category for one in shapes.shapes.values())
    return [(name, colours[name], counts[name]) for name in categories]


def shape_rows(shapes: ShapeSet, colours: Mapping[str, str]) -> list[Row]:
    """What holds, then what is proposed: category and size, or how sure that is."""
    return [
        Row(
            one.category,
            shapes.sure_words(number) or f"{one.width:.0f} × {one.height:.0f}",
            colour=colours.get(one.category, ""),
            icon="circle-help" if number in shapes.waiting else "",
        )
        for number, one in shapes.everything()
    ]


def list_title(count: int, selected: int, *, labelled: bool) -> str:
    """Over the list."""
    if not labelled:
        title = "Not labelled yet"
    else:
        title = "Nothing is here" if not count else "1 shape" if count == 1 else f"{count:,} shapes"
    return f"{title}, {selected:,} selected" if selected > 1 else title


def proposal_words(proposal: Proposal | None, count: int) -> str:
    """How many are proposed and by whom; "" for none."""
    if not count or proposal is None:
        return ""
    return f"{count:,} proposed by {proposal.by}" if proposal.by else f"{count:,} proposed"


def named(shapes: Sequence[Shape]) -> str:
    """For the words of a step: the category of one, the number of several."""
    return shapes[0].category if len(shapes) == 1 else f"{len(shapes):,} shapes"
