"""Texts, addresses and permissions of posts, without a database."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.accounts.rules import Actor
from forum.core.errors import Invalid, Refused
from forum.posts import rules

MEMBER = Actor(id=1, name="m", role="member", reputation=1)
EDITOR = Actor(id=2, name="e", role="member", reputation=2000)
MODERATOR = Actor(id=3, name="o", role="moderator", reputation=1)


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Why does it beep?", "why-does-it-beep"),
        ("  C++ & C#: what's the 0x80070057?", "c-c-whats-the-0x80070057"),
        ("Überhitzung beim Größenvergleich", "uberhitzung-beim-grossenvergleich"),
        ("Ноутбук не включается", "noutbuk-ne-vklyuchaetsya"),
        ("笔记本无法开机", "bijibenwufakaiji"),
        ("Η οθόνη αναβοσβήνει", "i-othoni-anavosvinei"),
        ("الشاشة لا تعمل", "lshshh-l-t-ml"),
        ("Does 😀 count?", "does-grinning-count"),
        ("\u202etxt.exe\u202c looks odd", "txt-exe-looks-odd"),
        ("\ufeff\u200b", "question"),
        ("???!!!", "question"),
        ("x" * 200, "x" * 80),
        ("word " * 40, "-".join(["word"] * 16)),
    ],
)
def test_it_makes_readable_addresses(title: str, slug: str) -> None:
    assert rules.slugify(title) == slug


@given(st.text())
def test_it_never_makes_an_empty_or_long_slug(title: str) -> None:
    slug = rules.slugify(title)

    assert 1 <= len(slug) <= rules.SLUG_LENGTH
    assert re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", slug)


@given(st.text())
def test_it_keeps_excerpts_short_and_on_one_line(text: str) -> None:
    excerpt = rules.excerpt(text)

    assert len(excerpt) <= rules.EXCERPT_LENGTH + 1
    assert "\n" not in excerpt


@pytest.mark.parametrize(
    ("check", "text"),
    [
        (rules.check_title, "too short"),
        (rules.check_title, "?" * 20),
        (rules.check_title, "x" * 151),
        (rules.check_question, "too short a text"),
        (rules.check_question, "\u200b" * 40),
        (rules.check_question, "x" * 30_001),
        (rules.check_question, "a question with a NUL \x00 in it"),
        (rules.check_answer, "   \n  "),
        (rules.check_answer, "half of a pair: \ud800 and on"),
        (rules.check_comment, "x"),
        (rules.check_comment, "x" * 601),
        (rules.check_summary, "x" * 301),
    ],
)
def test_it_refuses_texts_that_cannot_be_stored_or_read(check, text: str) -> None:
    with pytest.raises(Invalid):
        check(text)


def test_it_takes_signs_out_of_a_title_that_turn_its_letters_round() -> None:
    assert rules.check_title("Why is it \u202eexe.gpj\u202c here?") == "Why is it exe.gpj here?"


def test_it_makes_line_ends_uniform_and_keeps_the_rest() -> None:
    assert rules.check_answer("\r\n    code\r\nthen text  \r\n\r\n") == "    code\nthen text"


@pytest.mark.parametrize(
    ("actor", "author_id", "answers", "upvoted", "solved", "refused"),
    [
        (MEMBER, 1, 0, 0, False, None),
        (MEMBER, 1, 1, 0, False, None),
        (MEMBER, 1, 2, 0, False, "answers matter"),
        (MEMBER, 1, 1, 1, False, "answers matter"),
        (MEMBER, 1, 1, 0, True, "answers matter"),
        (MEMBER, 9, 0, 0, False, "not yours"),
        (EDITOR, 9, 0, 0, False, "not yours"),
        (MODERATOR, 9, 5, 3, True, None),
    ],
)
def test_it_protects_questions_whose_answers_help(
    actor: Actor, author_id: int, answers: int, upvoted: int, solved: bool, refused: str | None
) -> None:
    def delete() -> None:
        rules.refuse_delete_question(
            actor,
            author_id=author_id,
            answer_count=answers,
            upvoted_answer_count=upvoted,
            is_solved=solved,
        )

    if refused is None:
        delete()
    else:
        with pytest.raises(Refused) as caught:
            delete()
        assert caught.value.code == refused


@pytest.mark.parametrize(
    ("actor", "author_id", "may"),
    [(MEMBER, 1, True), (MEMBER, 2, False), (EDITOR, 1, True), (MODERATOR, 1, True), (MEMBER, None, False)],
)
def test_it_lets_authors_experienced_people_and_moderators_edit(
    actor: Actor, author_id: int | None, may: bool
) -> None:
    assert rules.may_edit(actor, author_id=author_id) is may


def test_it_ranks_by_interest_and_newness() -> None:
    now = datetime(2026, 5, 4, tzinfo=UTC)

    def hot(score: int, *, days: int = 0) -> float:
        created = now - timedelta(days=days)
        return rules.hotness(score=score, answer_count=0, upvoted_answer_count=0, created_at=created)

    assert hot(10) > hot(1) > hot(-5)
    assert hot(1) > hot(10, days=1)
    assert hot(1000, days=1) > hot(1)


def test_an_answer_is_said_to_no_longer_work_by_others_than_its_author() -> None:
    for actor in (MEMBER, MODERATOR):
        rules.refuse_mark_outdated(actor, author_id=EDITOR.id)
        rules.refuse_mark_outdated(actor, author_id=None)
        with pytest.raises(Refused, match="your own answer: edit it"):
            rules.refuse_mark_outdated(actor, author_id=actor.id)


def test_it_takes_the_privilege_to_vote_down() -> None:
    newcomer = Actor(id=4, name="n", role="member", reputation=0)

    with pytest.raises(Refused, match="reputation"):
        rules.refuse_mark_outdated(newcomer, author_id=EDITOR.id)


@pytest.mark.parametrize(
    "actor", [MEMBER, EDITOR, MODERATOR, Actor(id=4, name="n", role="member", reputation=0)]
)
@pytest.mark.parametrize("author_id", [None, 1, 2, 3, 4])
def test_pages_offer_what_is_not_refused(actor: Actor, author_id: int | None) -> None:
    assert rules.may_change_comment(actor, author_id=author_id) == _is_allowed(
        lambda: rules.refuse_comment_change(actor, author_id=author_id)
    )
    assert rules.may_mark_outdated(actor, author_id=author_id) == _is_allowed(
        lambda: rules.refuse_mark_outdated(actor, author_id=author_id)
    )
    for is_accepted in (False, True):
        assert rules.may_delete_answer(actor, author_id=author_id, is_accepted=is_accepted) == _is_allowed(
            lambda accepted=is_accepted: rules.refuse_delete_answer(
                actor, author_id=author_id, is_accepted=accepted
            )
        )


def _is_allowed(refuse: Callable[[], None]) -> bool:
    try:
        refuse()
    except Refused:
        return False
    return True


def test_one_person_alone_can_damage_no_answer() -> None:
    assert [rules.is_outdated(count) for count in range(4)] == [False, False, True, True]
