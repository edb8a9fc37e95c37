"""Following questions at a browser: without a script, with one, and the list of what is followed."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from forum.core import clock
from forum.core.db import Database
from forum.follows.models import Follow
from forum.posts.models import Post
from tests.factories import make_answer, make_follow, make_question, make_user
from tests.statements import recorded
from tests.web.browser import Browser
from tests.web.conftest import SignIn

START = datetime(2026, 1, 1, tzinfo=UTC)
TEXT = "Switch it off, wait for a minute and switch it on again."


@pytest.fixture
def question(database: Database) -> Post:
    with database.transaction() as session:
        return make_question(session, make_user(session), title="Why does it beep?", created_at=START)


def _path(question: Post) -> str:
    return f"/questions/{question.id}/{question.slug}"


def _answer(database: Database, question: Post, *, count: int = 1) -> None:
    with database.transaction() as session:
        for _ in range(count):
            thread = session.get_one(Post, question.id)
            make_answer(session, thread, make_user(session), created_at=clock.now())


def _box(text: str) -> str:
    box = re.search(r'<div class="follow".*?</div>', text, re.DOTALL)
    assert box is not None
    return " ".join(re.sub(r"<[^>]+>", " ", box[0]).split())


def test_a_form_follows_and_stops_and_leads_back_to_the_question(member: Browser, question: Post) -> None:
    assert _box(member.get(_path(question)).text) == "Follow"
    for on, says, box in (
        ("1", "You follow this question now.", "Following 1 follower"),
        ("1", "You follow this question now.", "Following 1 follower"),
        ("0", "You no longer follow this question.", "Follow"),
    ):
        response = member.post(f"/questions/{question.id}/follow", on=on)
        page = member.get(response.location, follow_redirects=True)

        assert (response.status_code, response.location) == (303, f"/questions/{question.id}")
        assert says in page.text
        assert _box(page.text) == box


def test_a_script_gets_the_button_and_what_to_say(member: Browser, question: Post) -> None:
    followed = member.send_fragment(f"/questions/{question.id}/follow", on="1", next="/following")
    left = member.send_fragment(f"/questions/{question.id}/follow", on="0", next="//elsewhere.example")

    assert _box(followed.text) == "Following 1 follower"
    assert 'name="next" value="/following"' in followed.text
    assert followed.headers["HX-Trigger"] == '{"announce": "You follow this question now."}'
    assert _box(left.text) == "Follow"
    assert "elsewhere" not in left.text
    assert left.headers["HX-Trigger"] == '{"announce": "You no longer follow this question."}'


def test_visitors_are_led_to_the_sign_in_page_and_forged_forms_refused(
    visitor: Browser, member: Browser, database: Database, question: Post
) -> None:
    path = f"/questions/{question.id}/follow"
    member.post(path, on="1")
    page = visitor.get(_path(question)).text

    assert _box(page) == "Follow 1 follower"
    assert f'<a class="follow-button" href="/sign-in?next=/questions/{question.id}"' in page
    assert visitor.post(path, on="1").status_code == 403
    assert member.post(path, on="0", token=False).status_code == 400
    assert member.post(path, on="2").status_code == 422
    assert member.post(path).status_code == 422
    assert member.post("/questions/4711/follow", on="1").status_code == 404
    with database.reading() as session:
        assert session.get_one(Post, question.id).follower_count == 1


def test_who_asks_and_answers_follows_without_pressing_anything(member: Browser, question: Post) -> None:
    member.post(f"/questions/{question.id}/answers", source=TEXT)
    asked = member.post("/questions/ask", title="Why does it hum at night?", source=TEXT, tags="hum")
    listed = member.get("/following").text

    assert asked.status_code == 303
    assert listed.index("Why does it hum at night?") < listed.index("Why does it beep?")
    assert "new answer</a>" not in listed


def test_the_list_counts_new_answers_until_the_question_is_opened(
    app: Flask, member: Browser, database: Database, question: Post
) -> None:
    member.post(f"/questions/{question.id}/follow", on="1")
    _answer(database, question, count=2)
    new = f'href="{_path(question)}?sort=newest#answers">2 new answers</a>'
    assert new in member.get("/following").text

    member.client.head(_path(question))
    assert new in member.get("/following").text
    member.get(_path(question))
    assert new not in member.get("/following").text, "before it is written"
    app.extensions["askwell"].activity.flush()
    assert new not in member.get("/following").text, "and afterwards"

    _answer(database, question)
    assert "1 new answer</a>" in member.get("/following").text


def test_opening_writes_nothing_when_nothing_happened_or_nobody_follows(
    app: Flask, member: Browser, sign_in: SignIn, database: Database, question: Post
) -> None:
    member.post(f"/questions/{question.id}/follow", on="1")
    stranger = sign_in("Ann Other")
    activity = app.extensions["askwell"].activity

    member.get(_path(question))
    assert activity.seen_by(member.user_id) == {}
    _answer(database, question)
    stranger.get(_path(question))
    assert activity.seen_by(stranger.user_id) == {}
    member.get(_path(question))
    assert list(activity.seen_by(member.user_id)) == [question.id]

    activity.flush()
    with database.reading() as session:
        seen = session.get_one(Follow, (member.user_id, question.id)).seen_until
        assert seen == session.get_one(Post, question.id).active_at


def test_a_question_is_left_from_the_list_and_without_a_script_the_list_comes_back(
    member: Browser, question: Post
) -> None:
    member.post(f"/questions/{question.id}/follow", on="1")
    assert f'action="/questions/{question.id}/follow"' in member.get("/following").text

    response = member.post(f"/questions/{question.id}/follow", on="0", next="/following")
    page = member.get(response.location).text

    assert response.location == "/following"
    assert "You no longer follow this question." in page
    assert "You follow no questions" in page


def test_the_list_is_ones_own_and_says_what_to_do_when_it_is_empty(
    visitor: Browser, member: Browser, database: Database, question: Post
) -> None:
    with database.transaction() as session:
        make_follow(session, session.get_one(Post, question.id), make_user(session))
    page = member.get("/following").text

    assert "You follow no questions" in page
    assert '<a class="button" href="/questions">Look at questions</a>' in page
    assert '<meta name="robots" content="noindex">' in page
    assert '<a href="/following">' in member.get("/").text
    assert "/following" not in visitor.get("/").text
    assert visitor.get("/following").location == "/sign-in?next=/following"
    assert member.get("/following?at=nonsense").status_code == 400


def test_the_list_costs_two_statements(member: Browser, database: Database) -> None:
    with database.transaction() as session:
        for number in range(12):
            question = make_question(session, created_at=START + timedelta(hours=number))
            make_follow(session, question, member.user_id, seen_until=START)
            make_answer(session, question, make_user(session))
    with recorded(database) as statements:
        page = member.get("/following")

    assert page.text.count("1 new answer</a>") == 12
    assert len(statements) == 2


def test_a_deleted_question_offers_no_button_and_is_not_listed(
    sign_in: SignIn, database: Database, question: Post
) -> None:
    moderator = sign_in("Mo Derator", role="moderator")
    moderator.post(f"/questions/{question.id}/follow", on="1")
    moderator.post(f"/posts/{question.id}/delete")

    assert 'class="follow"' not in moderator.get(_path(question)).text
    assert "You follow no questions" in moderator.get("/following").text
    assert moderator.post(f"/questions/{question.id}/follow", on="0").status_code == 404


def test_the_help_tells_of_it(visitor: Browser) -> None:
    assert 'id="following"' in visitor.get("/help/answering").text
