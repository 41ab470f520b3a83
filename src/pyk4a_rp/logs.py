"""Native messages in `logging`.

What the libraries say goes to the loggers ``pyk4a_rp.native.<provider>`` (``bundled``, ``microsoft``, ...), from the
thread that made the call. CRITICAL, ERROR, WARNING and INFO are those of `logging`; TRACE is 5, below DEBUG.
Libraries are asked for warnings and worse, for more when the logger wants it.
"""

from __future__ import annotations

import logging

from pyk4a_rp import _provider

__all__ = ["TRACE", "drain", "logger", "refresh", "set_level"]

TRACE = 5
logging.addLevelName(TRACE, "TRACE")


def logger(provider: str | None = None) -> logging.Logger:
    """Return the logger of a provider's messages, or the one above them all.

    Parameters
    ----------
    provider : str, optional
        Name of a provider.
    """
    return logging.getLogger("pyk4a_rp.native" + (f".{provider}" if provider else ""))


def set_level(level: int | str, provider: str | None = None) -> None:
    """Set the level of native messages and tell the loaded libraries.

    Parameters
    ----------
    level : int or str
        A level of `logging`, or `TRACE`.
    provider : str, optional
        Name of a provider; None: all of them.
    """
    logger(provider).setLevel(level)
    refresh()


def refresh() -> None:
    """Ask the loaded libraries for what their loggers want now; needed after levels were changed elsewhere."""
    _provider.refresh_log_levels()


def drain() -> None:
    """Log what native threads have left; every call into a library does this at its end."""
    _provider.poll()
