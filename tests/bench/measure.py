"""What the benchmarks share: the best of many rounds, and a line about it."""

from __future__ import annotations

import time
from collections.abc import Callable


def best_ms(work: Callable[[], object], rounds: int, clock: Callable[[], float] = time.process_time) -> float:
    work()
    best = float("inf")
    for _ in range(rounds):
        start = clock()
        work()
        best = min(best, clock() - start)
    return best * 1e3


def show(what: str, ms: float, reference: tuple[str, float] | None = None, note: str = "") -> None:
    ratio = "" if reference is None else f"   {ms / reference[1]:7.2f} x the time of {reference[0]}"
    print(f"  {what:<46}{ms:10.3f} ms{ratio}{note}")
