"""Indexing a set and asking its questions."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from statistics import fmean

from forum.benchmark.filling import fill
from forum.benchmark.measures import ndcg, percentile, recall, reciprocal_rank, success
from forum.benchmark.sets import BenchmarkSet, Question
from forum.benchmark.yardstick import Yardstick
from forum.core.db import Database
from forum.search.engine import SearchEngine, SimilarQuery
from forum.search.indexer import Indexer

DEPTH = 100
"""Results that are looked at: recall@100 says what a better order of them could reach."""

SHOWN = 5
"""Results that a person is shown while asking; times are measured with as many, passages included."""

PREFIX_SHARES = (0.4, 0.7)
"""How much of a title is typed when suggestions are looked for: two moments of typing."""

Progress = Callable[[int, int], None]


class QueryKind(StrEnum):
    """What is known of the question."""

    TITLE = "title"
    TITLE_AND_BODY = "title and body"
    PREFIX = "beginning of title"


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
    p50_ms: float
    p95_ms: float
    first_ms: float
    """The first query of this kind."""

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
    bytes: int | None


@dataclass(slots=True)
class Report:
    """All measurements of a run."""

    indexed: list[Indexed] = field(default_factory=list)
    measured: list[Measured] = field(default_factory=list)

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


def measure(
    chosen: BenchmarkSet,
    *,
    database: Database,
    engine: SearchEngine,
    name: str,
    report: Report,
    progress: Progress,
) -> None:
    """Index the set into an empty site and add to the report what was measured."""
    fill(database, chosen.threads)
    started, worked = time.perf_counter(), time.process_time()
    Indexer(database, engine).reindex(progress)
    report.indexed.append(
        Indexed(
            name,
            chosen.name,
            len(chosen.threads),
            time.perf_counter() - started,
            time.process_time() - worked,
            None,
        )
    )
    yardstick = Yardstick(chosen.threads)
    number_of = {thread.id: number for number, thread in enumerate(chosen.threads, start=1)}
    asker = _Asker(engine, yardstick, number_of)
    for kind in QueryKind:
        queries = [query for question in chosen.questions for query in _queries(question, kind)]
        if queries:
            report.measured.append(asker.ask(name, chosen.name, kind, queries))


@dataclass(frozen=True, slots=True)
class _Query:
    question: Question
    title: str
    body: str
    is_unfinished: bool


def _queries(question: Question, kind: QueryKind) -> Iterator[_Query]:
    if kind is QueryKind.TITLE:
        yield _Query(question, question.title, "", is_unfinished=False)
    elif kind is QueryKind.TITLE_AND_BODY and question.body:
        yield _Query(question, question.title, question.body, is_unfinished=False)
    elif kind is QueryKind.PREFIX:
        for share in PREFIX_SHARES:
            yield _Query(question, question.title[: int(len(question.title) * share)], "", is_unfinished=True)


class _Asker:
    def __init__(self, engine: SearchEngine, yardstick: Yardstick, number_of: Mapping[int, int]) -> None:
        self._engine = engine
        self._yardstick = yardstick
        self._number_of = number_of

    def ask(self, name: str, set_name: str, kind: QueryKind, queries: Sequence[_Query]) -> Measured:
        times = [self._time(query) for query in queries]
        return Measured(
            engine=name,
            set_name=set_name,
            kind=kind,
            quality=self._quality(queries, self._found),
            yardstick=self._quality(queries, self._found_by_yardstick),
            p50_ms=percentile(times, 0.5),
            p95_ms=percentile(times, 0.95),
            first_ms=times[0],
        )

    def _time(self, query: _Query) -> float:
        """Return how many milliseconds the query takes as a page asks it."""
        started = time.perf_counter()
        self._engine.similar(self._similar(query, limit=SHOWN, with_passages=True))
        return (time.perf_counter() - started) * 1_000

    def _similar(self, query: _Query, *, limit: int, with_passages: bool) -> SimilarQuery:
        number = self._number_of.get(query.question.id)
        return SimilarQuery(
            query.title,
            query.body,
            exclude=frozenset() if number is None else frozenset({number}),
            before=query.question.date,
            is_unfinished=query.is_unfinished,
            limit=limit,
            with_passages=with_passages,
        )

    def _found(self, query: _Query) -> list[int]:
        asked = self._similar(query, limit=DEPTH, with_passages=False)
        return [hit.thread_id for hit in self._engine.similar(asked)]

    def _found_by_yardstick(self, query: _Query) -> list[int]:
        return self._yardstick.best(
            f"{query.title} {query.body}",
            before=query.question.date,
            without=self._number_of.get(query.question.id),
            most=DEPTH,
        )

    def _quality(self, queries: Sequence[_Query], find: Callable[[_Query], list[int]]) -> Quality:
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
