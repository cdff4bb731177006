"""How pixels reach a Keras model, as its layers say or as Keras's own applications of that name are used.

Sources: ``keras.applications.imagenet_utils.preprocess_input`` (modes "tf", "torch" and "caffe") and which application
uses which.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

__all__ = ["pixels_of"]

_AS_THEY_ARE = {"scale": 1.0, "mean": [0.0] * 3, "std": [1.0] * 3}
_MINUS_ONE = {"scale": 1 / 255, "mean": [0.5] * 3, "std": [0.5] * 3}
_TORCH = {"scale": 1 / 255, "mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225]}
_CAFFE = {"scale": 1.0, "mean": [103.939, 116.779, 123.68], "std": [1.0] * 3, "colour": "BGR"}

_APPLICATIONS = (
    (("densenet",), _TORCH),
    (("resnet50v2", "resnet101v2", "resnet152v2"), _MINUS_ONE),
    (("mobilenet_", "mobilenetv2", "inception", "xception", "nasnet"), _MINUS_ONE),
    (("resnet", "vgg"), _CAFFE),
    (("efficientnet", "mobilenetv3", "convnext", "regnet"), _AS_THEY_ARE),
)
"""Beginnings of names -> what pictures are made into before the model; the first that fits counts."""


def pixels_of(config: Any) -> tuple[dict[str, Any] | None, str]:
    """What is known of pixels, as fields of ``models.spec.Preprocessing``, and who says so; None and "" for nothing.

    Args:
        config: of the whole model, as Keras writes it.
    """
    layers = list(_layers(config))
    for kind in ("Rescaling", "Normalization"):
        if any(called == kind for called, _ in layers[:6]):
            return dict(_AS_THEY_ARE), f"the network itself scales them, in its layer {kind}"
    for _, name in layers:
        for beginnings, pixels in _APPLICATIONS:
            if name.lower().startswith(beginnings):
                return dict(pixels), f"Keras's {name} was trained"
    return None, ""


def _layers(config: Any) -> Iterator[tuple[str, str]]:
    """Class and name of the model and its layers, outer ones first."""
    if not isinstance(config, Mapping):
        return
    inner = config.get("config")
    if isinstance(inner, Mapping):
        if isinstance(inner.get("name"), str):
            yield str(config.get("class_name", "")), inner["name"]
        for layer in inner.get("layers", ()):
            yield from _layers(layer)
