"""Threads about the same as a question, by the formula of `forum.search.closeness`, with dictionaries."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

import numpy as np

from forum.core import clock
from forum.search import closeness
from forum.search.analysis import Analysis
from forum.search.closeness import Floats
from forum.search.engine import SimilarQuery
from forum.search.engines.memory_postings import Key, Postings
from forum.search.pruning import Sought, asked_of, informative, telling
from forum.search.ranking import idf
from forum.search.records import QUESTION, TEXT, TITLE

_DAY = timedelta(days=1)


def most_similar(
    postings: Postings, query: SimilarQuery, analysis: Analysis, titles: Mapping[int, str]
) -> tuple[tuple[str, ...], list[tuple[Key, float]]]:
    """Return the terms that were looked for, and the best threads with their scores, best first.

    `titles` are those of all threads, by their ids.
    """
    threads = len(postings.lengths.get(TEXT, {}))

    def rarity(term: str) -> float:
        containing = len(postings.terms.get((TEXT, term), ()))
        return idf(threads, containing) if containing else 0.0

    asked = asked_of(query, analysis)
    sought = informative(asked.terms, rarity)
    keys, scores = _by_words(postings, query, sought)
    if not keys:
        return (), []
    scores += closeness.ASKED_WEIGHT * _by_title(postings, keys, informative(asked.title_terms, rarity))
    pairs = closeness.pairs_of(asked.title_words)
    counts = np.array([[_together(postings, key, pair) for pair in pairs] for key in keys]).reshape(
        len(keys), len(pairs)
    )
    scores += closeness.PAIRS_WEIGHT * closeness.pair_shares(counts, threads=threads)
    letters = closeness.letter_likeness(query.title, [titles[key[0]] for key in keys])
    scores += closeness.LETTERS_WEIGHT * letters
    ranks = scores + _by_itself(postings, keys, query)
    order = sorted(range(len(keys)), key=lambda place: (-ranks[place], -keys[place][0]))
    best = [(keys[place], float(scores[place])) for place in order[: query.limit]]
    return telling(sought), best


def _by_words(postings: Postings, query: SimilarQuery, sought: Sequence[Sought]) -> tuple[list[Key], Floats]:
    """Return the candidates, and what the words of the question count in each."""
    found: dict[Key, float] = {}
    lengths = postings.lengths.get(TEXT, {})
    for term in sought:
        in_titles = postings.terms.get((TITLE, term.term), {})
        for key, places in postings.terms.get((TEXT, term.term), {}).items():
            if _is_allowed(postings, key, query):
                frequency = np.array([len(places) + len(in_titles.get(key, ()))], float)
                counted = closeness.WORDS.score(frequency, np.array([lengths[key] / _mean(lengths)]))
                found[key] = found.get(key, 0.0) + term.weight * term.rarity * float(counted[0])
    most = sum(term.weight * term.rarity for term in sought) or 1.0
    best = sorted(found, key=lambda key: (-found[key], -key[0]))[: closeness.MOST_CANDIDATES]
    return best, np.array([found[key] / most for key in best])


def _by_title(postings: Postings, keys: Sequence[Key], title: Sequence[Sought]) -> Floats:
    """Return what the words of the question's title count in title and question of each candidate."""
    questions, headings = (postings.lengths.get(name, {}) for name in (QUESTION, TITLE))
    average = _mean(questions) + _mean(headings)
    shortness = np.array([(questions[key] + headings[key]) / average for key in keys])
    total = np.zeros(len(keys))
    for term in title:
        frequencies = np.zeros(len(keys))
        for name, weight in ((TITLE, 2), (QUESTION, 1)):
            holding = postings.terms.get((name, term.term), {})
            frequencies += [weight * len(holding.get(key, ())) for key in keys]
        total += term.weight * term.rarity * closeness.ASKED.score(frequencies, shortness)
    return total / (sum(term.weight * term.rarity for term in title) or 1.0)


def _together(postings: Postings, key: Key, pair: tuple[str, str]) -> int:
    """Return how often the two words of a pair stand together in a thread."""
    first, second = (postings.terms.get((TEXT, word), {}).get(key, ()) for word in pair)
    return len({place + 1 for place in first}.intersection(second))


def _by_itself(postings: Postings, keys: Sequence[Key], query: SimilarQuery) -> Floats:
    """Return what speaks for each candidate whatever the words of the question are."""
    records = [postings.records[key] for key in keys]
    now = query.before or clock.now()
    ages = np.array([(now - record.created_at) / _DAY for record in records])
    lengths = postings.lengths.get(QUESTION, {})
    return closeness.by_itself(
        ages_in_days=ages,
        words=np.array([lengths[key] for key in keys], float),
        is_solved=np.array([record.is_solved for record in records], float),
        scores=np.array([record.score for record in records], float),
        tag_shares=closeness.tag_share(query.tags, [record.tags for record in records]),
    )


def _mean(lengths: Mapping[Key, int]) -> float:
    return sum(lengths.values()) / (len(lengths) or 1) or 1.0


def _is_allowed(postings: Postings, key: Key, query: SimilarQuery) -> bool:
    record = postings.records[key]
    return (
        record.post_id is None
        and record.thread_id not in query.exclude
        and (query.before is None or record.created_at < query.before)
        and (record.is_solved or not query.only_solved)
    )
