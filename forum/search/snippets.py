"""The passage of a thread that shows why it was found, as plain text with the matching words marked."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from forum.search.analysis import Analysis, Written
from forum.search.engine import Kind, Snippet
from forum.search.plan import Plan, Terms
from forum.search.threads import AnswerText, ThreadDocument

WIDTH = 240
"""The length of a snippet in characters, without its ellipses."""

_SCANNED = 30_000
"""Characters of a thread that are looked through for its best passage, so that a page of results made of
very long threads stays below a tenth of a second."""

_WHITESPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class _Match:
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

    def matches(self, text: str, analysis: Analysis) -> list[_Match]:
        """Return what fulfils a wish, in the order of the text.

        Only pieces between blanks that hold such a term are taken apart, which are few; where they stand,
        the text is searched for them. That takes a tenth of the time of taking the whole text apart.
        """
        pieces = set(text.split())
        wanted = analysis.pieces.holding(self.terms, pieces)
        if self.beginnings:
            wanted |= {piece for piece in pieces if any(map(self._begins, analysis.terms_in(piece)))}
        for piece in wanted.difference(self._fulfilling):
            self._fulfilling[piece] = tuple(self._in_piece(piece, analysis))
        found = [
            _Match(at + match.start, at + match.end, match.wish)
            for piece in wanted
            for match in self._fulfilling[piece]
            for at in _places(piece, text)
        ]
        return sorted(found, key=_start)

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


def _start(match: _Match) -> int:
    return match.start


def _places(piece: str, text: str) -> Iterator[int]:
    """Yield where the piece stands between blanks."""
    at = text.find(piece)
    while at >= 0:
        end = at + len(piece)
        if (not at or text[at - 1].isspace()) and (end == len(text) or text[end].isspace()):
            yield at
        at = text.find(piece, end)


@dataclass(frozen=True, slots=True)
class _Passage:
    post_id: int | None
    text: str
    matches: tuple[_Match, ...]
    start: int
    end: int
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
    document: ThreadDocument, sought: Sought, analysis: Analysis, *, kind: Kind, post_id: int | None
) -> tuple[int | None, Snippet]:
    """Return the best passage and the answer it is in (None: question or comments).

    The passage with the most different wishes wins; among equals the accepted answer's, then the
    question's, and last those of answers that no longer work. Of a question or an answer that was found by
    itself, only its own text is shown.
    """
    best: _Passage | None = None
    budget = _SCANNED
    for owner, text in _texts(document, kind, post_id):
        passage = _best_passage(owner, text[:budget], sought, analysis)
        if best is None or passage.wishes > best.wishes:
            best = passage
        budget -= len(text)
        if budget <= 0 or best.wishes == len(set(sought.terms.values())) + len(sought.beginnings):
            break
    if best is None:
        return post_id, ()
    if not best.wishes and kind is Kind.ANY:
        best = _best_passage(None, document.question[:_SCANNED], sought, analysis)
    return best.post_id, _marked(best)


def _texts(document: ThreadDocument, kind: Kind, post_id: int | None) -> Iterator[tuple[int | None, str]]:
    if kind is Kind.ANSWER:
        yield from ((answer.post_id, answer.text) for answer in document.answers if answer.post_id == post_id)
        return
    if kind is Kind.QUESTION:
        yield None, document.question
        return
    yield from ((answer.post_id, answer.text) for answer in document.answers if answer.is_solving)
    yield None, document.question
    others = [answer for answer in document.answers if not answer.is_solving]
    yield from ((answer.post_id, answer.text) for answer in sorted(others, key=_is_outdated))
    yield None, document.comments


def _is_outdated(answer: AnswerText) -> bool:
    return answer.outdated


def _best_passage(post_id: int | None, text: str, sought: Sought, analysis: Analysis) -> _Passage:
    matches = sought.matches(text, analysis)
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
    start, end = _widened(text, *window)
    return _Passage(post_id, text, tuple(matches), start, end, best[0])


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
    pieces: list[tuple[str, bool]] = []
    position = passage.start
    if passage.text[: passage.start].strip():
        pieces.append(("… ", False))
    for match in passage.matches:
        if match.start < position or match.end > passage.end:
            continue
        pieces.append((passage.text[position : match.start], False))
        pieces.append((passage.text[match.start : match.end], True))
        position = match.end
    pieces.append((passage.text[position : passage.end].rstrip(), False))
    if passage.text[passage.end :].strip():
        pieces.append((" …", False))
    return tuple((_WHITESPACE.sub(" ", text), is_match) for text, is_match in pieces if text)
