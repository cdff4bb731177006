"""The pictures that are right answers: read from their files, and asked for in a colour.

Values are kept as bytes, 0 to 255 for 0 to 1. Normals, which go from -1 to 1, are (n + 1) / 2; depth and whatever else
goes beyond is stretched from its least to its largest known value. What is not a number is unknown, as is a normal of
length 0: there is nothing.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from models.errors import DatasetError, one_line
from training.datasets.values import Target, Targets

__all__ = ["choose_target", "read_target", "regions", "wished_colours"]

_NUMPY = (b"PK\x03\x04", b"\x93NUMPY")
_HEX = re.compile(r"#?([0-9a-fA-F]{6})")
_GREY = (0.5, 0.5, 0.5)
_RECOLOURED = "recoloured"


def choose_target(targets: Targets, roles: object, turn: int) -> Target | None:
    """The target that is learned at a certain ``turn``, 0 or more: of those in a role of the head's, one after the
    other. None where there is none.

    Args:
        targets: the label.
        roles: the head's option of that name, a list; nothing for any role.
        turn: such as the epoch and the picture's place.
    """
    wanted = [str(role) for role in roles] if isinstance(roles, list | tuple) else []
    fit = [one for one in targets.targets if not wanted or not one.role or one.role == wanted[0]]
    return fit[turn % len(fit)] if fit else None


def regions(options: Mapping[str, Any]) -> tuple[str, ...]:
    """The regions whose colours are wished for, from a head's options: "regions", a list of names; else one without a
    name where the role is "recoloured", and none for any other: then nothing is wished for.
    """
    named = options.get("regions")
    if isinstance(named, list | tuple):
        return tuple(str(name) for name in named)
    roles = options.get("roles") or ()
    return ("",) if _RECOLOURED in roles else ()


def wished_colours(target: Target, names: tuple[str, ...]) -> NDArray[np.float32]:
    """What was asked for, float32 (regions, 3), RGB from 0 to 1: a target's parameter "colour_<region>", else "colour",
    as #RRGGBB; middle grey where it says none.
    """
    asked = [target.params.get(f"colour_{name}", target.params.get("colour", "")) for name in names]
    return np.array([_rgb(text) for text in asked], np.float32).reshape(len(names), 3)


def read_target(data: bytes, role: str, name: str) -> NDArray[np.uint8]:
    """uint8 (H, W, 4): red, green and blue, and 255 where it is known, 0 where not.

    Args:
        data: of a picture, or of NumPy's .npy or .npz with one array of (H, W), (H, W, 1) or (H, W, 3) in it, or one
            called as the role; an array "mask" says what is known.
        role: of the target.
        name: of the file, for messages.

    Raises:
        DatasetError: it is no such picture.
    """
    try:
        if data.startswith(_NUMPY):
            values, known = _arrays(data, role)
        else:
            values, known = _picture(data)
    except (OSError, ValueError, KeyError, SyntaxError, Image.DecompressionBombError) as error:
        raise DatasetError(f"{one_line(name)} is no picture that can be learned ({error}); replace it.") from error
    if values.ndim == 2:
        values = values[..., None]
    if values.ndim != 3 or values.shape[2] not in (1, 3) or not values.size:
        raise DatasetError(f"{one_line(name)} has the form {values.shape} and must be (H, W, 3); replace it.")
    known = known & np.isfinite(values).all(axis=2)
    if role == "normals" and values.dtype.kind == "f":
        known = known & (np.abs(values).sum(axis=2) > 0)
        values = (values + 1) / 2
    fractions = _fractions(values, known)
    rgb = np.broadcast_to(np.rint(np.clip(fractions, 0, 1) * 255), (*values.shape[:2], 3))
    return np.dstack([rgb.astype(np.uint8), known.astype(np.uint8) * 255])


def _fractions(values: NDArray[Any], known: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Whole numbers by their largest value; others as they are, or stretched where they go beyond 0 to 1."""
    if values.dtype.kind in "ub":
        most = 1 if values.dtype.kind == "b" else np.iinfo(values.dtype).max
        return values.astype(np.float64) / most
    whole = np.where(known[..., None], values, 0).astype(np.float64)
    if not known.any():
        return whole
    low, high = float(whole[known].min()), float(whole[known].max())
    if low >= 0 and high <= 1:
        return whole
    return (whole - low) / (high - low or 1)


def _picture(data: bytes) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    with Image.open(io.BytesIO(data)) as opened:
        if opened.mode.startswith(("I", "F")):  # 16 bits or more
            values = np.asarray(opened)
            values = values.astype(np.uint16) if values.dtype.kind in "iu" else values
            return values, np.ones(values.shape[:2], np.bool_)
        rgba = np.asarray(opened.convert("RGBA"))
    return rgba[..., :3], rgba[..., 3] > 0


def _arrays(data: bytes, role: str) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    loaded = np.load(io.BytesIO(data), allow_pickle=False)
    if isinstance(loaded, np.ndarray):
        return loaded, np.ones(loaded.shape[:2], np.bool_)
    with loaded:
        names = [name for name in loaded.files if name != "mask"]
        values = loaded[role if role in names else names[0] if names else role]
        known = loaded["mask"].astype(np.bool_) if "mask" in loaded.files else np.ones(values.shape[:2], np.bool_)
    return values, known


def _rgb(text: str) -> tuple[float, ...]:
    found = _HEX.fullmatch(text.strip())
    if found is None:
        return _GREY
    return tuple(int(found[1][place : place + 2], 16) / 255 for place in (0, 2, 4))
