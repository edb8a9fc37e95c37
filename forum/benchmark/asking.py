"""The questions of a set as the site asks them: while the title is typed, with the title, with the body."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from forum.benchmark.sets import BenchmarkSet, Question
from forum.search.engine import SimilarQuery

PREFIX_SHARES = (0.4, 0.7)
"""How much of a title is typed when suggestions are looked for: two moments of typing."""


class QueryKind(StrEnum):
    """What is known of the question."""

    TITLE = "title"
    TITLE_AND_BODY = "title and body"
    PREFIX = "beginning of title"


@dataclass(frozen=True, slots=True)
class Query:
    """One query, and the question that it is made of."""

    question: Question
    title: str
    body: str = ""
    is_unfinished: bool = False

    def similar(self, number_of: Mapping[int, int], *, limit: int, with_passages: bool) -> SimilarQuery:
        """Return what the engine is asked: threads from before the question, and not the question itself."""
        number = number_of.get(self.question.id)
        return SimilarQuery(
            self.title,
            self.body,
            exclude=frozenset() if number is None else frozenset({number}),
            before=self.question.date,
            is_unfinished=self.is_unfinished,
            limit=limit,
            with_passages=with_passages,
        )


def queries_of(question: Question, kind: QueryKind) -> Iterator[Query]:
    """Yield the queries of this kind; none if there is no body."""
    if kind is QueryKind.TITLE:
        yield Query(question, question.title)
    elif kind is QueryKind.TITLE_AND_BODY and question.body:
        yield Query(question, question.title, question.body)
    elif kind is QueryKind.PREFIX:
        for share in PREFIX_SHARES:
            yield Query(question, question.title[: int(len(question.title) * share)], is_unfinished=True)


def numbers_of(chosen: BenchmarkSet) -> Mapping[int, int]:
    """Return for each thread's id the number that it has on the scratch site."""
    return {thread.id: number for number, thread in enumerate(chosen.threads, start=1)}
