"""How many threads of the engine work on one call."""

from __future__ import annotations

import operator

from . import _points
from ._provider import load_provider

__all__ = ["get_thread_count", "set_thread_count"]


def get_thread_count() -> int:
    """Return how many threads work on one call of a transformation or of points, the calling one included."""
    return _points.get_thread_count(load_provider("bundled"))


def set_thread_count(count: int) -> None:
    """Set how many threads work on one call of a transformation or of points, in the whole process.

    For programs that run one process or thread per recording anyway. Results do not depend on it. Other providers
    have their own ways.

    Parameters
    ----------
    count
        The number, the calling thread included; 0 for the default, one per core.

    Raises
    ------
    TypeError, ValueError
        It is no whole number; or below 0, or not below 2 ** 32.
    """
    try:
        number = operator.index(count)
    except TypeError:
        raise TypeError(f"the number of threads is a whole number, not a {type(count).__name__}") from None
    if not 0 <= number < 1 << 32:
        raise ValueError(f"the number of threads cannot be {number}")
    _points.set_thread_count(load_provider("bundled"), number)
