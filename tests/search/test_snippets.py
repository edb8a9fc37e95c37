"""The passage that a result shows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.search.engine import Kind, Snippet
from forum.search.engines.languages import analyses_for
from forum.search.plan import plan
from forum.search.snippets import WIDTH, Sought, snippet_of, sought_in
from forum.search.syntax import parse
from tests.search.threads import answer, thread

ANALYSES = analyses_for("en")
FILLER = "lorem ipsum dolor sit amet consetetur " * 20


def shown(text: str, question: str, *answers: tuple[str, bool]) -> tuple[int | None, Snippet]:
    posts = tuple(answer(10 + n, text, accepted=accepted) for n, (text, accepted) in enumerate(answers))
    document = thread(1, "Title", question, answers=posts)
    sought = sought_in(plan(parse(text), ANALYSES))
    return snippet_of(document, sought, ANALYSES.prose, kind=Kind.ANY, post_id=None)


def plain(snippet: Snippet) -> str:
    return "".join(text for text, _ in snippet)


def test_it_cuts_a_window_around_the_words_between_words() -> None:
    _, snippet = shown("battery drains", f"{FILLER} the battery drains quickly {FILLER}")
    assert [text for text, is_match in snippet if is_match] == ["battery", "drains"]
    text = plain(snippet)
    assert text.startswith("… ")
    assert text.endswith(" …")
    assert len(text) <= WIDTH + 4
    assert set(text.strip("… ").split()) <= set(FILLER.split()) | {"the", "battery", "drains", "quickly"}


def test_it_shows_where_most_of_the_words_stand_together() -> None:
    text = f"battery {FILLER} drains {FILLER} the battery drains {FILLER} battery battery battery"
    _, snippet = shown("battery drains", text)
    assert [piece for piece, is_match in snippet if is_match] == ["battery", "drains"]


@pytest.mark.parametrize(
    ("question", "answers", "expected"),
    [
        ("battery drains", (("battery drains", False), ("battery drains", True)), 11),
        ("battery drains", (("battery drains", False), ("battery", True)), None),
        ("battery", (("battery drains", False), ("battery", True)), 10),
        ("battery", (("nothing", False), ("nothing", True)), None),
        ("nothing", (("nothing", False), ("nothing", True)), None),
    ],
)
def test_of_equal_passages_it_prefers_the_accepted_answer_then_the_question(
    question: str, answers: tuple[tuple[str, bool], ...], expected: int | None
) -> None:
    assert shown("battery drains", question, *answers)[0] == expected


def test_an_answer_that_no_longer_works_is_shown_only_where_nothing_else_says_as_much() -> None:
    def preferred(question: str, second: str) -> int | None:
        answers = (answer(10, "battery drains", accepted=True, outdated=True), answer(11, second))
        document = thread(1, "Title", question, answers=answers)
        sought = sought_in(plan(parse("battery drains"), ANALYSES))
        return snippet_of(document, sought, ANALYSES.prose, kind=Kind.ANY, post_id=None)[0]

    assert preferred("nothing", "battery drains") == 11
    assert preferred("battery drains", "nothing") is None
    assert preferred("nothing", "battery") == 10


def test_a_snippet_is_text_and_never_markup() -> None:
    _, snippet = shown("battery", "<script>alert(1)</script> & <b>battery</b>")
    assert plain(snippet) == "<script>alert(1)</script> & <b>battery</b>"


def test_white_space_becomes_single_spaces() -> None:
    _, snippet = shown("battery", "a\n\n\tb  battery\r\n c")
    assert plain(snippet) == "a b battery c"


def test_text_without_spaces_is_cut_too() -> None:
    _, snippet = shown("battery", "x" * 5_000 + " battery " + "y" * 5_000)
    assert any(is_match for _, is_match in snippet)
    assert len(plain(snippet)) <= WIDTH + 4


def test_a_very_long_thread_is_not_read_to_its_end() -> None:
    _, snippet = shown("battery", "word " * 10_000 + "battery")
    assert not any(is_match for _, is_match in snippet)
    assert plain(snippet).startswith("word word")


@given(st.text(alphabet="ab .\n日本é", max_size=900), st.text(alphabet="ab .\n日本é", max_size=900))
def test_any_text_gives_a_short_piece_of_itself(question: str, reply: str) -> None:
    _, snippet = shown("a b ab 日本", question, (reply, True))
    text = plain(snippet).removeprefix("… ").removesuffix(" …")
    assert len(text) <= WIDTH
    squeezed = [" ".join(original.split()) for original in (question, reply)]
    assert any(" ".join(text.split()) in original for original in squeezed)


_WORDS = (
    "network",
    "Networks,",
    "net",
    "node.js",
    ".NET",
    "..NET",
    "C++",
    "it's",
    "blue-screen",
    "snake_case",
)
_HARDER = (
    "NullPointerException",
    "网络问题",
    "naïve",
    "a+b",
    "(net)",
    "net/net",
    "\u2028",
    "\x1f",
    "net\u00a0net",
)
_words = st.sampled_from(_WORDS + _HARDER)
_texts = st.one_of(st.text(), st.lists(_words | st.text(max_size=3), max_size=30).map(" ".join))


@given(text=_texts, wished=st.lists(_words | st.text(max_size=3), max_size=4), beginning=st.text(max_size=2))
def test_what_it_marks_is_what_reading_the_whole_text_finds(
    text: str, wished: list[str], beginning: str
) -> None:
    terms = [term for words in wished for word in words.split() for term in ANALYSES.prose.terms_in(word)]
    sought = Sought(dict.fromkeys(terms, 1), ((beginning, 1),) if beginning else ())

    found = [(match.start, match.end) for match in sought.matches(text, ANALYSES.prose)]

    assert found == [
        (written.start, written.end)
        for written in ANALYSES.prose.written_forms(text)
        if any(term in terms or (beginning and term.startswith(beginning)) for term in written.forms.indexed)
    ]
