import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from forum.core.errors import Conflict, Invalid, NotFound, Refused, TooMany
from tests.web.browser import Browser

RAISED = [
    (Refused("no", "A rule says no."), 403),
    (NotFound("It is not there."), 404),
    (Conflict("Somebody was faster."), 409),
    (Invalid("page", "This can't be read."), 400),
    (TooMany("Too often.", retry_after=42), 429),
]


def _raising(app: Flask, error: Exception) -> Browser:
    app.testing = False

    @app.route("/raise", methods=["GET", "POST"])
    def fail() -> str:
        raise error

    return Browser(app)


@pytest.mark.parametrize(("error", "status"), RAISED, ids=lambda value: type(value).__name__)
def test_a_refusal_becomes_a_page_with_its_message(app: Flask, error: Exception, status: int) -> None:
    response = _raising(app, error).get("/raise")

    assert response.status_code == status
    assert str(error).replace("'", "&#39;") in response.text
    assert response.headers["X-Request-Id"] in response.text


@pytest.mark.parametrize(("error", "status"), RAISED, ids=lambda value: type(value).__name__)
def test_a_script_gets_the_message_alone(app: Flask, error: Exception, status: int) -> None:
    response = _raising(app, error).send_fragment("/raise")

    assert response.status_code == (422 if isinstance(error, Invalid) else status)
    assert response.text.startswith("<div")
    assert "<html" not in response.text


def test_too_many_tells_when_to_try_again(app: Flask) -> None:
    response = _raising(app, TooMany("Too often.", retry_after=42)).get("/raise")

    assert response.headers["Retry-After"] == "42"


def test_a_database_that_does_not_answer_is_a_503(app: Flask) -> None:
    broken = OperationalError("SELECT secret", {}, Exception("database is locked"))

    response = _raising(app, broken).get("/raise")

    assert response.status_code == 503
    assert response.headers["Retry-After"] == "5"
    assert "secret" not in response.text


def test_a_commit_that_fails_is_a_503(app: Flask, monkeypatch: pytest.MonkeyPatch, member: Browser) -> None:
    def fail(_session: object) -> None:
        raise OperationalError("COMMIT", {}, Exception("disk I/O error"))

    monkeypatch.setattr(app.extensions["askwell"].database, "finish", fail)
    app.testing = False

    response = member.post("/sign-out")

    assert response.status_code == 503


def test_a_defect_shows_its_number_and_nothing_else(app: Flask) -> None:
    response = _raising(app, ZeroDivisionError("the secret of line 17")).get("/raise")

    assert response.status_code == 500
    assert response.headers["X-Request-Id"] in response.text
    assert "secret" not in response.text
    assert "Traceback" not in response.text


def test_an_unknown_address_is_a_page_of_ours(visitor: Browser) -> None:
    response = visitor.get("/nothing-here")

    assert response.status_code == 404
    assert "There is nothing here" in response.text


def test_a_wrong_method_tells_the_right_ones(visitor: Browser) -> None:
    response = visitor.client.get("/sign-out")

    assert response.status_code == 405
    assert set(response.headers["Allow"].split(", ")) == {"POST", "OPTIONS"}


@pytest.mark.parametrize(
    "path", ["/posts/1/edit", "/questions/1", "/answers/1", "/users/1", "/comments/1/edit"]
)
@pytest.mark.parametrize("number", [0, 2**31, 2**63 - 1, 2**63, 10**30])
def test_numbers_that_are_no_ids_lead_nowhere(member: Browser, path: str, number: int) -> None:
    assert member.get(path.replace("1", str(number))).status_code == 404


@pytest.mark.parametrize("path", ["/tags/%00", "/questions?sort=%00", "/%01", "/help?%00=1", "/tags?q=a%08b"])
def test_control_characters_in_an_address_are_refused(visitor: Browser, path: str) -> None:
    assert visitor.get(path).status_code == 400


@pytest.mark.parametrize("path", ["/tags/%ff%fe", "/questions?sort=%ed%a0%80", "/%c3"])
def test_bytes_that_are_no_text_do_no_harm(visitor: Browser, path: str) -> None:
    assert visitor.get(path).status_code in {200, 400, 404}


def test_a_body_beyond_the_limit_is_refused(member: Browser) -> None:
    response = member.post("/questions/ask", source="x" * 1_100_000)

    assert response.status_code == 413
    assert "too large" in response.text


def test_a_form_of_very_many_parts_is_refused(member: Browser) -> None:
    fields = {f"field{number}": "x" for number in range(200)}

    response = member.client.post(
        "/questions/ask", data={"csrf_token": member.token(), **fields}, content_type="multipart/form-data"
    )

    assert response.status_code == 413


@pytest.mark.parametrize("path", ["//", "//evil.example", "/questions/", "//questions"])
def test_no_address_is_corrected_by_the_host_header(visitor: Browser, path: str) -> None:
    # Given apart, because a client would take the first part of such a path for the host.
    environ = {"PATH_INFO": path, "HTTP_HOST": "evil.example"}
    response = visitor.get("/", environ_overrides=environ)

    assert "evil.example" not in response.headers.get("Location", "")
