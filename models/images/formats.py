"""Which picture format a file's first bytes are. Pure Python: cheap to import, opens nothing, decodes nothing."""

from __future__ import annotations

import struct
from types import MappingProxyType

from models.errors import UnknownFormatError

__all__ = ["FORMATS", "SNIFF_BYTES", "sniff", "unknown"]

FORMATS = ("PNG", "JPEG", "TGA", "BMP", "WebP", "TIFF", "GIF", "DDS", "TIM2")
"""Every format ``decode`` reads, as a person knows them."""

SNIFF_BYTES = 64
"""How much of a file ``sniff`` looks at; fewer bytes are allowed."""

MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"DDS \x7c\0\0\0", "DDS"),
    (b"TIM2", "TIM2"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"II+\0", "TIFF"),
    (b"MM\0+", "TIFF"),
)

BMP_HEADER_SIZES = frozenset({12, 16, 40, 52, 56, 64, 108, 124})
"""Sizes of the second header that exist: "BM" alone also starts a sentence about a car."""

TGA_DEPTHS = MappingProxyType({1: (8,), 2: (15, 16, 24, 32), 3: (8, 16), 9: (8,), 10: (15, 16, 24, 32), 11: (8, 16)})
"""Image type -> bits a pixel (Truevision TGA file format specification 2.0, tables 1 and 2)."""

TGA_PALETTE_DEPTHS = (15, 16, 24, 32)

NOT_PICTURES = (
    (b"PK\x03\x04", "is a zip archive", "give it a name that ends in .zip, or unpack it"),
    (b"Rar!", "is a RAR archive", "unpack it first"),
    (b"7z\xbc\xaf", "is a 7-Zip archive", "unpack it first"),
    (b"\x1f\x8b", "is a compressed archive (gzip)", "unpack it first"),
    (b"%PDF", "is a PDF document", "save its pages as PNG"),
    (b"8BPS", "is a Photoshop document", "save it as PNG"),
    (b"v/1\x01", "is an OpenEXR picture, which this program does not read", "save it as PNG"),
    (b"#?RADIANCE", "is a Radiance HDR picture, which this program does not read", "save it as PNG"),
    (b"\xabKTX", "is a KTX texture, which this program does not read", "save it as PNG or DDS"),
    (b"\0\0\1\0", "is an icon, which this program does not read", "save it as PNG"),
    (
        b"\x10\0\0\0",
        "may be a TIM picture of the first PlayStation, which this program does not read",
        "save it as PNG",
    ),
    (b"MZ", "is a program, not a picture", "leave it out"),
    (b"\x7fELF", "is a program, not a picture", "leave it out"),
    (b"OggS", "is a sound or a film, not a picture", "leave it out"),
    (b"fLaC", "is a sound, not a picture", "leave it out"),
    (b"ID3", "is a sound, not a picture", "leave it out"),
)
"""First bytes -> what is wrong, what to do: for the files most often found beside textures."""

BOXED = MappingProxyType({b"heic": "HEIC", b"heix": "HEIC", b"mif1": "HEIC", b"avif": "AVIF"})
"""Brand of an ISO media file -> picture format (ISO/IEC 23008-12, 14496-12)."""


def sniff(head: bytes, name: str) -> str | None:
    """The format of a picture file, one of ``FORMATS``, or None when it is no picture this program reads.

    Args:
        head: the file's first bytes; ``SNIFF_BYTES`` of them are enough.
        name: the file's name. It never decides alone: TGA has no signature, so an unusual TGA header is believed
            only where the name says TGA too.
    """
    for magic, found in MAGIC:
        if head.startswith(magic):
            return found
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "WebP"
    if head.startswith(b"BM") and len(head) >= 18 and struct.unpack_from("<I", head, 14)[0] in BMP_HEADER_SIZES:
        return "BMP"
    if _is_tga(head, lenient=name.lower().endswith((".tga", ".targa", ".vda", ".icb", ".vst"))):
        return "TGA"
    return None


def unknown(head: bytes, name: str) -> UnknownFormatError:
    """The sentence for a file that ``sniff`` does not know, naming what it holds where that can be told."""
    for magic, reason, advice in NOT_PICTURES:
        if head.startswith(magic):
            return UnknownFormatError(name, reason, advice)
    if head[4:8] == b"ftyp":
        if (brand := BOXED.get(head[8:12])) is not None:
            return UnknownFormatError(
                name, f"is a picture in {brand} form, which this program does not read", "save it as PNG"
            )
        return UnknownFormatError(name, "is a film or a sound, not a picture", "leave it out")
    if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:5].lower() in (b"<svg ", b"<svg>"):
        return UnknownFormatError(name, "is a drawing (SVG), not a picture made of pixels", "save it as PNG")
    if _is_text(head):
        return UnknownFormatError(name, "holds text, not a picture", "leave it out")
    return UnknownFormatError(
        name, "is not a picture this program reads", f"use one of these formats: {', '.join(FORMATS)}"
    )


def _is_text(head: bytes) -> bool:
    """Whether the bytes read as UTF-8 or UTF-16 text; a character cut at the end is forgiven."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    try:
        text = head.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.reason != "unexpected end of data":
            # Old text in a one-byte encoding: no control characters, mostly plain letters.
            plain = sum(32 <= byte < 127 or byte in b"\t\r\n" for byte in head)
            return min(head) >= 9 and plain > 0.7 * len(head)
        text = head[: error.start].decode("utf-8")
    return all(character.isprintable() or character in "\t\r\n\f\ufeff" for character in text)


def _is_tga(head: bytes, *, lenient: bool) -> bool:
    """Whether the bytes make a TGA header that some program would have written."""
    if len(head) < 18:
        return False
    palette, kind = head[1], head[2]
    first, colours, entry_bits = struct.unpack_from("<HHB", head, 3)
    width, height, depth, descriptor = struct.unpack_from("<HHBB", head, 12)
    if palette > 1 or depth not in TGA_DEPTHS.get(kind, ()) or not width or not height or descriptor & 0xC0:
        return False
    if kind in (1, 9):
        return palette == 1 and entry_bits in TGA_PALETTE_DEPTHS and colours > 0 and first + colours <= 65536
    if palette == 1:
        return lenient and entry_bits in TGA_PALETTE_DEPTHS
    # Alpha bits that the pixel can't hold are a sign of chance, as is a palette that isn't there.
    alpha = descriptor & 0x0F
    return lenient or (first == colours == entry_bits == 0 and alpha in (0, 1, 8) and alpha <= max(depth - 8, 1))
