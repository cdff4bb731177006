"""What a pickle would run, read from its instructions without following one of them.

A pickle is a small program; it can do nothing without the functions and classes that it names. PyTorch's checkpoints of
weights name a few of PyTorch's own, the ones that ``torch.load(..., weights_only=True)`` allows.
"""

from __future__ import annotations

import io
import pickletools
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, cast

from models import archives
from models.errors import ArchiveError, FileError, ModelError, one_line
from models.files import open_regular, trouble
from models.formats.format import Members

__all__ = ["check_checkpoint", "named", "names_in", "refusal"]

_LARGEST = 256 << 20
"""Bytes of a pickle: the numbers themselves are elsewhere."""

_PICKLES_BEFORE_1_6 = 5
"""One after another, before the numbers: a mark, a version, the computer, the weights, and where their numbers are."""

_WEIGHTS = frozenset(
    {
        "collections OrderedDict",
        "collections Counter",
        "collections defaultdict",
        "torch.nn.parameter Parameter",
        "torch.serialization _get_layout",
        "torch.storage UntypedStorage",
        "torch.storage TypedStorage",
        "torch._tensor _rebuild_from_type_v2",
        "_codecs encode",
        "argparse Namespace",
    }
)
"""Beside what is directly in ``torch`` and ``torch._utils``: see ``_allowed``."""

_CONTAINERS = frozenset({"set", "frozenset", "bytearray", "bytes", "complex", "list", "dict", "tuple", "int", "float"})
"""Of Python's own; they hold things and do nothing."""

_WHOLE = ("torch.nn.modules.", "torchvision.models.", "timm.", "segmentation_models_pytorch.", "ultralytics.")

_HARMLESS = (
    "numpy",
    "torch",
    "omegaconf",
    "pathlib",
    "datetime",
    "collections",
    "enum",
    "pytorch_lightning",
    "lightning",
)
"""Packages whose objects lie beside weights in many checkpoints; what is not named here and in no model may do harm."""

_HARMFUL = frozenset(
    {
        *("os", "posix", "nt", "subprocess", "sys", "builtins", "__builtin__", "importlib", "runpy", "socket"),
        *("shutil", "pty", "webbrowser", "ctypes", "pickle", "_pickle", "code", "codeop", "asyncio"),
        *("multiprocessing", "threading", "urllib", "http", "ftplib", "smtplib", "requests", "pip", "timeit"),
        *("operator", "functools", "types", "bdb", "pdb", "cProfile", "profile", "pydoc", "ssl", "signal"),
        *("tempfile", "io", "_io", "inspect", "marshal", "imp", "commands"),
    }
)
"""Packages that act on the computer, or can be made to."""

_PLAIN = frozenset(
    {
        *("Size", "Tensor", "device", "float", "float16", "float32", "float64", "half", "double", "bfloat16"),
        *("bool", "uint8", "uint16", "uint32", "uint64", "int8", "int16", "int32", "int64", "int", "long", "short"),
        *("complex64", "complex128", "quint8", "qint8", "qint32", "float8_e4m3fn", "float8_e5m2"),
    }
)
"""What lies directly in ``torch`` and only describes numbers."""


def named(members: Members, name: str) -> bool:
    """Whether a zip holds ``name`` in a folder at its top, as PyTorch writes it."""
    return any(member.partition("/")[2] == name for member in members)


def names_in(file: BinaryIO) -> Iterator[str]:
    """What the one pickle at the position of ``file`` names, as "module name", each time that it does.

    Raises:
        ValueError: it is no pickle, or ends too soon.
    """
    texts: list[str] = []
    memory: dict[int, str] = {}
    top = ""  # what was put on the stack last, where it is a text
    for opcode, said, _ in pickletools.genops(file):
        kind, argument = opcode.name, cast(Any, said)
        if kind in ("GLOBAL", "INST"):
            yield str(argument)
        elif kind == "STACK_GLOBAL":
            yield " ".join(texts[-2:]) if len(texts) > 1 else "unknown unknown"
        elif kind in ("EXT1", "EXT2", "EXT4"):
            yield "copyreg extension"
        elif kind in ("PUT", "BINPUT", "LONG_BINPUT"):
            memory[int(argument)] = top
        elif kind == "MEMOIZE":
            memory[len(memory)] = top
        elif kind in ("GET", "BINGET", "LONG_BINGET"):
            top = memory.get(int(argument), "")
            texts.append(top)
        elif isinstance(argument, str):
            top = argument
            texts.append(argument)
        elif kind not in ("PROTO", "FRAME"):
            top = ""
        del texts[:-2]


def refusal(names: Iterator[str]) -> str:
    """Why a checkpoint that names these is not opened, as the end of a sentence; "" for one with weights alone."""
    others = list(dict.fromkeys(name for name in names if not _allowed(name)))
    if not others:
        return ""
    harmful = next((name for name in others if name.split(" ")[0].partition(".")[0] in _HARMFUL), None)
    if harmful is not None:
        return f"runs {_spelt(harmful)} as soon as it is opened, so it was not opened; don't use it"
    classes = [name for name in others if not name.startswith(_HARMLESS)] or others
    own = next((name for name in classes if name.startswith("__main__ ") or name.startswith(_WHOLE)), classes[0])
    if any(name.startswith(_WHOLE) for name in others):
        holds = f"holds a whole model ({_spelt(own)}) and not its weights alone"
    else:
        holds = f"holds Python objects beside its weights ({_spelt(own)})"
    return (
        f"{holds}, and opening such a file runs code that it brings, so Sortwerk does not; where it was made, save the "
        'weights alone with torch.save(model.state_dict(), "weights.pth") and choose that file'
    )


def check_checkpoint(path: Path) -> None:
    """Look into what ``torch.save`` wrote.

    Raises:
        ModelError: it can't be read, or is more than weights.
    """
    name = one_line(path.name)
    try:
        with open_regular(path) as file:
            found = list(_names(file, path.name))
    except (OSError, FileError) as error:
        raise ModelError(str(trouble(path, error) if isinstance(error, OSError) else error)) from error
    except Exception as error:  # pickletools raises half a dozen kinds on a broken pickle
        raise ModelError(f"{name} is damaged or no PyTorch checkpoint; get it again.") from error
    if why := refusal(iter(found)):
        raise ModelError(f"{name} {why}.")


def _names(file: BinaryIO, name: str) -> Iterator[str]:
    head = file.read(4)
    file.seek(0)
    if not archives.is_zip(head):
        for _ in range(_PICKLES_BEFORE_1_6):
            yield from names_in(file)
        return
    for inner, member in list(archives.members(file, name)):
        if inner.rpartition("/")[2].endswith(".pkl"):
            if isinstance(member, ArchiveError) or not 0 < member.size <= _LARGEST:
                raise ValueError("a pickle in it can't be read")
            yield from names_in(io.BytesIO(archives.read(file, member, name)))


def _allowed(name: str) -> bool:
    module, _, what = name.partition(" ")
    if name in _WEIGHTS:
        return True
    if module in ("builtins", "__builtin__"):
        return what in _CONTAINERS
    if module == "torch._utils":
        return what.startswith("_rebuild_")
    if module in ("torch", "torch.cuda"):  # number types, storages, Size, Tensor and device: nothing that acts
        return what.endswith("Storage") or what in _PLAIN
    return False


def _spelt(name: str) -> str:
    return one_line(name.replace(" ", ".", 1))[:100]
