"""Looking at a package: unpacked, verified, tried in a child process. Until it is installed, nothing has changed."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from models.errors import ModelError, WorkspaceError, one_line
from models.formats.facts import OnnxFacts
from models.package import verifying
from models.package.members import (
    CATEGORIES,
    METADATA,
    NETWORK,
    SIGNATURE,
    VERSION,
    Category,
    read_categories,
    write_categories,
)
from models.package.reading import unpack
from models.package.spec_1_0 import completed
from models.package.staging import discard, models_folder, new_staging
from models.package.trial import examined, try_out
from models.package.writing import digest
from models.signing import Signed
from models.spec import ModelSpec
from models.workspace import reason

__all__ = ["Inspected", "folder_name", "inspect_package"]

_ID = re.compile(r"[0-9a-f]{32,64}")


@dataclass(slots=True)
class Inspected:
    """A package that was looked at and found good, unpacked beside the models. A context manager: at its end what was
    unpacked is gone, unless it was installed.

    Attributes:
        file: name of the package, without folder.
        sha256: of the package, lower-case hex.
        folder: with its members, until then.
        models: the folder into which it would be installed.
        spec: as it will be kept.
        categories: head -> what is known of its categories.
        facts: of the network.
        signed: who signed it; None when nobody did.
        has_state: whether it can go on learning from what it knows; that also says something about its pictures.
        warnings: what a person should know before installing it, a sentence each.
    """

    file: str
    sha256: str
    folder: Path
    models: Path
    spec: ModelSpec
    categories: Mapping[str, Sequence[Category]]
    facts: OnnxFacts
    signed: Signed | None
    has_state: bool
    warnings: tuple[str, ...]

    @property
    def installed(self) -> Path | None:
        """Where this very package is installed already; None when it is not."""
        target = self.models / folder_name(self.sha256)
        return target if (target / METADATA).is_file() else None

    def close(self) -> None:
        """Remove what was unpacked."""
        discard(self.folder)

    def __enter__(self) -> Inspected:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def folder_name(sha256: str) -> str:
    """Of the folder of a model that was imported from a file of this hash: nothing that a package says of itself."""
    return sha256[:32]


def inspect_package(path: Path, *, models: Path | None = None, cancel: threading.Event | None = None) -> Inspected:
    """Unpack and check a package, and have it answer once, in a child process. Installs nothing.

    Args:
        path: of the .ps2model.
        models: folder into which it may be installed later; None for that of the workspace.
        cancel: set it from another thread to stop.

    Raises:
        ModelError: it is refused, or crashed the child process; nothing has changed.
        WorkspaceError: there is no room to unpack it.
        Cancelled: ``cancel`` was set.
    """
    models = models or models_folder()
    folder = new_staging(models)
    try:
        return _inspect(path, folder, models, cancel)
    except OSError as error:
        discard(folder)
        raise WorkspaceError(
            f"{models} can't be written ({reason(error)}); make room or choose another workspace."
        ) from error
    except BaseException:
        discard(folder)
        raise


def _inspect(path: Path, folder: Path, models: Path, cancel: threading.Event | None) -> Inspected:
    name = one_line(path.name or str(path))
    sha256 = unpack(path, folder, cancel=cancel)
    stated = spec = verifying.read_metadata(folder, name)
    verifying.check_hashes(folder, spec, name)
    signed = verifying.check_signature(folder, spec, name)
    listed = read_categories(folder / CATEGORIES, name) if (folder / CATEGORIES).is_file() else {}
    if spec.heads:
        verifying.check_heads(folder, spec, name)
        verifying.check_categories(spec, listed, name)
    facts = examined(folder / NETWORK, name, cancel)
    if not spec.heads:
        spec = completed(spec, _only_list(listed, name), facts, name)
    verifying.check_names(spec, name)
    categories = _described(spec, listed)
    if not listed:
        (folder / CATEGORIES).write_bytes(write_categories(spec.heads, {}))
    spec = _kept(spec, folder, sha256)
    if spec != stated:  # else as its maker wrote it, to the byte: a signature is of that
        (folder / METADATA).write_text(spec.to_json(), encoding="utf-8")
    try_out(folder, spec, name, cancel)
    has_state = any(head.state_hash for head in spec.heads)
    warnings = tuple(_warnings(stated, signed, name))
    return Inspected(name, sha256, folder, models, spec, categories, facts, signed, has_state, warnings)


def _only_list(listed: Mapping[str, Sequence[Category]], package: str) -> tuple[str, ...]:
    if len(listed) > 1:
        raise ModelError(
            f"{package} lists categories of several questions and does not name them; get a newer package."
        )
    return tuple(one.name for names in listed.values() for one in names)


def _kept(spec: ModelSpec, folder: Path, sha256: str) -> ModelSpec:
    """The spec as it is kept: complete, and with an id that can't be taken for another model's."""
    others = sorted(path for path in folder.iterdir() if path.name not in (NETWORK, METADATA, SIGNATURE))
    return spec.model_copy(
        update={
            "package_version": VERSION if spec.package_version == "1.0" else spec.package_version,
            "model_hash": digest(folder / NETWORK),
            "model_size": (folder / NETWORK).stat().st_size,
            "files": {path.name: digest(path) for path in others},
            "id": spec.id if _ID.fullmatch(spec.id) else folder_name(sha256),
        }
    )


def _described(spec: ModelSpec, listed: Mapping[str, Sequence[Category]]) -> dict[str, tuple[Category, ...]]:
    first = spec.heads[0].name
    said = {first if head == "" or len(spec.heads) == 1 else head: tuple(names) for head, names in listed.items()}
    return {head.name: said.get(head.name) or tuple(Category(name) for name in head.categories) for head in spec.heads}


def _warnings(spec: ModelSpec, signed: Signed | None, package: str) -> Iterator[str]:
    """About ``spec`` as the package states it."""
    if not spec.model_hash:
        yield f"{package} states no hash, so nothing shows that it arrived unchanged."
    if signed is None:
        yield f"{package} is not signed, so nothing shows who made it."
    if not spec.license:
        yield f"{package} states no licence; ask its maker before you pass it on."
    yield from spec.notices
