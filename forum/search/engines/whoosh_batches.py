"""A batch of threads made ready to be written: arrays of all of it at a time, nothing by single words.

What stands in which field is told by `forum.search.records`; the postings are the same as of its records.
Nothing here knows the segment, so that other processes can do it: it is most of what indexing costs.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from forum.search import stored
from forum.search.analysis import Analyses
from forum.search.engines.whoosh_postings import Portion
from forum.search.engines.whoosh_schema import marks_of, numbers_of, texts_of
from forum.search.meaning import Counted, Meaning, counted
from forum.search.numbering import (
    Numbers,
    Occurrences,
    PieceNumbers,
    Places,
    Reading,
    TermNumbers,
    ranges,
)
from forum.search.records import ANSWER, CODE, GAP, QUESTION, TEXT, TITLE, bare_records_of, other_texts
from forum.search.threads import ThreadDocument

_TITLE, _QUESTION, _ANSWER, _OTHER = range(4)

_MOST_TERMS = 300_000
"""Distinct terms that are remembered between batches, which takes some sixty megabytes."""


@dataclass(frozen=True, slots=True)
class PreparedThreads:
    """Threads ready to be written; their records are counted from 0 on, answers behind their thread."""

    thread_ids: tuple[int, ...]
    heads: tuple[int, ...]
    """The record of each thread."""
    postings: Mapping[str, Portion]
    lengths: Mapping[str, Places]
    """How many terms each record has in each field of texts."""
    numbers: NDArray[np.int64]
    """The numbers of each record, in the order of `NUMBERS`."""
    texts: tuple[Mapping[str, bytes], ...]
    """What each thread has in the columns of texts."""
    stored: tuple[bytes, ...]
    """The document of each thread."""


class Preparing:
    """Makes threads ready, batch after batch; remembers the words that it has seen."""

    def __init__(self, analyses: Analyses) -> None:
        self._analyses = analyses
        self._forget()

    def _forget(self) -> None:
        self._terms, self._words = TermNumbers(), TermNumbers(errors="replace")
        self._prose = PieceNumbers(self._analyses.prose, self._terms, self._words)
        self._code = PieceNumbers(self._analyses.code, self._terms, TermNumbers(errors="replace"))

    def counted(self, documents: Sequence[ThreadDocument]) -> Counted:
        """Return what there is to learn from these threads."""
        self._forget_if_many()
        return counted(documents, self._prose)

    def _forget_if_many(self) -> None:
        if len(self._terms) > _MOST_TERMS:
            self._forget()

    def prepare(self, documents: Sequence[ThreadDocument], meaning: Meaning) -> PreparedThreads:
        """Return these threads ready. Raises UnicodeEncodeError if a term can't be encoded."""
        self._forget_if_many()
        batch = _Batch.of(documents)
        prose, code = self._prose.read(batch.texts), self._code.read(batch.codes).occurrences()
        found = prose.occurrences()
        kinds, records = batch.kinds[found.texts], batch.records[found.texts]
        standing = {
            TEXT: (
                found.terms,
                batch.heads[batch.threads[found.texts]],
                found.positions + batch.bases(prose.lengths)[found.texts],
            ),
            TITLE: batch.titles(found),
            QUESTION: _where(kinds == _QUESTION, found, records),
            ANSWER: _where(kinds == _ANSWER, found, records),
            CODE: (code.terms, code.texts, code.positions),
        }
        texts = {name: Portion.of_texts(self._terms, *which) for name, which in standing.items()}
        size = len(batch.codes)
        lengths = {name: np.bincount(which[1], minlength=size) for name, which in standing.items()}
        bare = [record for document in documents for record in bare_records_of(document)]
        directions = meaning.packed(documents, self._analyses.prose)
        return PreparedThreads(
            thread_ids=tuple(document.thread_id for document in documents),
            heads=tuple(batch.heads.tolist()),
            postings={**texts, **self._written_words(prose, batch), **_marks([*map(marks_of, bare)])},
            lengths=lengths,
            numbers=np.array([numbers_of(record) for record in bare], np.int64),
            texts=tuple(map(texts_of, documents, directions)),
            stored=tuple(map(stored.pack, documents)),
        )

    def _written_words(self, prose: Reading, batch: "_Batch") -> dict[str, Portion]:
        """Return the words of titles, to suggest them, and all words of people, to correct by them."""
        words, texts, are_letters = prose.words()
        kinds, heads = batch.kinds[texts], batch.heads[batch.threads[texts]]
        portions = {}
        for name, chosen in (("word", kinds == _TITLE), ("spelt", (kinds != _OTHER) & are_letters)):
            pairs = np.unique(heads[chosen] << 32 | words[chosen])
            portions[name] = Portion.of_marks(self._words, pairs & 0xFFFFFFFF, pairs >> 32)
        return portions


def _marks(records: Sequence[Mapping[str, Iterable[str]]]) -> dict[str, Portion]:
    """Return the postings of the marks of records. Halves of surrogate pairs can't be searched for."""
    portions = {}
    for field in records[0] if records else ():
        known = TermNumbers(errors="replace")
        found = [(known[mark], number) for number, marks in enumerate(records) for mark in marks[field]]
        pairs = np.array(found, np.int64).reshape(-1, 2)
        portions[field] = Portion.of_marks(known, pairs[:, 0], pairs[:, 1])
    return portions


class _Batch(NamedTuple):
    """The texts of some threads, and what each of them is; records are numbered from 0 on."""

    texts: list[str]
    """All prose; the texts of a thread stand together, its title first."""
    kinds: Places
    records: Places
    """The record that a text is of by itself."""
    threads: Places
    """The thread that a text is in, counted from 0 on."""
    heads: Places
    """The record of each thread."""
    codes: list[str]
    """The code of each record."""

    @classmethod
    def of(cls, documents: Sequence[ThreadDocument]) -> "_Batch":
        """Return the texts of these threads."""
        texts, kinds, records, counts = list[str](), list[int](), list[int](), list[int]()
        heads, codes = list[int](), list[str]()
        for document in documents:
            head, answers, others = len(codes), document.answers, other_texts(document)
            texts += (document.title, document.question, *(answer.text for answer in answers), *others)
            kinds += (_TITLE, _QUESTION, *repeat(_ANSWER, len(answers)), *repeat(_OTHER, len(others)))
            records += (head, head, *range(head + 1, head + 1 + len(answers)), *repeat(head, len(others)))
            counts.append(2 + len(answers) + len(others))
            heads.append(head)
            codes += (document.code, *(answer.code for answer in answers))
        threads = np.repeat(np.arange(len(documents)), counts)
        return cls(texts, np.array(kinds), np.array(records), threads, np.array(heads), codes)

    def _firsts(self) -> Places:
        """Return the place of each thread's title among the texts."""
        return np.searchsorted(self.threads, np.arange(len(self.heads)))

    def bases(self, lengths: Places) -> Places:
        """Return where each text starts in all the text of its thread, given the words that each has."""
        steps = np.maximum(lengths - 1, 0) + GAP
        passed = np.cumsum(steps) - steps
        bases: Places = passed - passed[self._firsts()][self.threads]
        return bases

    def titles(self, found: Occurrences) -> tuple[Numbers, Places, Places]:
        """Return the terms of titles once for each record of the thread, with the record and the position."""
        firsts = self._firsts()
        starts = np.searchsorted(found.texts, firsts)
        counts = np.searchsorted(found.texts, firsts, side="right") - starts
        thread_of = np.repeat(np.arange(len(self.heads)), np.diff(self.heads, append=len(self.codes)))
        places = ranges(starts[thread_of], counts[thread_of])
        records = np.repeat(np.arange(len(self.codes)), counts[thread_of])
        return found.terms[places], records, found.positions[places]


def _where(chosen: NDArray[np.bool_], found: Occurrences, records: Places) -> tuple[Numbers, Places, Places]:
    return found.terms[chosen], records[chosen], found.positions[chosen]
