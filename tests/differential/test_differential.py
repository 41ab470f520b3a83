"""Both providers say the same of every case, apart from the listed differences."""

from collections import Counter

import pytest

from tests.differential import allowed_differences, edge_files, harness


def test_answers_of_both_providers_are_equal(answers, case):
    """One subprocess per provider, the same questions: metadata, every item in both directions, seeks, buffers."""
    expected, actual = answers.of("microsoft", case), answers.of("bundled", case)
    refused, _ = allowed_differences.sort_out(case, harness.compare(expected, actual))
    assert not refused, f"{len(refused)} differences\n{harness.describe(refused, 20, ('microsoft', 'bundled'))}"


def test_answers_of_bundled_never_crash_or_hang(answers, case):
    """Whatever the file, a section ends, and by itself."""
    died = {section: answer for section, answer in answers.of("bundled", case).items() if harness.died(answer)}
    assert not died


def test_answers_without_a_python_exception(answers, case):
    """The sections themselves are sound: none ended with an exception."""
    for provider in ("bundled", "microsoft"):
        if answers.why_not[provider] is None:
            found = answers.of(provider, case).items()
            raised = [(section, answer) for section, answer in found if isinstance(answer, dict) and "raised" in answer]
            assert not raised


def test_allowed_differences_after_all_cases_have_all_occurred(answers):
    """An entry that allows nothing that happens is stale."""
    if answers.why_not["microsoft"]:
        pytest.skip(f"no comparison: {answers.why_not['microsoft']}")
    used, missing = Counter(), set()
    for case in answers.cases:
        group = answers.group(case.split("/")[0])
        if case in answers.maker.unavailable:
            missing.add(case)
            continue
        _, allowed = allowed_differences.sort_out(
            case, harness.compare(group["microsoft"][case], group["bundled"][case])
        )
        used += allowed
    if missing:
        pytest.skip(f"not all cases could be made: {answers.maker.unavailable}")
    stale = [entry for index, entry in enumerate(allowed_differences.ALLOWED) if not used[index]]
    assert not stale


@pytest.mark.parametrize("name", sorted(edge_files.UNDEFINED))
def test_file_with_undefined_answers_is_read_without_crash_or_hang(maker, name):
    """Microsoft's library reads uninitialised memory, crashes or hangs here, so there is nothing to compare with."""
    sections = [
        "open",
        "metadata",
        "raw_calibration",
        "captures",
        "imu",
        "blocks",
        "ends",
        "repeated_eof",
        "seeks",
        "conversions",
        "protocol",
    ]
    job = {"id": name, "path": str(maker.edge(name)), "sections": sections, "seeks": 50, "seconds": 10}
    answers = harness.run_jobs("bundled", [job])[name]
    assert all(not harness.died(answer) and "raised" not in (answer or {}) for answer in answers.values())


def test_harness_worker_that_dies_is_reported_and_the_rest_goes_on(tmp_path, monkeypatch):
    """A crash in one section costs that section only."""
    (tmp_path / "fragile.py").write_text(
        "import os, signal\n"
        "def k4a_playback_open(path):\n"
        "    if path == 'deadly':\n"
        "        os.kill(os.getpid(), signal.SIGSEGV)\n"
        "    return 1, None\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=":")
    jobs = [{"id": name, "path": name, "sections": ["open", "metadata"]} for name in ("first", "deadly", "last")]
    answers = harness.run_jobs("microsoft", jobs, module="fragile")
    assert answers["first"] == answers["last"] == {"open": {"result": 1, "handle": False}, "metadata": {"open": 1}}
    assert answers["deadly"] == {"open": {"died": "signal 11"}, "metadata": {"died": "signal 11"}}


def test_harness_worker_that_hangs_is_ended_and_its_job_given_up(tmp_path, monkeypatch):
    """A hang costs the rest of that job."""
    (tmp_path / "sleepy.py").write_text(
        "import time\ndef k4a_playback_open(path):\n    time.sleep(60 if path == 'slow' else 0)\n    return 1, None\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=":")
    jobs = [{"id": name, "path": name, "sections": ["open", "metadata"], "seconds": 1} for name in ("slow", "last")]
    answers = harness.run_jobs("microsoft", jobs, module="sleepy")
    assert answers["slow"] == {"open": {"died": "hung"}, "metadata": {"died": "not tried after a hang"}}
    assert answers["last"]["open"] == {"result": 1, "handle": False}
