import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import structlog

from forum.core import logs


@pytest.fixture(autouse=True)
def _logs_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()
    logs.end_request()


def test_a_line_is_one_json_object_with_the_time_in_utc(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(form="json", level="info")
    logs.begin_request(request_id="abc")

    structlog.get_logger("forum.test").info("vote cast", post=7)

    [line] = capsys.readouterr().err.splitlines()
    read = json.loads(line)
    assert read.items() >= {"message": "vote cast", "post": 7, "request_id": "abc", "level": "info"}.items()
    age = datetime.now(UTC) - datetime.fromisoformat(read["timestamp"])
    assert abs(age.total_seconds()) < 60


def test_lines_of_libraries_look_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(form="json", level="info")

    logging.getLogger("some.library").warning("disk at %s%%", 91)

    read = json.loads(capsys.readouterr().err)
    assert read["message"] == "disk at 91%"
    assert read["logger"] == "some.library"


def test_an_error_stays_on_one_line_with_its_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(form="json", level="info")

    try:
        raise ValueError("two\nlines")
    except ValueError:
        logging.getLogger("forum").exception("failed")

    [line] = capsys.readouterr().err.splitlines()
    assert json.loads(line)["exception"][0]["exc_type"] == "ValueError"


def test_text_is_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(form="text", level="info")

    structlog.get_logger("forum.test").info("vote cast", post=7)

    written = capsys.readouterr().err
    assert "vote cast" in written
    assert "post=7" in written
    assert "{" not in written


def test_lines_below_the_level_are_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(form="json", level="warning")

    structlog.get_logger("forum.test").info("too small")

    assert capsys.readouterr().err == ""


def test_a_line_after_the_request_belongs_to_none(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(form="json", level="info")
    logs.begin_request(request_id="abc")
    logs.end_request()

    structlog.get_logger("forum.test").info("later")

    assert "request_id" not in json.loads(capsys.readouterr().err)


def test_setting_up_twice_writes_each_line_once(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(form="json", level="info")
    logs.configure(form="json", level="info")

    structlog.get_logger("forum.test").info("once")

    assert len(capsys.readouterr().err.splitlines()) == 1
