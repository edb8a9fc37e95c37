"""The words of the index: those that begin in some way, and the likeliest for one that nobody wrote."""

from collections.abc import Iterable, Mapping

from sqlalchemy import ColumnElement, Text, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY

from forum.search.analysis import fold
from forum.search.engines.postgres_reading import Reading
from forum.search.engines.postgres_tables import HEADING, WORD
from forum.search.engines.postgres_terms import clean
from forum.search.spelling import likeliest, neighbours, slips_in

_MOST_ALIKE = 20_000
"""Words with the same first letters that are compared with one in which two slips are followed."""

_ALPHABET = "abcdefghijklmnopqrstuvwxyz"
_LAST = "\U0010ffff"
"""The last character there is: what begins with some letters sorts before them followed by it."""


def commonest(reading: Reading, prefix: str, limit: int) -> tuple[str, ...]:
    """Return the commonest words of titles that begin so, commonest first."""
    beginning = clean(fold(prefix.strip()))
    if not beginning:
        return ()
    term = reading.tables.term.c
    words = (
        select(term.term)
        .where(term.field == HEADING, *_begins(term.term, beginning), term.records > 0)
        .order_by(term.records.desc(), term.term)
        .limit(limit)
    )
    return tuple(reading.connection.scalars(words))


def corrections(reading: Reading, words: Iterable[str]) -> Mapping[str, str]:
    """Return for those words that no thread has the likeliest one that threads have, if any is near."""
    doubtful = {word: fold(word) for word in words if slips_in(fold(word))}
    known = _frequencies(reading, set(doubtful.values()))
    found = {}
    for word, folded in doubtful.items():
        if folded not in known and (correction := _correction(reading, folded)):
            found[word] = correction
    return found


def _correction(reading: Reading, word: str) -> str | None:
    near = _frequencies(reading, set(neighbours(word, sorted({*_ALPHABET, *word}))))
    if not near and slips_in(word) > 1:
        near = _alike(reading, word)
    return likeliest(word, near, lambda term: near[term])


def _frequencies(reading: Reading, words: set[str]) -> dict[str, int]:
    """Return those of the words that threads have, with their numbers of threads."""
    if not words:
        return {}
    term = reading.tables.term.c
    wanted = literal(sorted(map(clean, words)), ARRAY(Text))
    found = select(term.term, term.records).where(term.field == WORD, term.term == func.any(wanted))
    return {row.term: row.records for row in reading.connection.execute(found)}


def _alike(reading: Reading, word: str) -> dict[str, int]:
    """Return the words with the same two first letters and about the same length."""
    term = reading.tables.term.c
    slips = slips_in(word)
    found = (
        select(term.term, term.records)
        .where(
            term.field == WORD,
            *_begins(term.term, clean(word[:2])),
            func.length(term.term).between(len(word) - slips, len(word) + slips),
        )
        .limit(_MOST_ALIKE)
    )
    return {row.term: row.records for row in reading.connection.execute(found)}


def _begins(term: ColumnElement[str], beginning: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Return the conditions that a term begins so, by which it is found in the order of the index."""
    return term >= beginning, term < beginning + _LAST
