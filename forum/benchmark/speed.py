"""How long queries take in a process that has just started, and how much memory it then holds."""

import resource
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from forum.benchmark.asking import QueryKind, numbers_of, queries_of
from forum.benchmark.measures import percentile
from forum.benchmark.sets import BenchmarkSet
from forum.search.engine import SearchEngine, SimilarQuery

SHOWN = 5
"""Results that a person is shown while asking, passages included."""

MOST_QUERIES = 400
"""Queries of a kind that are timed; more would only take longer."""


@dataclass(frozen=True, slots=True)
class Speed:
    """Times of one kind of query, in milliseconds."""

    engine: str
    set_name: str
    threads: int
    kind: QueryKind
    first_ms: float
    """The first query of the process, opening the index included."""
    p50_ms: float
    p95_ms: float
    """Of the second round, when what the queries need has been read once."""
    cold_p95_ms: float
    """Of the first round."""
    peak_megabytes: float
    """Of the process, with everything that it has loaded."""


def measure(chosen: BenchmarkSet, *, open_engine: Callable[[], SearchEngine], name: str) -> list[Speed]:
    """Return the speed of each kind of query, each measured in a new process."""
    number_of = numbers_of(chosen)
    speeds = []
    for kind in QueryKind:
        queries = [
            query.similar(number_of, limit=SHOWN, with_passages=True)
            for question in chosen.questions
            for query in queries_of(question, kind)
        ][:MOST_QUERIES]
        if queries:
            # A process that is forked would share what its parent has read already.
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
                cold, warm, megabytes = process.submit(_rounds, open_engine, queries).result()
            speeds.append(
                Speed(
                    engine=name,
                    set_name=chosen.name,
                    threads=len(chosen.threads),
                    kind=kind,
                    first_ms=cold[0],
                    p50_ms=percentile(warm, 0.5),
                    p95_ms=percentile(warm, 0.95),
                    cold_p95_ms=percentile(cold, 0.95),
                    peak_megabytes=megabytes,
                )
            )
    return speeds


def _rounds(
    open_engine: Callable[[], SearchEngine], queries: Sequence[SimilarQuery]
) -> tuple[list[float], list[float], float]:
    started = time.perf_counter()
    engine = open_engine()
    opened = (time.perf_counter() - started) * 1_000
    cold = [_time(engine, query) for query in queries]
    cold[0] += opened
    warm = [_time(engine, query) for query in queries]
    peak = _peak_megabytes()
    engine.close()
    return cold, warm, peak


def _peak_megabytes() -> float:
    """Return the most memory that this process has held."""
    try:
        # What `getrusage` says on Linux is no less than what the process held that this one was started by.
        status = Path("/proc/self/status").read_text("ascii")
    except FileNotFoundError:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def _time(engine: SearchEngine, query: SimilarQuery) -> float:
    started = time.perf_counter()
    engine.similar(query)
    return (time.perf_counter() - started) * 1_000
