"""Zips: listing what is in them and reading one member, with nothing ever written to disk.

The list is read once; each member then carries where its bytes are, so reading 10,000 members opens the zip 10,000
times but its list never again. Nothing is kept open or shared, hence nothing to lock, and the person can move or
delete the zip at any time.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import BinaryIO

from models.errors import ArchiveError, FileError, one_line
from models.images.limits import empty

__all__ = ["MAX_MEMBER_BYTES", "MAX_RATIO", "RATIO_FROM_BYTES", "Member", "is_zip", "members", "read"]

MAX_MEMBER_BYTES = 512 << 20

MAX_RATIO = 250
"""Unpacked to packed. Pictures reach it only where they are one flat colour; bombs live near deflate's 1,032."""

RATIO_FROM_BYTES = 16 << 20
"""Members that unpack to less are harmless at any ratio: a flat 2048 x 2048 TGA is one."""

METHODS: Mapping[int, str] = MappingProxyType(
    {9: "Deflate64", 12: "bzip2", 14: "LZMA", 93: "Zstandard", 95: "XZ", 98: "PPMd", 99: "AES"}
)
"""Packing methods that are refused, by name (PKWARE APPNOTE 6.3.10, 4.4.5)."""

LOCAL_HEADER = struct.Struct("<4s22xHH")
"""Signature, length of the name, length of the extra field (APPNOTE 4.3.7)."""

CHUNK = 1 << 20
ENCRYPTED = 0x1
REPACK = "pack the archive again"
UNPACK = "unpack the archive and drop the folder"


@dataclass(frozen=True, slots=True)
class Member:
    """Where one member's bytes are in the zip.

    Attributes:
        offset: of its local header, bytes from the start of the file.
        packed: bytes in the zip.
        size: bytes unpacked.
        crc: CRC-32 of the unpacked bytes.
        deflated: whether packed by deflate; stored as it is otherwise.
    """

    offset: int
    packed: int
    size: int
    crc: int
    deflated: bool


def is_zip(head: bytes) -> bool:
    """Whether a file that begins so is a zip (with members, or empty)."""
    return head.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def members(file: BinaryIO, name: str) -> Iterator[tuple[str, Member | ArchiveError]]:
    """Each file in the zip ``file``: its name inside with forward slashes, and where it is or why it is refused.

    Folders are left out. A name that occurs more than once counts as its last copy, as it does when unpacked; the
    earlier ones are refused, under a name of their own.

    Raises:
        ArchiveError: the list can't be read; ``name`` is the zip's.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
    except Exception as error:  # zipfile raises half a dozen kinds on a broken list.
        raise ArchiveError(
            name, "is not a zip archive, or a damaged one", "copy it again from where it came from"
        ) from error
    last = {info.filename.replace("\\", "/"): info for info in infos}
    copies = 0
    for info in infos:
        inner = info.filename.replace("\\", "/")
        if last[inner] is info:
            yield inner, _member(info, inner)
        else:
            copies += 1
            yield (
                f"{inner} (earlier copy {copies})",
                ArchiveError(inner, "is in its archive more than once, and only the last copy was read", REPACK),
            )


def read(file: BinaryIO, member: Member, name: str, limit: int | None = None) -> bytes:
    """The unpacked content of ``member``, or only its first ``limit`` bytes.

    Never unpacks more than the list promised, whatever the packed data would yield.

    Raises:
        ArchiveError: the data is broken, or the zip has changed since it was listed.
        EmptyFileError: the member has no bytes.
    """
    if member.size == 0:
        raise empty(name)
    wanted = member.size if limit is None else min(limit, member.size)
    try:
        file.seek(member.offset)
        signature, name_length, extra_length = LOCAL_HEADER.unpack(file.read(LOCAL_HEADER.size))
        file.seek(name_length + extra_length, 1)
        content = _inflate(file, member.packed, wanted) if member.deflated else file.read(wanted)
    except (struct.error, zlib.error, ValueError, OverflowError) as error:
        raise _broken(name) from error
    if signature != b"PK\x03\x04" or len(content) != wanted:
        raise _broken(name)
    if wanted == member.size and zlib.crc32(content) != member.crc:
        raise _broken(name)
    return content


def _member(info: zipfile.ZipInfo, inner: str) -> Member | ArchiveError:
    name = inner.rpartition("/")[2]
    if _climbs(inner):
        return ArchiveError(name, f"has a path that leads out of its archive ({one_line(inner)})", REPACK)
    if info.flag_bits & ENCRYPTED:
        return ArchiveError(name, "is locked with a password", UNPACK)
    if inner.lower().endswith(".zip"):
        return ArchiveError(name, "is a zip inside a zip", UNPACK)
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        method = METHODS.get(info.compress_type, f"method {info.compress_type}")
        return ArchiveError(name, f"is packed in a way this program does not read ({method})", UNPACK)
    if info.file_size > MAX_MEMBER_BYTES:
        return ArchiveError(name, f"unpacks to more than {MAX_MEMBER_BYTES >> 20} MiB", UNPACK)
    if info.file_size > RATIO_FROM_BYTES and info.file_size > MAX_RATIO * info.compress_size:
        return ArchiveError(name, "unpacks to far more than a picture would", "leave it out, it may do harm")
    deflated = info.compress_type == zipfile.ZIP_DEFLATED
    return Member(info.header_offset, info.compress_size, info.file_size, info.CRC, deflated)


def _climbs(inner: str) -> bool:
    """Whether unpacking under this name could write outside the folder: absolute, a drive letter, or through ``..``."""
    return inner.startswith("/") or inner[1:2] == ":" or ".." in inner.split("/")


def _inflate(file: BinaryIO, packed: int, wanted: int) -> bytes:
    """At most ``wanted`` bytes from ``packed`` bytes of raw deflate data at the file's position."""
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    pieces: list[bytes] = []
    while wanted > 0 and packed > 0 and not unpacker.eof:
        chunk = file.read(min(packed, CHUNK))
        if not chunk:
            break
        packed -= len(chunk)
        pieces.append(unpacker.decompress(chunk, wanted))
        wanted -= len(pieces[-1])
    return b"".join(pieces)


def _broken(name: str) -> FileError:
    return ArchiveError(
        name, "can't be unpacked: its archive is damaged or has changed", "drop the archive again, or unpack it"
    )
