"""Nothing typed is ever lost: expired forms, signed-out submissions, refusals."""

import pytest
from sqlalchemy import select

from forum.accounts import actions as accounts
from forum.core.db import Database
from forum.posts.models import Post
from tests.factories import make_question
from tests.web.browser import Browser, field_of

QUESTION = {
    "title": "Why does <my> dock lose the monitor?",
    "source": '\n  It works & then\r\nit stays "black".\n</textarea><script>alert(1)</script>',
    "tags": "docks",
}
PASSWORD = "five green otters sing"


@pytest.fixture(autouse=True)
def _ada(database: Database) -> None:
    with database.transaction() as session:
        accounts.register(session, name="Ada Lovelace", email="", password=PASSWORD)


def _same(text: str | None, sent: str) -> bool:
    """Compare as browsers do, which send each line end as CR LF."""
    return text is not None and text.replace("\r\n", "\n") == sent.replace("\r\n", "\n")


def _questions(database: Database) -> list[Post]:
    with database.reading() as session:
        return list(session.scalars(select(Post)))


def test_an_expired_form_comes_back_ready_to_be_sent(member: Browser, database: Database) -> None:
    response = member.post("/questions/ask", token=False, csrf_token="expired", **QUESTION)

    assert response.status_code == 400
    for name, text in QUESTION.items():
        assert _same(field_of(response, name), text)
    assert "<script>alert" not in response.text
    assert 'action="/questions/ask"' in response.text

    again = {name: field_of(response, name) for name in ("csrf_token", "title", "source", "tags")}
    assert member.post("/questions/ask", token=False, **again).status_code == 303
    assert _questions(database)[0].title == QUESTION["title"]


def test_what_a_visitor_sends_waits_behind_the_sign_in_form(visitor: Browser, database: Database) -> None:
    refused = visitor.post("/questions/ask", **QUESTION)
    assert refused.status_code == 403
    assert field_of(refused, "kept-action") == "/questions/ask"
    assert _same(field_of(refused, "kept-source"), QUESTION["source"])
    assert "<script>alert" not in refused.text

    kept = {name: field_of(refused, name) for name in ("kept-action", *(f"kept-{name}" for name in QUESTION))}
    signed_in = visitor.post("/sign-in", login="Ada Lovelace", password=PASSWORD, **kept)
    assert signed_in.status_code == 200
    assert _questions(database) == []
    for name, text in QUESTION.items():
        assert _same(field_of(signed_in, name), text)

    fields = {name: field_of(signed_in, name) for name in ("csrf_token", *QUESTION)}
    assert visitor.post("/questions/ask", token=False, **fields).status_code == 303
    assert len(_questions(database)) == 1


def test_a_session_that_ended_meanwhile_loses_nothing(visitor: Browser, database: Database) -> None:
    visitor.post("/sign-in", login="Ada Lovelace", password=PASSWORD)
    token = visitor.token()
    visitor.client.delete_cookie("session")

    response = visitor.post("/questions/ask", token=False, csrf_token=token, **QUESTION)

    assert response.status_code == 400
    assert _same(field_of(response, "kept-source"), QUESTION["source"])
    assert field_of(response, "login") == ""


def test_a_wrong_password_in_between_loses_nothing(visitor: Browser) -> None:
    kept = {
        "kept-action": "/questions/ask",
        "kept-source": QUESTION["source"],
        "kept-title": QUESTION["title"],
    }

    wrong = visitor.post("/sign-in", login="Ada Lovelace", password="wrong password", **kept)
    expired = visitor.post(
        "/sign-in", token=False, csrf_token="expired", login="Ada Lovelace", password=PASSWORD, **kept
    )

    assert (wrong.status_code, expired.status_code) == (422, 400)
    for response in (wrong, expired):
        assert _same(field_of(response, "kept-source"), QUESTION["source"])
        assert field_of(response, "kept-action") == "/questions/ask"
        assert PASSWORD not in response.text


def test_too_many_guesses_in_between_lose_nothing(visitor: Browser) -> None:
    kept = {"kept-action": "/questions/ask", "kept-source": QUESTION["source"]}
    for _ in range(10):
        visitor.post("/sign-in", login="Ada Lovelace", password="wrong")

    response = visitor.post("/sign-in", login="Ada Lovelace", password=PASSWORD, **kept)

    assert response.status_code == 429
    assert _same(field_of(response, "kept-source"), QUESTION["source"])


@pytest.mark.parametrize(
    "action", ["//evil.example", "https://evil.example/", "javascript:alert(1)", "/\\evil.example", ""]
)
def test_kept_text_goes_to_no_other_site(visitor: Browser, action: str) -> None:
    kept = {"kept-action": action, "kept-source": QUESTION["source"]}

    response = visitor.post("/sign-in", login="Ada Lovelace", password=PASSWORD, **kept)

    assert response.status_code == 303
    assert response.headers["Location"] == "/"


@pytest.mark.parametrize("path", ["/settings/password", "/register", "/setup/1", "/claim/1"])
def test_passwords_are_never_carried(visitor: Browser, path: str) -> None:
    response = visitor.post(
        path,
        token=False,
        csrf_token="expired",
        name="Ada",
        password="secret-one",
        current="secret-two",
        new="secret-3",
    )

    assert response.status_code == 400
    assert "secret" not in response.text


def test_passwords_hidden_among_kept_fields_are_dropped(visitor: Browser) -> None:
    kept = {
        "kept-action": "/questions/ask",
        "kept-source": "text",
        "kept-password": "secret",
        "kept-csrf_token": "tok",
    }

    response = visitor.post("/sign-in", login="Ada Lovelace", password="wrong", **kept)

    assert "secret" not in response.text
    assert 'tok"' not in response.text


@pytest.mark.parametrize("path", ["/posts/{}/comments", "/questions/{}/answers"])
def test_each_way_of_writing_keeps_the_text(visitor: Browser, database: Database, path: str) -> None:
    with database.transaction() as session:
        question = make_question(session)

    response = visitor.post(path.format(question.id), source="What I found out so far")

    assert response.status_code == 403
    assert field_of(response, "kept-source") == "What I found out so far"
    assert field_of(response, "kept-action") == path.format(question.id)


def test_a_click_carries_no_text(visitor: Browser) -> None:
    response = visitor.post("/posts/1/vote", value="1")

    assert response.status_code == 403
    assert field_of(response, "kept-action") is None


def test_the_limit_of_previews_gives_the_text_back(member: Browser) -> None:
    for _ in range(60):
        member.app.extensions["askwell"].limits.count(
            "60 per minute", "preview", str(member.user_id), message="Too many."
        )

    response = member.post("/questions/ask", **QUESTION, preview="1")

    assert response.status_code == 429
    assert _same(field_of(response, "source"), QUESTION["source"])
