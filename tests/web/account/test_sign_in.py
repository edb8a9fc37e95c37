import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from forum.accounts import actions as accounts
from forum.accounts.models import LoginSession
from forum.core.db import Database
from tests.web.browser import Browser, token_of

PASSWORD = "five green otters sing"


@pytest.fixture(autouse=True)
def _ada(database: Database) -> None:
    with database.transaction() as session:
        accounts.register(session, name="Ada Lovelace", email="ada@example.org", password=PASSWORD)


def _is_signed_in(browser: Browser) -> bool:
    return browser.get("/settings").status_code == 200


@pytest.mark.parametrize(
    "login", ["Ada Lovelace", "ada lovelace", "adalovelace", "ada@example.org", "ADA@EXAMPLE.ORG"]
)
def test_it_lets_people_in_by_name_or_email_address(visitor: Browser, login: str) -> None:
    response = visitor.post("/sign-in", login=login, password=PASSWORD)

    assert response.status_code == 303
    assert _is_signed_in(visitor)


@pytest.mark.parametrize(
    ("login", "password"),
    [
        ("Ada Lovelace", "wrong password"),
        ("Ada Lovelace", PASSWORD + " "),
        ("Ada Lovelace", PASSWORD.upper()),
        ("Ada Lovelace", ""),
        ("Nobody", PASSWORD),
        ("", ""),
        ("Ada\x00Lovelace", PASSWORD),
        ("x" * 5000, PASSWORD),
    ],
)
def test_it_lets_nobody_else_in(visitor: Browser, login: str, password: str) -> None:
    response = visitor.post("/sign-in", login=login, password=password)

    assert response.status_code == 422
    assert not _is_signed_in(visitor)


def test_nothing_tells_whether_an_account_exists(visitor: Browser) -> None:
    wrong = visitor.post("/sign-in", login="Ada Lovelace", password="wrong password")
    unknown = visitor.post("/sign-in", login="Bob Nobody", password="wrong password")

    def bare(response: TestResponse, login: str) -> str:
        return response.text.replace(token_of(response), "").replace(login, "")

    assert wrong.status_code == unknown.status_code
    assert bare(wrong, "Ada Lovelace") == bare(unknown, "Bob Nobody")
    assert set(wrong.headers.keys()) == set(unknown.headers.keys())


def test_the_password_never_comes_back(visitor: Browser) -> None:
    response = visitor.post("/sign-in", login="Ada Lovelace", password="wrong secret")

    assert "wrong secret" not in response.text


@pytest.mark.parametrize(
    ("wanted", "location"),
    [
        ("/questions/ask", "/questions/ask"),
        ("/search?q=a%26b#x", "/search?q=a%26b#x"),
        ("", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_it_leads_back_to_a_page_of_this_site_only(visitor: Browser, wanted: str, location: str) -> None:
    response = visitor.post("/sign-in", login="Ada Lovelace", password=PASSWORD, next=wanted)

    assert response.headers["Location"] == location


def test_people_who_are_in_are_led_on(visitor: Browser) -> None:
    visitor.post("/sign-in", login="Ada Lovelace", password=PASSWORD)

    assert visitor.get("/sign-in?next=/tags").headers["Location"] == "/tags"
    assert visitor.get("/sign-in?next=//evil.example").headers["Location"] == "/"


def test_pages_for_members_lead_here_and_back(visitor: Browser) -> None:
    response = visitor.get("/questions/ask?from=home")

    assert response.status_code == 302
    assert response.headers["Location"] == "/sign-in?next=/questions/ask?from%3Dhome"


def test_the_session_is_a_new_one(visitor: Browser) -> None:
    before = visitor.token()
    visitor.post("/sign-in", login="Ada Lovelace", password=PASSWORD)

    response = visitor.client.post("/sign-out", data={"csrf_token": before})

    assert response.status_code == 400


def test_the_eleventh_guess_at_a_name_has_to_wait_even_when_it_is_right(visitor: Browser) -> None:
    for _ in range(10):
        assert (
            Browser(visitor.app).post("/sign-in", login="Ada Lovelace", password="wrong").status_code == 422
        )

    response = visitor.post("/sign-in", login="ada LOVELACE", password=PASSWORD)

    assert response.status_code == 429
    assert 0 < int(response.headers["Retry-After"]) <= 301
    assert not _is_signed_in(visitor)


def test_a_name_without_an_account_has_to_wait_just_the_same(visitor: Browser) -> None:
    statuses = [
        Browser(visitor.app).post("/sign-in", login="Bob Nobody", password="wrong").status_code
        for _ in range(11)
    ]

    assert statuses == [422] * 10 + [429]


def test_one_network_cannot_guess_at_many_names(visitor: Browser) -> None:
    statuses = [
        visitor.post("/sign-in", login=f"Person {number}", password="wrong").status_code
        for number in range(31)
    ]

    assert statuses == [422] * 30 + [429]


def test_a_made_up_forwarded_address_is_no_other_network(visitor: Browser) -> None:
    statuses = [
        visitor.post(
            "/sign-in",
            headers={"X-Forwarded-For": f"203.0.113.{number}"},
            login=f"Person {number}",
            password="x",
        ).status_code
        for number in range(31)
    ]

    assert statuses[-1] == 429


def test_guessing_signs_nobody_out(visitor: Browser) -> None:
    visitor.post("/sign-in", login="Ada Lovelace", password=PASSWORD)
    for _ in range(11):
        Browser(visitor.app).post("/sign-in", login="Ada Lovelace", password="wrong")

    assert _is_signed_in(visitor)


def test_the_cookie_holds_no_more_than_a_secret_of_which_the_database_keeps_the_hash(
    visitor: Browser, database: Database
) -> None:
    visitor.post("/sign-in", login="Ada Lovelace", password=PASSWORD)

    with visitor.client.session_transaction() as cookie:
        token = cookie["_user_id"]
    with database.reading() as session:
        [kept] = session.scalars(select(LoginSession.token_hash))
    assert len(token) >= 43
    assert token not in kept


def test_signing_in_again_ends_the_session_before(visitor: Browser, database: Database) -> None:
    for _ in range(2):
        visitor.post("/sign-in", login="Ada Lovelace", password=PASSWORD)

    with database.reading() as session:
        assert session.execute(select(func.count()).select_from(LoginSession)).scalar_one() == 1
