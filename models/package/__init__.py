"""Model packages, ``.ps2model``: written the same to the byte each time, and never believed before they are checked.

    with inspect_package(Path("bricks.ps2model")) as inspected:
        folder = install(inspected)

``members`` is what may be in one, ``writing`` and ``exporter`` make one. ``reading`` unpacks one, ``verifying`` asks
whether it is what it says, ``trial`` has ``checking`` run it in a child process, ``inspecting`` does all that in order,
``importer`` installs it by way of ``staging``. docs/packages.md describes the format.
"""

from __future__ import annotations

from models.package.author import AuthorKey, author_key
from models.package.exporter import ModelExporter
from models.package.importer import ModelImporter, install, install_onnx
from models.package.inspecting import Inspected, inspect_package
from models.package.members import ENDING
from models.package.receipt import Receipt, read_name, read_receipt, write_name
from models.package.staging import models_folder
from models.package.writing import write_package

__all__ = [
    "ENDING",
    "AuthorKey",
    "Inspected",
    "ModelExporter",
    "ModelImporter",
    "Receipt",
    "author_key",
    "inspect_package",
    "install",
    "install_onnx",
    "models_folder",
    "read_name",
    "read_receipt",
    "write_name",
    "write_package",
]
