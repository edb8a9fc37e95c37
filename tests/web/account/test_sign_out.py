from sqlalchemy import func, select

from forum.accounts.models import LoginSession
from forum.core.db import Database
from tests.web.browser import Browser


def test_it_ends_the_session(member: Browser, database: Database) -> None:
    response = member.post("/sign-out")

    assert response.status_code == 303
    assert response.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert member.get("/settings").status_code == 302
    with database.reading() as session:
        assert session.execute(select(func.count()).select_from(LoginSession)).scalar_one() == 0


def test_a_copy_of_the_cookie_is_worthless_afterwards(member: Browser) -> None:
    thief = Browser(member.app)
    with member.client.session_transaction() as cookie:
        copied = dict(cookie)
    with thief.client.session_transaction() as cookie:
        cookie.update(copied)
    assert thief.get("/settings").status_code == 200

    member.post("/sign-out")

    assert thief.get("/settings").status_code == 302


def test_a_link_cannot_sign_anybody_out(member: Browser) -> None:
    assert member.get("/sign-out").status_code == 405
    assert member.get("/settings").status_code == 200


def test_a_visitor_may_sign_out_too(visitor: Browser) -> None:
    assert visitor.post("/sign-out").status_code == 303


def test_a_cookie_with_a_made_up_token_is_a_visitor(visitor: Browser) -> None:
    with visitor.client.session_transaction() as cookie:
        cookie["_user_id"] = "made-up"

    assert visitor.get("/settings").status_code == 302
    assert visitor.get("/").status_code == 200
