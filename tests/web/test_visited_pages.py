"""No page is left out of the browser's test of all pages."""

import re

from flask import Flask
from werkzeug.exceptions import NotFound

from tests.journeys.visited_pages import FOR_EVERYBODY, FOR_MEMBERS, FOR_VISITORS, NO_PAGES


def _visited(app: Flask) -> set[str]:
    """Return the rules of the addresses that are visited."""
    addresses = app.url_map.bind("localhost")
    rules = set()
    for path in FOR_EVERYBODY + FOR_MEMBERS + FOR_VISITORS:
        try:
            rule, _values = addresses.match(re.sub(r"\{\w+\}", "1", path.partition("?")[0]), return_rule=True)
        except NotFound:
            continue
        rules.add(rule.rule)
    return rules


def _read(app: Flask) -> set[str]:
    return {rule.rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}


def test_each_page_is_visited(app: Flask) -> None:
    missing = _read(app) - _visited(app) - NO_PAGES.keys()

    assert missing == set(), "add its address, or why it is none, to tests/journeys/visited_pages.py"


def test_what_is_said_to_be_no_page_exists_and_is_not_visited(app: Flask) -> None:
    assert NO_PAGES.keys() - _read(app) == set()
    assert NO_PAGES.keys() & _visited(app) == set()
