"""Threads about the same as a question: found and scored by the server by their words, put in order here."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from forum.core import clock
from forum.search import closeness
from forum.search.analysis import Analysis
from forum.search.closeness import Floats
from forum.search.engine import SimilarQuery, Sort
from forum.search.engines.opensearch_queries import about, order, term
from forum.search.engines.opensearch_schema import microseconds, sequence, thread_of
from forum.search.engines.opensearch_server import Body, Server
from forum.search.engines.opensearch_writing import NEAREST_SHARDS
from forum.search.meaning import Meaning, nearness
from forum.search.pruning import Asked, Sought, asked_of, informative, telling
from forum.search.ranking import TITLE_WEIGHT, idf
from forum.search.records import TEXT, TITLE

_DAY = timedelta(days=1) // timedelta(microseconds=1)
_TOLD = ("created", "score", "is_solved", "tags", "heading", "meaning", "question_words")
"""What the server tells of each candidate."""


def most_similar(
    server: Server, index: str, query: SimilarQuery, analysis: Analysis, meaning: Meaning
) -> tuple[tuple[str, ...], dict[int, float]]:
    """Return the terms that were looked for, and the best threads with their scores, best first."""
    asked = asked_of(query, analysis)
    if not asked.terms:
        return (), {}
    in_text, in_title = _rarities(server, index, tuple(asked.terms))
    sought = informative(asked.terms, in_text.of)
    if not sought:
        return (), {}
    request = _request(query, sought, in_title)
    answer = server.read("POST", f"/{index}/_search", request, NEAREST_SHARDS)
    candidates = answer["hits"]["hits"]
    return telling(sought), _in_order(candidates, query, asked, sought, meaning) if candidates else {}


@dataclass(frozen=True, slots=True)
class _Rarities:
    """How rare terms are in one field."""

    records: int
    containing: dict[str, int]

    def of(self, text: str) -> float:
        """Return how much the term tells, 0 if no record has it."""
        containing = self.containing.get(text, 0)
        return idf(self.records, containing) if containing else 0.0


def _rarities(server: Server, index: str, terms: tuple[str, ...]) -> tuple[_Rarities, _Rarities]:
    """Return how rare the terms are in whole threads and in titles.

    One shard answers for all, which hold threads by chance.
    """
    text = sequence(terms)
    answer = server.read(
        "POST",
        f"/{index}/_termvectors",
        {
            "doc": {TEXT: text, TITLE: text},
            "term_statistics": True,
            "field_statistics": True,
            "positions": False,
            "offsets": False,
            "payloads": False,
        },
    )
    vectors = answer.get("term_vectors", {})
    return _in_field(vectors.get(TEXT, {})), _in_field(vectors.get(TITLE, {}))


def _in_field(vector: Body) -> _Rarities:
    containing = {text: found.get("doc_freq", 0) for text, found in vector.get("terms", {}).items()}
    return _Rarities(vector.get("field_statistics", {}).get("doc_count", 0), containing)


def _request(query: SimilarQuery, sought: Sequence[Sought], in_title: _Rarities) -> Body:
    """Return the search for the candidates, the best by their words."""
    clauses = [clause for wanted in sought for clause in _scored(wanted, in_title)]
    required: list[Body] = []
    if query.before is not None:
        required.append({"range": {"created": {"lt": microseconds(query.before)}}})
    if query.only_solved:
        required.append({"term": {"is_solved": True}})
    refused = [{"terms": {"thread_id": sorted(query.exclude)}}] if query.exclude else []
    return {
        "query": about(clauses, required=required, refused=refused),
        "size": closeness.MOST_CANDIDATES,
        "sort": order(Sort.RELEVANCE),
        "track_total_hits": False,
        "_source": False,
        "docvalue_fields": list(_TOLD),
    }


def _scored(wanted: Sought, in_title: _Rarities) -> list[Body]:
    clauses = [term(TEXT, wanted.term, wanted.weight)]
    if rarity := in_title.of(wanted.term):
        # The server multiplies by the rarity in titles, where the formula has that in the whole text.
        boost = TITLE_WEIGHT * wanted.weight * wanted.rarity / rarity
        clauses.append(term(TITLE, wanted.term, boost))
    return clauses


def _in_order(
    candidates: list[Body], query: SimilarQuery, asked: Asked, sought: Sequence[Sought], meaning: Meaning
) -> dict[int, float]:
    """Return the best of the candidates with how alike their texts are, best first."""
    told = [{name: found["fields"].get(name, [""]) for name in _TOLD} for found in candidates]
    most = sum(wanted.weight * wanted.rarity for wanted in sought) or 1.0
    scores = np.array([found["_score"] for found in candidates], float) / most
    # The server leaves out the padding, of which more than enough does no harm.
    directions = [base64.b64decode(fields["meaning"][0] + "==") for fields in told]
    scores += closeness.MEANING_WEIGHT * nearness(meaning.of_question(query, asked.counts), directions)
    letters = closeness.letter_likeness(query.title, [fields["heading"][0] for fields in told])
    scores += closeness.LETTERS_WEIGHT * letters
    ranks = scores + _by_itself(told, query)
    best = np.argsort(-ranks, kind="stable")[: query.limit]
    return {thread_of(candidates[place]["_id"]): float(scores[place]) for place in best.tolist()}


def _by_itself(told: list[Body], query: SimilarQuery) -> Floats:
    def numbers(name: str) -> Floats:
        return np.array([fields[name][0] for fields in told], float)

    return closeness.by_itself(
        ages_in_days=(microseconds(query.before or clock.now()) - numbers("created")) / _DAY,
        words=numbers("question_words"),
        is_solved=numbers("is_solved"),
        scores=numbers("score"),
        tag_shares=closeness.tag_share(query.tags, [frozenset(fields["tags"]) for fields in told]),
    )
