"""From our own terms to what PostgreSQL keeps and looks up.

The terms are those of every engine; PostgreSQL's parsers and dictionaries never see a text. Each term is a
quoted lexeme, in which no character means anything, and stands with its positions, so that phrases are found.
Beside that, for ranking, lies how often a record has each term: PostgreSQL's own ranking knows no rarity.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import islice
from zlib import crc32

import numpy as np

from forum.search.records import Positions

MOST_POSITION = 16_383
"""The last position that PostgreSQL keeps. Phrases beyond it, after some 60 pages, are not found."""
MOST_POSITIONS = 255
"""Positions of one term that PostgreSQL keeps."""
MOST_BYTES = 1_000_000
"""Of terms and positions of a record, a little less than PostgreSQL takes; what is beyond is not found."""

MOST_OFTEN = 0xFFFF
"""Higher frequencies are kept as this."""

COUNT = np.dtype([("key", "<u4"), ("count", "<u2")])
"""What is kept of each term of a record for ranking: its key, and how often it occurs."""


def clean(value: str) -> str:
    """Return the text with a sign for each half character or character 0, which PostgreSQL can not keep."""
    return value.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")


def vector(positions: Positions) -> str:
    """Return the terms as PostgreSQL reads a tsvector; a text of more than a megabyte is cut short."""
    parts: list[str] = []
    free = MOST_BYTES
    for term, places in positions.items():
        kept = [place + 1 for place in islice(places, MOST_POSITIONS) if place < MOST_POSITION]
        lexeme = quoted(term)
        free -= len(lexeme) * (1 if lexeme.isascii() else 4) + 4 + 2 * len(kept)
        if free < 0:
            break
        parts.append(lexeme + (":" + ",".join(map(str, kept)) if kept else ""))
    return " ".join(parts)


@lru_cache(maxsize=100_000)
def quoted(term: str) -> str:
    """Return the term as a lexeme of a tsvector or tsquery, whatever characters are in it."""
    return "'" + clean(term).replace("\\", "\\\\").replace("'", "''") + "'"


def sequence(terms: Iterable[str]) -> str:
    """Return the tsquery for these terms one after the other."""
    return "(" + " <-> ".join(map(quoted, terms)) + ")"


def any_of(queries: Iterable[str]) -> str:
    """Return the tsquery for one of these."""
    return "(" + " | ".join(queries) + ")"


def all_of(queries: Iterable[str]) -> str:
    """Return the tsquery for all of these."""
    return "(" + " & ".join(queries) + ")"


def beginning(text: str) -> str:
    """Return the tsquery for a term that begins so."""
    return quoted(text) + ":*"


@lru_cache(maxsize=100_000)
def key(term: str) -> int:
    """Return the number that stands for a term among the counts of a record.

    Two of a question's terms and a thread's have the same one once in millions of threads; then that thread
    is ranked a little wrong, and nothing else happens.
    """
    return crc32(term.encode("utf-8", "replace"))


def counts(positions: Mapping[str, list[int]]) -> bytes:
    """Return each term's `COUNT`, one after the other; the sum of them is the length of the text."""
    pairs = [(key(term), min(len(places), MOST_OFTEN)) for term, places in positions.items()]
    return np.array(pairs, COUNT).tobytes()
