"""What shared caches keep speaks the site's language, whoever happens to ask for it first."""

from gettext import NullTranslations

import pytest
from lxml import etree

from forum.core.db import Database
from forum.core.i18n import gettext, speech
from forum.web.languages import in_site_language, language
from tests.factories import make_comment, make_question, make_user
from tests.web.browser import Browser
from tests.web.conftest import MakeApp

ASKED_OTHERWISE = {"Accept-Language": "ar", "Cookie": "language=en"}


class _Named(NullTranslations):
    """Puts the code of the language before each message."""

    def gettext(self, message: str) -> str:
        return f"{language()}: {message}"


@pytest.fixture
def german(make_app: MakeApp, monkeypatch: pytest.MonkeyPatch) -> Browser:
    app = make_app(language="de")
    monkeypatch.setattr(speech, "translations", _Named)
    return Browser(app)


def test_the_block_speaks_it_and_the_rest_of_the_request_does_not(german: Browser) -> None:
    with german.app.test_request_context(headers=ASKED_OTHERWISE):
        before = gettext("Save")
        with in_site_language():
            within = gettext("Save")

        assert (before, within, gettext("Save")) == ("en: Save", "de: Save", "en: Save")


@pytest.mark.parametrize("path", ["/feeds/questions", "/feeds/unanswered"])
def test_feeds_speak_it(german: Browser, path: str) -> None:
    response = german.get(path, headers=ASKED_OTHERWISE)

    title = etree.fromstring(response.data).findtext("{http://www.w3.org/2005/Atom}title") or ""
    assert title.startswith("de: ")
    assert "Accept-Language" not in response.headers.get("Vary", "")


def test_the_feed_of_a_thread_speaks_it(german: Browser, database: Database) -> None:
    with database.transaction() as session:
        question = make_question(session, make_user(session))
        make_comment(session, question)
        id = question.id

    assert (
        ">de: Comment on the question: " in german.get(f"/feeds/questions/{id}", headers=ASKED_OTHERWISE).text
    )


def test_browsers_are_told_in_it_how_to_search(german: Browser) -> None:
    root = etree.fromstring(german.get("/opensearch.xml", headers=ASKED_OTHERWISE).data)

    description = root.findtext("{http://a9.com/-/spec/opensearch/1.1/}Description")
    assert description == "de: Questions and answers at Askwell"


def test_preview_pictures_speak_it(make_app: MakeApp, database: Database) -> None:
    with database.transaction() as session:
        path = f"/questions/{make_question(session, make_user(session)).id}/preview.png"
    german, english = Browser(make_app(language="de")), Browser(make_app())

    tags = [german.get(path, headers=ASKED_OTHERWISE).headers["ETag"], german.get(path).headers["ETag"]]

    assert tags[0] == tags[1]
    assert english.get(path).headers["ETag"] != tags[0]
