"""Files for other programs: point clouds and pictures."""

from __future__ import annotations

from .ply import write_ply
from .png import write_png

__all__ = ["write_ply", "write_png"]
