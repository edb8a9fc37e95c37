"""The passage of a thread that shows why it was found, as plain text with the matching words marked."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import NamedTuple

from forum.search.analysis import Analysis, Written
from forum.search.engine import Kind, Snippet
from forum.search.plan import Plan, Terms
from forum.search.threads import Texts

WIDTH = 240
"""The length of a snippet in characters, without its ellipses."""

_SCANNED = 30_000
"""Characters of a thread that are looked through for its best passage, so that a page of results made of
very long threads stays below a tenth of a second."""

_WHITESPACE = re.compile(r"\s+")
_UNEVEN = re.compile(r"\s\s|[^\S ]")
"""What `_WHITESPACE` would replace by a blank that is none already."""

_MOST_TRIED = 60
"""Pieces that are searched for at once; for more, a text is quicker taken apart."""


class Held(NamedTuple):
    """What a text holds of what is sought, as an index knows without reading it."""

    wishes: int
    """Wishes that it fulfils at the most."""
    matches: int
    """Places at which it fulfils any by a term; where several terms stand at one, fewer."""


class _Match(NamedTuple):
    start: int
    end: int
    wish: int


@dataclass(frozen=True, slots=True)
class Sought:
    """What to mark: terms, each with the number of the wish that it fulfils, and beginnings of words."""

    terms: dict[str, int]
    beginnings: tuple[tuple[str, int], ...]
    _fulfilling: dict[str, tuple[_Match, ...]] = field(default_factory=dict, repr=False, compare=False)
    """What fulfils a wish in pieces of texts that hold anything."""

    @property
    def wishes(self) -> int:
        """How many wishes there are."""
        return len({*self.terms.values()}) + len(self.beginnings)

    def matches(self, text: str, analysis: Analysis, expected: int | None = None) -> list[_Match]:
        """Return what fulfils a wish, in the order of the text; `expected` is how many there are, if known.

        Only pieces between blanks that hold such a term are taken apart, which are few; where they stand,
        the text is searched for them. That takes a tenth of the time of taking the whole text apart. If as
        many as are expected stand in pieces that were read before, the text is not even split.
        """
        if expected is not None and not self.beginnings:
            known = analysis.pieces.known(self.terms)
            if len(known) <= _MOST_TRIED:
                found = self._found(known, text, analysis)
                if len(found) == expected:
                    return found
        pieces = set(text.split())
        wanted = analysis.pieces.holding(self.terms, pieces)
        if self.beginnings:
            wanted |= {piece for piece in pieces if any(map(self._begins, analysis.terms_in(piece)))}
        return self._found(wanted, text, analysis)

    def _found(self, wanted: Iterable[str], text: str, analysis: Analysis) -> list[_Match]:
        """Return what fulfils a wish in these pieces, in the order of the text."""
        found = [
            _Match(at + match.start, at + match.end, match.wish)
            for piece in wanted
            if piece in text
            for match in self._fulfilled(piece, analysis)
            for at in _places(piece, text)
        ]
        return sorted(found, key=_start)

    def _fulfilled(self, piece: str, analysis: Analysis) -> tuple[_Match, ...]:
        """Return what fulfils a wish in a piece, read once."""
        if piece not in self._fulfilling:
            self._fulfilling[piece] = tuple(self._in_piece(piece, analysis))
        return self._fulfilling[piece]

    def _begins(self, term: str) -> bool:
        return any(term.startswith(beginning) for beginning, _ in self.beginnings)

    def _in_piece(self, piece: str, analysis: Analysis) -> Iterator[_Match]:
        for written in analysis.written_forms(piece):
            if (wish := self._wish_of(written)) is not None:
                yield _Match(written.start, written.end, wish)

    def _wish_of(self, written: Written) -> int | None:
        """Return which wish this written form fulfils, if any; whole terms go before beginnings."""
        for term in written.forms.indexed:
            if term in self.terms:
                return self.terms[term]
        for beginning, wish in self.beginnings:
            if any(term.startswith(beginning) for term in written.forms.indexed):
                return wish
        return None


_start = itemgetter(0)


def _places(piece: str, text: str) -> Iterator[int]:
    """Yield where the piece stands between blanks."""
    at = text.find(piece)
    while at >= 0:
        end = at + len(piece)
        if (not at or text[at - 1].isspace()) and (end == len(text) or text[end].isspace()):
            yield at
        at = text.find(piece, end)


class _Passage(NamedTuple):
    post_id: int | None
    text: str
    matches: Sequence[_Match]
    start: int
    end: int
    """From the first of the matches that are shown to the end of the last."""
    wishes: int


def sought_in(plan: Plan) -> Sought:
    """Return what the results of this plan show as found."""
    terms: dict[str, int] = {}
    beginnings: list[tuple[str, int]] = []
    wish = 0
    for wanted in plan.wanted:
        if not isinstance(wanted, Terms):
            beginnings.append((wanted.text, wish))
            wish += 1
            continue
        for group in wanted.groups:
            for sequence in group:
                for distance, term in enumerate(sequence):
                    # Each word of a phrase counts, so that where they stand together wins.
                    terms.setdefault(term, wish if wanted.is_word else wish + distance)
            wish = max(wish, *terms.values()) + 1
    return Sought(terms, tuple(beginnings))


def sought_terms(terms: Iterable[str]) -> Sought:
    """Return what a passage about these terms shows as found; each is a wish of its own."""
    return Sought({term: wish for wish, term in enumerate(terms)}, ())


def snippet_of(
    document: Texts,
    sought: Sought,
    analysis: Analysis,
    *,
    kind: Kind,
    post_id: int | None,
    held: Sequence[Held] = (),
) -> tuple[int | None, Snippet]:
    """Return the best passage and the answer it is in (None: question or comments).

    The passage with the most different wishes wins; among equals the accepted answer's, then the
    question's, and last those of answers that no longer work. Of a question or an answer that was found by
    itself, only its own text is shown. `held` says of the question, of each answer and of the comments what
    they hold, if the engine knows; texts that can't win are not looked through then.
    """
    best: _Passage | None = None
    budget, wishes = _SCANNED, sought.wishes
    for owner, place in _places_of(document, kind, post_id):
        told = held[place] if held else None
        if best is None or told is None or told.wishes > best.wishes:
            passage = _best_passage(owner, document.text_at(place)[:budget], sought, analysis, told)
            if best is None or passage.wishes > best.wishes:
                best = passage
        budget -= document.length_at(place)
        if budget <= 0 or best.wishes == wishes:
            break
    if best is None:
        return post_id, ()
    if not best.wishes and kind is Kind.ANY:
        best = _best_passage(None, document.text_at(0)[:_SCANNED], sought, analysis, None)
    return best.post_id, _marked(best)


def _places_of(document: Texts, kind: Kind, post_id: int | None) -> Iterator[tuple[int | None, int]]:
    """Yield the texts that may be shown, the most welcome first: whose answer it is, and its place."""
    answers = list(enumerate(document.answers, start=1))
    if kind is Kind.ANSWER:
        yield from ((post_id, place) for place, answer in answers if answer.post_id == post_id)
        return
    if kind is Kind.QUESTION:
        yield None, 0
        return
    yield from ((answer.post_id, place) for place, answer in answers if answer.is_solving)
    yield None, 0
    for is_outdated in (False, True):
        yield from (
            (answer.post_id, place)
            for place, answer in answers
            if not answer.is_solving and answer.outdated is is_outdated
        )
    yield None, -1


def _best_passage(
    post_id: int | None, text: str, sought: Sought, analysis: Analysis, told: Held | None
) -> _Passage:
    if told is None:
        matches = sought.matches(text, analysis)
    else:
        matches = sought.matches(text, analysis, told.matches) if told.wishes else []
    best = (0, 0)
    window = (0, 0)
    for first, match in enumerate(matches):
        last = first
        wishes: set[int] = set()
        while last < len(matches) and matches[last].end - match.start <= WIDTH:
            wishes.add(matches[last].wish)
            last += 1
        if (len(wishes), last - first) > best:
            best, window = (len(wishes), last - first), (match.start, matches[last - 1].end)
    return _Passage(post_id, text, matches, *window, best[0])


def _widened(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the passage around these bounds, a third of what is to spare before them, cut between words."""
    spare = max(0, WIDTH - (end - start))
    from_ = max(0, start - spare // 3)
    if from_ > 0 and (space := _WHITESPACE.search(text, from_, start)):
        from_ = space.end()
    to = min(len(text), from_ + max(WIDTH, end - from_))
    if to < len(text) and (words := text[end:to].rsplit(maxsplit=1)) and len(words) > 1:
        to = end + text[end:to].rindex(words[-1])
    return from_, to


def _marked(passage: _Passage) -> Snippet:
    text = passage.text
    start, end = _widened(text, passage.start, passage.end)
    position = start
    pieces: list[tuple[str, bool]] = []
    if text[:start].strip():
        pieces.append(("… ", False))
    for match in passage.matches:
        if match.start < position or match.end > end:
            continue
        pieces.append((text[position : match.start], False))
        pieces.append((text[match.start : match.end], True))
        position = match.end
    pieces.append((text[position:end].rstrip(), False))
    if text[end:].strip():
        pieces.append((" …", False))
    if _UNEVEN.search(text, start, end):
        return tuple((_WHITESPACE.sub(" ", piece), is_match) for piece, is_match in pieces if piece)
    return tuple(piece for piece in pieces if piece[0])
