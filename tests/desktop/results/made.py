"""Results of every kind, as a head would give them."""

from __future__ import annotations

from typing import Any

import numpy as np

from models.heads import Form
from tests.models.heads.carried import carried

PARTS = ("Background", "Drawer", "Frame", "Handle", "Surface", "Other")


def mask_result() -> Any:
    """Half background, a quarter drawer, a quarter handle; sure to 92 %."""
    layers = np.full((1, 6, 4, 4), 0.016, np.float32)
    layers[:, 0, :, :2] = layers[:, 1, :2, 2:] = layers[:, 3, 2:, 2:] = 0.92
    [result] = carried("mask", [layers], PARTS, Form(values="probabilities"))
    return result


def boxes_result() -> Any:
    """Two handles and a frame, and one that is not worth showing."""
    corners = np.array([[6, 6, 20, 20], [30, 6, 60, 40], [2, 2, 60, 44], [0, 0, 9, 9]], np.float32)
    scores = np.array([0.87, 0.6, 0.5, 0.1], np.float32)
    [result] = carried("boxes", [corners, np.array([3, 3, 2, 1]), scores], PARTS, Form())
    return result


def image_result() -> Any:
    """Left black, right white, 16 × 8."""
    values = np.zeros((1, 3, 8, 16), np.float32)
    values[..., 8:] = 1
    [result] = carried("image", [values], (), Form())
    return result


def tags_result(*probabilities: float) -> Any:
    """Dirty, scratched, wet."""
    tensors = [np.array([probabilities])]
    [result] = carried("tags", tensors, ("dirty", "scratched", "wet"), Form(values="probabilities"))
    return result


def grade_result(value: float, *names: str) -> Any:
    """On a scale from 1 to 10."""
    [result] = carried("grade", [np.array([value])], names, Form(low=1, high=10))
    return result


def categories_result() -> Any:
    """Mostly the drawer."""
    [result] = carried("categories", [np.array([[0, 4, 1, 0, 0, 0]], np.float32)], PARTS, Form())
    return result
