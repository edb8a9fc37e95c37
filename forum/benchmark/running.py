"""Indexing a set and asking its questions."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean

from forum.benchmark.asking import Query, QueryKind, numbers_of, queries_of
from forum.benchmark.filling import fill
from forum.benchmark.measures import ndcg, recall, reciprocal_rank, success
from forum.benchmark.sets import BenchmarkSet
from forum.benchmark.speed import Speed
from forum.benchmark.yardstick import Yardstick
from forum.core.db import Database
from forum.search.engine import SearchEngine
from forum.search.indexer import Indexer

DEPTH = 100
"""Results that are looked at: recall@100 says what a better order of them could reach."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Quality:
    """Means over all queries of a kind."""

    queries: int
    ndcg_10: float
    mrr: float
    success_1: float
    recall_10: float
    recall_100: float


@dataclass(frozen=True, slots=True)
class Measured:
    """One engine on one kind of query; `yardstick` is the plain BM25 of the same run."""

    engine: str
    set_name: str
    kind: QueryKind
    quality: Quality
    yardstick: Quality

    @property
    def gain(self) -> float:
        """How much better than the yardstick, as a share of it: 0.4 is 40 % better."""
        return self.quality.ndcg_10 / self.yardstick.ndcg_10 - 1 if self.yardstick.ndcg_10 else 0.0


@dataclass(frozen=True, slots=True)
class Indexed:
    """What indexing a set took."""

    engine: str
    set_name: str
    threads: int
    seconds: float
    processor_seconds: float


@dataclass(slots=True)
class Report:
    """All measurements of a run."""

    indexed: list[Indexed] = field(default_factory=list)
    measured: list[Measured] = field(default_factory=list)
    speeds: list[Speed] = field(default_factory=list)

    def means(self) -> Mapping[tuple[str, QueryKind], tuple[float, float]]:
        """Return for each engine and kind the mean nDCG@10 over the sets, and that of the yardstick."""
        groups: dict[tuple[str, QueryKind], list[Measured]] = {}
        for row in self.measured:
            groups.setdefault((row.engine, row.kind), []).append(row)
        return {
            key: (
                fmean(row.quality.ndcg_10 for row in rows),
                fmean(row.yardstick.ndcg_10 for row in rows),
            )
            for key, rows in groups.items()
        }


def index(
    chosen: BenchmarkSet,
    *,
    database: Database,
    engine: SearchEngine,
    name: str,
    report: Report,
    progress: Progress,
) -> None:
    """Bring the set into an empty site, and add to the report what indexing it took."""
    fill(database, chosen.threads)
    started, worked = time.perf_counter(), time.process_time()
    Indexer(database, engine).reindex(progress)
    seconds, processor_seconds = time.perf_counter() - started, time.process_time() - worked
    report.indexed.append(Indexed(name, chosen.name, len(chosen.threads), seconds, processor_seconds))


def ask(chosen: BenchmarkSet, *, engine: SearchEngine, name: str, report: Report) -> None:
    """Ask the questions of a set that is indexed, and add to the report how well they were answered."""
    asker = _Asker(engine, Yardstick(chosen.threads), numbers_of(chosen))
    for kind in QueryKind:
        queries = [query for question in chosen.questions for query in queries_of(question, kind)]
        if queries:
            report.measured.append(asker.measured(name, chosen.name, kind, queries))


class _Asker:
    def __init__(self, engine: SearchEngine, yardstick: Yardstick, number_of: Mapping[int, int]) -> None:
        self._engine = engine
        self._yardstick = yardstick
        self._number_of = number_of

    def measured(self, name: str, set_name: str, kind: QueryKind, queries: Sequence[Query]) -> Measured:
        quality, yardstick = (
            self._quality(queries, find) for find in (self._found, self._found_by_yardstick)
        )
        return Measured(name, set_name, kind, quality, yardstick)

    def _found(self, query: Query) -> list[int]:
        asked = query.similar(self._number_of, limit=DEPTH, with_passages=False)
        return [hit.thread_id for hit in self._engine.similar(asked)]

    def _found_by_yardstick(self, query: Query) -> list[int]:
        return self._yardstick.best(
            f"{query.title} {query.body}",
            before=query.question.date,
            without=self._number_of.get(query.question.id),
            most=DEPTH,
        )

    def _quality(self, queries: Sequence[Query], find: Callable[[Query], list[int]]) -> Quality:
        rows = []
        for query in queries:
            found = find(query)
            wanted = {self._number_of[id] for id in query.question.wanted if id in self._number_of}
            rows.append(
                (
                    ndcg(found, wanted),
                    reciprocal_rank(found, wanted),
                    success(found, wanted),
                    recall(found, wanted, most=10),
                    recall(found, wanted, most=DEPTH),
                )
            )
        return Quality(len(rows), *(fmean(column) for column in zip(*rows, strict=True)))
