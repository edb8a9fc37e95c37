"""From text to the terms that are indexed and looked for; engines and snippets share it.

Support communities look for words ("drivers"), for names with signs in them (C++, .NET, Wi-Fi) and for codes
(0x80070057, 10.0.19045, snake_case). A written form therefore gives several terms at one position: itself,
its stem, and, when it is put together, its parts. Words of scripts without spaces become pairs of characters.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from forum.search.pieces import LONGEST_PIECE, PIECES_KEPT, Pieces
from forum.search.synonyms import Synonyms, read

NO_SYNONYMS = Synonyms()

MAX_TERM = 64
"""Longer terms are cut, in documents and queries alike: no word is that long, only pasted noise is."""

MAX_PARTS = 8
"""So many parts of one written form are indexed; a path of fifty directories is no better found by each."""

# The marks of scripts that write vowels as marks belong to words, though Python's \w leaves them out.
_LETTER = r"[\w\u0300-\u036f\u0900-\u0dff\u0e31-\u0e4e\u0eb1-\u0ecd]"
_WRITTEN = re.compile(
    rf"(?:(?<![\w.])\.(?=[^\W\d_]))?{_LETTER}+(?:[.\-\u2010\u2011'\u2019+]{_LETTER}+)*"
    r"(?:\+\+(?!\+)|[+#](?![\w+]))?"
)
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]+")
_ACCENTS = re.compile(r"[\u0300-\u036f]")
_APOSTROPHES = re.compile(r"['\u2019]")
_POSSESSIVE = re.compile(r"['\u2019][sS]$")
_HYPHENS = re.compile(r"[-\u2010\u2011]")
_JOINTS = re.compile(r"[.\-\u2010\u2011'\u2019+_#]+")
_HUMPS = re.compile(r"[A-Z]+s?(?![^\W\d_A-Z])|[A-Z]?[^A-Z]+|[A-Z]")


@dataclass(frozen=True, slots=True)
class Forms:
    """The terms of one written form."""

    exact: str
    """The form itself, folded: what phrases are made of."""
    indexed: tuple[str, ...]
    """Every term that documents get at this position."""
    sought: tuple[tuple[str, ...], ...]
    """What a query looks for: one of these, each a sequence of terms at consecutive positions."""


@dataclass(frozen=True, slots=True)
class Written:
    """One written form in a text, from `start` to before `end`."""

    forms: Forms
    start: int
    end: int


def fold(text: str) -> str:
    """Return the text as terms are compared: without case, accents and compatibility variants."""
    if text.isascii():
        return text.lower()
    without_accents = _ACCENTS.sub("", unicodedata.normalize("NFKD", text))
    return unicodedata.normalize("NFC", without_accents).casefold()


class Analysis:
    """How one kind of text is taken apart; `stem` and `stop_words` belong to its language."""

    def __init__(
        self,
        stem: Callable[[str], str] | None = None,
        stop_words: frozenset[str] = frozenset(),
        *,
        synonyms: Synonyms = NO_SYNONYMS,
    ) -> None:
        self._stem = stem
        self._stop_words = stop_words
        self.synonyms = synonyms
        """What searches look for as well; texts are indexed as they are written."""
        # Texts repeat their words, and stemming in Python takes ten times as long as this look-up.
        self._forms_of = lru_cache(maxsize=100_000)(self._take_apart)
        self._forms_in = lru_cache(maxsize=PIECES_KEPT)(self._forms_of_piece)
        self.pieces = Pieces(self.terms_in)

    def with_synonyms(self, listed: str) -> "Analysis":
        """Return the same analysis with the synonyms of a list. Raises UnusableSynonyms."""
        return Analysis(self._stem, self._stop_words, synonyms=read(listed, self.words_of))

    def words_of(self, text: str) -> tuple[str, ...]:
        """Return the words of a text as phrases are made of them."""
        return tuple(written.forms.exact for written in self.written_forms(text))

    def forms(self, text: str) -> list[Forms]:
        """Return the forms of `written_forms` without their places, in a quarter of the time."""
        return [
            form
            for piece in text.split()
            for form in (self._forms_in if len(piece) <= LONGEST_PIECE else self._forms_of_piece)(piece)
        ]

    def _forms_of_piece(self, piece: str) -> tuple[Forms, ...]:
        return tuple(written.forms for written in self.written_forms(piece))

    def terms_in(self, text: str) -> set[str]:
        """Return all terms of a text."""
        return {term for written in self.written_forms(text) for term in written.forms.indexed}

    def written_forms(self, text: str) -> Iterator[Written]:
        """Yield the written forms of the text in order; words that are everywhere are left out."""
        for match in _WRITTEN.finditer(text):
            written = match.group()
            if not written.isascii() and _UNSPACED.search(written):
                yield from self._in_unspaced(written, match.start())
            elif forms := self._forms_of(written):
                yield Written(forms, match.start(), match.end())

    def _in_unspaced(self, written: str, start: int) -> Iterator[Written]:
        position = 0
        for run in _UNSPACED.finditer(written):
            if before := written[position : run.start()]:
                yield from self._written_forms_at(before, start + position)
            characters = run.group()
            for index in range(max(1, len(characters) - 1)):
                pair = fold(characters[index : index + 2])
                at = start + run.start() + index
                yield Written(Forms(pair, (pair,), ((pair,),)), at, min(at + 2, start + run.end()))
            position = run.end()
        if rest := written[position:]:
            yield from self._written_forms_at(rest, start + position)

    def _written_forms_at(self, text: str, start: int) -> Iterator[Written]:
        for written in self.written_forms(text):
            yield Written(written.forms, written.start + start, written.end + start)

    def _take_apart(self, written: str) -> Forms | None:
        written = _POSSESSIVE.sub("", written)
        parts = [hump for part in _JOINTS.split(written) for hump in _humps(part)]
        if not parts:
            return None
        whole = _APOSTROPHES.sub("", fold(written)).strip("_")[:MAX_TERM]
        if not any(character.isalnum() for character in whole):
            # A run of accents that belong to no letter folds to nothing, which no engine can store.
            return None
        if len(parts) == 1 and fold(parts[0])[:MAX_TERM] == whole:
            return self._simple(parts[0][:MAX_TERM])
        indexed = tuple(term for part in parts[:MAX_PARTS] for term in self._inflected(part[:MAX_TERM]))
        if whole[0] == "." or whole[-1] in "+#":
            return Forms(whole, _distinct(whole, *indexed), ((whole,),))
        joined = _HYPHENS.sub("", whole)
        sequence = (fold(part)[:MAX_TERM] for part in parts[:MAX_PARTS])
        sought = [
            (whole,),
            (joined,),
            tuple(part for part in sequence if part and part not in self._stop_words),
        ]
        return Forms(
            whole,
            _distinct(whole, *self._inflected(joined), *indexed),
            tuple(dict.fromkeys(filter(None, sought))),
        )

    def _simple(self, word: str) -> Forms | None:
        terms = self._inflected(word)
        return Forms(terms[0], terms, ((terms[-1],),)) if terms else None

    def _inflected(self, word: str) -> tuple[str, ...]:
        """Return the word and its stem, unless it is a stop word. Accents matter to stems, not to terms."""
        folded = fold(word)[:MAX_TERM]
        if not folded or folded in self._stop_words:
            return ()
        lowered = unicodedata.normalize("NFKC", word).casefold()
        if self._stem is None or not lowered.isalpha():
            return (folded,)
        return _distinct(folded, fold(self._stem(lowered))[:MAX_TERM])


def _humps(part: str) -> list[str]:
    """Return the words that were written together with capitals inside, as in NullPointerException."""
    if part.islower() or part.isupper() or part.istitle():
        return [part]
    return _HUMPS.findall(part)


def _distinct(*terms: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(terms))


@dataclass(frozen=True, slots=True)
class Analyses:
    """How a site's texts are taken apart: prose in its language, and code as it is written."""

    prose: Analysis
    code: Analysis
    language: str
    model: "TextModel | None" = None
    """What sees the meaning of whole texts, if the site has such a model."""


class TextModel(Protocol):
    """What gives each text a direction, so that texts about the same point the same way."""

    @property
    def name(self) -> str:
        """A name that no other model has; an index made with another one is built anew."""

    @property
    def dimensions(self) -> int:
        """Numbers in a direction."""

    def directions(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the direction of each text, a row of length 1. Safe from several threads."""
