"""Pictures of the Models page for docs/: part of packaging/screenshots.py, which makes the program importable first."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

from desktop.actions.models import new_model
from desktop.actions.packages import ExportOptions, export_model_package, import_package
from desktop.window import MainWindow
from models.package import author_key

__all__ = ["prepare_models", "take_models"]

Wait = Callable[[Callable[[], bool], float], None]


def prepare_models(place: Path, samples: Path, labelled: Mapping[str, str]) -> None:
    """Some models to show, in the workspace and beside it in ``place``; ``labelled``: category -> names of samples."""
    key = author_key()
    about = "Tells walls from floors in old games, and goes on learning from your corrections."
    wish = ExportOptions(
        name="Walls and floors", author="Anna Example", license="CC BY 4.0", description=about, key=key
    )
    package = export_model_package(None, place / "walls.ps2model", wish)
    import_package(package)
    new_model("Bricks", ["part", "colour"])
    rooms = ExportOptions(name="Rooms of a castle", author="Bertram Example", license="CC0-1.0", key=key)
    export_model_package(None, place / "rooms.ps2model", rooms)
    with zipfile.ZipFile(package) as archive:
        (place / "materials.onnx").write_bytes(archive.read("model.onnx"))
    shutil.rmtree(place / "labelled", ignore_errors=True)
    for category, names in labelled.items():
        (place / "labelled" / category).mkdir(parents=True)
        for name in names.split():
            shutil.copy(samples / name, place / "labelled" / category / name)


def take_models(window: MainWindow, place: Path, samples: Path, save: Callable[[str], None], wait: Wait) -> None:
    """Pictures of the page in all its states; leaves it as it was."""
    window.show_page("Models")
    page = window.models
    state = page.state
    wait(lambda: len(state.entries) == 3, 0.5)
    state.select(next(one.folder for one in state.entries if one.name == "Walls and floors"))
    page.control.check()
    wait(lambda: state.selected in state.checks, 0.5)
    save("models")
    page.export()
    wait(lambda: True, 0.4)
    save("models-export")
    page.exporting.panel_wanted.emit(False)
    page.take([place / "rooms.ps2model"])
    wait(page.importing.panel.isVisible, 0.5)
    save("models-package")
    page.importing.panel.dismissed.emit()
    page.take([place / "materials.onnx"])
    wait(lambda: page.currentWidget() is not page.library, 0.0)
    assistant = page.currentWidget()
    wait(lambda: assistant.state.draft is not None, 0.2)
    assistant.look_at([samples])
    wait(lambda: True, 2.5)
    save("models-assistant")
    assistant.closed.emit()
    page.try_out()
    tries = page.currentWidget()
    tries.look_at([samples])
    wait(lambda: tries.state.answer is not None, 1.0)
    save("models-try")
    tries.closed.emit()
    page.compare()
    compare = page.currentWidget()
    wait(lambda: bool(compare.state.models), 0.2)
    compare.state.choose(place / "labelled")
    compare.run()
    wait(lambda: compare.state.found is not None, 1.0)
    save("models-compare")
    compare.closed.emit()
