"""The parent's side: hands jobs to one subprocess per provider, survives its death, compares what came back."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

WORKER = Path(__file__).resolve().with_name("worker.py")


def _run_worker(provider, tasks, folder, module, python):
    """Results by task number, the number of the task under way at the end (or None), and how the process ended."""
    tasks_path, results_path = folder / "tasks.json", folder / "results.jsonl"
    tasks_path.write_text(json.dumps(tasks))
    results_path.write_text("")
    environment = {**os.environ, "PYK4A_RP_PROVIDER": provider, "K4A_ENABLE_LOG_TO_STDOUT": "0"}
    done = subprocess.run(
        [python, str(WORKER), str(tasks_path), str(results_path), module],
        env=environment,
        cwd=folder,
        capture_output=True,
        text=True,
        errors="replace",
    )
    results, under_way = {}, None
    for line in results_path.read_text().splitlines():
        record = json.loads(line)
        if "begin" in record:
            under_way = record["begin"]
        else:
            results[record["number"]] = record["result"]
            under_way = None
    return results, under_way, done


def why_not(provider, module="pyk4a_rp.k4a", python=sys.executable):
    """The reason why a provider cannot be loaded, or None."""
    code = "import os, pyk4a_rp; pyk4a_rp.load_provider(os.environ['PYK4A_RP_PROVIDER'])"
    if module != "pyk4a_rp.k4a":
        code = f"import {module}"
    environment = {**os.environ, "PYK4A_RP_PROVIDER": provider}
    done = subprocess.run([python, "-c", code], env=environment, capture_output=True, text=True, errors="replace")
    if done.returncode == 0:
        return None
    if "ProviderError" in done.stderr:
        return f"provider {provider!r} is not installed (pip install 'pyk4a-rp[sdk]'; `pyk4a-rp doctor` says more)"
    return (done.stderr.strip().splitlines() or ["unknown"])[-1]


def run_jobs(provider, jobs, module="pyk4a_rp.k4a", python=sys.executable, attempts=1):
    """Run every job's sections on the provider; `{job id: {section: result}}`.

    Sections that died are tried again up to `attempts` times in all: Microsoft's library has a rare crash of its own
    (a race with its reading ahead), which says nothing of the file.
    """
    answers = _run_jobs_once(provider, jobs, module, python)
    for _ in range(attempts - 1):
        again = []
        for job in jobs:
            sections = [name for name in job["sections"] if died(answers[job["id"]][name])]
            if sections and not any("hang" in answers[job["id"]][name]["died"] for name in sections):
                again.append({**job, "sections": sections})
        if again:
            for name, found in _run_jobs_once(provider, again, module, python).items():
                answers[name].update(found)
    return answers


def _run_jobs_once(provider, jobs, module, python):
    """Run every job's sections once.

    A section that killed the process has the result `{"died": how}`; the sections after it run in a new process. After
    a section that hung, the rest of its job is not tried.
    """
    tasks = []
    for job in jobs:
        for section in job["sections"]:
            tasks.append({"number": len(tasks), "job": job, "section": section, "seconds": job.get("seconds", 120)})
    answers = {job["id"]: {} for job in jobs}
    left = tasks
    with tempfile.TemporaryDirectory(prefix="pyk4a_rp_differential_") as folder:
        while left:
            results, under_way, done = _run_worker(provider, left, Path(folder), module, python)
            for task in left:
                if task["number"] in results:
                    answers[task["job"]["id"]][task["section"]] = results[task["number"]]
            if under_way is None and done.returncode == 0:
                break
            if under_way is None:
                # Between tasks: at start (nothing can be run) or at exit (everything has been run).
                if len(results) == len(left):
                    break
                raise RuntimeError(f"the {provider} worker could not run ({done.returncode}):\n{done.stderr[-3000:]}")
            how = f"signal {-done.returncode}" if done.returncode < 0 else f"status {done.returncode}"
            if "Timeout (" in done.stderr:
                how = "hung"
            task = tasks[under_way]
            answers[task["job"]["id"]][task["section"]] = {"died": how}
            left = [task for task in left if task["number"] > under_way]
            if how == "hung":
                for other in [other for other in left if other["job"] is task["job"]]:
                    answers[other["job"]["id"]][other["section"]] = {"died": "not tried after a hang"}
                left = [other for other in left if other["job"] is not task["job"]]
    return answers


def differences(expected, actual, path=()):
    """Leaves in which two JSON values differ, as (path, expected, actual); `...` stands for what is absent."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        for key in [*expected, *(key for key in actual if key not in expected)]:
            yield from differences(expected.get(key, ...), actual.get(key, ...), (*path, str(key)))
    elif isinstance(expected, list) and isinstance(actual, list):
        for index in range(max(len(expected), len(actual))):
            one = expected[index] if index < len(expected) else ...
            two = actual[index] if index < len(actual) else ...
            yield from differences(one, two, (*path, str(index)))
    elif expected != actual:
        yield "/".join(path), expected, actual


def compare(expected, actual):
    """Differences of one job's answers: just one for a section that died, and for a file only one of the two opens."""
    opened = [answers["metadata"].get("open") for answers in (expected, actual) if "metadata" in answers]
    if len(opened) == 2 and opened[0] != opened[1] and None not in opened:
        return [("open", *opened)]
    found = []
    for section in [*expected, *(section for section in actual if section not in expected)]:
        one, two = expected.get(section), actual.get(section)
        if died(one) or died(two):
            if one != two:
                found.append((section, one if died(one) else "answers", two if died(two) else "answers"))
        else:
            found += differences(one, two, (section,))
    return found


def died(answer):
    """Whether a section ended with the process."""
    return isinstance(answer, dict) and "died" in answer


def describe(found, limit=20, names=("expected", "actual")):
    """Differences as text, one a line, cut to a readable length."""
    lines = [f"{where}: {names[0]} {_short(one)}, {names[1]} {_short(two)}" for where, one, two in found[:limit]]
    if len(found) > limit:
        lines.append(f"... and {len(found) - limit} more")
    return "\n".join(lines)


def _short(value):
    text = "absent" if value is ... else json.dumps(value)
    return text if len(text) <= 160 else f"{text[:157]}..."
