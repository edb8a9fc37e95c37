"""The texts of a batch of threads as postings: arrays of all of them at a time, nothing by single words.

What stands in which field is told by `forum.search.records`; the postings are the same as of its records.
"""

from collections.abc import Sequence
from itertools import repeat
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from forum.search.analysis import Analyses
from forum.search.engines.whoosh_postings import Postings
from forum.search.numbering import (
    Numbers,
    Occurrences,
    PieceNumbers,
    Places,
    Reading,
    TermNumbers,
    ranges,
)
from forum.search.records import ANSWER, CODE, GAP, QUESTION, TEXT, TITLE, other_texts
from forum.search.threads import ThreadDocument

WORD, SPELT = "word", "spelt"
"""The words of titles, and all words, as they are written."""

_TITLE, _QUESTION, _ANSWER, _OTHER = range(4)


class Texts:
    """Takes the texts of threads, and has the postings of each field in the end."""

    def __init__(self, analyses: Analyses) -> None:
        terms, words = TermNumbers(), TermNumbers(errors="replace")
        self._prose = PieceNumbers(analyses.prose, terms, words)
        self._code = PieceNumbers(analyses.code, terms, TermNumbers(errors="replace"))
        self.postings: dict[str, Postings] = {
            **{name: Postings(terms) for name in (TEXT, TITLE, QUESTION, ANSWER, CODE)},
            **{name: Postings(words) for name in (WORD, SPELT)},
        }

    def add(self, documents: Sequence[ThreadDocument], first: int) -> dict[str, Places]:
        """Take threads; the first record is numbered `first`, and those of answers follow their thread's.

        Return how many terms each record has in each field. Raises UnicodeEncodeError before anything is
        taken if a term can't be encoded.
        """
        batch = _Batch.of(documents)
        prose = self._prose.read(batch.texts)
        code = self._code.read(batch.codes).occurrences()
        found = prose.occurrences()
        kinds = batch.kinds[found.texts]
        records = batch.records[found.texts]
        fields = {
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
        for name, (terms, numbers, positions) in fields.items():
            self.postings[name].add(terms, (numbers + first).astype(np.uint32), positions.astype(np.uint32))
        self._add_words(prose, batch, first)
        size = len(batch.codes)
        return {name: np.bincount(numbers, minlength=size) for name, (_, numbers, _) in fields.items()}

    def _add_words(self, prose: Reading, batch: "_Batch", first: int) -> None:
        words, texts, are_letters = prose.words()
        kinds = batch.kinds[texts]
        threads = batch.heads[batch.threads[texts]] + first
        for name, chosen in ((WORD, kinds == _TITLE), (SPELT, (kinds != _OTHER) & are_letters)):
            pairs = np.unique(threads[chosen] << 32 | words[chosen])
            self.postings[name].mark_all(pairs & 0xFFFFFFFF, pairs >> 32)


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
