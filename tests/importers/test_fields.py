from datetime import UTC, datetime

import pytest

from forum.importers.stackexchange import fields
from forum.importers.stackexchange.fields import BadField

LATEST = datetime(2026, 1, 2, tzinfo=UTC)


@pytest.mark.parametrize(("text", "id_"), [("1", 1), ("007", 7), ("9223372036854775807", 2**63 - 1)])
def test_it_reads_ids(text: str, id_: int) -> None:
    assert fields.parse_id(text) == id_


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0",
        "-5",
        "+5",
        "3.0",
        "3e0",
        " 3",
        "3 ",
        "٣",
        "9223372036854775808",
        "1" * 400,
        "3'); DROP TABLE users;--",
    ],
)
def test_it_refuses_what_is_no_id(text: str) -> None:
    with pytest.raises(BadField):
        fields.parse_id(text)


def test_the_account_of_the_site_itself_is_minus_one() -> None:
    assert fields.parse_user_id("-1") == -1
    with pytest.raises(BadField):
        fields.parse_user_id("-2")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2020-01-02T10:00:00.123", datetime(2020, 1, 2, 10, 0, 0, 123000, tzinfo=UTC)),
        ("2020-01-02T10:00:00", datetime(2020, 1, 2, 10, tzinfo=UTC)),
        ("2020-01-02T10:00:00Z", datetime(2020, 1, 2, 10, tzinfo=UTC)),
        ("2020-01-02T10:00:00+14:00", datetime(2020, 1, 1, 20, tzinfo=UTC)),
    ],
)
def test_it_reads_dates_as_utc(text: str, moment: datetime) -> None:
    assert fields.parse_moment(text, latest=LATEST) == moment


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2020-01-02",
        "2020-13-01T00:00:00.000",
        "2020-02-30T00:00:00.000",
        "2016-12-31T23:59:60.000",
        "10000-01-01T00:00:00.000",
        "9999-12-31T23:59:59.999",
        "2026-01-02T00:00:00.001",
        "2004-12-31T23:59:59.999",
        "0001-01-01T00:00:00+14:00",
        "٢٠٢٠-01-02T10:00:00",
    ],
)
def test_it_refuses_impossible_and_improbable_dates(text: str) -> None:
    with pytest.raises(BadField):
        fields.parse_moment(text, latest=LATEST)


@pytest.mark.parametrize(
    ("text", "tags", "dropped"),
    [
        ("<python><c#>", ("python", "c#"), []),
        ("|python|c#|", ("python", "c#"), []),
        ("<中文>", ("中文",), []),
        ("<.net><node.js>", ("node.js",), [".net"]),
        ("<python><Python>", ("python",), ["Python"]),
        ("<a><b", ("a",), ["<b"]),
        ("", (), []),
        ("<>", (), [""]),
        ("<two words>", (), ["two words"]),
        (f"<{'x' * 36}>", (), ["x" * 36]),
    ],
)
def test_it_reads_tags_of_both_forms(text: str, tags: tuple[str, ...], dropped: list[str]) -> None:
    assert fields.parse_tags(text) == (tags, dropped)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("  two\n words\t", "two words"),
        ("a\u202eb\u0000c", "abc"),
        ("عبد\u200cالله", "عبد\u200cالله"),
        ("\u200b\u00ad", ""),
        ("plain", "plain"),
    ],
)
def test_a_line_has_no_controls(text: str, line: str) -> None:
    assert fields.one_line(text) == line


@pytest.mark.parametrize(
    "text", ["javascript:alert(1)", "//evil.example", "ftp://x.example", "http://", "https://a b"]
)
def test_it_refuses_what_is_no_web_address(text: str) -> None:
    with pytest.raises(BadField):
        fields.parse_address(text)


@pytest.mark.parametrize("text", ["12.5", "1_000", "", "9" * 30])
def test_it_refuses_what_is_no_number(text: str) -> None:
    with pytest.raises(BadField):
        fields.parse_number(text, lowest=-10, highest=10**6)
