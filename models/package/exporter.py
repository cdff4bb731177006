"""From a network in a file to a package: what a person has who made a model elsewhere."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from models.errors import ModelError, WorkspaceError, one_line
from models.formats.onnx import examine
from models.package.author import AuthorKey
from models.package.members import CATEGORIES, NETWORK, README, TRAINING_DATA, to_json, write_categories
from models.package.spec_1_0 import completed
from models.package.writing import write_package
from models.spec import ModelSpec, Preprocessing
from models.workspace import reason

__all__ = ["ModelExporter", "now"]


class ModelExporter:
    """Packs classifiers that are .onnx files. ``training.exporting`` packs what was learned here."""

    def export_model(
        self,
        model_path: Path | str,
        output_path: Path | str,
        name: str,
        version: str = "1.0.0",
        author: str = "",
        categories: Sequence[str | Mapping[str, str]] = (),
        description: str = "",
        license: str = "MIT",  # noqa: A002  # the name of the field in the format's document
        tags: Iterable[str] = (),
        training_data: Any = None,
        readme: str | None = None,
        preprocessing: Preprocessing | Mapping[str, Any] | None = None,
        created: str | None = None,
        key: AuthorKey | None = None,
    ) -> Path:
        """Pack a network with all that others need to use it.

        The network is examined and run in a child process first: what can't be used is not passed on.

        Args:
            model_path: of the .onnx file: one input for pictures, logits or probabilities out.
            output_path: of the package; written whole or not at all, its folder is made when it is missing.
            name: for people.
            version: of the model.
            author: who made it.
            categories: names in the order of the network's outputs, or objects with "name" and "description"; those in
                the network's own metadata when there are none.
            description: what it is for.
            license: under which others may use it.
            tags: words to find it by.
            training_data: JSON, such as a list of correction records; None for none.
            readme: text of README.md; None for none.
            preprocessing: how pixels reach the network; None for float32 NCHW normalised as ImageNet's, or what the
                network itself says of size, order of axes and numbers.
            created: ISO 8601; None for now. The same arguments and the same time give the same bytes.
            key: to sign with.

        Returns:
            ``output_path``.

        Raises:
            ModelError: the network is refused, or crashed the child process, or the categories are not its own; nothing
                is written.
            WorkspaceError: the package can't be written.
        """
        source, target = Path(model_path), Path(output_path)
        described = [dict(one) if isinstance(one, Mapping) else {"name": one} for one in categories]
        names = [str(one.get("name", "")) for one in described]
        facts = examine(source)
        fields = {
            "name": name,
            "version": version,
            "author": author,
            "description": description,
            "license": license,
            "created": now() if created is None else created,
            "tags": tuple(tags),
        }
        spec = completed(ModelSpec.parse(fields, f"The model {one_line(name)}"), names, facts, one_line(source.name))
        if preprocessing is not None:
            given = dict(preprocessing) if isinstance(preprocessing, Mapping) else preprocessing.model_dump()
            fields = spec.model_dump() | {"preprocessing": given}
            spec = ModelSpec.parse(fields, f"The model {one_line(name)}")
        descriptions = {one["name"]: one.get("description", "") for one in described}
        members: dict[str, bytes | Path] = {
            NETWORK: source,
            CATEGORIES: write_categories(spec.heads, {spec.heads[0].name: descriptions}),
        }
        if training_data is not None:
            members[TRAINING_DATA] = _json(training_data)
        if readme is not None:
            members[README] = readme.encode("utf-8")
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise WorkspaceError(f"{target.parent} can't be made ({reason(error)}); choose another place.") from error
        write_package(target, spec, members, key=key)
        return target


def now() -> str:
    """The present as ``metadata.json`` states it: ISO 8601 to the second, UTC without saying so."""
    return datetime.now(UTC).replace(tzinfo=None).isoformat(timespec="seconds")


def _json(value: Any) -> bytes:
    """``value`` as a member.

    Raises:
        ModelError: it is not JSON.
    """
    try:
        json.dumps(value, allow_nan=False)
    except (ValueError, TypeError, RecursionError):
        raise ModelError("The training data can't be written because it is not JSON; leave it out.") from None
    return to_json(value)
