"""From the text of a question to the few terms that tell most about what it is about.

A question of two hundred words, looked for whole, finds less than its title does: what is common drowns what
is particular. So the terms are weighed by how often they stand in the question and by how rare they are on
the site, and only the weightiest are looked for.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from forum.search.analysis import Analysis, fold
from forum.search.engine import SimilarQuery

MAX_TERMS = 40
"""Terms that are looked for; on archives of support forums 20 to 40 did best."""

TITLE_WEIGHT = 2.0
"""What a word of the title counts, compared with one of the body."""

SYNONYM_WEIGHT = 0.5
"""What a word of another name of a thing counts, compared with a word that was written."""

SHOWN_SHARE = 0.35
"""What a term must count to be marked in a passage, as a share of what the weightiest counts."""

READ_FORMS = 2_000
"""Written forms of a body that are read; a log of ten thousand lines says no more about the question."""

READ_CHARACTERS = 30_000
"""Characters that are looked through for them: the longest post. Common words are skipped, but take time."""


@dataclass(frozen=True, slots=True)
class Sought:
    """A term with its weight in the question and its rarity on the site."""

    term: str
    weight: float
    rarity: float


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question is looked for by."""

    terms: Mapping[str, float]
    """Terms of title and body with their weights, by place and number."""
    title_terms: Mapping[str, float]
    """Terms of the title alone."""
    title_words: tuple[str, ...]
    """One term for each word of the title, in order."""
    counts: Mapping[str, float]
    """How often each term stands in the question, the title's counted more: what its meaning is made of."""


TITLE_WEIGHT_IN_MEANING = 3.0
"""What a word of the title counts in the meaning of title and body."""


def asked_of(query: SimilarQuery, analysis: Analysis) -> Asked:
    """Return what this question is looked for by."""
    title: dict[str, float] = {}
    body: dict[str, float] = {}
    words: list[str] = []
    for text, counts in ((query.title, title), (query.body, body)):
        forms = [
            written.forms for written in islice(analysis.written_forms(text[:READ_CHARACTERS]), READ_FORMS)
        ]
        for form in forms:
            for term in looked_for(form.indexed):
                counts[term] = counts.get(term, 0.0) + 1.0
        if counts is title:
            words = [looked_for(form.indexed)[0] for form in forms]
        for _start, _end, others in analysis.synonyms.named_in([form.exact for form in forms]):
            for word in (word for name in others for word in name):
                for term in looked_for(_indexed(word, analysis)):
                    counts[term] = counts.get(term, 0.0) + SYNONYM_WEIGHT
    meaning_weight = TITLE_WEIGHT_IN_MEANING if body else 1.0
    return Asked(
        terms=_saturated(_sum(title, TITLE_WEIGHT, body), half=TITLE_WEIGHT),
        title_terms=_saturated(title, half=1.0),
        title_words=tuple(words),
        counts=_sum(title, meaning_weight, body),
    )


def finished(query: SimilarQuery, commonest: Callable[[str], Sequence[str]]) -> SimilarQuery:
    """Return the query with the likeliest ending of the word that is being typed behind its title.

    `commonest` gives the commonest words of titles that begin in some way. More endings than one find no
    more on the archives of forums, and take longer.
    """
    title = query.title
    if not query.is_unfinished or not title or not title[-1].isalnum():
        return query
    beginning = fold(title.split()[-1])
    likeliest = next(iter(commonest(beginning)), beginning)
    return query if likeliest == beginning else replace(query, title=f"{title} {likeliest}")


def _indexed(word: str, analysis: Analysis) -> tuple[str, ...]:
    return next((written.forms.indexed for written in analysis.written_forms(word)), ())


def _sum(title: Mapping[str, float], weight: float, body: Mapping[str, float]) -> dict[str, float]:
    counts = {term: weight * count for term, count in title.items()}
    for term, count in body.items():
        counts[term] = counts.get(term, 0.0) + count
    return counts


def _saturated(counts: Mapping[str, float], *, half: float) -> dict[str, float]:
    return {term: count / (count + half) for term, count in counts.items()}


def terms_of(query: SimilarQuery, analysis: Analysis) -> Mapping[str, float]:
    """Return the terms of the question, each with its weight by place and number."""
    return asked_of(query, analysis).terms


def informative(terms: Mapping[str, float], rarity: Callable[[str], float]) -> tuple[Sought, ...]:
    """Return the weightiest terms that the site has, the first one first; `rarity` is 0 for unknown ones."""
    known = (Sought(term, weight, rare) for term, weight in terms.items() if (rare := rarity(term)) > 0)
    ranked = sorted(known, key=lambda sought: (-sought.weight * sought.rarity, sought.term))
    return tuple(ranked[:MAX_TERMS])


def telling(sought: Sequence[Sought]) -> tuple[str, ...]:
    """Return the terms that are worth showing as found: "after" and "on" would mark half of a passage."""
    values = [term.weight * term.rarity for term in sought]
    least = SHOWN_SHARE * max(values, default=0.0)
    return tuple(term.term for term, value in zip(sought, values, strict=True) if value >= least)


def looked_for(indexed: tuple[str, ...]) -> tuple[str, ...]:
    """Return of the terms at one position those to look for: the stem of a simple word, all of a compound."""
    return indexed[-1:] if len(indexed) == 2 else indexed
