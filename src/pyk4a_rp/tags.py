"""Tags and attachments of a recording as mappings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, TypeGuard

from . import _extensions
from . import k4a as _k
from .errors import NotSupportedError

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


def _listable(playback: Playback, what: str) -> PlaybackHandle:
    handle = playback.handle
    if not _extensions.available(handle):
        raise NotSupportedError(
            f"provider {handle.provider.name!r} cannot list {what}, only look them up by name; provider 'bundled' can"
        )
    return handle


def _text(playback: Playback, handle: PlaybackHandle, what: str, result: int, text: str | None) -> str:
    if text is None:
        playback._fail(handle, f": {what} cannot be read", "k4a_rp extensions", result)
    return text


def is_name(name: object) -> TypeGuard[str]:
    """Whether C can be asked for this name; anything else names nothing."""
    if not isinstance(name, str) or "\0" in name:
        return False
    try:
        name.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return False
    return True


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
        handle = self._playback.handle
        value = _k.k4a_playback_get_tag(handle, name)[1] if is_name(name) else None
        if value is None:
            self._playback._require_open(handle)
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
        playback = self._playback
        handle = _listable(playback, "tags")
        found = []
        for index in range(_extensions.playback_get_tag_count(handle)):
            name = _extensions.playback_get_tag_name(handle, index)
            value = _extensions.playback_get_tag_value(handle, index)
            found.append(
                (
                    _text(playback, handle, f"the name of tag {index}", *name),
                    _text(playback, handle, f"the value of tag {index}", *value),
                )
            )
        playback._require_open(handle)
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
        handle = self._playback.handle
        data = _k.k4a_playback_get_attachment(handle, name)[1] if is_name(name) else None
        if data is None:
            self._playback._require_open(handle)
            raise KeyError(name)
        return data

    def __iter__(self) -> Iterator[str]:
        return iter(self._names())

    def __len__(self) -> int:
        return len(self._names())

    def _names(self) -> list[str]:
        playback = self._playback
        handle = _listable(playback, "attachments")
        names = []
        for index in range(_extensions.playback_get_attachment_count(handle)):
            answer = _extensions.playback_get_attachment_name(handle, index)
            names.append(_text(playback, handle, f"the name of attachment {index}", *answer))
        playback._require_open(handle)
        return list(dict.fromkeys(names))

    def __repr__(self) -> str:
        return f"<attachments of {self._playback!r}>"
