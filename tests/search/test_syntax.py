"""What is read from what people type."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.search.engine import (
    MAX_RESULTS,
    AnyOf,
    Clause,
    Count,
    CountRange,
    Field,
    HasAccepted,
    IsAccepted,
    Kind,
    Moment,
    Not,
    Phrase,
    Prefix,
    SearchQuery,
    Sort,
    Tagged,
    TimeRange,
    Word,
    WrittenBy,
)
from forum.search.syntax import MAX_CHARACTERS, MAX_WORDS, parse

NOW = datetime(2024, 5, 17, 12, tzinfo=UTC)


def read(text: str) -> SearchQuery:
    return parse(text, me=42, now=NOW)


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("wifi driver", (Word("wifi"), Word("driver"))),
        ("  wifi\t\n driver ", (Word("wifi"), Word("driver"))),
        ('"blue screen" now', (Phrase("blue screen"), Word("now"))),
        ("“blue screen”", (Phrase("blue screen"),)),
        ("«blue screen» „of“", (Phrase("blue screen"), Phrase("of"))),
        ('27" monitor', (Word('27"'), Word("monitor"))),
        ("-windows", (Not(Word("windows")),)),
        ('-"blue screen"', (Not(Phrase("blue screen")),)),
        ("NOT windows", (Not(Word("windows")),)),
        ("NOT NOT windows", (Not(Word("windows")),)),
        ("NOT -windows", (Not(Word("windows")),)),
        ("wifi AND driver", (Word("wifi"), Word("driver"))),
        ("not and or", (Word("not"), Word("and"))),
        ("exit code -1", (Word("exit"), Word("code"), Word("-1"))),
        ("-0x80070057", (Not(Word("0x80070057")),)),
        ("git --force", (Word("git"), Word("--force"))),
        ("wifi - driver", (Word("wifi"), Word("driver"))),
        ("wifi OR lan", (AnyOf((Word("wifi"), Word("lan"))),)),
        ("a1 OR b1 OR c1 d1", (AnyOf((Word("a1"), Word("b1"), Word("c1"))), Word("d1"))),
        ("a1 OR -b1", (AnyOf((Word("a1"), Not(Word("b1")))),)),
        ("a1 OR NOT b1", (AnyOf((Word("a1"), Not(Word("b1")))),)),
        ("net*", (Prefix("net"),)),
        ("net**", (Prefix("net"),)),
        ("title:net*", (Prefix("net", Field.TITLE),)),
        ("-net*", (Not(Prefix("net")),)),
        ("[wifi]", (Tagged("wifi"),)),
        ("[C++][.NET]-[asp.net-core]", (Tagged("c++"), Tagged(".net"), Not(Tagged("asp.net-core")))),
        ("[a] or [b]", (AnyOf((Tagged("a"), Tagged("b"))),)),
        ("[two words]", (Word("[two"), Word("words]"))),
        ("user:7", (WrittenBy(user_id=7),)),
        ("user:me", (WrittenBy(user_id=42),)),
        ("USER:ME", (WrittenBy(user_id=42),)),
        ('user:"me"', (WrittenBy(name="me"),)),
        ("user:bob", (WrittenBy(name="bob"),)),
        ('user:"Bob  Builder"', (WrittenBy(name="Bob Builder"),)),
        ('user:"7"', (WrittenBy(name="7"),)),
        ("user:" + "9" * 30, (WrittenBy(name="9" * 30),)),
        ("-user:7", (Not(WrittenBy(user_id=7)),)),
        ("score:3", (CountRange(Count.SCORE, 3, None),)),
        ("score:-1", (CountRange(Count.SCORE, -1, None),)),
        ("score:3..10", (CountRange(Count.SCORE, 3, 10),)),
        ("score:3..", (CountRange(Count.SCORE, 3, None),)),
        ("score:..0", (CountRange(Count.SCORE, None, 0),)),
        ("score:>5", (CountRange(Count.SCORE, 6, None),)),
        ("score:>=5", (CountRange(Count.SCORE, 5, None),)),
        ("score:<5", (CountRange(Count.SCORE, None, 4),)),
        ("score:<=5", (CountRange(Count.SCORE, None, 5),)),
        ("answers:0", (CountRange(Count.ANSWERS, 0, 0),)),
        ("answers:2", (CountRange(Count.ANSWERS, 2, None),)),
        ("answers:2..", (CountRange(Count.ANSWERS, 2, None),)),
        ("hasaccepted:yes", (HasAccepted(True),)),
        ("HasAccepted:NO", (HasAccepted(False),)),
        ("-hasaccepted:yes", (Not(HasAccepted(True)),)),
        ("title:word", (Word("word", Field.TITLE),)),
        ('title:"two words"', (Phrase("two words", Field.TITLE),)),
        ("body:word -code:0x1f", (Word("word", Field.BODY), Not(Word("0x1f", Field.CODE)))),
        # What only looks like an operator is text.
        ("http://example.com/a:b", (Word("http://example.com/a:b"),)),
        ("password:x C:\\Windows", (Word("password:x"), Word("C:\\Windows"))),
        ("::title:x", (Word("::title:x"),)),
    ],
)
def test_it_reads(text: str, clauses: tuple[Clause, ...]) -> None:
    query = read(text)
    assert query.clauses == clauses
    assert query.ignored == ()
    assert query.kind is Kind.ANY


def day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "since", "before"),
    [
        ("2023", "2023-01-01", "2024-01-01"),
        ("2024-02", "2024-02-01", "2024-03-01"),
        ("2024-12", "2024-12-01", "2025-01-01"),
        ("2024-2-9", "2024-02-09", "2024-02-10"),
        ("2024-01..2024-06", "2024-01-01", "2024-07-01"),
        ("2023..", "2023-01-01", None),
        ("..2023-03-05", None, "2023-03-06"),
        (">2023", "2024-01-01", None),
        (">=2023", "2023-01-01", None),
        ("<2023", None, "2023-01-01"),
        ("<=2023", None, "2024-01-01"),
        ("7d", "2024-05-10T12:00", None),
        ("7d..", "2024-05-10T12:00", None),
        ("12h", "2024-05-17T00:00", None),
        ("<1w", "2024-05-10T12:00", None),
        (">1w", None, "2024-05-10T12:00"),
        ("1y..1M", "2023-05-18T12:00", "2024-04-17T12:00"),
        ("0d", "2024-05-17T12:00", None),
    ],
)
def test_it_reads_times(value: str, since: str | None, before: str | None) -> None:
    expected = (day(since) if since else None, day(before) if before else None)
    assert read(f"created:{value}").clauses == (TimeRange(Moment.CREATED, *expected),)
    assert read(f"lastactive:{value}").clauses == (TimeRange(Moment.ACTIVE, *expected),)


@pytest.mark.parametrize(
    ("text", "kind", "clauses"),
    [
        ("is:question wifi", Kind.QUESTION, (Word("wifi"),)),
        ("wifi IS:Answer", Kind.ANSWER, (Word("wifi"),)),
        ("is:q", Kind.QUESTION, ()),
        ("-is:answer", Kind.QUESTION, ()),
        ("-is:question", Kind.ANSWER, ()),
        ("isaccepted:yes", Kind.ANSWER, (IsAccepted(True),)),
        ("-isaccepted:yes", Kind.ANSWER, (IsAccepted(False),)),
        ("is:question isaccepted:yes", Kind.QUESTION, (IsAccepted(True),)),
    ],
)
def test_it_reads_what_kind_is_searched(text: str, kind: Kind, clauses: tuple[Clause, ...]) -> None:
    query = read(text)
    assert (query.kind, query.clauses, query.ignored) == (kind, clauses, ())


@pytest.mark.parametrize(
    ("text", "clauses", "message"),
    [
        ("wifi OR", (Word("wifi"),), "stands between two alternatives"),
        ("OR wifi", (Word("wifi"),), "stands between two alternatives"),
        ("wifi OR OR lan", (Word("wifi"), Word("lan")), "stands between two alternatives"),
        ("wifi NOT", (Word("wifi"),), "NOT windows or -windows"),
        ("*net", (Word("net"),), "at least 3 letters, such as net*"),
        ("ne*", (Word("ne"),), "at least 3 letters, such as net*"),
        ("n*t", (Word("n t"),), "at least 3 letters, such as net*"),
        ("SELECT * FROM", (Word("SELECT"), Word("FROM")), "such as net*"),
        ('"open wifi', (Word('"open'), Word("wifi")), "without its second one"),
        ("is:open", (Word("open"),), "is: takes question or answer"),
        ("is:question is:answer", (), "a question and an answer at once"),
        ("score:many", (Word("many"),), "3..10"),
        ("score:..", (Word(".."),), "3..10"),
        ("score:1..2..3", (Word("1..2..3"),), "3..10"),
        ("score:٣", (Word("٣"),), "3..10"),
        ("answers:", (), "nothing stands behind it"),
        ('title:""', (), "nothing stands behind it"),
        ("title: wifi", (Word("wifi"),), "nothing stands behind it"),
        ("hasaccepted:maybe", (Word("maybe"),), "takes yes or no"),
        ("created:yesterday", (Word("yesterday"),), "2024-01..2024-06"),
        ("created:2024-13", (Word("2024-13"),), "2024-01..2024-06"),
        ("created:0000", (Word("0000"),), "2024-01..2024-06"),
        ("created:9999", (Word("9999"),), "2024-01..2024-06"),
        ("created:9999y", (Word("9999y"),), "2024-01..2024-06"),
        ("title:*x", (Word("x"),), "the beginning of a word such as net*"),
        ("?!", (), "no letter or digit"),
    ],
)
def test_it_says_what_it_ignored_and_how_to_write_it(
    text: str, clauses: tuple[Clause, ...], message: str
) -> None:
    query = read(text)
    assert query.clauses == clauses
    assert len(query.ignored) == 1
    assert message in query.ignored[0]


def test_it_follows_three_asterisks_and_no_more() -> None:
    query = read("aaa* bbb* OR title:ccc* -ddd*")
    assert query.clauses == (
        Prefix("aaa"),
        AnyOf((Prefix("bbb"), Prefix("ccc", Field.TITLE))),
        Not(Word("ddd")),
    )
    assert "first 3 asterisks" in query.ignored[0]


def test_me_needs_somebody_who_is_signed_in() -> None:
    query = parse("user:me", me=None)
    assert query.clauses == (Word("me"),)
    assert "when you are signed in" in query.ignored[0]


def test_it_reads_so_many_characters_and_no_more() -> None:
    query = read("word " * 1_000 + "x" * 100_000)
    assert sum(len(clause.text) for clause in query.clauses if isinstance(clause, Word)) <= MAX_CHARACTERS
    assert any(str(MAX_CHARACTERS) in message for message in query.ignored)


@pytest.mark.parametrize("text", ["w " * 40, '"' + "w " * 40 + '"', 'a b "' + "w " * 40 + '" c d'])
def test_it_reads_so_many_words_and_no_more(text: str) -> None:
    query = read(text)
    words = [
        word for clause in query.clauses if isinstance(clause, Word | Phrase) for word in clause.text.split()
    ]
    assert len(words) == MAX_WORDS
    assert any(str(MAX_WORDS) in message for message in query.ignored)


@pytest.mark.parametrize(
    ("page", "limit", "expected"),
    [(0, 0, (1, 1)), (-5, 10, (1, 10)), (10**9, 15, (666, 15)), (3, 10**9, (3, 100)), (2, 15, (2, 15))],
)
def test_it_brings_pages_into_bounds(page: int, limit: int, expected: tuple[int, int]) -> None:
    query = parse("wifi", page=page, limit=limit, sort=Sort.NEWEST)
    assert (query.page, query.limit, query.sort) == (*expected, Sort.NEWEST)
    assert query.offset + query.limit <= MAX_RESULTS


MARKS = 'OR NOT AND - * " [ ] ( ) : .. < title: is: user: score: created: '
WORDS = "wifi net* [wifi] question 2024 7d me “ 日本 é"
PIECES = st.sampled_from((MARKS + WORDS).split())
SPACES = st.sampled_from(["", " ", "\ud800", "\x00"])
QUERIES = st.lists(st.tuples(PIECES, SPACES).map("".join), max_size=60).map("".join)


@given(st.one_of(st.text(max_size=400), QUERIES))
def test_it_never_fails_and_stays_within_bounds(text: str) -> None:
    query = parse(text, me=1, now=NOW)
    leaves = [leaf for clause in query.clauses for leaf in getattr(clause, "clauses", (clause,))]
    assert len(leaves) <= MAX_WORDS
    assert all(message.endswith(".") for message in query.ignored)
    assert len(query.ignored) <= MAX_WORDS + 5
    shown = repr(query.clauses)
    assert "\\ud800" not in shown
    assert "\\x00" not in shown


@given(st.lists(st.from_regex(r"[a-z]{3,9}", fullmatch=True), min_size=1, max_size=10))
def test_plain_words_are_all_required(words: list[str]) -> None:
    assert read(" ".join(words)).clauses == tuple(Word(word) for word in words if word != "or")
