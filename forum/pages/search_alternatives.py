"""What would find more than a search did: words written otherwise, or fewer filters.

Nothing is changed silently: these are offers, each tried in the index before it is made.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from forum.search.engine import Hits, SearchEngine, Snippet
from forum.search.narrowing import Reader, filters, without_filters
from forum.search.operators import OPERATORS
from forum.search.syntax import MAX_CHARACTERS, prepared, tokens

FEW_RESULTS = 3
"""With fewer results than this, a word may well be a slip."""

SINGLE_FILTERS = 2
"""Filters that are tried left out one at a time; a further try is without all of them."""

# Whole words of letters: parts of names, numbers and paths and beginnings of words are no slips.
_WORD = re.compile(r"(?<![\w.+#@/\\:'’*-])[^\W\d_]+(?![\w+#@/\\'’*-]|[.:]\w)")


@dataclass(frozen=True, slots=True)
class Correction:
    """The search with its unknown words corrected, which finds more."""

    text: str
    pieces: Snippet
    """The same text, with what was changed marked."""


@dataclass(frozen=True, slots=True)
class Wider:
    """The search without a filter, which finds something."""

    text: str
    total: int
    without: str | None
    """The filter as it was written; None for all filters at once."""
    relaxed: bool


def correction(engine: SearchEngine, text: str, reader: Reader, found: Hits) -> Correction | None:
    """Return what was probably meant, if there are few results and it finds more; at most two calls."""
    if found.total >= FEW_RESULTS and not found.relaxed:
        return None
    text = prepared(text)[:MAX_CHARACTERS]
    spans = tuple(_words(text))
    corrections = engine.correct({text[start:end] for start, end in spans}) if spans else {}
    if not corrections:
        return None
    pieces = tuple(_corrected(text, spans, corrections))
    corrected = "".join(piece for piece, _is_new in pieces)
    better = engine.search(replace(reader.read(corrected), limit=1))
    return Correction(corrected, pieces) if _is_better(better, found) else None


def wider(engine: SearchEngine, text: str, reader: Reader) -> tuple[Wider, ...]:
    """Return what a search without results finds without its filters; at most three engine calls."""
    on = filters(text, reader)
    single = (_wider(engine, reader, one.rest, without=one.written) for one in on[:SINGLE_FILTERS])
    offers = tuple(offer for offer in single if offer.total)
    if offers or len(on) < 2:
        return offers
    bare = _wider(engine, reader, without_filters(text, reader), without=None)
    return (bare,) if bare.total else ()


def _wider(engine: SearchEngine, reader: Reader, text: str, *, without: str | None) -> Wider:
    found = engine.search(replace(reader.read(text), limit=1))
    return Wider(text, found.total, without, found.relaxed)


def _is_better(better: Hits, found: Hits) -> bool:
    """Tell whether there are results with all words for the first time, or more results of the same sort."""
    if better.relaxed == found.relaxed or not found.total:
        return better.total > found.total
    return found.relaxed and better.total > 0


def _words(text: str) -> Iterator[tuple[int, int]]:
    """Yield where the words are that were looked for in texts; what must not be there is left as it is."""
    for token in tokens(text):
        if token["minus"] is None and token["tag"] is None:
            group = _text_group(token)
            start = token.start(group) if group is not None else 0
            found = _WORD.finditer(token[group] or "") if group is not None else ()
            yield from ((start + word.start(), start + word.end()) for word in found)


def _text_group(token: re.Match[str]) -> str | int | None:
    """Return the part of a piece of the query that is looked for in titles and texts."""
    if token["name"] is None:
        return "word" if token["phrase"] is None else "phrase"
    if token["name"].lower() in {"title", "body"}:
        return "value" if token["quoted"] is None else "quoted"
    return None if token["name"].lower() in OPERATORS else 0


def _corrected(
    text: str, spans: Sequence[tuple[int, int]], corrections: Mapping[str, str]
) -> Iterator[tuple[str, bool]]:
    done = 0
    for start, end in spans:
        if (correct := corrections.get(text[start:end])) is not None:
            if start > done:
                yield text[done:start], False
            yield correct, True
            done = end
    if done < len(text):
        yield text[done:], False
