"""How different two colours look: CIE L*a*b* and the colour difference of 2000."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["delta_e_2000", "to_lab"]

_TO_XYZ: Final = np.array(
    [[0.412453, 0.357580, 0.180423], [0.212671, 0.715160, 0.072169], [0.019334, 0.119193, 0.950227]]
)
_WHITE: Final = np.array([0.95047, 1.0, 1.08883])
"""D65, observer of 2 degrees."""

_EDGE: Final = 25.0**7


def to_lab(rgb: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """sRGB, float (..., 3) from 0 to 1, to CIE L*a*b* under D65, float64 (..., 3); L* is 0 to 100.

    IEC 61966-2-1:1999 and CIE 15:2004.
    """
    values = rgb.astype(np.float64)
    linear = np.where(values > 0.04045, ((np.maximum(values, 0) + 0.055) / 1.055) ** 2.4, values / 12.92)
    xyz = linear @ _TO_XYZ.T / _WHITE
    cubic = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    x, y, z = np.moveaxis(cubic, -1, 0)
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def delta_e_2000(ones: NDArray[np.floating[Any]], others: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """CIEDE2000 between L*a*b* colours (..., 3), float64 (...), 0 or more; about 1 is just seen, all weights 1.

    Sharma, Wu and Dalal, Color Research and Application 30, 2005.
    """
    (l1, a1, b1), (l2, a2, b2) = (np.moveaxis(one.astype(np.float64), -1, 0) for one in (ones, others))
    seventh = ((np.hypot(a1, b1) + np.hypot(a2, b2)) / 2) ** 7
    stretch = 1 + 0.5 * (1 - np.sqrt(seventh / (seventh + _EDGE)))
    c1, c2 = np.hypot(a1 * stretch, b1), np.hypot(a2 * stretch, b2)
    h1, h2 = (np.arctan2(b, a * stretch) % (2 * np.pi) for a, b in ((a1, b1), (a2, b2)))

    turn = h2 - h1
    turn = turn - 2 * np.pi * (np.abs(turn) > np.pi)  # or plus: half of it has the same sine
    d_hue = 2 * np.sqrt(c1 * c2) * np.sin(turn / 2)  # 0 for grey, which has no hue
    total = h1 + h2
    apart = np.abs(h1 - h2) > np.pi
    hue = np.where(apart, (total + np.where(total < 2 * np.pi, 2, -2) * np.pi) / 2, total / 2)

    light, chroma = (l1 + l2) / 2, (c1 + c2) / 2
    weight = (
        1
        - 0.17 * np.cos(hue - np.pi / 6)
        + 0.24 * np.cos(2 * hue)
        + 0.32 * np.cos(3 * hue + np.pi / 30)
        - 0.20 * np.cos(4 * hue - 63 * np.pi / 180)
    )
    squared = (light - 50) ** 2
    d_light = (l2 - l1) / (1 + 0.015 * squared / np.sqrt(20 + squared))
    d_chroma = (c2 - c1) / (1 + 0.045 * chroma)
    d_hue = d_hue / (1 + 0.015 * chroma * weight)
    twist = np.deg2rad(60) * np.exp(-(((np.rad2deg(hue) - 275) / 25) ** 2))
    seventh = chroma**7
    turned = -2 * np.sqrt(seventh / (seventh + _EDGE)) * np.sin(twist)
    whole = d_light**2 + d_chroma**2 + d_hue**2 + turned * d_chroma * d_hue
    different: NDArray[np.float64] = np.sqrt(np.maximum(whole, 0))
    return different
