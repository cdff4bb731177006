"""The one place that loads pyqtgraph, without Qt's OpenGL.

pyqtgraph imports Qt's OpenGL modules at its start, for curves that a graphics card draws. None is here: curves that are
thinned to the columns of the screen are drawn as fast by the processor. The libraries weigh 10 MB, which the frozen
program goes without; so that it and the sources run the same, neither loads them.
"""

from __future__ import annotations

import sys
from types import ModuleType

from PySide6.QtWidgets import QWidget

__all__ = ["pg"]


class _NoOpenGL(QWidget):
    """In place of ``QOpenGLWidget``; nothing is ever one."""


_stand_ins = {name: ModuleType(name) for name in ("PySide6.QtOpenGL", "PySide6.QtOpenGLWidgets")}
_stand_ins["PySide6.QtOpenGLWidgets"].__dict__["QOpenGLWidget"] = _NoOpenGL
_absent = {name: module for name, module in _stand_ins.items() if name not in sys.modules}
sys.modules.update(_absent)
try:
    import pyqtgraph as pg
finally:
    for _name in _absent:
        del sys.modules[_name]
