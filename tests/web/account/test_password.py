import pytest

from forum.accounts import actions as accounts
from forum.core.db import Database
from tests.web.browser import Browser

OLD, NEW = "five green otters sing", "seven blue herons wade"


@pytest.fixture
def ada(visitor: Browser, database: Database) -> Browser:
    with database.transaction() as session:
        accounts.register(session, name="Ada Lovelace", email="", password=OLD)
    visitor.post("/sign-in", login="Ada Lovelace", password=OLD)
    return visitor


def test_it_changes_the_password_and_signs_all_other_browsers_out(ada: Browser) -> None:
    other = Browser(ada.app)
    other.post("/sign-in", login="Ada Lovelace", password=OLD)

    response = ada.post("/settings/password", current=OLD, new=NEW)

    assert response.status_code == 303
    assert ada.get("/settings").status_code == 200
    assert other.get("/settings").status_code == 302
    assert other.post("/sign-in", login="Ada Lovelace", password=OLD).status_code == 422
    assert other.post("/sign-in", login="Ada Lovelace", password=NEW).status_code == 303


@pytest.mark.parametrize(
    ("current", "new", "message"),
    [
        ("otters sing not", NEW, "not your present password"),
        ("", NEW, "not your present password"),
        (OLD, "short", "at least 10"),
        (OLD, "adalovelace1", "easily guessed"),
        (OLD, "x" * 1025, "at most 1,024"),
    ],
)
def test_it_refuses(ada: Browser, current: str, new: str, message: str) -> None:
    response = ada.post("/settings/password", current=current, new=new)

    assert response.status_code == 422
    assert message in response.text
    if current:
        assert current not in response.text
    assert ada.post("/sign-in", login="Ada Lovelace", password=OLD).status_code == 303


def test_guessing_the_present_password_is_limited(ada: Browser) -> None:
    statuses = [ada.post("/settings/password", current="wrong", new=NEW).status_code for _ in range(11)]

    assert statuses[-1] == 429
    assert "wrong" not in ada.post("/settings/password", current="wrong", new=NEW).text.replace(
        "field-wrong", ""
    )


def test_it_is_for_people_who_have_signed_in(visitor: Browser) -> None:
    assert visitor.get("/settings/password").status_code == 302
