"""pyk4a's names for result codes."""

from __future__ import annotations

from enum import IntEnum

__all__ = ["BufferResult", "Result", "StreamResult"]


class Result(IntEnum):
    """Outcome of most calls. C: ``k4a_result_t``, and ``k4a_wait_result_t`` for the last one."""

    Success = 0
    Failed = 1
    Timeout = 2


class BufferResult(IntEnum):
    """Outcome of a call that fills a buffer. C: ``k4a_buffer_result_t``."""

    Success = 0
    Failed = 1
    TooSmall = 2


class StreamResult(IntEnum):
    """Outcome of a call that reads a recording. C: ``k4a_stream_result_t``."""

    Success = 0
    Failed = 1
    EOF = 2
