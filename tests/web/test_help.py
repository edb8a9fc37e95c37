from gettext import NullTranslations

import pytest
from markupsafe import escape

from forum.accounts.rules import PRIVILEGES
from forum.core.i18n import speech
from forum.reputation.rules import DAILY_CAP, POINTS, Cause
from forum.search.operators import OPERATORS
from forum.web.filters import signed
from forum.web.help import TOPICS, examples
from tests.web.browser import Browser


@pytest.mark.parametrize("topic", sorted(TOPICS))
def test_each_topic_has_a_page_and_is_found_on_the_first(visitor: Browser, topic: str) -> None:
    assert f'href="/help/{topic}"' in visitor.get("/help").text
    assert visitor.get(f"/help/{topic}").status_code == 200


@pytest.mark.parametrize("topic", ["nothing", "index", "_topic", "..%2fbase", "formatting.html"])
def test_nothing_else_has_a_page(visitor: Browser, topic: str) -> None:
    assert visitor.get(f"/help/{topic}").status_code == 404


def test_the_numbers_are_those_of_the_rules(visitor: Browser) -> None:
    page = visitor.get("/help/voting-and-reputation").text

    for cause in set(Cause) - {Cause.RECONCILED}:
        assert f"<td>{signed(POINTS[cause])}</td>" in page
    assert f"at most {DAILY_CAP} a day" in page
    for privilege, needed in PRIVILEGES.items():
        assert escape(privilege) in page
        assert needed <= 1 or f"{needed:,}" in page


def test_every_operator_of_the_search_is_explained(visitor: Browser) -> None:
    page = visitor.get("/help/searching").text

    for name in OPERATORS:
        assert f"<code>{name}:</code>" in page


def test_the_examples_of_formatting_are_really_rendered(visitor: Browser) -> None:
    page = visitor.get("/help/formatting").text

    for piece in (
        "<strong>bold</strong>",
        '<pre class="highlight">',
        "<table>",
        'type="checkbox"',
        "<blockquote>",
    ):
        assert piece in page


def test_each_language_has_its_own_examples(monkeypatch: pytest.MonkeyPatch) -> None:
    class German(NullTranslations):
        def gettext(self, message: str) -> str:
            return {"Tasks": "Aufgaben", "## What I tried": "## Was ich **versucht** habe"}.get(
                message, message
            )

    assert "Tasks" in {example.name for example in examples("en")}

    monkeypatch.setattr(speech, "translations", German)
    german = {example.name: example.html for example in examples("in a test")}

    assert "Aufgaben" in german
    assert german["Headings"] == "<h2>Was ich <strong>versucht</strong> habe</h2>"
