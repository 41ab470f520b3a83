"""The subprocess: reads tasks, runs their sections on one provider, appends one JSON line per section.

    python worker.py TASKS.json RESULTS.jsonl [MODULE]

The provider is the one named by the environment variable PYK4A_RP_PROVIDER. TASKS.json is a list of
`{"number": n, "job": {"id", "path", ...}, "section": name}`. A line `{"begin": n}` goes before each task, so that the
parent knows which one killed the process; a section that takes longer than `seconds` ends the process.
"""

import faulthandler
import importlib
import json
import os
import sys
import traceback
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]


def run_task(k4a, sections, task):
    """The section's result, or the Python exception it raised as `{"raised": ...}`."""
    try:
        return sections[task["section"]](k4a, task["job"])
    except Exception as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        return {"raised": f"{type(error).__name__}: {error} ({Path(last.filename).name}:{last.lineno})"}


def main():
    """Run all tasks."""
    os.environ.setdefault("K4A_ENABLE_LOG_TO_STDOUT", "0")
    tasks_path, results_path = sys.argv[1:3]
    k4a = importlib.import_module(sys.argv[3] if len(sys.argv) > 3 else "pyk4a_rp.k4a")
    sys.path.insert(0, str(REPOSITORY))
    from tests.differential import observe, observe_seeks, write_recordings

    sections = {**observe.SECTIONS, **observe_seeks.SECTIONS, **write_recordings.SECTIONS}
    tasks = json.loads(Path(tasks_path).read_text())
    with open(results_path, "a") as results:
        for task in tasks:
            print(json.dumps({"begin": task["number"]}), file=results, flush=True)
            faulthandler.dump_traceback_later(task.get("seconds", 120), exit=True)
            result = run_task(k4a, sections, task)
            faulthandler.cancel_dump_traceback_later()
            print(json.dumps({"number": task["number"], "result": result}), file=results, flush=True)


if __name__ == "__main__":
    main()
