"""“No longer works” at a browser: without a script, with one, and for those who may not."""

import re

import pytest

from forum.core.db import Database
from forum.posts.models import OutdatedMark, Post
from tests.factories import make_answer, make_outdated_mark, make_question, make_user
from tests.web.browser import Browser
from tests.web.conftest import SignIn

TWO_SAY = "2 people say that this no longer works"


@pytest.fixture
def answer(database: Database) -> Post:
    with database.transaction() as session:
        return make_answer(session, make_question(session, make_user(session)), make_user(session))


def _mark(database: Database, answer: Post, *, people: int = 1) -> None:
    with database.transaction() as session:
        for _ in range(people):
            make_outdated_mark(session, session.get_one(Post, answer.id), make_user(session))


def _count(database: Database, answer: Post) -> int:
    with database.reading() as session:
        return session.get_one(Post, answer.id).outdated_count


def _page(browser: Browser, answer: Post) -> str:
    text = browser.get(f"/questions/{answer.question_id}", follow_redirects=True).text
    return re.sub(r"<[^>]+>", "", text[text.index('class="post answer"') :])


def test_a_form_marks_and_takes_back_and_leads_to_the_answer(
    member: Browser, database: Database, answer: Post
) -> None:
    for action, count in (("outdated", 1), ("outdated", 1), ("not-outdated", 0), ("not-outdated", 0)):
        response = member.post(f"/answers/{answer.id}/{action}")

        assert response.status_code == 303
        assert response.location == f"/answers/{answer.id}"
        assert member.get(response.location).location.endswith(f"#answer-{answer.id}")
        assert _count(database, answer) == count


def test_a_script_gets_the_head_of_the_answer(member: Browser, answer: Post) -> None:
    marked = member.send_fragment(f"/answers/{answer.id}/outdated")
    taken_back = member.send_fragment(f"/answers/{answer.id}/not-outdated")

    for part in (marked, taken_back):
        assert part.status_code == 200
        assert f'id="outdated-{answer.id}"' in part.text
        assert "<html" not in part.text
    assert "You say that this no longer works" in marked.text
    assert f'action="/answers/{answer.id}/not-outdated"' in marked.text
    assert "no longer works" not in taken_back.text


def test_everybody_is_told_from_two_on(
    member: Browser, visitor: Browser, database: Database, answer: Post
) -> None:
    for said in (False, True):
        _mark(database, answer)

        for browser in (member, visitor):
            assert (TWO_SAY in _page(browser, answer)) is said
            assert "one of them" not in _page(browser, answer)


def test_who_says_so_sees_it_alone_and_among_others(
    member: Browser, visitor: Browser, database: Database, answer: Post
) -> None:
    member.post(f"/answers/{answer.id}/outdated")
    assert "You say that this no longer works. Others see it once 2 people say so." in _page(member, answer)
    assert "no longer works" not in _page(visitor, answer)

    _mark(database, answer)
    assert f"{TWO_SAY}, and you are one of them." in _page(member, answer)
    assert f"{TWO_SAY}." in _page(visitor, answer)


def test_authors_are_offered_no_mark_and_told_what_to_do_instead(
    sign_in: SignIn, database: Database, answer: Post
) -> None:
    author = sign_in("Own Voice")
    with database.transaction() as session:
        session.get_one(Post, answer.id).author_id = author.user_id

    assert "No longer works" not in _page(author, answer)
    refused = author.post(f"/answers/{answer.id}/outdated")
    assert refused.status_code == 403
    assert "This is your own answer: edit it to say what works now." in refused.text
    assert _count(database, answer) == 0


def test_members_are_offered_it_on_answers_only(member: Browser, answer: Post) -> None:
    page = member.get(f"/questions/{answer.question_id}", follow_redirects=True).text

    assert page.count(f'action="/answers/{answer.id}/outdated"') == page.count('class="mark-outdated"') == 1
    assert member.post(f"/answers/{answer.question_id}/outdated").status_code == 404


@pytest.mark.parametrize("action", ["outdated", "not-outdated"])
def test_visitors_are_asked_to_sign_in_and_forged_forms_refused(
    visitor: Browser, member: Browser, database: Database, answer: Post, action: str
) -> None:
    path = f"/answers/{answer.id}/{action}"
    asked = visitor.post(path, headers={"Referer": f"http://localhost/questions/{answer.question_id}"})

    assert asked.status_code == 403
    assert f'name="next" value="/questions/{answer.question_id}"' in asked.text
    assert member.post(path, token=False).status_code == 400
    assert member.get(path).status_code == 405
    assert _count(database, answer) == 0


def test_marking_many_answers_within_an_hour_is_refused_and_taking_back_is_not(
    member: Browser, database: Database, answer: Post
) -> None:
    for _ in range(30):
        assert member.post(f"/answers/{answer.id}/outdated").status_code == 303

    refused = member.send_fragment(f"/answers/{answer.id}/outdated")
    assert refused.status_code == 429
    assert "Go on a little later" in refused.text
    assert member.post(f"/answers/{answer.id}/not-outdated").status_code == 303
    with database.reading() as session:
        assert session.query(OutdatedMark).count() == 0


def test_a_deleted_answer_has_no_such_head(sign_in: SignIn, database: Database, answer: Post) -> None:
    _mark(database, answer, people=2)
    moderator = sign_in("Mo Derator", role="moderator")
    moderator.post(f"/posts/{answer.id}/delete")

    assert "no longer works" not in _page_of_deleted(moderator, answer)
    assert moderator.post(f"/answers/{answer.id}/outdated").status_code == 404


def _page_of_deleted(browser: Browser, answer: Post) -> str:
    return browser.get(f"/questions/{answer.question_id}", follow_redirects=True).text


def test_the_help_tells_of_it(visitor: Browser) -> None:
    assert "From 2 people on" in visitor.get("/help/answering").text
