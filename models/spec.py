"""What a model's ``metadata.json`` says, validated. The file is the 1.0 form of ``.ps2model``, with fields added."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    ValidationError,
    field_validator,
    model_validator,
)

from models.combinations import Combinations
from models.errors import ModelError
from models.heads.form import Form

__all__ = [
    "IMAGENET_MEAN",
    "IMAGENET_STD",
    "Accuracy",
    "Compatibility",
    "HeadSpec",
    "ModelSpec",
    "Preprocessing",
    "read_spec",
]

IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_STD = (0.229, 0.224, 0.225)
"""What networks of package version 1.0 expect, for pixels from 0 to 1, as the format's document says."""

PACKAGE_MAJOR = 1

PLACED = frozenset({"mask", "boxes", "image"})
"""Kinds whose answers lie somewhere in the picture."""

Text = Annotated[str, Field(min_length=1, max_length=200)]
Fraction = Annotated[float, Field(ge=0.0, le=1.0)]
Table = Annotated[Combinations, PlainSerializer(Combinations.to_json)]
"""Pydantic reads the dataclass by itself; written, its sets are sorted, for the same bytes each time."""


class _Frozen(BaseModel):
    """Fields of a newer writer are kept, not refused: reading and writing a spec again loses nothing."""

    model_config = ConfigDict(frozen=True, extra="allow", protected_namespaces=())


class Compatibility(_Frozen):
    """What the writer says is needed to use the model."""

    min_app_version: str = "1.0.0"
    python_version: str = "3.8+"


class HeadSpec(_Frozen):
    """One question that the model answers.

    Attributes:
        name: the key of its answer, such as "category".
        kind: how it is answered: a key of ``models.heads.KINDS``.
        categories: the names of its classes, in the order of the network's outputs; none twice.
        unsure_below: a best answer under this confidence is shown as unsure, 0 to 1.
        unknown_below: a best answer under this confidence is shown as unknown, 0 to 1; at most ``unsure_below``.
        temperature: what the logits of the head's state are divided by; in its weights file they already are.
        form: how its numbers come out of the network.
        state_hash: SHA-256 of the file from which the head goes on learning (``state-<index of the head>.npz``) in
            lower-case hex; "" when there is none.
    """

    name: Text
    kind: Text
    categories: tuple[Text, ...] = ()
    unsure_below: Fraction = 0.0
    unknown_below: Fraction = 0.0
    temperature: float = Field(default=1.0, gt=0, allow_inf_nan=False)
    form: Form = Form()
    state_hash: str = Field(default="", pattern=r"^([0-9a-f]{64})?$")

    @model_validator(mode="after")
    def _consistent(self) -> HeadSpec:
        if len(set(self.categories)) != len(self.categories):
            raise ValueError("the same category is listed twice")
        if self.unknown_below > self.unsure_below:
            raise ValueError("unknown_below is above unsure_below")
        return self


Side = Annotated[int, Field(ge=8, le=4096)]
Three = tuple[float, float, float]
Colour = tuple[
    Annotated[int, Field(ge=0, le=255)], Annotated[int, Field(ge=0, le=255)], Annotated[int, Field(ge=0, le=255)]
]


class Preprocessing(_Frozen):
    """How pixels reach the network: value = (pixel * scale - mean) / std, for pixels from 0 to 255.

    Attributes:
        side: of a square input, pixels; what there was before ``width`` and ``height``.
        width: of the input, pixels; 0 for ``side``.
        height: of the input, pixels; 0 for ``side``.
        layout: order of the input's axes.
        dtype: of the input.
        colour: order of its channels; "grey" for one channel.
        scale: 1 where the network takes 0 to 255, 1/255 where it takes 0 to 1.
        mean: of the channels in the order of ``colour``, after scaling.
        std: likewise, more than zero.
        fit: "stretch" squeezes all of the picture into the input; "crop" takes the largest part from its middle.
        input: the name of the network's input for the picture; "" for its first.
        colours_input: the name of a second input (N, regions, 3) for the colours that are wished for; "" for none.
        colours: those that are wished for when nobody says others, RGB.
        colours_scale: as ``scale``, for the colours.
    """

    side: Side = 224
    width: int = Field(default=0, ge=0, le=4096)
    height: int = Field(default=0, ge=0, le=4096)
    layout: Literal["NCHW", "NHWC"] = "NHWC"
    dtype: Literal["uint8", "float16", "float32"] = "uint8"
    colour: Literal["RGB", "BGR", "grey"] = "RGB"
    scale: float = Field(default=1.0, gt=0, allow_inf_nan=False)
    mean: Three = (0.0, 0.0, 0.0)
    std: Three = (1.0, 1.0, 1.0)
    fit: Literal["stretch", "crop"] = "stretch"
    input: str = Field(default="", max_length=200)
    colours_input: str = Field(default="", max_length=200)
    colours: tuple[Colour, ...] = Field(default=(), max_length=64)
    colours_scale: float = Field(default=1.0, gt=0, allow_inf_nan=False)

    @model_validator(mode="after")
    def _possible(self) -> Preprocessing:
        if not all(math.isfinite(value) for value in (*self.mean, *self.std)) or not all(
            value > 0 for value in self.std
        ):
            raise ValueError("mean and std are three finite numbers each, and std is more than zero")
        if self.colours_input and not self.colours:
            raise ValueError("a network that is told colours needs some to start with")
        return self

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the input, pixels."""
        return self.width or self.side, self.height or self.side

    @classmethod
    def of_1_0(cls) -> Preprocessing:
        """What a network of package version 1.0 takes, which said nothing of it: float32 NCHW, as ImageNet's."""
        return cls(layout="NCHW", dtype="float32", scale=1 / 255, mean=IMAGENET_MEAN, std=IMAGENET_STD)


class Accuracy(_Frozen):
    """One measured figure: which head, which metric, on how many images of which split."""

    metric: Text
    value: float
    images: int = Field(ge=1)
    split: Text
    head: str | None = None


class ModelSpec(_Frozen):
    """``metadata.json``: the fields of package version 1.0, and after them those that this program adds.

    Attributes:
        package_version: "major.minor"; another major is refused.
        model_hash: SHA-256 of the weights file in lower-case hex, "" when not stated.
        model_size: of the weights file, bytes.
        id: what a person's corrections of it are kept under; "" for a model without.
        backbone: id of the backbone whose embeddings the heads were fitted on; None for a model with its own.
        embedding: the name of its own network's output (N, E) from which heads with a state go on learning; "" for
            none.
        files: SHA-256 of each other file of the package in lower-case hex, by name.
        data_fingerprint: SHA-256 over the sorted hashes of the pictures that it was made from; "" when not stated.
        notices: what was noticed when the model was imported, a sentence each.
        combinations: which categories of two heads go together; None when nothing is known of that.
    """

    package_version: str = "1.0"
    name: Text
    version: str = "1.0.0"
    author: str = ""
    description: str = ""
    license: str = ""
    created: str = ""
    format: str = "onnx"
    num_categories: int = Field(default=0, ge=0)
    tags: tuple[str, ...] = ()
    model_hash: str = Field(default="", pattern=r"^([0-9a-f]{64})?$")
    model_size: int = Field(default=0, ge=0)
    framework: str = "onnxruntime"
    compatibility: Compatibility = Compatibility()
    heads: tuple[HeadSpec, ...] = ()
    preprocessing: Preprocessing = Preprocessing()
    id: str = Field(default="", max_length=200)
    backbone: str | None = None
    embedding: str = Field(default="", max_length=200)
    files: dict[str, Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]] = {}
    data_fingerprint: str = Field(default="", pattern=r"^([0-9a-f]{64})?$")
    notices: tuple[str, ...] = ()
    combinations: Table | None = None
    accuracy: tuple[Accuracy, ...] = ()

    @field_validator("package_version")
    @classmethod
    def _known_major(cls, value: str) -> str:
        major = value.partition(".")[0]
        if not major.isdecimal() or int(major) != PACKAGE_MAJOR:
            raise ValueError(f"package version {value[:20]!r} is not {PACKAGE_MAJOR}.x, the one this program reads")
        return value

    @model_validator(mode="after")
    def _distinct_heads(self) -> ModelSpec:
        if len({head.name for head in self.heads}) != len(self.heads):
            raise ValueError("two heads have the same name")
        if self.preprocessing.fit == "crop" and any(head.kind in PLACED for head in self.heads):
            raise ValueError("an answer about places needs all of the picture, so fit can't be crop")
        return self

    @classmethod
    def parse(cls, fields: Mapping[str, Any], where: str) -> ModelSpec:
        """A spec from the content of ``metadata.json``; ``where`` names that file in messages.

        Raises:
            ModelError: a field is missing or wrong, or the package version is not one this program reads.
        """
        try:
            return cls.model_validate(fields)
        except ValidationError as error:
            raise ModelError(
                f"{where} can't be used: {_first(error)}; get the model again, or a newer Sortwerk."
            ) from None

    def to_json(self) -> str:
        """The text of ``metadata.json``, with a line feed at its end."""
        return json.dumps(self.model_dump(mode="json"), indent=2, ensure_ascii=False) + "\n"


def read_spec(folder: Path) -> ModelSpec:
    """The spec of the model in ``folder``.

    Raises:
        ModelError: ``metadata.json`` is missing, is not JSON, or says what this program can't use.
    """
    path = folder / "metadata.json"
    try:
        fields = json.loads(path.read_bytes())
    except FileNotFoundError:
        raise ModelError(f"{folder} is not a model: it has no metadata.json; choose the folder of a model.") from None
    except OSError as error:
        raise ModelError(f"{path} can't be read ({error.strerror}); check that you may open it.") from error
    except (ValueError, RecursionError):
        raise ModelError(f"{path} is damaged (not JSON); get the model again.") from None
    if not isinstance(fields, dict):
        raise ModelError(f"{path} is damaged (not a JSON object); get the model again.")
    return ModelSpec.parse(fields, str(path))


def _first(error: ValidationError) -> str:
    """The first finding, as "field: what is wrong"."""
    finding = error.errors(include_url=False, include_context=False, include_input=False)[0]
    field = ".".join(str(part) for part in finding["loc"])
    text = finding["msg"].removeprefix("Value error, ")
    return f"{field}: {text}" if field else text
