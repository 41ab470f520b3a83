#!/usr/bin/env python3
"""Compare what two providers make of recordings, from the command line.

    run.py FILE...                              bundled against microsoft, differences printed; exit status 1 if any
    run.py --provider microsoft FILE...         print what one provider says, as JSON
    run.py --providers ./libk4a_rp.so microsoft FILE...
    run.py --sections captures,seeks --seeks 50 FILE...
    run.py --cases 'edge/*' --keep FOLDER       the cases of the test suite that match (files are kept in FOLDER)
    run.py --list                               the names of all cases

A provider is what PYK4A_RP_PROVIDER takes: a name or a path. Each runs in a subprocess of its own; if the library
crashes or hangs, the section it was in says so and the rest goes on in a new one. Differences that
`allowed_differences.py` lists are counted, and shown only with --all.

Map of this folder:

    run.py                  this tool
    cases.py                the list of cases: name, how the file is made, what is looked at
    recordings.py           files made by the recording generator and by mkvmerge, kept in a cache
    edge_*.py, layout.py    files made by hand, byte by byte, for the rules of opening and odd layouts
    ebml.py                 the EBML they are written with, and enough reading to find blocks
    write_recordings.py     files written through k4a_record_* for the grouping vectors
    observe.py, observe_seeks.py  what is asked of a library: the sections, all through the flat module
    worker.py, harness.py   the subprocess, and its parent with the comparison
    model.py                the documented rules of grouping and seeking, as a third opinion
    allowed_differences.py  deliberate differences: one line each, with the reason; each must occur
    test_*.py               the tests

Environment: PYK4A_RP_SHARED (folder of shared recordings and tools), PYK4A_RP_TEST_CACHE (keeps generated recordings
between runs; otherwise they live in pytest's cache folder).
"""

import argparse
import fnmatch
import json
import os
import sys
import tempfile
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY))

from tests.differential import allowed_differences, harness, observe  # noqa: E402


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--provider", help="only this one; prints JSON")
    parser.add_argument("--providers", nargs=2, default=["bundled", "microsoft"], metavar=("TESTED", "REFERENCE"))
    parser.add_argument("--sections", default=",".join(observe.DEFAULT_SECTIONS))
    parser.add_argument("--seeks", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=20, help="a section that takes longer counts as hung")
    parser.add_argument("--tag", action="append", default=[], help="also ask for this tag")
    parser.add_argument("--attachment", action="append", default=[], help="also ask for this attachment")
    parser.add_argument("--cases", help="pattern of case names instead of files")
    parser.add_argument("--list", action="store_true")
    shared = Path(os.environ.get("PYK4A_RP_SHARED") or REPOSITORY.parent / "shared")
    parser.add_argument("--shared", type=Path, default=shared, help="folder of shared recordings and tools")
    parser.add_argument("--keep", type=Path, help="folder for the files that cases need")
    parser.add_argument("--all", action="store_true", help="show allowed differences too")
    parser.add_argument("--limit", type=int, default=40, help="differences shown per file")
    parser.add_argument("--module", default="pyk4a_rp.k4a", help="a module with the flat module's call shape")
    return parser.parse_args()


def jobs_of(arguments):
    if arguments.cases or arguments.list:
        from tests.differential import cases

        shared = arguments.shared
        chosen = [case for case in cases.all_cases(shared) if fnmatch.fnmatch(case.name, arguments.cases or "*")]
        if arguments.list:
            print("\n".join(case.name for case in chosen))
            sys.exit(0)
        keep = arguments.keep or Path(
            os.environ.get("PYK4A_RP_TEST_CACHE") or tempfile.mkdtemp(prefix="pyk4a_rp_cases_")
        )
        print(f"files are in {keep}", file=sys.stderr)
        maker = cases.Maker(keep, shared, arguments.module)
        jobs = maker.jobs(chosen)
        for name, reason in maker.unavailable.items():
            print(f"{name}: left out, {reason}", file=sys.stderr)
        return jobs
    sections = arguments.sections.split(",")
    common = {
        "sections": sections,
        "seeks": arguments.seeks,
        "seconds": arguments.seconds,
        "tags": arguments.tag,
        "attachments": arguments.attachment,
    }
    return [{"id": path.name, "path": str(path.resolve()), **common} for path in arguments.files]


def main():
    arguments = parse_arguments()
    jobs = jobs_of(arguments)
    if arguments.provider:
        print(json.dumps(harness.run_jobs(arguments.provider, jobs, arguments.module), indent=1))
        return 0
    tested, reference = (
        harness.run_jobs(name, jobs, arguments.module, attempts=1 + (name == "microsoft"))
        for name in arguments.providers
    )
    worst = 0
    for job in jobs:
        found = harness.compare(reference[job["id"]], tested[job["id"]])
        refused, allowed = allowed_differences.sort_out(job["id"], found)
        shown = found if arguments.all else refused
        print(f"{job['id']}: {len(refused)} differences" + (f", {len(allowed)} allowed" if allowed else ""))
        if shown:
            print(harness.describe(shown, arguments.limit, (arguments.providers[1], arguments.providers[0])))
        worst = worst or int(bool(refused))
    return worst


if __name__ == "__main__":
    sys.exit(main())
