"""The canvas: one picture to mark things on, smooth at 24 megapixels, and the tools that mark. Knows no labels."""

from desktop.widgets.canvas.box_tool import BoxTool, RectTool
from desktop.widgets.canvas.brush_tool import BrushTool, EraserTool, FillTool
from desktop.widgets.canvas.canvas import Canvas
from desktop.widgets.canvas.clipboard import Clipboard
from desktop.widgets.canvas.lasso_tool import LassoTool
from desktop.widgets.canvas.overlay_slider import OverlaySlider
from desktop.widgets.canvas.path_tool import PathTool
from desktop.widgets.canvas.polygon_tool import PointsTool, PolygonTool, QuadTool, in_order
from desktop.widgets.canvas.pyramid import Pyramid
from desktop.widgets.canvas.select_tool import SelectTool
from desktop.widgets.canvas.shapes import Box, CanvasShape, Point, bounds_of, moved, with_box, with_polygons
from desktop.widgets.canvas.tool import Pointer, Surface, Tool

__all__ = [
    "Box",
    "BoxTool",
    "BrushTool",
    "Canvas",
    "CanvasShape",
    "Clipboard",
    "EraserTool",
    "FillTool",
    "LassoTool",
    "OverlaySlider",
    "PathTool",
    "Point",
    "Pointer",
    "PointsTool",
    "PolygonTool",
    "Pyramid",
    "QuadTool",
    "RectTool",
    "SelectTool",
    "Surface",
    "Tool",
    "bounds_of",
    "in_order",
    "moved",
    "with_box",
    "with_polygons",
]
