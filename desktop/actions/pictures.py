"""Pictures for the eye: thumbnails, and one picture at full size with what is worth knowing about its file."""

from __future__ import annotations

from desktop.actions.facts import Facts, Pixels
from models.images.decode import decode
from models.images.picture import Picture
from models.images.resize import thumbnail
from models.sources import Source

__all__ = ["LARGEST_SHOWN", "load_picture", "load_thumbnail"]

LARGEST_SHOWN = 4096
"""Pixels along the longer side up to which a JPEG is shown in full; beyond, it is decoded at a reduced size."""


def load_thumbnail(source: Source, side: int) -> Pixels:
    """The picture at most ``side`` pixels wide and high, alpha on a checker.

    Raises:
        FileError: the source gives no picture.
    """
    small = thumbnail(decode(source.read_picture(), source.name, max_side=side), side)
    return Pixels(small.shape[1], small.shape[0], small.tobytes())


def load_picture(source: Source) -> tuple[Pixels, Facts]:
    """The picture to look at closely, alpha on a checker, and the facts about its file.

    Raises:
        FileError: the source gives no picture.
    """
    data = source.read_picture()
    picture = decode(data, source.name, max_side=LARGEST_SHOWN)
    shown = picture.on_checker()
    return Pixels(shown.shape[1], shown.shape[0], shown.tobytes()), _facts(picture, len(data))


def _facts(picture: Picture, size: int) -> Facts:
    return Facts(picture.format, picture.width, picture.height, picture.has_alpha, picture.bits, size)
