"""Waiting for what a device delivers, in slices, so that Ctrl-C and other threads can end it."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Generic, NoReturn, Protocol, TypeVar

from . import _extensions
from ._simulated import simulated_device_has_ended
from .enums import WaitResult
from .errors import EndOfRecording, K4AError, K4ATimeoutError, RecordingError, fail, take_messages

if TYPE_CHECKING:
    from .device import Device
    from .k4a import DeviceHandle

__all__ = ["DeviceLostError", "Flag", "Stream", "check_timeout"]

_SLICE_SECONDS = 0.1  # the longest that Ctrl-C, `close` and `stop` have to wait
_Item = TypeVar("_Item")


class DeviceLostError(K4AError):
    """The device does not answer any more: it was unplugged, or its driver failed."""


class Flag(Protocol):
    """What another thread, or a signal handler, sets to end a wait: a `threading.Event` is one."""

    def is_set(self) -> bool:
        """Whether it was."""


class Stream(Generic[_Item]):
    """The captures or the IMU samples of a device, which has it and not the other way round: it dies when let go.

    Parameters
    ----------
    take
        The C function that waits for an item, so many milliseconds.
    call
        Its name.
    item
        What it gives, in words.

    Attributes
    ----------
    running : bool
        Whether it runs.
    stops : int
        How often it was stopped. Who waits while others stop it and start it again finds it running as before, but for
        this number: what was waited for does not come any more.
    """

    def __init__(
        self, take: Callable[[DeviceHandle, int], tuple[Any, _Item | None]], call: str, item: str
    ) -> None:
        self._take = take
        self._call = call
        self._item = item
        self.running = False
        self.stops = 0

    def stopped(self) -> None:
        """Note that it stops, before it does."""
        self.running = False
        self.stops += 1

    def goes_on(self, device: Device, stops: int) -> bool:
        """Whether it runs as it did when `stops` was read."""
        return self.running and self.stops == stops and not device.closed

    def items(self, device: Device, timeout: float | None) -> Iterator[_Item]:
        """Yield items until it stops or ends."""
        stops = self.stops
        while self.goes_on(device, stops):
            try:
                item = self.next(device, timeout, stops=stops)
            except EndOfRecording:
                return
            except (ValueError, K4AError):
                if self.goes_on(device, stops):
                    raise
                return  # closed or stopped meanwhile
            assert item is not None
            yield item

    def next(
        self, device: Device, timeout: float | None, *, stops: int | None = None, stopped: Flag | None = None
    ) -> _Item | None:
        """The next item; None when `stopped` was set first. `stops`: what it was when the items were begun."""
        check_timeout(timeout)
        begun = self.stops if stops is None else stops
        deadline = None if timeout is None else time.monotonic() + timeout
        while True:
            result, item = self._take(device.handle, _slice_ms(deadline))
            if item is not None and self.stops == begun:
                return item
            if stopped is not None and stopped.is_set():
                return None
            if result != WaitResult.TIMEOUT or self.stops != begun:
                self._fail(device, int(result), begun)
            if deadline is not None and time.monotonic() >= deadline:
                message = f"{device}: no {self._item} within {timeout} s"
                raise K4ATimeoutError(message, call=self._call, code=int(WaitResult.TIMEOUT))

    def _fail(self, device: Device, code: int, stops: int) -> NoReturn:
        if device.closed:
            raise ValueError(f"{device} was closed")
        messages = take_messages(device.provider)
        why: tuple[str, type[K4AError]] = ("is lost", DeviceLostError)
        if not self.goes_on(device, stops):
            why = ("was stopped", K4AError)
        elif _extensions.available(device.handle):  # simulated
            result, captures_ended, samples_ended = simulated_device_has_ended(device.handle)
            if captures_ended if self is device._cameras else samples_ended:
                raise EndOfRecording(f"{device}: the recording has ended", call=self._call, code=code)
            if not result:
                why = (f"has no next {self._item}: its recording is damaged", RecordingError)
        fail(f"{device} {why[0]}", self._call, provider=device.provider, code=code, error=why[1], messages=messages)


def check_timeout(timeout: float | None) -> None:
    """Raise TypeError or ValueError for what is no time to wait."""
    if timeout is None:
        return
    try:
        good = timeout >= 0
    except TypeError:
        raise TypeError(f"timeout is {timeout!r}: seconds, or None to wait for ever") from None
    if not good:
        raise ValueError(f"timeout is {timeout}: seconds from 0 on, or None to wait for ever")


def _slice_ms(deadline: float | None) -> int:
    """How long to wait now, if until the deadline."""
    left = _SLICE_SECONDS if deadline is None else min(max(deadline - time.monotonic(), 0.0), _SLICE_SECONDS)
    return math.ceil(left * 1000)
