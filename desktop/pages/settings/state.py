"""What the Settings page knows and can do. No Qt."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.observable import Event
from desktop.settings import Settings, annotator_name
from models.workspace import choose, folder

SAMPLE = Path(__file__).resolve().parents[3] / "assets" / "samples" / "wall_red_01.jpg"
"""What the online model is tried on: our own, so nothing of the person's leaves the computer."""

if TYPE_CHECKING:  # looking at everything loads everything; the page is shown before
    from desktop.actions.doctor import Finding
    from models.blending import Prediction

__all__ = ["DEVICE_NAMES", "THEME_NAMES", "SettingsState"]

THEME_NAMES = {"system": "Like the system", "light": "Light", "dark": "Dark"}
DEVICE_NAMES = {"auto": "Fastest there is", "cpu": "Processor only"}


@dataclass(slots=True)
class SettingsState:
    """The settings, and the event that tells of a change."""

    settings: Settings
    changed: Event[Settings] = field(default_factory=Event)

    def change(self, **changes: str | int | bool) -> None:
        """Change some settings, by the names of the fields of ``Settings``."""
        changed = replace(self.settings, **changes)  # type: ignore[arg-type]  # by name; tests hold the types
        if changed != self.settings:
            self.settings = changed
            self.changed.fire(changed)

    def user_name(self) -> str:
        """The name that is on labels unless another is set; "" where nobody knows."""
        return annotator_name(Settings())

    def devices(self) -> dict[str, str]:
        """What models can run on here: the setting's value -> words. Loads ONNX Runtime: for a background thread."""
        from models.inference import CPU, DEVICES, available_providers

        others = {name: _capital(DEVICES[name]) for name in available_providers() if name != CPU}
        chosen = self.settings.device
        if chosen not in {*others, *DEVICE_NAMES}:  # set on another computer, or the driver is gone
            others[chosen] = f"{_capital(DEVICES.get(chosen, chosen))} (not here)"
        return {"auto": DEVICE_NAMES["auto"], **others, "cpu": DEVICE_NAMES["cpu"]}

    def thread_choices(self) -> dict[str, str]:
        """How many cores may work: the setting's value -> words."""
        cores, chosen = os.cpu_count() or 1, self.settings.threads
        choices = {"0": f"All {cores}" if cores > 1 else "The one there is"}
        choices |= {str(count): str(count) for count in (cores // 2, 1) if 0 < count < cores}
        return choices | {str(chosen): str(chosen)} if str(chosen) not in choices else choices

    def workspace(self) -> Path:
        """The folder that holds everything this program keeps.

        Raises:
            WorkspaceError: it can't be used.
        """
        return folder()

    def choose_workspace(self, path: Path) -> Path:
        """Use ``path`` from the next start on. What is kept now stays where it is.

        Raises:
            WorkspaceError: the folder can't be used, or the choice can't be kept.
        """
        return choose(path)

    def examine(self) -> list[Finding]:
        """What is installed and whether it works; takes a second or two, for a background thread."""
        from desktop.actions.doctor import examine

        return examine()

    # -- the online model; for a background thread ---------------------------------------------------------------------

    def keep_key(self, key: str) -> None:
        """Keep the online model's key in the system's keyring.

        Raises:
            OnlineError: it can't be kept.
        """
        from desktop.actions.online import keep_key

        keep_key(self.settings, key)

    def forget_key(self) -> None:
        """Forget it again.

        Raises:
            OnlineError: there is no keyring.
        """
        from desktop.actions.online import forget_key

        forget_key(self.settings)

    def try_online(self) -> list[Prediction]:
        """Ask the online model about a picture that ships.

        Raises:
            OnlineError: there is no usable answer.
        """
        from desktop.actions.online import try_online
        from models.library import STARTER, readable_spec

        return list(try_online(self.settings, SAMPLE, readable_spec(STARTER).heads[0].categories))


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
