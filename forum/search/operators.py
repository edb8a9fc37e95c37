"""The operators of the query language, one function each: `tag` brackets aside, everything `name:value`.

A function returns the clause, or the kind of post that is searched for. A value that it can't read raises
Unreadable; the operator's `hint` then tells the user what can be written.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TypeAlias

from forum.core.i18n import marked
from forum.search.engine import (
    Count,
    CountRange,
    Field,
    HasAccepted,
    IsAccepted,
    Kind,
    Leaf,
    Moment,
    TimeRange,
    WrittenBy,
)
from forum.search.ranges import Unreadable, numbers, times
from forum.search.words import text_clause

_YES = frozenset({"yes", "true", "1"})
_NO = frozenset({"no", "false", "0"})


@dataclass(frozen=True, slots=True)
class Asker:
    """Who searches, and when: what `user:me` and `created:7d` depend on."""

    user_id: int | None
    now: datetime


@dataclass(frozen=True, slots=True)
class Value:
    """What stands behind the colon, without its quotation marks."""

    text: str
    is_quoted: bool


Reading: TypeAlias = Callable[[Value, Asker], Leaf | Kind]


@dataclass(frozen=True, slots=True)
class Operator:
    """How a value is read, and a sentence on what it can be."""

    read: Reading
    hint: str


def _user(value: Value, asker: Asker) -> Leaf:
    if value.text.lower() == "me" and not value.is_quoted:
        if asker.user_id is None:
            raise Unreadable(value.text)
        return WrittenBy(user_id=asker.user_id)
    # More digits than a database's id has are a name.
    if value.text.isascii() and value.text.isdigit() and len(value.text) <= 18 and not value.is_quoted:
        return WrittenBy(user_id=int(value.text))
    return WrittenBy(name=value.text)


def _is(value: Value, asker: Asker) -> Kind:
    kinds = {"question": Kind.QUESTION, "answer": Kind.ANSWER, "q": Kind.QUESTION, "a": Kind.ANSWER}
    if (kind := kinds.get(value.text.lower())) is None:
        raise Unreadable(value.text)
    return kind


def _score(value: Value, asker: Asker) -> Leaf:
    return CountRange(Count.SCORE, *numbers(value.text))


def _answers(value: Value, asker: Asker) -> Leaf:
    if value.text == "0":
        return CountRange(Count.ANSWERS, 0, 0)
    return CountRange(Count.ANSWERS, *numbers(value.text))


def _yes(value: Value) -> bool:
    if value.text.lower() not in _YES | _NO:
        raise Unreadable(value.text)
    return value.text.lower() in _YES


def _has_accepted(value: Value, asker: Asker) -> Leaf:
    return HasAccepted(_yes(value))


def _is_accepted(value: Value, asker: Asker) -> Leaf:
    return IsAccepted(_yes(value))


def _time(moment: Moment, value: Value, asker: Asker) -> Leaf:
    return TimeRange(moment, *times(value.text.lower(), asker.now))


def _text(field: Field, value: Value, asker: Asker) -> Leaf:
    return text_clause(value.text, field, is_quoted=value.is_quoted)


# Translators: It goes on after the name of an operator, as in "created: takes a date". The letters and words
# that are typed (7d, h, w, me, yes, no, question, answer) stay as they are.
_TIME_HINT = marked(
    "takes a date or an age, such as 2024, 2024-01..2024-06, 2024-05-17.., 7d (hours h, weeks w, …)"
)
_TEXT_HINT = marked('takes a word, the beginning of a word such as net*, or a "phrase"')

OPERATORS: Mapping[str, Operator] = {
    "user": Operator(_user, marked('takes a number, a name, a "full name", or me when you are signed in')),
    "is": Operator(_is, marked("takes question or answer")),
    "score": Operator(_score, marked("takes a number (at least) or a range, such as 3, 3..10, ..0 or >5")),
    "answers": Operator(
        _answers, marked("takes 0 (none), a number (at least) or a range, such as 0, 2 or 1..3")
    ),
    "hasaccepted": Operator(_has_accepted, marked("takes yes or no")),
    "isaccepted": Operator(_is_accepted, marked("takes yes or no")),
    "created": Operator(partial(_time, Moment.CREATED), _TIME_HINT),
    "lastactive": Operator(partial(_time, Moment.ACTIVE), _TIME_HINT),
    "title": Operator(partial(_text, Field.TITLE), _TEXT_HINT),
    "body": Operator(partial(_text, Field.BODY), _TEXT_HINT),
    "code": Operator(partial(_text, Field.CODE), _TEXT_HINT),
}
