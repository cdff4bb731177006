"""The spec of a model whose package says nothing of heads and preprocessing: one of version 1.0, or a bare network.

What version 1.0 leaves unsaid is what its document tells: a classifier that takes pictures as ImageNet's do. What the
network itself says of size, order of axes and numbers goes before that.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from models.errors import ModelError
from models.formats.facts import OnnxFacts
from models.formats.picture_input import find_picture
from models.heads import Form
from models.spec import HeadSpec, ModelSpec, Preprocessing

__all__ = ["HEAD", "completed", "metadata_categories", "preprocessing_of"]

HEAD = "category"
"""What the one question of such a model is called."""

SIDE = 224
"""Pixels, where the network takes any size."""


def completed(spec: ModelSpec, categories: Sequence[str], facts: OnnxFacts, package: str) -> ModelSpec:
    """``spec`` with the head and the preprocessing that it lacks.

    Args:
        spec: as the package states it.
        categories: names, as ``categories.json`` lists them; empty when there is none.
        facts: of the network.
        package: what sentences call the package.

    Raises:
        ModelError: the network can't be run or does not take pictures, or the categories can't be its own.
    """
    names = tuple(categories) or metadata_categories(facts.metadata_map)
    if not names:
        raise ModelError(f"{package} names no categories; get one with a categories.json.")
    if spec.num_categories and spec.num_categories != len(names):
        raise ModelError(
            f"{package} says that it has {spec.num_categories:,} categories and lists {len(names):,}; "
            "get the package again."
        )
    if facts.run_error:
        raise ModelError(f"{package} can't be used: {facts.run_error}")
    head = HeadSpec(name=HEAD, kind="categories", categories=names, form=_form(facts, len(names), package))
    how = preprocessing_of(facts, package)
    return spec.model_copy(update={"heads": (head,), "preprocessing": how, "num_categories": len(names)})


def metadata_categories(metadata: Mapping[str, str]) -> tuple[str, ...]:
    """The categories in a network's own metadata, under "categories" as a JSON list; () when there are none."""
    try:
        said = json.loads(metadata.get("categories", "[]"))
    except (ValueError, RecursionError):
        return ()
    if not isinstance(said, list) or not all(isinstance(one, str) and one for one in said):
        return ()
    return tuple(said) if len(set(said)) == len(said) else ()


def preprocessing_of(facts: OnnxFacts, package: str) -> Preprocessing:
    """How pixels reach a network of version 1.0: as ImageNet's, at the size and in the order of axes that it states.

    Raises:
        ModelError: none of its inputs is for pictures.
    """
    picture = find_picture(facts.inputs)
    if picture is None or picture.tensor.dtype not in ("uint8", "float16", "float32"):
        raise ModelError(f"{package} does not take pictures; get a model for pictures.")
    ran = next((one.shape for one in facts.sample_inputs if one.name == picture.tensor.name), (1, 3, SIDE, SIDE))
    height, width = ran[2:] if picture.layout == "NCHW" else ran[1:3]
    plain = picture.tensor.dtype == "uint8"  # such a network does the rest by itself
    how = Preprocessing() if plain else Preprocessing.of_1_0()
    changes = {
        "width": picture.width or width,
        "height": picture.height or height,
        "layout": picture.layout,
        "dtype": picture.tensor.dtype,
        "colour": "grey" if picture.channels == 1 else "RGB",
        "input": picture.tensor.name,
    }
    return Preprocessing.model_validate(how.model_dump() | changes)


def _form(facts: OnnxFacts, count: int, package: str) -> Form:
    """The output with as many numbers as there are categories: the first, by the document."""
    given = next(iter(facts.sample_outputs), None)
    if given is None:
        raise ModelError(f"{package} gives no answer when it is run; get the model again.")
    columns = 1
    for length in given.shape[1:]:
        columns *= length
    if columns != count:
        raise ModelError(
            f"{package} lists {count:,} categories and its network tells {columns:,} apart; get the package again."
        )
    return Form(outputs=(given.name,), values="probabilities" if given.probabilities else "logits")
