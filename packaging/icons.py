"""Draws the program's icon in the sizes and files the systems want: ``python packaging/icons.py FOLDER``.

Writes ``sortwerk.png`` (256 px), ``sortwerk.ico`` (Windows) and ``sortwerk.icns`` (macOS), all drawn from
assets/icons/sortwerk.svg.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

SOURCE = Path(__file__).resolve().parent.parent / "assets" / "icons" / "sortwerk.svg"
WINDOWS_SIDES = (16, 20, 24, 32, 40, 48, 64, 128, 256)
MACOS_SIDE = 1024


def draw(side: int) -> Image.Image:
    """The icon as an RGBA picture of ``side`` x ``side`` pixels."""
    image = QImage(side, side, QImage.Format.Format_RGBA8888)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(str(SOURCE)).render(painter)
    painter.end()
    return Image.frombytes("RGBA", (side, side), bytes(image.constBits()), "raw", "RGBA", image.bytesPerLine())


def main() -> None:
    """Write the three files into the folder that the command line names."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    drawn = [draw(side) for side in WINDOWS_SIDES]
    drawn[-1].save(folder / "sortwerk.png")
    # Every size is drawn, not scaled: small ones stay crisp.
    drawn[-1].save(folder / "sortwerk.ico", sizes=[image.size for image in drawn], append_images=drawn[:-1])
    draw(MACOS_SIDE).save(folder / "sortwerk.icns")


if __name__ == "__main__":
    main()
