"""The numbers by which engines rank, and where each of them looks; so all engines agree on the order.

The values come from measurements on archives of support forums: one field of everything with the title once
more at 0.3 beats separate fields, and short posts want a lower k1 and b than the usual 1.2 and 0.75.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import log

from forum.search.engine import Field, Kind
from forum.search.records import ANSWER, CODE, QUESTION, TEXT, TITLE

K1 = 0.9
B = 0.4
TITLE_WEIGHT = 0.3
SOLVED_FACTOR = 1.05
"""A thread with an accepted answer, or an accepted answer, outranks its equal by this factor."""

PLAIN_SCORE = 1.0
"""What a match counts that has no meaningful frequency: the beginning of a word, a text within an answer."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a text is looked for; it must be in one of `own`, or (then unranked) in an answer's field."""

    own: tuple[tuple[str, float], ...]
    """Fields of the record itself, each with its weight."""
    in_answers: str | None = None
    bonus: tuple[str, float] | None = None
    """A field that adds to the score where the text is in it too."""


_TITLE_ONLY = Place(own=((TITLE, 1.0),))
_CODE_ONLY = Place(own=((CODE, 1.0),))

PLACES: Mapping[tuple[Kind, Field], Place] = {
    (Kind.ANY, Field.ANYWHERE): Place(own=((TEXT, 1.0),), bonus=(TITLE, TITLE_WEIGHT)),
    (Kind.ANY, Field.TITLE): _TITLE_ONLY,
    (Kind.ANY, Field.BODY): Place(own=((QUESTION, 1.0),), in_answers=ANSWER),
    (Kind.ANY, Field.CODE): Place(own=((CODE, 1.0),), in_answers=CODE),
    (Kind.QUESTION, Field.ANYWHERE): Place(own=((QUESTION, 1.0), (TITLE, 1.0))),
    (Kind.QUESTION, Field.TITLE): _TITLE_ONLY,
    (Kind.QUESTION, Field.BODY): Place(own=((QUESTION, 1.0),)),
    (Kind.QUESTION, Field.CODE): _CODE_ONLY,
    (Kind.ANSWER, Field.ANYWHERE): Place(own=((ANSWER, 1.0), (TITLE, TITLE_WEIGHT))),
    (Kind.ANSWER, Field.TITLE): _TITLE_ONLY,
    (Kind.ANSWER, Field.BODY): Place(own=((ANSWER, 1.0),)),
    (Kind.ANSWER, Field.CODE): _CODE_ONLY,
}


def idf(records: int, containing: int) -> float:
    """Return how much a term tells that `containing` of so many records hold; never negative (Lucene's)."""
    return log(1 + max(0.0, records - containing + 0.5) / (containing + 0.5))


def bm25(rarity: float, frequency: float, *, length: float, average_length: float) -> float:
    """Return the score of a term in a field of this length, `rarity` being its idf."""
    shortness = 1 - B + B * length / average_length
    return rarity * frequency * (K1 + 1) / (frequency + K1 * shortness)
