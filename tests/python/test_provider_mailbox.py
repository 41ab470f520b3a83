"""The mailbox: native messages become log records on Python's threads; nothing is lost silently."""

from __future__ import annotations

import logging
import os
import sys
import threading

import pytest

from pyk4a_rp import _provider, logs
from pyk4a_rp._provider import Provider

CRITICAL, ERROR, WARNING, INFO, TRACE = range(5)


@pytest.fixture(autouse=True)
def empty_mailbox(bundled: Provider) -> None:
    _provider.poll()
    _provider._take_messages(bundled)


def test_native_levels_become_levels_of_logging(bundled: Provider, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logs.TRACE, "pyk4a_rp.native"):
        for level in range(5):
            _provider._post(bundled, level, f"level {level}")
        _provider.poll()
    assert [(record.name, record.levelno, record.message) for record in caplog.records] == [
        ("pyk4a_rp.native.bundled", logging.CRITICAL, "level 0"),
        ("pyk4a_rp.native.bundled", logging.ERROR, "level 1"),
        ("pyk4a_rp.native.bundled", logging.WARNING, "level 2"),
        ("pyk4a_rp.native.bundled", logging.INFO, "level 3"),
        ("pyk4a_rp.native.bundled", 5, "level 4"),
    ]


def test_message_is_not_logged_before_the_mailbox_is_drained(
    bundled: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    _provider._post(bundled, ERROR, "waits")
    assert caplog.records == []
    _provider.poll()
    assert [record.message for record in caplog.records] == ["waits"]


def test_percent_signs_in_a_message_are_left_alone(bundled: Provider, caplog: pytest.LogCaptureFixture) -> None:
    _provider._post(bundled, ERROR, "100 %s of %d")
    _provider.poll()
    assert [record.message for record in caplog.records] == ["100 %s of %d"]


def test_messages_taken_after_a_call_are_those_of_that_call_only(bundled: Provider) -> None:
    _provider._post(bundled, ERROR, "first call")
    _provider.poll()
    _provider._post(bundled, ERROR, "second call")
    _provider._post(bundled, WARNING, "second call, too")
    _provider.poll()
    assert _provider._take_messages(bundled) == [(ERROR, "second call"), (WARNING, "second call, too")]
    assert _provider._take_messages(bundled) == []


def test_messages_of_a_call_that_left_none_are_none(bundled: Provider) -> None:
    _provider._post(bundled, ERROR, "earlier call")
    _provider.poll()
    _provider.poll()  # a call that says nothing
    assert _provider._take_messages(bundled) == []


def test_messages_are_apart_by_provider(bundled: Provider, microsoft: Provider) -> None:
    _provider._post(bundled, ERROR, "ours")
    _provider._post(microsoft, ERROR, "theirs")
    _provider.poll()
    assert _provider._take_messages(microsoft) == [(ERROR, "theirs")]


def test_messages_of_another_python_thread_are_not_taken(bundled: Provider) -> None:
    def other() -> None:
        _provider.poll()
        _provider._post(bundled, ERROR, "other thread")
        _provider.poll()

    thread = threading.Thread(target=other)
    _provider._post(bundled, ERROR, "this thread")
    thread.start()
    thread.join()
    _provider.poll()
    assert _provider._take_messages(bundled) == [(ERROR, "this thread")]


def test_messages_of_a_thread_that_never_polls_are_taken_by_the_next_that_does(bundled: Provider) -> None:
    thread = threading.Thread(target=_provider._post, args=(bundled, ERROR, "native thread"))
    thread.start()
    thread.join()
    _provider.poll()
    assert _provider._take_messages(bundled) == [(ERROR, "native thread")]


def test_mailbox_that_is_full_drops_and_says_how_many(bundled: Provider, caplog: pytest.LogCaptureFixture) -> None:
    for number in range(4096 + 10):
        _provider._post(bundled, ERROR, f"{number}")
    _provider.poll()
    assert len(caplog.records) == 4097
    assert [record.message for record in caplog.records[4095:]] == [
        "4095",
        "10 native messages or notices were lost: nobody called for a long time",
    ]


def test_posting_from_many_threads_loses_nothing(bundled: Provider, caplog: pytest.LogCaptureFixture) -> None:
    def post(first: int) -> None:
        for number in range(first, first + 200):
            _provider._post(bundled, ERROR, str(number))
            _provider.poll()

    threads = [threading.Thread(target=post, args=(200 * index,)) for index in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    _provider.poll()
    assert sorted(int(record.message) for record in caplog.records) == list(range(1600))


def test_handler_of_logging_that_calls_back_does_not_recurse(bundled: Provider) -> None:
    seen = []

    class CallingHandler(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            seen.append(record.getMessage())
            _provider.poll()

    handler = CallingHandler()
    logger = logs.logger("bundled")
    logger.addHandler(handler)
    try:
        _provider._post(bundled, ERROR, "one")
        _provider._post(bundled, ERROR, "two")
        _provider.poll()
    finally:
        logger.removeHandler(handler)
    assert seen == ["one", "two"]


def test_level_set_through_logs_reaches_the_library(bundled: Provider) -> None:
    logger = logs.logger("bundled")
    before = logger.level
    try:
        logs.set_level(logging.ERROR, "bundled")
        assert logger.level == logging.ERROR
        logs.set_level(logs.TRACE, "bundled")
        assert logging.getLevelName(logger.level) == "TRACE"
    finally:
        logger.setLevel(before)
        logs.refresh()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.skipif(sys.version_info >= (3, 12), reason="forking beside threads warns there")
def test_child_of_a_fork_can_use_the_mailbox(bundled: Provider) -> None:
    stop = threading.Event()

    def post() -> None:
        while not stop.is_set():
            _provider._post(bundled, TRACE, "busy")
            _provider.poll()

    thread = threading.Thread(target=post)
    thread.start()
    try:
        for _ in range(20):
            child = os.fork()
            if child == 0:
                _provider._post(bundled, TRACE, "child")
                _provider.poll()
                os._exit(0 if (TRACE, "child") in _provider._take_messages(bundled) else 1)
            assert os.waitpid(child, 0)[1] == 0
    finally:
        stop.set()
        thread.join()
