import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from tests.web.browser import Browser
from tests.web.conftest import MakeApp


@pytest.fixture(autouse=True)
def _logs_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


def test_each_request_leaves_one_line(make_app: MakeApp, capsys: pytest.CaptureFixture[str]) -> None:
    browser = Browser(make_app(log_level="info"))

    browser.get("/help?q=1", headers={"X-Request-Id": "from-the-proxy"})
    browser.get("/nothing-here")

    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    first, second = (line for line in lines if line["message"] == "request")
    assert (
        first.items()
        >= {"method": "GET", "path": "/help", "status": 200, "request_id": "from-the-proxy"}.items()
    )
    assert first["milliseconds"] > 0
    assert second["status"] == 404
    assert second["request_id"] != first["request_id"]


def test_a_defect_leaves_its_traceback_under_the_number_the_person_saw(
    make_app: MakeApp, capsys: pytest.CaptureFixture[str]
) -> None:
    app = make_app(log_level="info")
    app.testing = False
    app.add_url_rule("/broken", view_func=lambda: 1 / 0)

    response = Browser(app).get("/broken")

    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    [defect] = [line for line in lines if "exception" in line]
    assert defect["request_id"] == response.headers["X-Request-Id"]
    assert defect["exception"][0]["exc_type"] == "ZeroDivisionError"


def test_neither_passwords_nor_queries_are_logged(
    make_app: MakeApp, capsys: pytest.CaptureFixture[str]
) -> None:
    browser = Browser(make_app(log_level="debug"))

    browser.post("/sign-in?q=a+private+query", login="Ada", password="a private password")

    assert "private" not in capsys.readouterr().err
