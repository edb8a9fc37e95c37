import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask, request

from forum.web import static_files
from tests.web.browser import Browser
from tests.web.conftest import MakeApp

PATHS = [
    "/",
    "/questions",
    "/sign-in",
    "/help",
    "/nothing-here",
    "/settings",
    "/questions/99999999999999999999",
]
EXPECTED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def _static_address(browser: Browser) -> str:
    found = re.search(r'"(/static/[^"]+/css/site\.css)"', browser.get("/sign-in").text)
    assert found
    return found[1]


@pytest.mark.parametrize("path", [*PATHS, "static"])
def test_every_response_carries_the_security_headers(visitor: Browser, path: str) -> None:
    response = visitor.get(_static_address(visitor) if path == "static" else path)

    assert EXPECTED.items() <= dict(response.headers).items()
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-" not in policy
    assert "camera=()" in response.headers["Permissions-Policy"]


def test_errors_carry_the_security_headers_too(app: Flask) -> None:
    app.testing = False
    app.add_url_rule("/broken", view_func=lambda: 1 / 0)

    response = Browser(app).get("/broken")

    assert response.status_code == 500
    assert EXPECTED.items() <= dict(response.headers).items()
    assert response.headers["Cache-Control"] == "no-store"


def test_static_files_carry_hsts_too(make_app: MakeApp) -> None:
    browser = Browser(make_app(base_url="https://help.example.org"))

    assert "Strict-Transport-Security" in browser.get(_static_address(browser)).headers


def test_hsts_and_secure_cookies_come_with_https_only(make_app: MakeApp) -> None:
    plain = Browser(make_app()).get("/sign-in")
    secure = Browser(make_app(base_url="https://help.example.org")).get("/sign-in")

    assert "Strict-Transport-Security" not in plain.headers
    assert "Secure" not in plain.headers["Set-Cookie"]
    assert secure.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    assert secure.headers["Set-Cookie"].startswith("__Host-session=")
    for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert part in secure.headers["Set-Cookie"]
    assert "Domain" not in secure.headers["Set-Cookie"]


@pytest.mark.parametrize("path", ["/", "/questions", "/tags", "/users", "/help", "/help/formatting"])
def test_pages_for_visitors_set_no_cookie(visitor: Browser, path: str) -> None:
    response = visitor.get(path)

    assert response.status_code == 200
    assert "Set-Cookie" not in response.headers
    assert "Cookie" in response.headers["Vary"]


def test_pages_of_signed_in_people_are_for_them_alone(member: Browser) -> None:
    response = member.get("/")

    assert response.headers["Cache-Control"] == "private, no-cache"
    assert "Cookie" in response.headers["Vary"]


def test_a_page_with_a_form_is_for_one_visitor_alone(visitor: Browser) -> None:
    assert visitor.get("/sign-in").headers["Cache-Control"] == "private, no-cache"


def test_error_pages_are_never_cached(visitor: Browser) -> None:
    assert visitor.get("/nothing-here").headers["Cache-Control"] == "no-store"


def test_static_files_are_cached_for_good_at_an_address_of_their_content(visitor: Browser) -> None:
    response = visitor.get(_static_address(visitor))

    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "max-age=315360000, public, immutable"
    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize(("accepted", "encoding"), [("gzip, br", "br"), ("gzip", "gzip"), ("identity", None)])
def test_static_files_are_compressed_beforehand(
    visitor: Browser, accepted: str, encoding: str | None
) -> None:
    response = visitor.get(_static_address(visitor), headers={"Accept-Encoding": accepted})

    assert response.headers.get("Content-Encoding") == encoding
    assert response.headers["Vary"] == "Accept-Encoding"


def test_a_page_asks_for_one_sheet_with_all_styles(visitor: Browser) -> None:
    sheets = re.findall(r'<link rel="stylesheet" href="([^"]+)"', visitor.get("/help").text)

    assert len(sheets) == 1
    styles = visitor.get(sheets[0]).text
    for path in (static_files.SOURCES / "css").glob("*.css"):
        assert path.read_text(encoding="utf-8") in styles
    assert styles.index("--ink:") < styles.index(".prose ")


def test_processes_that_start_together_make_the_static_files_once(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as starts:
        folders = set(starts.map(static_files.prepare, [tmp_path] * 4))

    assert list((tmp_path / "static").iterdir()) == list(folders)
    assert static_files.prepare(tmp_path) in folders


@pytest.mark.parametrize("path", ["/static/css/base.css", "/static/../app.py", "/static/%2e%2e/app.py"])
def test_other_addresses_of_static_files_lead_nowhere(visitor: Browser, path: str) -> None:
    assert visitor.get(path).status_code == 404


def test_a_template_that_names_a_missing_file_fails(app: Flask) -> None:
    with pytest.raises(LookupError, match=r"css/nothing\.css"):
        app.jinja_env.globals["static_url"]("css/nothing.css")


def test_a_request_id_is_given_and_taken_over_when_it_is_a_plain_token(visitor: Browser) -> None:
    given = visitor.get("/help", headers={"X-Request-Id": "0123-abcd_EFGH"})
    hostile = visitor.get("/help", headers={"X-Request-Id": 'x" onload="alert(1)'})

    assert given.headers["X-Request-Id"] == "0123-abcd_EFGH"
    assert re.fullmatch(r"[0-9a-f]{16}", hostile.headers["X-Request-Id"])


def test_the_address_of_the_client_comes_from_trusted_proxies_only(make_app: MakeApp) -> None:
    forwarded = {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https"}
    seen: list[tuple[str | None, bool]] = []
    for hops in (0, 1):
        app = make_app(trusted_proxies=hops)

        @app.get("/who")
        def who() -> str:
            seen.append((request.remote_addr, request.is_secure))
            return ""

        app.test_client().get("/who", headers=forwarded)

    assert seen == [("127.0.0.1", False), ("203.0.113.7", True)]


@pytest.mark.parametrize("encoding", ["zstd", "br", "gzip"])
def test_pages_are_compressed_for_whoever_can_read_that(visitor: Browser, encoding: str) -> None:
    compressed = visitor.get("/help", headers={"Accept-Encoding": encoding})
    plain = visitor.get("/help")

    assert compressed.headers["Content-Encoding"] == encoding
    assert len(compressed.data) < len(plain.data) / 2
    assert "Content-Encoding" not in plain.headers
    assert "Accept-Encoding" in plain.headers["Vary"]
