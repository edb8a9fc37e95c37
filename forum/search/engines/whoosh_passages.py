"""What each text of a thread holds of a search: postings tell it, so that few texts are looked through."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from forum.search.engines.whoosh_reading import Ranked
from forum.search.engines.whoosh_segments import Segment
from forum.search.records import ANSWER, QUESTION, TEXT, TITLE
from forum.search.snippets import Held, Sought
from forum.search.threads import Texts

Frequencies = NDArray[np.int64]


def with_texts(ranked: Sequence[Ranked], sought: Sought) -> list[tuple[Ranked, Texts, tuple[Held, ...]]]:
    """Return the records with the texts of their threads, and what each of these holds."""
    texts = [record.segment.texts(record.number) for record in ranked]
    held: dict[int, tuple[Held, ...]] = {}
    for segment in {id(record.segment): record.segment for record in ranked}.values():
        places = [place for place, record in enumerate(ranked) if record.segment is segment]
        threads = [(segment.thread_of(ranked[place].number), len(texts[place].answers)) for place in places]
        held.update(zip(places, _held_in(segment, threads, sought), strict=True))
    return [(record, texts[place], held[place]) for place, record in enumerate(ranked)]


def _held_in(segment: Segment, threads: Sequence[tuple[int, int]], sought: Sought) -> list[tuple[Held, ...]]:
    """Return what the texts of threads hold, each given by its number and how many answers it has."""
    firsts: list[int] = []
    records: list[int] = []
    for number, answers in threads:
        firsts.append(len(records))
        # A thread's answers are the records behind it.
        records.extend(range(number, number + 1 + answers))
    numbers = np.array(records, np.uint32)
    terms = list(sought.terms)
    own = np.array([_own(segment, term, numbers) for term in terms]).reshape(len(terms), len(records))
    heads = numbers[firsts]
    whole = np.array([_beside_title(segment, term, heads) for term in terms]).reshape(len(terms), len(firsts))
    # What no other text holds may stand in the comments, or beside all texts: in tags, in other titles.
    rest = whole - np.add.reduceat(own, firsts, axis=1)
    texts, others = _held(own, sought), _held(rest, sought)
    ends = [*firsts[1:], len(records)]
    return [(*texts[first:end], other) for first, end, other in zip(firsts, ends, others, strict=True)]


def _own(segment: Segment, term: str, records: NDArray[np.uint32]) -> Frequencies:
    """Return how often a term stands in the text of each question or answer."""
    return segment.frequencies(QUESTION, term, records) + segment.frequencies(ANSWER, term, records)


def _beside_title(segment: Segment, term: str, threads: NDArray[np.uint32]) -> Frequencies:
    return segment.frequencies(TEXT, term, threads) - segment.frequencies(TITLE, term, threads)


def _held(frequencies: Frequencies, sought: Sought) -> list[Held]:
    """Return what texts hold of which each is a column, and each term a row."""
    of_wish = np.array(list(sought.terms.values()), np.intp)
    is_held = np.zeros((max(of_wish, default=-1) + 1, frequencies.shape[1]), np.bool_)
    np.logical_or.at(is_held, of_wish, frequencies > 0)
    # Which words a beginning stands for is not known here.
    wishes = is_held.sum(axis=0) + len(sought.beginnings)
    counts = frequencies.sum(axis=0)
    return [Held(*pair) for pair in zip(wishes.tolist(), counts.tolist(), strict=True)]
