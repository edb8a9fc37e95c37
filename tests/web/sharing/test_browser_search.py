import json

from flask import Flask
from lxml import etree

from forum.core.db import Database
from forum.search.indexer import Indexer
from tests.factories import make_answer, make_question, make_user
from tests.web.browser import Browser
from tests.web.conftest import MakeApp

_NS = "{http://a9.com/-/spec/opensearch/1.1/}"
SITE = "http://127.0.0.1:8000"


def test_browsers_find_how_to_search_here(visitor: Browser) -> None:
    assert 'rel="search" type="application/opensearchdescription+xml"' in visitor.get("/help").text
    response = visitor.get("/opensearch.xml")
    root = etree.fromstring(response.data)

    assert response.mimetype == "application/opensearchdescription+xml"
    addresses = {url.get("type"): url.get("template") for url in root.findall(f"{_NS}Url")}
    assert addresses["text/html"] == f"{SITE}/search?q={{searchTerms}}"
    for kind in ("text/html", "application/x-suggestions+json", "application/atom+xml"):
        path = str(addresses[kind]).removeprefix(SITE).replace("{searchTerms}", "dock")
        found = visitor.get(path)
        assert (found.status_code, found.mimetype) == (200, kind)


def test_long_and_hostile_names_of_a_site_keep_the_limits(make_app: MakeApp) -> None:
    root = etree.fromstring(Browser(make_app(site_name='<Help> & "more" ' * 3)).get("/opensearch.xml").data)

    short, long = root.findtext(f"{_NS}ShortName") or "", root.findtext(f"{_NS}LongName") or ""
    assert short == '<Help> & "more" '[:16]
    assert len(long) <= 48


def test_questions_are_offered_while_somebody_types(app: Flask, visitor: Browser, database: Database) -> None:
    with database.transaction() as session:
        question = make_question(session, make_user(session), title="Loud fan in a dock")
        make_answer(session, question, make_user(session), accepted=True)
    Indexer(database, app.extensions["askwell"].engine).reindex()

    response = visitor.get("/search/completions?q=loud+fan")

    assert response.mimetype == "application/x-suggestions+json"
    assert json.loads(response.data) == [
        "loud fan",
        ["Loud fan in a dock"],
        ["solved"],
        [f"{SITE}/questions/{question.id}/loud-fan-in-a-dock"],
    ]
    assert json.loads(visitor.get("/search/completions").data) == ["", [], [], []]
