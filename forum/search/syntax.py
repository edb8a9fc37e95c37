"""The query language: from what somebody types to a `SearchQuery`.

Words are all required; "phrases", -not, OR, beginnings*, [tag], -[tag] and `name:value` work as on Stack
Overflow. The parser never fails and never asks back: what it can't read it searches as words, and says so in
`ignored`. It is bounded by what it reads: 256 characters, 16 words, two levels. Engines get the tree and
never the text, because the query languages of search libraries can be made to run for minutes.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from forum.core import clock
from forum.core.i18n import gettext, marked
from forum.search.engine import (
    MAX_LIMIT,
    MAX_RESULTS,
    AnyOf,
    Clause,
    IsAccepted,
    Kind,
    Leaf,
    Not,
    Phrase,
    Prefix,
    SearchQuery,
    Sort,
    Tagged,
    Word,
)
from forum.search.operators import OPERATORS, Asker, Value
from forum.search.ranges import Unreadable
from forum.search.words import MIN_PREFIX, text_clause

MAX_CHARACTERS = 256
MAX_WORDS = 16
MAX_PREFIXES = 3
"""Beginnings of words in one query; each stands for hundreds of words that are looked up one by one."""

_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"'))
# Control characters, and halves of surrogate pairs, which no database and no terminal can take.
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_TOKEN = re.compile(
    r"""
    (?P<minus>-(?![\s-]|\d+(?:\s|$)))?
    (?:
        (?P<name>[a-zA-Z]+):(?:"(?P<quoted>[^"]*)"|(?P<value>[^\s"]\S*)|(?=\s|"|$))
      | \[(?P<tag>[^\s\[\]]+)\](?=[\s\[]|-\[|$)
      | "(?P<phrase>[^"]*)"
      | (?P<word>\S+)
    )
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class _Joint:
    """OR or NOT, as it was typed."""

    text: str


@dataclass(slots=True)
class _Reading:
    asker: Asker
    operands: list[Leaf | Not | _Joint] = field(default_factory=list)
    kind: Kind = Kind.ANY
    ignored: list[str] = field(default_factory=list)
    words_left: int = MAX_WORDS
    prefixes_left: int = MAX_PREFIXES

    def ignore(self, message: str) -> None:
        if message not in self.ignored:
            self.ignored.append(message)


def parse(
    text: str,
    *,
    me: int | None = None,
    sort: Sort = Sort.RELEVANCE,
    page: int = 1,
    limit: int = 15,
    now: datetime | None = None,
) -> SearchQuery:
    """Return what the text asks for; never raises. `me` is the searching user's id, None when signed out.

    `page` and `limit` are brought into their bounds, because they come from addresses that people edit.
    """
    reading = _Reading(Asker(me, now or clock.now()))
    text = prepared(text)
    if len(text) > MAX_CHARACTERS:
        text = text[:MAX_CHARACTERS]
        message = gettext("Only the first %(most)s characters were searched for.", most=MAX_CHARACTERS)
        reading.ignore(message)
    for token in tokens(text):
        if reading.words_left <= 0:
            reading.ignore(cut_off())
            break
        _read(token, reading)
    if text and not (reading.operands or reading.ignored or reading.kind is not Kind.ANY):
        reading.ignore(gettext("There is no letter or digit in it to search for."))
    limit = min(max(1, limit), MAX_LIMIT)
    return SearchQuery(
        clauses=_joined(reading),
        kind=reading.kind,
        sort=sort,
        page=min(max(1, page), MAX_RESULTS // limit),
        limit=limit,
        ignored=tuple(reading.ignored),
    )


def cut_off() -> str:
    """Return what `ignored` says of a query of more words than are read."""
    return gettext("Only the first %(most)s words were searched for.", most=MAX_WORDS)


def prepared(text: str) -> str:
    """Return the text as it is read: with straight quotation marks, without control characters."""
    return _UNPRINTABLE.sub(" ", text).translate(_QUOTES).strip()


def tokens(text: str) -> Iterator[re.Match[str]]:
    """Yield the pieces of a prepared text.

    What somebody looks for is in the group `phrase` or `word`, or in `quoted` or `value` behind a `name`.
    """
    return _TOKEN.finditer(text)


def _read(token: re.Match[str], reading: _Reading) -> None:
    is_excluded = token["minus"] is not None
    if token["tag"] is not None:
        _add(Tagged(token["tag"].lower()), reading, is_excluded=is_excluded)
    elif token["phrase"] is not None:
        _add_phrase(token["phrase"], reading, is_excluded=is_excluded)
    elif token["name"] is None:
        _read_word(token["word"], reading, is_excluded=is_excluded)
    elif token["name"].lower() in OPERATORS:
        _read_operator(token, reading, is_excluded=is_excluded)
    else:
        _read_word(token.group()[is_excluded:], reading, is_excluded=is_excluded)


def _read_word(word: str, reading: _Reading, *, is_excluded: bool) -> None:
    if word in {"OR", "NOT", "or"} and not is_excluded:
        reading.operands.append(_Joint(word))
    elif word == "AND":
        return
    elif not any(character.isalnum() for character in word):
        if "*" in word:
            reading.ignore(
                gettext("“*” was ignored: an asterisk stands behind the beginning of a word, such as net*.")
            )
        elif '"' in word:
            reading.ignore(gettext("A quotation mark without its second one was ignored."))
    else:
        _add_text(word, reading, is_excluded=is_excluded)


def _add_text(word: str, reading: _Reading, *, is_excluded: bool) -> None:
    if word.startswith('"'):
        reading.ignore(gettext("A quotation mark without its second one was ignored."))
    try:
        _add(text_clause(word), reading, is_excluded=is_excluded)
    except Unreadable:
        reading.ignore(
            gettext(
                "The asterisk in “%(word)s” was ignored: it can stand only behind the beginning of a word, "
                "at least %(least)s letters, such as net*.",
                word=word,
                least=MIN_PREFIX,
            )
        )
        _add(Word(word.replace("*", " ").strip()), reading, is_excluded=is_excluded)


def _add_phrase(text: str, reading: _Reading, *, is_excluded: bool) -> None:
    words = text.split()
    if not words:
        return
    if len(words) > reading.words_left:
        reading.ignore(cut_off())
    words = words[: reading.words_left]
    reading.words_left -= len(words) - 1
    _add(Phrase(" ".join(words)), reading, is_excluded=is_excluded)


def _read_operator(token: re.Match[str], reading: _Reading, *, is_excluded: bool) -> None:
    name = token["name"].lower()
    is_quoted = token["quoted"] is not None
    text = " ".join((token["quoted"] if is_quoted else token["value"] or "").split())
    hint = f"{name}: {gettext(OPERATORS[name].hint)}."
    if not text:
        ignored = gettext("“%(operator)s:” was ignored because nothing stands behind it.", operator=name)
        reading.ignore(f"{ignored} {hint}")
        return
    try:
        read = OPERATORS[name].read(Value(text, is_quoted), reading.asker)
    except Unreadable:
        instead = gettext("“%(operator)s:%(text)s” was searched for as “%(text)s”.", operator=name, text=text)
        reading.ignore(f"{instead} {hint}")
        _add(
            Phrase(text) if is_quoted else Word(text.replace("*", " ").strip()),
            reading,
            is_excluded=is_excluded,
        )
        return
    if isinstance(read, Kind):
        _set_kind(read, reading, is_excluded=is_excluded)
    else:
        _add(read, reading, is_excluded=is_excluded)


def _set_kind(kind: Kind, reading: _Reading, *, is_excluded: bool) -> None:
    if is_excluded:
        kind = Kind.ANSWER if kind is Kind.QUESTION else Kind.QUESTION
    if reading.kind not in {Kind.ANY, kind}:
        reading.ignore(
            gettext("is:%(kind)s was ignored: nothing is a question and an answer at once.", kind=kind.value)
        )
        return
    reading.kind = kind


def _add(leaf: Leaf, reading: _Reading, *, is_excluded: bool) -> None:
    reading.words_left -= 1
    if isinstance(leaf, Prefix):
        leaf = _within_limit(leaf, reading)
    if isinstance(leaf, IsAccepted):
        if reading.kind is Kind.ANY:
            reading.kind = Kind.ANSWER
        leaf, is_excluded = IsAccepted(leaf.value is not is_excluded), False
    reading.operands.append(Not(leaf) if is_excluded else leaf)


def _within_limit(prefix: Prefix, reading: _Reading) -> Prefix | Word:
    reading.prefixes_left -= 1
    if reading.prefixes_left >= 0:
        return prefix
    reading.ignore(
        gettext(
            "Only the first %(most)s asterisks were followed; other words were taken as they are.",
            most=MAX_PREFIXES,
        )
    )
    return Word(prefix.text, prefix.field)


def _joined(reading: _Reading) -> tuple[Clause, ...]:
    """Return the operands with NOT applied and those around OR put together; OR binds more tightly."""
    groups: list[list[Leaf | Not]] = []
    is_alternative = is_negated = False
    operands = reading.operands
    for index, operand in enumerate(operands):
        if not isinstance(operand, _Joint):
            negated = Not(operand) if is_negated and not isinstance(operand, Not) else operand
            if is_alternative:
                groups[-1].append(negated)
            else:
                groups.append([negated])
            is_alternative = is_negated = False
        elif operand.text == "NOT" and index + 1 < len(operands):
            is_negated = True
        elif operand.text != "NOT" and _joins(operands, index):
            is_alternative = True
        elif operand.text != "or":
            reading.ignore(gettext(_MISPLACED[operand.text]))
    return tuple(group[0] if len(group) == 1 else AnyOf(tuple(group)) for group in groups)


_MISPLACED = {
    "OR": marked("“OR” was ignored: it stands between two alternatives, such as wifi OR bluetooth."),
    "NOT": marked(
        "“NOT” was ignored: it stands before what must not be there, such as NOT windows or -windows."
    ),
}


def _joins(operands: list[Leaf | Not | _Joint], index: int) -> bool:
    """Return whether this OR stands between two operands; in small letters it joins tags only."""
    if not 0 < index < len(operands) - 1:
        return False
    before, after = operands[index - 1], operands[index + 1]
    if operands[index] == _Joint("or"):
        return isinstance(before, Tagged) and isinstance(after, Tagged)
    return not isinstance(before, _Joint) and (after == _Joint("NOT") or not isinstance(after, _Joint))
