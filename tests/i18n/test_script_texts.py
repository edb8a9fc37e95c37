"""The words of scripts: all are gathered, and a page speaks its language with them."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from babel.messages import Catalog
from playwright.sync_api import Browser as Chromium

from tests.i18n.unmarked_in_code import ROOT
from tools.texts import as_script, gather

SCRIPTS = ROOT / "forum" / "static" / "js"
TEXTS = "texts.js"
SITE = "http://site.test"
# What comes first in a call: one or two texts in double quotes. A call without them can't be gathered.
_CALL = re.compile(r"\b(n?)gettext\(\s*(?:\"((?:[^\"\\]|\\.)*)\"(?:,\s*\"((?:[^\"\\]|\\.)*)\")?)?")

Run = Callable[..., Any]


@pytest.fixture(scope="module")
def gathered() -> dict[str, set[str]]:
    """The files in which each message of the scripts was found."""
    return {
        _key(message.id): {Path(name).name for name, _line in message.locations}
        for message in gather("scripts")
        if message.id
    }


@pytest.mark.parametrize(
    "path", sorted(set(SCRIPTS.glob("*.js")) - {SCRIPTS / TEXTS}), ids=lambda path: path.name
)
def test_every_text_of_a_script_is_gathered(path: Path, gathered: dict[str, set[str]]) -> None:
    calls = _CALL.findall(path.read_text(encoding="utf-8"))

    assert [text for _n, text, _plural in calls if path.name not in gathered.get(text, ())] == []
    assert [text for n, text, plural in calls if bool(n) != bool(plural)] == []


@pytest.fixture(scope="module")
def arabic() -> str:
    """The script of a small Arabic catalogue."""
    catalogue = Catalog(locale="ar")
    catalogue.add("Show", "أظهر")
    catalogue.add("Sending %(name)s", "يجري إرسال %(name)s")
    forms = ("لا أسئلة", "سؤال واحد", "سؤالان", "%(num)s أسئلة", "%(num)s سؤالًا", "%(num)s سؤال")
    catalogue.add(("%(num)s question", "%(num)s questions"), forms)
    catalogue.add("Not translated")
    return as_script(catalogue)


@pytest.fixture
def run(browser: Chromium) -> Run:
    """Run an expression with the functions of texts.js on a page in a language, for a reader of a locale."""

    def run(expression: str, *, language: str, texts: str = "", reader: str = "en-US") -> Any:
        context = browser.new_context(locale=reader, timezone_id="UTC")
        try:
            page = context.new_page()
            page.route(
                f"{SITE}/{TEXTS}",
                lambda route: route.fulfill(path=SCRIPTS / TEXTS, content_type="text/javascript"),
            )
            html = f'<!doctype html><html lang="{language}"><script type="module">{texts}</script>'
            page.route(
                f"{SITE}/", lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8")
            )
            page.goto(f"{SITE}/")
            names = "{ gettext, ngettext, number, momentFormat }"
            return page.evaluate(
                f"async () => {{ const {names} = await import('/{TEXTS}'); return {expression}; }}"
            )
        finally:
            context.close()

    return run


@pytest.mark.browser
def test_scripts_speak_the_language_of_the_page(run: Run, arabic: str) -> None:
    counts = [0, 1, 2, 3, 10, 11, 99, 100, 102, 103, 12_345]
    asked = f'{counts}.map((n) => ngettext("%(num)s question", "%(num)s questions", n))'

    said = run(
        f"""[gettext("Show"), gettext("Sending %(name)s", {{ name: "$& %(num)s.png" }}), ...{asked},
        number(12345), number(-3)]""",
        language="ar",
        texts=arabic,
        reader="ar-EG",
    )

    assert said == [
        "أظهر",
        "يجري إرسال $& %(num)s.png",
        "لا أسئلة",
        "سؤال واحد",
        "سؤالان",
        "3 أسئلة",
        "10 أسئلة",
        "11 سؤالًا",
        "99 سؤالًا",
        "100 سؤال",
        "102 سؤال",
        "103 أسئلة",
        "12,345 سؤالًا",
        "12,345",
        "\N{LEFT-TO-RIGHT MARK}-3",
    ]


@pytest.mark.browser
def test_what_has_no_translation_yet_is_said_in_english(run: Run, arabic: str) -> None:
    said = run(
        """[gettext("Not translated"), gettext("%(has)s left", { has: 1500 }),
        ...[0, 1, 2, 11].map((n) => ngettext("%(num)s tag", "%(num)s tags", n))]""",
        language="ar",
        texts=arabic,
    )

    assert said == ["Not translated", "1,500 left", "0 tags", "1 tag", "2 tags", "11 tags"]


@pytest.mark.browser
@pytest.mark.parametrize(
    ("language", "reader", "day"),
    [
        ("en", "en-US", "April 3, 2026"),
        ("en", "en-GB", "3 April 2026"),
        ("en", "de-DE", "April 3, 2026"),
        ("de", "en-GB", "3. April 2026"),
        ("ar", "ar-EG", "3 أبريل 2026"),
    ],
)
def test_moments_are_written_as_the_reader_of_the_language_does(
    run: Run, language: str, reader: str, day: str
) -> None:
    said = run(
        'momentFormat({ dateStyle: "long" }).format(Date.UTC(2026, 3, 3))', language=language, reader=reader
    )

    assert said == day


@pytest.mark.browser
def test_english_needs_no_texts(run: Run) -> None:
    said = run(
        '[0, 1, 2, 1500].map((n) => ngettext("%(num)s tag", "%(num)s tags", n)).concat(number(-1500))',
        language="en",
    )

    assert said == ["0 tags", "1 tag", "2 tags", "1,500 tags", "-1,500"]


def _key(message: str | tuple[str, ...]) -> str:
    return message if isinstance(message, str) else message[0]
