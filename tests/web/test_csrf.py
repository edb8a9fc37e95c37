"""Every unsafe address wants the token of its session; addresses that are added are covered by themselves."""

from collections.abc import Iterator

from flask import Flask
from werkzeug.routing import Rule

from tests.web.browser import Browser, token_of
from tests.web.conftest import SignIn

_SAFE = {"GET", "HEAD", "OPTIONS"}


def unsafe_addresses(app: Flask) -> Iterator[tuple[str, str]]:
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - _SAFE):
            yield method, address_of(rule)


def address_of(rule: Rule) -> str:
    """Fill the variable parts of an address."""
    path = rule.rule
    for name in rule.arguments:
        for written in (f"<int:{name}>", f"<{name}>"):
            path = path.replace(written, "1")
    return path


def test_there_are_unsafe_addresses_to_test(app: Flask) -> None:
    assert len(list(unsafe_addresses(app))) > 20


def test_no_unsafe_address_works_without_a_token(app: Flask, member: Browser) -> None:
    statuses = {
        (method, path): member.client.open(path, method=method, data={"value": "1"}).status_code
        for method, path in unsafe_addresses(app)
    }

    assert {key: status for key, status in statuses.items() if status != 400} == {}


def test_no_unsafe_address_takes_a_wrong_token(app: Flask, member: Browser) -> None:
    statuses = {
        (method, path): member.client.open(path, method=method, data={"csrf_token": "made-up"}).status_code
        for method, path in unsafe_addresses(app)
    }

    assert {key: status for key, status in statuses.items() if status != 400} == {}


def test_no_unsafe_address_takes_the_token_of_another_session(
    app: Flask, member: Browser, sign_in: SignIn
) -> None:
    foreign = token_of(sign_in("Somebody Else").get("/appearance"))
    member.get("/appearance")

    statuses = {
        (method, path): member.client.open(path, method=method, data={"csrf_token": foreign}).status_code
        for method, path in unsafe_addresses(app)
    }

    assert {key: status for key, status in statuses.items() if status != 400} == {}


def test_a_form_of_another_site_is_refused_although_its_token_fits(member: Browser) -> None:
    response = member.post(
        "/questions/ask", headers={"Sec-Fetch-Site": "cross-site"}, title="A title that is kept"
    )

    assert response.status_code == 403


def test_signed_out_people_are_sent_to_sign_in_by_every_unsafe_address_but_those_of_accounts(
    app: Flask, visitor: Browser
) -> None:
    open_to_all = {"/sign-in", "/sign-out", "/register", "/setup/1", "/claim/1", "/appearance"}

    statuses = {
        path: visitor.post(path, value="1", useful="1").status_code
        for method, path in unsafe_addresses(app)
        if path not in open_to_all
    }

    assert {path: status for path, status in statuses.items() if status != 403} == {}
