"""How a head's numbers come out of a network: what packing and decoding must know beside the categories."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["Form"]


@dataclass(frozen=True, slots=True)
class Form:
    """What was read from a network, or said by a person in the import assistant. Each kind uses what concerns it.

    Attributes:
        outputs: names of the network's outputs that answer, in the order the kind wants them (``boxes``: boxes,
            labels, scores; else one). Empty: the network's first output.
        values: what the numbers are. "logits" of any size; "probabilities", 0 to 1; "classes": whole numbers that are
            indices of categories (``mask``).
        layout: of ``mask`` and ``image`` outputs.
        low: of ``image``, the value of black (0, or -1); of ``grade``, the lowest grade.
        high: of ``image``, the value of white (1, or 255); of ``grade``, the highest grade.
        boxes: corners of ``boxes``: "xyxy" (left, top, right, bottom), "xywh" (left, top, width, height) or "cxcywh"
            (centre, width, height). "yolo" is one output (N, 4 + n, anchors) or (N, anchors, 4 + n): cxcywh in pixels
            of the input and a score for each category, overlapping boxes still in it.
        fractions: whether box coordinates are 0 to 1; else pixels of the network's input.
        first_label: the label that stands for the first category of ``boxes``: 1 where 0 is the background.
        shape: of one picture's packed numbers, where the kind needs it: ``mask`` (2, H, W), ``image`` (3, H, W). Found
            when the network is loaded; () before.
    """

    outputs: tuple[str, ...] = ()
    values: Literal["logits", "probabilities", "classes"] = "logits"
    layout: Literal["NCHW", "NHWC"] = "NCHW"
    low: float = 0.0
    high: float = 1.0
    boxes: Literal["xyxy", "xywh", "cxcywh", "yolo"] = "xyxy"
    fractions: bool = False
    first_label: int = 0
    shape: tuple[int, ...] = ()
