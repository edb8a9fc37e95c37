"""The part that the page of results includes, which saves its search or says that it is saved."""

import pytest
from flask import Flask, render_template_string, request

from tests.web.browser import Browser, field_of
from tests.web.conftest import SignIn


@pytest.fixture(autouse=True)
def page_of_results(app: Flask) -> None:
    """A page that gives the part what every page of results does."""

    @app.get("/results")
    def results() -> str:
        text = request.args.get("q", "")
        return render_template_string('{% include "saved_searches/_save.html" %}', search_text=text)


def test_a_search_is_offered_to_be_saved_as_it_was_typed(member: Browser) -> None:
    page = member.get("/results?q=%22dock%22+%3Cb%3E")

    assert field_of(page, "text") == '"dock" <b>'
    assert field_of(page, "name") == '"dock" <b>'
    assert field_of(page, "csrf_token")


def test_a_long_search_is_named_by_its_beginning(member: Browser) -> None:
    assert field_of(member.get(f"/results?q={'x' * 200}"), "name") == "x" * 80


def test_a_saved_search_is_recognised_however_it_is_typed(member: Browser, sign_in: SignIn) -> None:
    member.post("/saved-searches", text="dock monitor", name="Docks at work")

    page = member.get("/results?q=Dock++Monitor")

    assert "Docks at work" in page.text
    assert field_of(page, "text") is None
    assert field_of(sign_in("Somebody Else").get("/results?q=dock+monitor"), "text") == "dock monitor"


def test_a_visitor_can_sign_in_to_save(visitor: Browser) -> None:
    page = visitor.get("/results?q=dock")

    assert "/sign-in?next=/results?q%3Ddock" in page.text
    assert field_of(page, "text") is None


def test_nothing_is_offered_without_a_search(member: Browser) -> None:
    assert member.get("/results?q=+").text.strip() == ""
