"""What the differential tests share: the files of the cases, and what both providers say of them."""

import fnmatch
import os
import shutil
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.conftest import find_shared
from tests.differential import cases, harness

ATTEMPTS = {"bundled": 1, "microsoft": 3}
PROVIDERS = tuple(ATTEMPTS)


class Answers:
    """What providers say of the cases, a group at a time, each provider in one subprocess after another."""

    def __init__(self, maker, shared):
        self.maker = maker
        self.cases = {case.name: case for case in cases.all_cases(shared)}
        self.why_not = {name: harness.why_not(name) for name in PROVIDERS}
        self._groups = {}

    @property
    def groups(self):
        """Names of the groups: what stands before the slash in the cases' names."""
        return list(dict.fromkeys(name.split("/")[0] for name in self.cases))

    def group(self, name):
        """`{provider: {case: answers}}` of a group, for the providers that are there."""
        if name not in self._groups:
            jobs = self.maker.jobs([case for case in self.cases.values() if fnmatch.fnmatch(case.name, f"{name}/*")])
            present = [provider for provider in PROVIDERS if self.why_not[provider] is None]
            with ThreadPoolExecutor(len(present)) as pool:
                found = pool.map(lambda name: harness.run_jobs(name, jobs, attempts=ATTEMPTS[name]), present)
                self._groups[name] = dict(zip(present, found, strict=True))
        return self._groups[name]

    def of(self, provider, case):
        """What the provider says of the case; skips where it or the file is missing."""
        if self.why_not[provider]:
            if provider == "bundled":
                pytest.fail(f"the bundled engine cannot be loaded: {self.why_not[provider]}")
            pytest.skip(f"no comparison: {self.why_not[provider]}")
        found = self.group(case.split("/")[0])[provider]
        if case not in found:
            pytest.skip(self.maker.unavailable[case])
        return found[case]


@pytest.fixture(scope="session")
def maker(shared_dir, tmp_path_factory):
    """Makes the cases' files; keeps them only where PYK4A_RP_TEST_CACHE says so, they are some hundred megabytes."""
    kept = os.environ.get("PYK4A_RP_TEST_CACHE")
    folder = kept or tmp_path_factory.mktemp("differential")
    yield cases.Maker(folder, shared_dir)
    if not kept:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def answers(maker, shared_dir):
    """What both providers say."""
    return Answers(maker, shared_dir)


def pytest_generate_tests(metafunc):
    """Give a test that takes `case` all cases, or those of the groups its module names."""
    if "case" in metafunc.fixturenames:
        groups = getattr(metafunc.module, "GROUPS", None)
        names = [case.name for case in cases.all_cases(find_shared())]
        metafunc.parametrize("case", [name for name in names if groups is None or name.split("/")[0] in groups])
