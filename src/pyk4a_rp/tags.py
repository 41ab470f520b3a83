"""Tags and attachments of a recording as mappings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from . import _extensions
from . import k4a as _k
from .errors import NotSupportedError, RecordingError, fail

if TYPE_CHECKING:
    from .k4a import PlaybackHandle
    from .playback import Playback

__all__ = ["KNOWN_ATTACHMENTS", "KNOWN_TAGS", "Attachments", "Tags"]

KNOWN_TAGS = (
    "K4A_COLOR_TRACK",
    "K4A_COLOR_MODE",
    "K4A_DEPTH_TRACK",
    "K4A_DEPTH_MODE",
    "K4A_IR_TRACK",
    "K4A_IR_MODE",
    "K4A_DEPTH_DELAY_NS",
    "K4A_WIRED_SYNC_MODE",
    "K4A_SUBORDINATE_DELAY_NS",
    "K4A_COLOR_FIRMWARE_VERSION",
    "K4A_DEPTH_FIRMWARE_VERSION",
    "K4A_DEVICE_SERIAL_NUMBER",
    "K4A_CALIBRATION_FILE",
    "K4A_IMU_TRACK",
    "K4A_IMU_MODE",
    "K4A_START_OFFSET_NS",
)
"""Tags that Azure Kinect recorders write."""

KNOWN_ATTACHMENTS = ("calibration.json",)
"""Attachments that Azure Kinect recorders write."""


def _listable(handle: PlaybackHandle, what: str) -> PlaybackHandle:
    if not _extensions.available(handle):
        raise NotSupportedError(
            f"provider {handle.provider.name!r} cannot list {what}, only look them up by name; provider 'bundled' can"
        )
    return handle


def _text(result: int, text: str | None, what: str, handle: PlaybackHandle) -> str:
    if text is None:
        fail(f"{what} cannot be read", "k4a_rp extensions", provider=handle.provider, code=result, error=RecordingError)
    return text


class Tags(Mapping[str, str]):
    """The tags of a recording by name, the first of each name. Looking one up stands on ``k4a_playback_get_tag``.

    Iteration and `len` need a provider that can list tags (`bundled`), and raise `NotSupportedError` on others.

    Examples
    --------
    >>> from pyk4a_rp import Playback
    >>> with Playback("session.mkv") as playback:
    ...     playback.tags["K4A_DEVICE_SERIAL_NUMBER"]
    ...     "K4A_NO_SUCH_TAG" in playback.tags
    '000123'
    False
    """

    def __init__(self, playback: Playback) -> None:
        self._playback = playback

    def __getitem__(self, name: str) -> str:
        if not isinstance(name, str):
            raise KeyError(name)
        _, value = _k.k4a_playback_get_tag(self._playback.handle, name)
        if value is None:
            raise KeyError(name)
        return value

    def __iter__(self) -> Iterator[str]:
        return iter(dict(self.pairs()))

    def __len__(self) -> int:
        return len(dict(self.pairs()))

    def pairs(self) -> list[tuple[str, str]]:
        """All tags as (name, value) in file order, also those whose name occurs again.

        Raises
        ------
        NotSupportedError
            The provider cannot list tags.
        """
        handle = _listable(self._playback.handle, "tags")
        found = []
        for index in range(_extensions.playback_get_tag_count(handle)):
            name = _text(*_extensions.playback_get_tag_name(handle, index), f"the name of tag {index}", handle)
            value = _text(*_extensions.playback_get_tag_value(handle, index), f"the value of tag {index}", handle)
            found.append((name, value))
        return found

    def __repr__(self) -> str:
        return f"<tags of {self._playback!r}>"


class Attachments(Mapping[str, bytes]):
    """The files attached to a recording by name, the first of each. Stands on ``k4a_playback_get_attachment``.

    Iteration and `len` need a provider that can list attachments (`bundled`), and raise `NotSupportedError` on others.
    """

    def __init__(self, playback: Playback) -> None:
        self._playback = playback

    def __getitem__(self, name: str) -> bytes:
        if not isinstance(name, str):
            raise KeyError(name)
        _, data = _k.k4a_playback_get_attachment(self._playback.handle, name)
        if data is None:
            raise KeyError(name)
        return data

    def __iter__(self) -> Iterator[str]:
        return iter(self._names())

    def __len__(self) -> int:
        return len(self._names())

    def _names(self) -> list[str]:
        handle = _listable(self._playback.handle, "attachments")
        names = []
        for index in range(_extensions.playback_get_attachment_count(handle)):
            answer = _extensions.playback_get_attachment_name(handle, index)
            names.append(_text(*answer, f"the name of attachment {index}", handle))
        return list(dict.fromkeys(names))

    def __repr__(self) -> str:
        return f"<attachments of {self._playback!r}>"
