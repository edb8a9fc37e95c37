import pytest
from sqlalchemy import select

from forum.accounts.models import User
from forum.core.db import Database
from tests.factories import make_user
from tests.web.browser import Browser, field_of
from tests.web.conftest import MakeApp

GOOD = {"name": "Ada Lovelace", "email": "ada@example.org", "password": "five green otters sing"}


def _people(database: Database) -> list[User]:
    with database.reading() as session:
        return list(session.scalars(select(User).order_by(User.id)))


def test_it_makes_an_account_and_signs_in(visitor: Browser, database: Database) -> None:
    response = visitor.post("/register", **GOOD)

    assert response.status_code == 303
    assert response.headers["Location"] == "/"
    [person] = _people(database)
    assert (person.name, person.email, person.role, person.reputation) == (
        GOOD["name"],
        GOOD["email"],
        "member",
        1,
    )
    assert person.password_hash is not None
    assert person.password_hash.startswith("$argon2id$")
    assert "Welcome, Ada Lovelace" in visitor.get("/").text


def test_an_email_address_is_optional(visitor: Browser, database: Database) -> None:
    visitor.post("/register", **{**GOOD, "email": ""})

    assert _people(database)[0].email is None


def test_it_leads_back_to_where_one_came_from(visitor: Browser) -> None:
    response = visitor.post("/register", **GOOD, next="/questions/ask")

    assert response.headers["Location"] == "/questions/ask"


def test_it_leads_to_no_other_site(visitor: Browser) -> None:
    response = visitor.post("/register", **GOOD, next="//evil.example")

    assert response.headers["Location"] == "/"


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("name", "", "2 to 40 characters"),
        ("name", "x" * 41, "2 to 40 characters"),
        ("name", "a<b>c", "letters, digits"),
        ("name", "admin", "reserved"),
        ("name", "Ada\x00Lovelace", "Control characters"),
        ("email", "no address", "not an e-mail address"),
        ("email", "a\x01@example.org", "Control characters"),
        ("password", "short", "at least 10"),
        ("password", "x" * 1025, "at most 1,024"),
        ("password", "password123", "easily guessed"),
        ("password", "adalovelace", "easily guessed"),
    ],
)
def test_it_refuses_what_cannot_be_used_and_keeps_the_rest(
    visitor: Browser, database: Database, field: str, value: str, message: str
) -> None:
    response = visitor.post("/register", **{**GOOD, field: value})

    assert response.status_code == 422
    assert message in response.text
    assert _people(database) == []
    kept = "email" if field == "name" else "name"
    assert field_of(response, kept) == GOOD[kept]
    assert GOOD["password"] not in response.text


@pytest.mark.parametrize("name", ["Ada Lovelace", "ada lovelace", "ADALOVELACE", "Ａda Lovelace"])
def test_it_refuses_a_name_that_looks_like_another(visitor: Browser, database: Database, name: str) -> None:
    with database.transaction() as session:
        make_user(session, "Ada Lovelace")

    response = visitor.post("/register", **{**GOOD, "name": name})

    assert response.status_code == 422
    assert "Somebody else has this name" in response.text
    assert len(_people(database)) == 1


def test_an_email_address_that_is_in_use_is_told_to_nobody(
    visitor: Browser, app: object, database: Database
) -> None:
    visitor.post("/register", **GOOD)

    response = Browser(visitor.app).post("/register", **{**GOOD, "name": "Grace"})

    assert response.status_code == 303
    assert len(_people(database)) == 2


def test_more_fields_than_the_form_has_change_nothing(visitor: Browser, database: Database) -> None:
    more = {"role": "admin", "is_admin": "1", "reputation": "9000", "id": "77", "created_at": "2001-01-01"}

    visitor.post("/register", **GOOD, **more)

    [person] = _people(database)
    assert (person.role, person.reputation) == ("member", 1)
    assert person.id != 77
    assert person.created_at.year > 2001


def test_the_sixth_account_from_one_network_within_an_hour_has_to_wait(
    visitor: Browser, database: Database
) -> None:
    for number in range(5):
        newcomer = Browser(visitor.app)
        newcomer.client.environ_base = visitor.client.environ_base
        assert newcomer.post("/register", **{**GOOD, "name": f"Person {number}"}).status_code == 303

    response = visitor.post("/register", **{**GOOD, "name": "Person 6"})

    assert response.status_code == 429
    assert 0 < int(response.headers["Retry-After"]) <= 3601
    assert len(_people(database)) == 5


def test_trying_names_that_are_taken_uses_nothing_up(visitor: Browser, database: Database) -> None:
    with database.transaction() as session:
        make_user(session, GOOD["name"])
    for _ in range(6):
        assert visitor.post("/register", **GOOD).status_code == 422

    assert visitor.post("/register", **{**GOOD, "name": "Grace"}).status_code == 303


def test_it_can_be_closed(make_app: MakeApp, database: Database) -> None:
    browser = Browser(make_app(registration="closed"))

    assert browser.get("/register").status_code == 403
    assert browser.post("/register", **GOOD).status_code == 403
    assert "/register" not in browser.get("/sign-in").text
    assert _people(database) == []


def test_signed_in_people_need_no_account(member: Browser, database: Database) -> None:
    assert member.get("/register").status_code == 302
    assert member.post("/register", **GOOD).status_code == 302
    assert len(_people(database)) == 1
