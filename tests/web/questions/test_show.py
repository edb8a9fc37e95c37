import re
from datetime import UTC, datetime

import pytest

from forum.core.db import Database
from forum.posts.models import Post
from tests.factories import make_answer, make_comment, make_question, make_user
from tests.statements import recorded
from tests.web.browser import Browser
from tests.web.conftest import SignIn

START = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def question(database: Database) -> Post:
    """A question with an accepted answer, another answer and a comment on each."""
    with database.transaction() as session:
        asker = make_user(session, "Ann Asker", reputation=1234)
        question = make_question(
            session, asker, title="Why does <it> beep twice?", tags=("c++", "dock"), created_at=START
        )
        for accepted in (True, False):
            answer = make_answer(session, question, make_user(session), accepted=accepted)
            make_comment(session, answer, make_user(session))
        return question


def _path(question: Post) -> str:
    return f"/questions/{question.id}/{question.slug}"


def test_a_visitor_reads_question_answers_and_comments(visitor: Browser, question: Post) -> None:
    page = visitor.get(_path(question))

    assert page.status_code == 200
    assert "<title>Why does &lt;it&gt; beep twice? · Askwell</title>" in page.text
    assert page.text.count('class="post answer"') == 2
    assert page.text.count("Which model is it?") == 2
    assert 'href="/tags/c%2B%2B"' in page.text
    assert '<span class="reputation" title="Reputation 1,234">1.2k</span>' in page.text
    assert "Accepted answer" in page.text
    assert f'<link rel="canonical" href="http://127.0.0.1:8000{_path(question)}">' in page.text


def test_a_visitor_is_led_to_the_sign_in_page_and_gets_no_forms(visitor: Browser, question: Post) -> None:
    page = visitor.get(_path(question))

    assert 'method="post"' not in page.text
    assert "Set-Cookie" not in page.headers
    votes = re.findall(r'<a class="votes" href="([^"]+)"', page.text)
    assert votes[0] == f"/sign-in?next=/questions/{question.id}%23question"
    assert re.fullmatch(r"/sign-in\?next=/answers/\d+", votes[1])
    assert {visitor.get(path).status_code for path in votes} == {200}


@pytest.mark.parametrize("slug", ["", "/", "/another-title", "/why-does-it-beep"])
def test_other_spellings_lead_to_the_one_address_and_keep_the_query(
    visitor: Browser, question: Post, slug: str
) -> None:
    page = visitor.get(f"/questions/{question.id}{slug}?sort=newest")

    if slug == "/":
        assert page.status_code == 404
    else:
        assert page.status_code == 301
        assert page.location == f"{_path(question)}?sort=newest"


def test_a_member_may_vote_comment_answer_but_not_edit(
    member: Browser, database: Database, question: Post
) -> None:
    page = member.get(_path(question))

    assert page.text.count('hx-target="#votes-') == 3
    assert f'action="/posts/{question.id}/comments"' in page.text
    assert f'action="/questions/{question.id}/answers"' in page.text
    assert '/edit"' not in page.text
    assert "/delete" not in page.text
    submissions = re.findall(r'name="submission"[^>]*value="([^"]+)"', page.text)
    assert len(submissions) == len(set(submissions)) == 4


def test_authors_get_no_buttons_to_vote_for_themselves(sign_in: SignIn, database: Database) -> None:
    author = sign_in("Own Voice")
    with database.transaction() as session:
        question = make_question(session, tags=("dock",))
        question.author_id = author.user_id
    page = author.get(_path(question))

    assert 'hx-target="#votes-' not in page.text
    assert f'action="/posts/{question.id}/delete"' in page.text


def test_a_page_takes_five_statements_and_three_more_for_whoever_has_signed_in(
    member: Browser, sign_in: SignIn, visitor: Browser, database: Database, question: Post
) -> None:
    # For the next who has signed in only what is theirs is read, and whether anything was written since.
    for browser, most in ((visitor, 5), (member, 8), (sign_in(), 8), (member, 4)):
        with recorded(database) as statements:
            assert browser.get(_path(question)).status_code == 200

        assert len(statements) <= most


def test_a_deleted_question_is_gone_for_everybody_but_moderators(
    visitor: Browser, member: Browser, sign_in: SignIn, database: Database
) -> None:
    with database.transaction() as session:
        question = make_question(session, make_user(session), text="secret", deleted_at=START)

    for browser in (visitor, member):
        page = browser.get(_path(question))
        assert page.status_code == 404
        assert "secret" not in page.text
    seen = sign_in("Mo Derator", role="moderator").get(_path(question))
    assert seen.status_code == 200
    assert "post-deleted" in seen.text
    assert "noindex" in seen.text


@pytest.mark.parametrize("page", ["0", "-1", "2", "x", "99999999999999999999"])
def test_there_are_no_other_pages(visitor: Browser, question: Post, page: str) -> None:
    assert visitor.get(f"{_path(question)}?page={page}").status_code == 404


def test_a_closed_question_names_the_one_it_repeats_and_takes_no_answers(
    member: Browser, database: Database
) -> None:
    with database.transaction() as session:
        original = make_question(session, title="The first of its kind")
        question = make_question(session)
        question.closed_at, question.closed_reason = START, "duplicate"
        question.duplicate_of_id = original.id
    page = member.get(_path(question))

    assert f'<a href="{_path(original)}" dir="auto">The first of its kind</a>' in page.text
    assert "/answers" not in page.text


def test_looking_is_counted_once_and_written_later(
    visitor: Browser, database: Database, question: Post
) -> None:
    for _ in range(3):
        visitor.get(_path(question))
    visitor.app.extensions["askwell"].activity.flush()

    with database.reading() as session:
        seen = session.get(Post, question.id)
        assert seen is not None
        assert seen.view_count == 1
