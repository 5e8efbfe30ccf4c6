"""One map while notes are written into it: `pen.Pen` asks a module for each concern what may stand at the next note."""

from models.bundled.pens.page import Lines, Page

__all__ = ["Lines", "Page"]
