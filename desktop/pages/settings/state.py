"""What the Settings page knows and can do. No Qt."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.observable import Event
from desktop.settings import Settings
from models.workspace import choose, folder

if TYPE_CHECKING:  # looking at everything loads everything; the page is shown before
    from desktop.actions.doctor import Finding

__all__ = ["DEVICE_NAMES", "THEME_NAMES", "SettingsState"]

THEME_NAMES = {"system": "Like the system", "light": "Light", "dark": "Dark"}
DEVICE_NAMES = {"auto": "Fastest there is", "cpu": "Processor only"}


@dataclass(slots=True)
class SettingsState:
    """The settings, and the event that tells of a change."""

    settings: Settings
    changed: Event[Settings] = field(default_factory=Event)

    def change(
        self,
        *,
        theme: str | None = None,
        device: str | None = None,
        tile_side: int | None = None,
        model: str | None = None,
        wrong: int | None = None,
    ) -> None:
        """Change some settings; None leaves one as it is."""
        changed = replace(
            self.settings,
            theme=self.settings.theme if theme is None else theme,
            device=self.settings.device if device is None else device,
            tile_side=self.settings.tile_side if tile_side is None else tile_side,
            model=self.settings.model if model is None else model,
            wrong=self.settings.wrong if wrong is None else wrong,
        )
        if changed != self.settings:
            self.settings = changed
            self.changed.fire(changed)

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
