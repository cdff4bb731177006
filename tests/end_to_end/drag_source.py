"""A small window that offers files to drag, as a file manager does: ``python drag_source.py PATH...``.

Run as a process of its own, so that what arrives at Sortwerk comes from another client of the screen.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QDrag, QMouseEvent
from PySide6.QtWidgets import QApplication, QLabel

TITLE = "drag source"
SIDE = 160


class DragSource(QLabel):
    """Starts a drag of ``paths`` as soon as the mouse moves over it with the left button down."""

    def __init__(self, paths: list[Path]) -> None:
        super().__init__("drag me")
        self._paths = paths
        self.setWindowTitle(TITLE)
        self.setFixedSize(SIDE, SIDE)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Hand the files over and say on standard output what became of them."""
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path)) for path in self._paths])
        drag = QDrag(self)
        drag.setMimeData(data)
        action = drag.exec(Qt.DropAction.CopyAction | Qt.DropAction.MoveAction, Qt.DropAction.CopyAction)
        sys.stdout.write(f"{action.name}\n")
        sys.stdout.flush()


def main() -> int:
    """Show the window until the process is ended."""
    app = QApplication(sys.argv[:1])
    source = DragSource([Path(argument) for argument in sys.argv[1:]])
    source.show()
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
