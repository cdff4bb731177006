"""Unpacking a package that nobody vouches for, into a folder of our own: nothing in it is run or believed here.

Names come from a white list, so no member can be written elsewhere; sizes are counted while unpacking, whatever the
list in the zip promises.
"""

from __future__ import annotations

import hashlib
import stat
import struct
import threading
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path, PureWindowsPath
from typing import IO, BinaryIO

from models import workspace
from models.errors import Cancelled, FileError, ModelError, WorkspaceError, one_line
from models.files import open_regular, trouble
from models.package.members import MAX_MEMBERS, MAX_PACKAGE, METADATA, NETWORK, is_member, most

__all__ = ["MAX_RATIO", "RATIO_FROM", "unpack"]

MAX_RATIO = 250
"""Unpacked to packed, of each member and of all together; deflate's most, 1,032, is what bombs are made of."""

RATIO_FROM = 1 << 20
"""Bytes up to which a member is harmless at any ratio."""

_CHUNK = 1 << 20
_LIST_MOST = 256 << 10
"""Bytes of the zip's list of contents; ``MAX_MEMBERS`` short names need a twentieth."""

_END = struct.Struct("<4s4H2LH")
"""The record at a zip's end (PKWARE APPNOTE 4.3.16): signature, this disk, the list's disk, members on this disk, all
members, bytes of the list, where it begins, bytes of the comment."""

_LOCAL = struct.Struct("<4s22xHH")
"""A member's own header (4.3.7): signature, length of the name, length of the extra field."""

_ENCRYPTED = 0x1 | 0x40 | 0x2000
_AGAIN = "get the package again"
_HARM = "don't use it, it may be meant to do harm"


def unpack(path: Path, folder: Path, *, cancel: threading.Event | None = None) -> str:
    """Unpack the package at ``path`` into ``folder``, which is there and empty.

    Returns:
        SHA-256 of the package, lower-case hex.

    Raises:
        ModelError: it can't be read, or is refused; what was unpacked until then still lies there.
        WorkspaceError: ``folder`` can't be written.
        Cancelled: ``cancel`` was set.
    """
    name = one_line(path.name or str(path))
    try:
        file = open_regular(path)
    except (OSError, ValueError) as error:
        raise ModelError(str(trouble(path, error))) from error
    except FileError as error:
        raise ModelError(str(error)) from error
    with file:
        try:
            stop = _check_end(file, name)
            infos = _members(file, name)
            _check_places(file, infos, stop, name)
            _unpack_all(file, infos, folder, name, cancel)
            file.seek(0)
            return _sha256(file)
        except (OSError, struct.error) as error:
            said = workspace.reason(error) if isinstance(error, OSError) else "it ends too soon"
            raise ModelError(f"{name} can't be read ({said}); copy it again from where it came from.") from error


def _sha256(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    while chunk := file.read(_CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


def _refused(name: str, what: str, advice: str = _AGAIN) -> ModelError:
    return ModelError(f"{name} {what}; {advice}.")


def _check_end(file: BinaryIO, name: str) -> int:
    """Look at the first and the last bytes, before anything reads the list of contents into memory; where it begins."""
    head = file.read(4)
    if not head:
        raise _refused(name, "is empty (0 bytes)")
    if head != b"PK\x03\x04":
        raise _refused(name, "is no model package (not a zip)", "choose a .ps2model file")
    size = file.seek(0, 2)
    start = max(0, size - _END.size - 0xFFFF)
    file.seek(start)
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _END.size:
        raise _refused(name, "is cut off (its list of contents is missing)", "copy it again from where it came from")
    _, disk, list_disk, here, members, length, offset, comment = _END.unpack_from(tail, at)
    if disk or list_disk or here != members:
        raise _refused(name, "is one part of a zip in several parts", "get the package in one file")
    if members > MAX_MEMBERS or length > _LIST_MOST:
        raise _refused(name, f"holds {members:,} files, more than a package may ({MAX_MEMBERS})", _HARM)
    if start + at + _END.size + comment != size or offset + length != start + at:
        raise _refused(name, "is damaged (something lies before, between or behind what a zip is made of)")
    return int(offset)


def _members(file: BinaryIO, name: str) -> list[zipfile.ZipInfo]:
    """What the list says there is, each of it allowed."""
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            infos = archive.infolist()
    except Exception as error:  # zipfile raises half a dozen kinds on a broken list
        raise _refused(name, "is damaged (its list of contents can't be read)") from error
    if len(infos) > MAX_MEMBERS:
        raise _refused(name, f"holds {len(infos):,} files, more than a package may ({MAX_MEMBERS})", _HARM)
    seen: set[str] = set()
    for info in infos:
        _check_member(info, name)
        folded = info.filename.casefold()
        if folded in seen:
            raise _refused(name, f"holds {info.filename} twice", _HARM)
        seen.add(folded)
    for needed in (METADATA, NETWORK):
        if needed not in seen:
            raise _refused(name, f"is no model package: it has no {needed}", "get a whole one")
    return infos


def _check_member(info: zipfile.ZipInfo, name: str) -> None:
    inner = info.orig_filename
    shown = one_line(inner)[:80] or "a file without a name"
    if inner.startswith(("/", "\\")) or PureWindowsPath(inner).drive or ".." in inner.replace("\\", "/").split("/"):
        raise _refused(name, f"holds {shown}, a path that leads out of it", _HARM)
    if inner.endswith(("/", "\\")) or info.is_dir():
        raise _refused(name, f"holds a folder ({shown}), which no package does")
    mode = info.external_attr >> 16
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        raise _refused(name, f"holds {shown}, which is a link or another special file", _HARM)
    if "/" in inner or "\\" in inner or inner != info.filename or not is_member(inner):
        raise _refused(name, f"holds {shown}, which no package has")
    if info.flag_bits & _ENCRYPTED:
        raise _refused(name, f"is locked with a password ({shown})", "ask its maker for one without")
    if info.volume:
        raise _refused(name, "is one part of a zip in several parts", "get the package in one file")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise _refused(name, f"is packed in a way that packages are not ({shown})", "ask its maker for an ordinary zip")
    if info.file_size > most(inner):
        raise _refused(name, f"holds {shown} of more than {most(inner) >> 10:,} KiB", _HARM)


def _check_places(file: BinaryIO, infos: Sequence[zipfile.ZipInfo], stop: int, name: str) -> None:
    """Refuse members that lie over each other, as those of the bombs do that unpack the same bytes many times, or over
    the list of contents, which begins at ``stop``.
    """
    end = 0
    for info in sorted(infos, key=lambda one: one.header_offset):
        if info.header_offset < end:
            raise _refused(name, f"holds {info.filename} at a place where another file lies", _HARM)
        file.seek(info.header_offset)
        signature, name_length, extra_length = _LOCAL.unpack(file.read(_LOCAL.size))
        if signature != b"PK\x03\x04":
            raise _refused(name, f"is damaged ({info.filename} is not where the list of contents says)")
        end = info.header_offset + _LOCAL.size + name_length + extra_length + info.compress_size
    if end > stop:
        raise _refused(name, "is damaged (its list of contents lies over a file)")


def _unpack_all(
    file: BinaryIO, infos: Sequence[zipfile.ZipInfo], folder: Path, name: str, cancel: threading.Event | None
) -> None:
    file.seek(0)
    total = packed = 0
    with zipfile.ZipFile(file) as archive:
        for info in infos:
            total += _unpack_one(archive, info, folder, name, MAX_PACKAGE - total, cancel)
            packed += info.compress_size
            if total > RATIO_FROM and total > MAX_RATIO * packed:
                raise _refused(name, "unpacks to far more than a model would", _HARM)


def _unpack_one(
    archive: zipfile.ZipFile,
    info: zipfile.ZipInfo,
    folder: Path,
    name: str,
    room: int,
    cancel: threading.Event | None,
) -> int:
    """Unpack one member; return its bytes, counted."""
    count = 0
    target = folder / info.filename
    try:
        source: IO[bytes] = archive.open(info)
    except Exception as error:  # as above
        raise _refused(name, f"is damaged ({info.filename} can't be unpacked)") from error
    with source, _created(target) as unpacked:
        while chunk := _read(source, info, name):
            if cancel is not None and cancel.is_set():
                raise Cancelled("The import was cancelled.")
            count += len(chunk)
            if count > most(info.filename) or count > room:
                raise _refused(name, f"unpacks to more than the {MAX_PACKAGE >> 20} MiB that a package may have", _HARM)
            if count > RATIO_FROM and count > MAX_RATIO * info.compress_size:
                raise _refused(name, f"holds {info.filename}, which unpacks to far more than a model would", _HARM)
            _write(unpacked, chunk, target)
    if count != info.file_size:
        raise _refused(name, f"is damaged ({info.filename} is not as long as it says)")
    return count


def _read(source: IO[bytes], info: zipfile.ZipInfo, name: str) -> bytes:
    try:
        return source.read(_CHUNK)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError) as error:
        raise _refused(name, f"is damaged ({info.filename} can't be unpacked)") from error


def _created(target: Path) -> BinaryIO:
    try:
        return target.open("xb")
    except OSError as error:
        raise _full(target, error) from error


def _write(file: BinaryIO, chunk: bytes, target: Path) -> None:
    try:
        file.write(chunk)
    except OSError as error:
        raise _full(target, error) from error


def _full(target: Path, error: OSError) -> WorkspaceError:
    return WorkspaceError(
        f"{target.parent} can't be written ({workspace.reason(error)}); make room or choose another workspace."
    )
