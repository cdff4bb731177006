"""What goes over the wire: the document's "Custom API Endpoint", and what this program adds to it."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["ClassifyBody", "ClassifyReply", "Fault", "HeadReply", "HealthReply", "ModelReply", "ModelsReply", "Scored"]

Label = Annotated[str, Field(min_length=1, max_length=200)]


class ClassifyBody(BaseModel):
    """The body of ``POST /classify``.

    Attributes:
        model: the name of the model, as ``GET /models`` lists it; "" for the one that is served.
        image: the picture as a data URI.
        labels: the only categories that count; none, or an empty list, for all.
        top_k: how many predictions are wanted.
        head: which of the model's questions is asked; "" for its first.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "model": "",
                "image": "data:image/jpeg;base64,...",
                "labels": ["metal", "stone", "wood"],
                "top_k": 5,
            }
        },
    )

    model: str = Field(default="", max_length=200)
    image: str
    labels: list[Label] | None = Field(default=None, max_length=1000)
    top_k: int = Field(default=5, ge=1, le=1000)
    head: str = Field(default="", max_length=200)


class Scored(BaseModel):
    """One category and how sure the model is of it, 0 to 1."""

    label: str
    score: float


class ClassifyReply(BaseModel):
    """The answer of ``POST /classify``: highest score first."""

    predictions: list[Scored]


class HeadReply(BaseModel):
    """One question of a model, and what it can answer."""

    name: str
    categories: list[str]


class ModelReply(BaseModel):
    """One model that is served."""

    name: str
    version: str
    description: str
    heads: list[HeadReply]


class ModelsReply(BaseModel):
    """The answer of ``GET /models``."""

    models: list[ModelReply]


class HealthReply(BaseModel):
    """The answer of ``GET /health``."""

    status: str
    version: str


class Fault(BaseModel):
    """Every answer that is no success: one sentence."""

    detail: str
