"""Filters in the text of a search: which there are, the text with one more, and the text without one.

Filters are operators of the query language, so that the text alone says what is looked for and a link to it
can be kept. A filter is added in front of everything, where neither an open quotation mark nor the limits of
the language reach it. An OR at the beginning, which said nothing, is taken out: it would join the two.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeAlias, TypeVar

from forum.search.engine import (
    Clause,
    CountRange,
    HasAccepted,
    IsAccepted,
    Kind,
    Not,
    SearchQuery,
    Tagged,
    TimeRange,
    WrittenBy,
)
from forum.search.syntax import MAX_CHARACTERS, cut_off, parse, prepared, tokens

Meaning: TypeAlias = Clause | Kind
"""What a filter says: a clause, or the kind of post that is searched for."""

Found = TypeVar("Found")

_FILTERS = (Tagged, WrittenBy, CountRange, TimeRange, HasAccepted, IsAccepted)


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads the text, and when: what `user:me` and `created:7d` depend on."""

    me: int | None
    now: datetime
    _read: dict[str, SearchQuery] = field(default_factory=dict, repr=False, compare=False)
    """What was read before: thirty filters that can be added begin with the same text."""
    _found: dict[tuple[object, str], Any] = field(default_factory=dict, repr=False, compare=False)
    """What was found out about texts before, for the same reason."""

    def read(self, text: str) -> SearchQuery:
        """Return what the text asks for."""
        query = self._read.get(text)
        if query is None:
            query = self._read[text] = parse(text, me=self.me, now=self.now)
        return query

    def once(self, find: "Callable[[str, Reader], Found]", text: str) -> Found:
        """Return what a function finds out about a text, for which it is called once."""
        key = find, text
        if key not in self._found:
            self._found[key] = find(text, self)
        found: Found = self._found[key]
        return found

    def meaning(self, piece: str) -> Meaning | None:
        """Return what one operator says, or None when it is no filter."""
        meaning = _said_once(piece, self.me)
        return _meaning(self.read(piece)) if _is_of_time(meaning) else meaning


@lru_cache(maxsize=2_000)
def _said_once(piece: str, me: int | None) -> Meaning | None:
    """Return what one operator said when it was read first; most say the same at any time."""
    return _meaning(parse(piece, me=me))


def _meaning(query: SearchQuery) -> Meaning | None:
    if not query.clauses:
        return query.kind if query.kind is not Kind.ANY else None
    clause = query.clauses[0]
    is_filter = isinstance(clause.clause if isinstance(clause, Not) else clause, _FILTERS)
    return clause if is_filter and len(query.clauses) == 1 else None


def _is_of_time(meaning: Meaning | None) -> bool:
    return isinstance(meaning.clause if isinstance(meaning, Not) else meaning, TimeRange)


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter that is on."""

    written: str
    meaning: Meaning
    rest: str
    """The text without it, which finds what the filter keeps back as well."""


def filters(text: str, reader: Reader) -> tuple[Filter, ...]:
    """Return the filters of a text that can be taken out alone, in their order, each once.

    One that is an alternative of something else is no filter: without it the rest would mean something new.
    """
    return reader.once(_filters_in, text)


def _filters_in(text: str, reader: Reader) -> tuple[Filter, ...]:
    found: dict[Meaning, Filter] = {}
    for token in tokens(_within_limit(text)):
        meaning = reader.meaning(token.group())
        if meaning is not None and meaning not in found:
            rest = _without(text, meaning, reader)
            if rest is not None:
                found[meaning] = Filter(token.group(), meaning, rest)
    return tuple(found.values())


def with_filter(
    text: str, operator: str, reader: Reader, *, instead_of: Callable[[Meaning], bool] = lambda _: False
) -> str:
    """Return the text with a filter, such as `[wifi]`; those that it takes the place of are taken out.

    A text that has the filter already stays as it is.
    """
    text = prepared(text)
    wanted = reader.meaning(operator)
    present = filters(text, reader)
    if wanted is None or any(other.meaning == wanted for other in present):
        return text
    for other in present:
        if instead_of(other.meaning):
            text = without_filter(text, other.written, reader)
    return f"{operator} {reader.once(_without_leading_or, text)}".strip()


def without_filter(text: str, operator: str, reader: Reader) -> str:
    """Return the text without a filter, however it is written; as it is if that can't be taken out alone."""
    meaning = reader.meaning(operator)
    rest = None if meaning is None else _without(text, meaning, reader)
    return prepared(text) if rest is None else rest


def without_filters(text: str, reader: Reader) -> str:
    """Return the text without all its filters that can be taken out."""
    for found in filters(text, reader):
        text = without_filter(text, found.written, reader)
    return prepared(text)


def _without(text: str, meaning: Meaning, reader: Reader) -> str | None:
    """Return the text without what has this meaning, or None if the rest would not say the same as before."""
    rest = _within_limit(text)
    before = reader.read(rest)
    if meaning is not before.kind and meaning not in before.clauses:
        return None
    for token in reversed(list(tokens(rest))):
        if reader.meaning(token.group()) == meaning:
            shorter = f"{rest[: token.start()].rstrip()} {rest[token.end() :].lstrip()}".strip()
            # One that is an alternative of something else stays: the rest would not say the same without it.
            rest = shorter if _begins(reader.read(shorter), before, meaning) else rest
    after = reader.read(rest)
    is_gone = after.kind is Kind.ANY if isinstance(meaning, Kind) else meaning not in after.clauses
    return rest if is_gone else None


def _begins(after: SearchQuery, before: SearchQuery, meaning: Meaning) -> bool:
    """Tell whether `after` begins as `before` does, the filter aside."""
    first, second = (
        tuple(clause for clause in query.clauses if clause != meaning) for query in (before, after)
    )
    if cut_off() in before.ignored:
        # Without the filter there is room for more words, by which the last clause may grow.
        first = first[:-1]
    return second[: len(first)] == first


def _within_limit(text: str) -> str:
    return prepared(text)[:MAX_CHARACTERS].rstrip()


def _without_leading_or(text: str, reader: Reader) -> str:
    for token in tokens(text):
        if token.group() in {"OR", "or"}:
            return _without_leading_or(
                f"{text[: token.start()]}{text[token.end() :].lstrip()}".strip(), reader
            )
        if reader.read(token.group()).clauses:
            break
    return text
