"""Writing what was taken in forms that other software reads."""

from __future__ import annotations

from .png import write_png as write_png

__all__ = ["write_png"]
