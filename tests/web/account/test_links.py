"""One-time links: the first administrator, and claiming an imported account."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from forum.accounts import actions as accounts
from forum.accounts.models import User
from forum.core import clock
from forum.core.db import Database
from tests.factories import make_user
from tests.web.browser import Browser
from tests.web.conftest import SignIn

GOOD = {"name": "Ada Lovelace", "email": "", "password": "five green otters sing"}


def _setup_link(database: Database) -> str:
    with database.transaction() as session:
        return "/setup/" + accounts.issue_link(session, purpose="first-admin")


@pytest.fixture
def imported(database: Database) -> int:
    with database.transaction() as session:
        return make_user(session, "user1234567", reputation=4321).id


def _claim_link(database: Database, user_id: int) -> str:
    with database.transaction() as session:
        return "/claim/" + accounts.issue_link(session, purpose="claim", user_id=user_id)


def _role(database: Database, name: str) -> str:
    with database.reading() as session:
        return session.execute(select(User.role).where(User.name == name)).scalar_one()


def test_the_setup_link_makes_the_first_administrator(visitor: Browser, database: Database) -> None:
    link = _setup_link(database)
    assert visitor.get(link).status_code == 200

    response = visitor.post(link, **GOOD)

    assert response.status_code == 303
    assert _role(database, "Ada Lovelace") == "admin"
    assert visitor.get("/settings").status_code == 200


def test_the_setup_link_works_once(visitor: Browser, database: Database) -> None:
    link = _setup_link(database)
    visitor.post(link, **GOOD)
    second = Browser(visitor.app)

    assert second.get(link).status_code == 404
    assert second.post(link, **{**GOOD, "name": "Eve"}).status_code == 404


def test_looking_at_a_link_does_not_use_it_up(visitor: Browser, database: Database) -> None:
    link = _setup_link(database)
    for _ in range(3):
        assert visitor.get(link).status_code == 200


def test_a_mistake_does_not_use_the_link_up(visitor: Browser, database: Database) -> None:
    link = _setup_link(database)

    assert visitor.post(link, **{**GOOD, "password": "short"}).status_code == 422
    assert visitor.post(link, **GOOD).status_code == 303


def test_the_setup_link_is_worthless_once_there_is_an_administrator(
    visitor: Browser, database: Database, sign_in: SignIn
) -> None:
    link = _setup_link(database)
    sign_in("Grace Hopper", role="admin")

    assert visitor.post(link, **GOOD).status_code == 404


def test_pages_with_a_secret_in_their_address_give_it_to_nobody(visitor: Browser, database: Database) -> None:
    response = visitor.get(_setup_link(database))

    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["Cache-Control"] == "no-store"


def test_a_link_that_expired_does_not_work(visitor: Browser, database: Database) -> None:
    with clock.frozen(clock.now() - timedelta(days=8)):
        link = _setup_link(database)

    assert visitor.get(link).status_code == 404


@pytest.mark.parametrize("purpose", ["setup", "claim"])
def test_a_link_for_one_purpose_opens_no_other(
    visitor: Browser, database: Database, imported: int, purpose: str
) -> None:
    link = _claim_link(database, imported) if purpose == "setup" else _setup_link(database)
    secret = link.rpartition("/")[2]

    assert visitor.get(f"/{purpose}/{secret}").status_code == 404
    assert visitor.post(f"/{purpose}/{secret}", **GOOD).status_code == 404


def test_an_administrator_issues_a_link_that_is_shown_once(
    sign_in: SignIn, visitor: Browser, database: Database, imported: int
) -> None:
    response = sign_in("Grace Hopper", role="admin").post(f"/users/{imported}/claim-link")

    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    link = response.text.partition('value="http://127.0.0.1:8000')[2].partition('"')[0]
    assert visitor.get(link).status_code == 200


@pytest.mark.parametrize("role", ["member", "moderator"])
def test_nobody_else_issues_links(sign_in: SignIn, imported: int, role: str) -> None:
    response = sign_in("Grace Hopper", role=role).post(f"/users/{imported}/claim-link")

    assert response.status_code == 403
    assert "/claim/" not in response.text


def test_an_account_that_somebody_uses_cannot_be_claimed(
    sign_in: SignIn, visitor: Browser, database: Database
) -> None:
    with database.transaction() as session:
        user_id = accounts.register(session, name="Ada Lovelace", email="", password=GOOD["password"])

    response = sign_in("Grace Hopper", role="admin").post(f"/users/{user_id}/claim-link")

    assert response.status_code == 403


def test_claiming_keeps_the_reputation_and_sets_name_and_password(
    visitor: Browser, database: Database, imported: int
) -> None:
    link = _claim_link(database, imported)
    assert "user1234567" in visitor.get(link).text

    response = visitor.post(link, **GOOD)

    assert response.status_code == 303
    with database.reading() as session:
        person = session.get_one(User, imported)
    assert (person.name, person.reputation, person.role) == ("Ada Lovelace", 4321, "member")
    again = Browser(visitor.app)
    assert again.post("/sign-in", login="Ada Lovelace", password=GOOD["password"]).status_code == 303


def test_a_newer_link_ends_the_one_before(visitor: Browser, database: Database, imported: int) -> None:
    older = _claim_link(database, imported)
    newer = _claim_link(database, imported)

    assert visitor.get(older).status_code == 404
    assert visitor.get(newer).status_code == 200


def test_the_name_of_somebody_else_is_refused(
    visitor: Browser, database: Database, imported: int, member: Browser
) -> None:
    link = _claim_link(database, imported)

    response = visitor.post(link, **{**GOOD, "name": member.name.upper()})

    assert response.status_code == 422
    assert "Somebody else has this name" in response.text
    assert visitor.post(link, **GOOD).status_code == 303
