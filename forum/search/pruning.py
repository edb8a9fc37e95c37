"""From the text of a question to the few terms that tell most about what it is about.

A question of two hundred words, looked for whole, finds less than its title does: what is common drowns what
is particular. So the terms are weighed by how often they stand in the question and by how rare they are on
the site, and only the weightiest are looked for.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import islice

from forum.search.analysis import Analysis
from forum.search.engine import SimilarQuery

MAX_TERMS = 30
"""Terms that are looked for; on archives of support forums 20 to 30 did best."""

TITLE_WEIGHT = 2.0
"""What a word of the title counts, compared with one of the body."""

READ_FORMS = 2_000
"""Written forms of a body that are read; a log of ten thousand lines says no more about the question."""


@dataclass(frozen=True, slots=True)
class Sought:
    """A term with its weight in the question and its rarity on the site."""

    term: str
    weight: float
    rarity: float


def terms_of(query: SimilarQuery, analysis: Analysis) -> Mapping[str, float]:
    """Return the terms of the question, each with its weight by place and number."""
    counts: dict[str, float] = {}
    for text, weight in ((query.title, TITLE_WEIGHT), (query.body, 1.0)):
        for written in islice(analysis.written_forms(text), READ_FORMS):
            for term in _looked_for(written.forms.indexed):
                counts[term] = counts.get(term, 0.0) + weight
    return {term: count / (count + TITLE_WEIGHT) for term, count in counts.items()}


def informative(terms: Mapping[str, float], rarity: Callable[[str], float]) -> tuple[Sought, ...]:
    """Return the weightiest terms that the site has, the first one first; `rarity` is 0 for unknown ones."""
    known = (Sought(term, weight, rare) for term, weight in terms.items() if (rare := rarity(term)) > 0)
    ranked = sorted(known, key=lambda sought: (-sought.weight * sought.rarity, sought.term))
    return tuple(ranked[:MAX_TERMS])


def _looked_for(indexed: tuple[str, ...]) -> tuple[str, ...]:
    """Return of the terms at one position those to look for: the stem of a simple word, all of a compound."""
    return indexed[-1:] if len(indexed) == 2 else indexed
