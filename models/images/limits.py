"""How large a picture may be, and the sentences for those that are too large or broken. Pure Python."""

from __future__ import annotations

from models.errors import DamagedImageError, EmptyFileError, ImageTooLargeError, UnknownFormatError

__all__ = ["MAX_BYTES", "MAX_PIXELS", "check_size", "damaged", "empty", "too_many_bytes", "unsupported"]

MAX_PIXELS = 200_000_000
"""A 30,000 x 30,000 picture would need 3.6 GB before anything is known about it."""

MAX_BYTES = 1 << 30


def check_size(name: str, kind: str, width: int, height: int) -> None:
    """Refuse a size from a header before anything is allocated for it.

    Raises:
        DamagedImageError: a side is zero or less.
        ImageTooLargeError: more than ``MAX_PIXELS``.
    """
    if width <= 0 or height <= 0:
        raise damaged(name, kind)
    if width * height > MAX_PIXELS:
        raise ImageTooLargeError(
            name,
            f"is {width:,} x {height:,} pixels, more than is safe to open",
            f"make it smaller than {MAX_PIXELS // 1_000_000} million pixels",
        )


def empty(name: str) -> EmptyFileError:
    """The sentence for a file without content."""
    return EmptyFileError(name, "is empty (0 bytes)", "copy it again from where it came from")


def too_many_bytes(name: str) -> ImageTooLargeError:
    """The sentence for a file of more than ``MAX_BYTES``."""
    return ImageTooLargeError(name, "is larger than 1 GiB, more than is safe to open", "make it smaller")


def damaged(name: str, kind: str) -> DamagedImageError:
    """The sentence for a file of format ``kind`` that is cut off or broken."""
    return DamagedImageError(name, f"is a {kind} that is cut off or broken", "copy it again from where it came from")


def unsupported(name: str, kind: str, what: str) -> UnknownFormatError:
    """The sentence for a file of a known format in a variant that is not read; ``what`` names the variant."""
    return UnknownFormatError(name, f"is a {kind} of a kind this program does not read ({what})", "save it as PNG")
