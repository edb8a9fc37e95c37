"""Threads about the same as a question, by the formula of `forum.search.ranking`, term by term."""

from forum.search.analysis import Analysis
from forum.search.engine import SimilarQuery
from forum.search.engines.memory_postings import Key, Postings
from forum.search.pruning import informative, terms_of
from forum.search.ranking import SOLVED_FACTOR, TITLE_WEIGHT, bm25, idf
from forum.search.records import TEXT, TITLE


def most_similar(
    postings: Postings, query: SimilarQuery, analysis: Analysis
) -> tuple[tuple[str, ...], list[tuple[Key, float]]]:
    """Return the terms that were looked for, and the best threads with their scores, best first."""
    threads = len(postings.lengths.get(TEXT, {}))

    def rarity(term: str) -> float:
        containing = len(postings.terms.get((TEXT, term), ()))
        return idf(threads, containing) if containing else 0.0

    sought = informative(terms_of(query, analysis), rarity)
    scores: dict[Key, float] = {}
    for name, weight in ((TEXT, 1.0), (TITLE, TITLE_WEIGHT)):
        lengths = postings.lengths.get(name, {})
        average = sum(lengths.values()) / (len(lengths) or 1)
        for term in sought:
            for key, places in postings.terms.get((name, term.term), {}).items():
                if not _is_candidate(postings, key, query):
                    continue
                score = bm25(term.rarity, len(places), length=lengths[key], average_length=average)
                scores[key] = scores.get(key, 0.0) + weight * term.weight * score
    for key in scores:
        scores[key] *= SOLVED_FACTOR if postings.records[key].has_accepted else 1.0
    ranked = sorted(scores, key=lambda key: (-scores[key], -key[0]))[: query.limit]
    return tuple(term.term for term in sought), [(key, scores[key]) for key in ranked]


def _is_candidate(postings: Postings, key: Key, query: SimilarQuery) -> bool:
    record = postings.records[key]
    return (
        record.post_id is None
        and record.thread_id not in query.exclude
        and (query.before is None or record.created_at < query.before)
        and (record.has_accepted or not query.only_solved)
    )
