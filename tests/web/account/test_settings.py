import pytest

from forum.accounts.models import User
from forum.core.db import Database
from tests.web.browser import Browser, field_of

GOOD = {
    "about": "I mend **docks**.",
    "location": "Graz",
    "website": "example.org/ada",
    "email": "ada@example.org",
}


def _person(database: Database, browser: Browser) -> User:
    with database.reading() as session:
        return session.get_one(User, browser.user_id)


def test_it_saves_what_people_tell_of_themselves(member: Browser, database: Database) -> None:
    response = member.post("/settings", **GOOD)

    assert response.status_code == 303
    assert response.headers["Location"].startswith(f"/users/{member.user_id}/")
    person = _person(database, member)
    assert person.about_source == GOOD["about"]
    assert "<strong>docks</strong>" in person.about_html
    assert (person.location, person.website, person.email) == (
        "Graz",
        "https://example.org/ada",
        GOOD["email"],
    )


def test_the_form_shows_what_is_known(member: Browser) -> None:
    member.post("/settings", **GOOD)

    page = member.get("/settings")

    assert field_of(page, "about") == GOOD["about"]
    assert field_of(page, "location") == "Graz"
    assert field_of(page, "email") == GOOD["email"]


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("about", "x" * 3001, "at most 3,000"),
        ("about", "a\x00b", "Control characters"),
        ("location", "x" * 101, "at most 100"),
        ("website", "javascript:alert(1)", "https://example.org"),
        ("website", "https://evil.example\\@x", "https://example.org"),
        ("email", "no address", "not an e-mail address"),
    ],
)
def test_it_refuses_what_cannot_be_used_and_keeps_the_rest(
    member: Browser, database: Database, field: str, value: str, message: str
) -> None:
    response = member.post("/settings", **{**GOOD, field: value})

    assert response.status_code == 422
    assert message in response.text
    assert _person(database, member).location == ""
    kept = "location" if field == "about" else "about"
    assert field_of(response, kept) == GOOD[kept]


def test_more_fields_than_the_form_has_change_nothing(member: Browser, database: Database) -> None:
    more = {"role": "admin", "reputation": "9000", "name": "Root", "user_id": "1", "password_hash": "x"}

    member.post("/settings", **GOOD, **more)

    person = _person(database, member)
    assert (person.role, person.reputation, person.name) == ("member", 1, member.name)
    assert person.password_hash is None


def test_it_is_for_people_who_have_signed_in(visitor: Browser) -> None:
    assert visitor.get("/settings").headers["Location"] == "/sign-in?next=/settings"
