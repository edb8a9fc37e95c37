"""Filters are put into the text of a search and taken out without changing the rest of it."""

from datetime import UTC, datetime

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from forum.search.engine import Count, CountRange, HasAccepted, Kind, Moment, Tagged, TimeRange, WrittenBy
from forum.search.narrowing import (
    Meaning,
    Reader,
    filters,
    with_filter,
    without_filter,
    without_filters,
)
from forum.search.syntax import MAX_CHARACTERS, MAX_WORDS, cut_off

READER = Reader(me=42, now=datetime(2024, 5, 17, 12, tzinfo=UTC))
OPERATORS = ("[wifi]", "[c++]", "hasaccepted:yes", "answers:0", "answers:1..", "created:7d", "user:7")

_pieces = st.sampled_from(
    [
        *(
            "wifi",
            "driver",
            "therm*",
            "OR",
            "or",
            "NOT",
            "AND",
            '"',
            '"blue screen"',
            "“so",
            "-linux",
            "--force",
        ),
        *("[wifi]", "[linux]", "-[wifi]", "[", "]", "[a][b]", "user:me", "user:7", 'user:"Bob B"', "user:"),
        *("hasaccepted:no", "hasaccepted:maybe", "score:3", "answers:0", "created:2024", "created:7d", "***"),
        *("is:answer", "is:question", "isaccepted:yes", "title:net*", "-", '27"', "\x00", "\u200b"),
    ]
)
texts = st.one_of(st.text(max_size=80), st.lists(_pieces, max_size=24).map(" ".join))


@given(text=texts, operator=st.sampled_from(OPERATORS))
@example(text="OR wifi", operator="[wifi]")
@example(text="is:answer OR *** or [linux]", operator="[wifi]")
@example(text='"blue screen', operator='user:"Bob B"')
@example(text="x" * 300, operator="[wifi]")
@example(text="x " * 40, operator="user:7")
def test_a_filter_that_was_added_is_searched_for(text: str, operator: str) -> None:
    meaning = READER.meaning(operator)

    assert meaning in READER.read(with_filter(text, operator, READER)).clauses


@given(text=texts, operator=st.sampled_from(OPERATORS))
@example(text="OR wifi", operator="[wifi]")
@example(text="wifi OR", operator="[wifi]")
@example(text="NOT OR wifi", operator="answers:0")
@example(text='is:answer "blue OR', operator="created:7d")
@example(text="wifi OR USER:7", operator="user:7")
def test_adding_a_filter_and_taking_it_out_changes_nothing(text: str, operator: str) -> None:
    before = READER.read(text)
    assume(READER.meaning(operator) not in before.clauses)
    narrowed = with_filter(text, operator, READER)
    assume(len(narrowed) <= MAX_CHARACTERS and len(before.clauses) < MAX_WORDS)

    after = READER.read(without_filter(narrowed, operator, READER))

    assert (after.clauses, after.kind) == (before.clauses, before.kind)


@given(text=texts)
def test_what_is_left_without_a_filter_is_the_rest(text: str) -> None:
    before = READER.read(text)

    for found in filters(text, READER):
        after = READER.read(found.rest)
        if isinstance(found.meaning, Kind):
            assert (before.kind, after.kind) == (found.meaning, Kind.ANY)
            continue
        rest = tuple(clause for clause in before.clauses if clause != found.meaning)
        assert len(rest) < len(before.clauses)
        # The last clause of a text that is too long may grow by the words that there is room for now.
        sure = rest[:-1] if cut_off() in before.ignored else rest
        assert after.clauses[: len(sure)] == sure


@given(text=texts)
def test_without_its_filters_a_text_has_none_of_them(text: str) -> None:
    meanings = {found.meaning for found in filters(text, READER)}
    assume(len(READER.read(text).clauses) < MAX_WORDS - 1)

    assert not meanings & set(READER.read(without_filters(text, READER)).clauses)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("wifi [docks] drops", ["[docks]"]),
        ("[docks] -[linux] wifi", ["[docks]", "-[linux]"]),
        ("[docks] [docks]", ["[docks]"]),
        ('user:"Bob B" user:me score:3 is:answer', ['user:"Bob B"', "user:me", "score:3", "is:answer"]),
        ("is:answer isaccepted:yes", ["isaccepted:yes"]),
        ("[a] OR [b] wifi", []),
        ("NOT [a]", []),
        ("title:dock code:lsusb “so", []),
        ("score:many created:never", []),
        ('"only [docks] in a phrase"', []),
        ("", []),
    ],
)
def test_the_filters_of_a_text_are_those_that_can_be_taken_out_alone(text: str, written: list[str]) -> None:
    assert [found.written for found in filters(text, READER)] == written


@pytest.mark.parametrize(
    ("text", "operator", "narrowed"),
    [
        ("wifi drops", "[docks]", "[docks] wifi drops"),
        ("", "[docks]", "[docks]"),
        ("[Docks] wifi", "[docks]", "[Docks] wifi"),
        ("user:me wifi", "user:42", "user:me wifi"),
        ("OR wifi", "[docks]", "[docks] wifi"),
        ("[a] or [b]", "[docks]", "[docks] [a] or [b]"),
        ("“blue", "[docks]", '[docks] "blue'),
        ("wifi", "no filter", "wifi"),
        ("wifi", "driver", "wifi"),
    ],
)
def test_a_filter_is_added_in_front_and_only_once(text: str, operator: str, narrowed: str) -> None:
    assert with_filter(text, operator, READER) == narrowed


@pytest.mark.parametrize(
    ("operator", "meaning"),
    [
        ("[wifi]", Tagged("wifi")),
        ("hasaccepted:no", HasAccepted(False)),
        ("answers:1..", CountRange(Count.ANSWERS, 1, None)),
        ("created:7d", TimeRange(Moment.CREATED, datetime(2024, 5, 10, 12, tzinfo=UTC), None)),
        ("user:me", WrittenBy(user_id=42)),
        ("is:answer", Kind.ANSWER),
        ("wifi", None),
        ("title:wifi", None),
        ("[a] [b]", None),
    ],
)
def test_a_filter_means_what_the_query_language_says(operator: str, meaning: Meaning | None) -> None:
    assert READER.meaning(operator) == meaning


def test_a_filter_takes_the_place_of_another() -> None:
    def is_age(meaning: Meaning) -> bool:
        return isinstance(meaning, TimeRange)

    assert with_filter("created:1y wifi", "created:7d", READER, instead_of=is_age) == "created:7d wifi"


def test_filters_far_behind_are_cut_with_the_text_that_is_not_read() -> None:
    text = f"[docks] {'x' * 300} [linux]"

    (docks,) = filters(text, READER)

    assert len(docks.rest) == MAX_CHARACTERS - len("[docks] ")
