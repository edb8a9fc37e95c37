"""The language of pages: by choice, by browser, by site."""

import pytest
from flask import Flask

from forum.accounts import actions as accounts
from forum.core.db import Database
from tests.web.browser import Browser

PASSWORD = "seven unrelated words suffice"
GERMAN, ARABIC = {"Accept-Language": "de-AT,de;q=0.9,en;q=0.8"}, {"Accept-Language": "ar"}


def spoken(person: Browser, headers: dict[str, str] | None = None, path: str = "/") -> str:
    response = person.get(path, headers=headers or {})
    assert "Accept-Language" in response.headers["Vary"]
    language: str = response.headers["Content-Language"]
    assert f'<html lang="{language}"' in response.text
    return language


def choose(person: Browser, language: str) -> int:
    status: int = person.post("/appearance", theme="automatic", keys="on", language=language).status_code
    return status


@pytest.mark.parametrize(
    ("asked", "language"),
    [
        ("de", "de"),
        ("de-AT,de;q=0.9,en;q=0.8", "de"),
        ("fr,ar;q=0.5", "ar"),
        ("fr", "en"),
        ("", "en"),
        ("*", "en"),
        ("../../etc", "en"),
        ("en;q=0.1,de;q=0.2", "de"),
    ],
)
def test_pages_speak_what_the_browser_asks_for_or_the_language_of_the_site(
    visitor: Browser, asked: str, language: str
) -> None:
    assert spoken(visitor, {"Accept-Language": asked}) == language


def test_lines_begin_on_the_right_in_arabic(visitor: Browser) -> None:
    assert '<html lang="ar" dir="rtl"' in visitor.get("/", headers=ARABIC).text
    assert '<html lang="de" dir="ltr"' in visitor.get("/", headers=GERMAN).text


def test_a_choice_is_kept_and_goes_before_what_the_browser_asks(visitor: Browser) -> None:
    assert choose(visitor, "ar") == 303
    assert spoken(visitor, GERMAN) == "ar"
    assert '<option value="ar" lang="ar" selected>' in visitor.get("/appearance").text

    assert choose(visitor, "") == 303
    assert spoken(visitor, GERMAN) == "de"


def test_signing_in_brings_the_choice_along(app: Flask, database: Database) -> None:
    with database.transaction() as session:
        accounts.register(session, name="Ada", email="", password=PASSWORD)
    first, second = Browser(app), Browser(app)
    first.post("/sign-in", login="Ada", password=PASSWORD)
    choose(first, "de")

    assert spoken(second) == "en"
    second.post("/sign-in", login="Ada", password=PASSWORD)
    assert spoken(second) == "de"

    choose(second, "")
    assert spoken(Browser(app)) == spoken(second) == "en"


@pytest.mark.parametrize("language", ["xx", "de_DE", "<script>", "fr"])
def test_there_are_no_other_languages(visitor: Browser, language: str) -> None:
    response = visitor.post("/appearance", theme="automatic", language=language)

    assert response.status_code == 422
    assert "language=" not in response.headers.get("Set-Cookie", "")


def test_a_made_up_cookie_changes_nothing(visitor: Browser) -> None:
    visitor.client.set_cookie("language", '"><script>alert(1)</script>')

    assert spoken(visitor) == "en"
