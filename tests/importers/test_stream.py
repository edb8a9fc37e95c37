from io import BytesIO

import pytest

from forum.importers.stackexchange.refusal import RefusedDump
from forum.importers.stackexchange.stream import RawRow, stream_rows

HEAD = b'<?xml version="1.0" encoding="utf-8"?>\n'


def rows(content: bytes) -> list[RawRow]:
    return list(stream_rows(BytesIO(content), file="Posts.xml"))


def test_it_yields_rows_with_their_lines() -> None:
    found = rows(HEAD + b'<posts>\n  <row Id="1" A="x&#10;y" />\n\n  <row Id="2" />\n</posts>')

    assert found == [RawRow(3, {"Id": "1", "A": "x\ny"}), RawRow(5, {"Id": "2"})]


def test_lines_are_counted_beyond_what_the_parser_counts() -> None:
    found = rows(HEAD + b"<posts>\n" + b'<row Id="1" />\n' * 70_000 + b"</posts>")

    assert found[-1].line == 70_002


def test_it_accepts_a_byte_order_mark_and_other_line_ends() -> None:
    assert len(rows(b"\xef\xbb\xbf" + HEAD + b'<posts>\r\n<row Id="1" />\r\n</posts>\r\n')) == 1


def test_elements_that_are_no_rows_are_named() -> None:
    found = rows(HEAD + b'<posts><x:row xmlns:x="urn:x" Id="8"/><item/></posts>')

    assert [row.problem for row in found] == ["<{urn:x}row> is not a row", "<item> is not a row"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "not well-formed"),
        (b" \n\n", "not well-formed"),
        (HEAD + b"<posts><row Id='1'></posts>", "not well-formed"),
        (HEAD + b"<posts><row Id='1", "not well-formed"),
        (HEAD + b"<posts></posts><posts></posts>", "not well-formed"),
        (HEAD + b"<posts><row A='&#0;'/></posts>", "not well-formed"),
        (HEAD + b"<posts><row A='&nbsp;'/></posts>", "not well-formed"),
        (HEAD + b"<posts><row A='1' A='2'/></posts>", "not well-formed"),
        (HEAD + b"<posts><row A='\xff'/></posts>", "not well-formed"),
        (b'<?xml version="1.0" encoding="x-klingon"?><posts/>', "not well-formed"),
        (HEAD + b"<users></users>", "holds <users> where <posts> is expected"),
        (HEAD + b"<!DOCTYPE posts><posts></posts>", "declares a document type"),
        (
            HEAD + b'<!DOCTYPE posts [<!ENTITY a "b">]><posts><row A="&a;"/></posts>',
            "declares a document type",
        ),
        (HEAD + b'<!DOCTYPE posts SYSTEM "http://127.0.0.1:9/x.dtd"><posts/>', "declares a document type"),
        (HEAD + b"<posts><row><p><b/></p></row></posts>", "stands inside a row"),
        (
            HEAD + b"<posts><row " + b" ".join(b'a%d=""' % n for n in range(65)) + b"/></posts>",
            "65 attributes",
        ),
        (HEAD + b"<posts><" + b"x" * 101 + b"/></posts>", "a name is longer"),
    ],
)
def test_it_refuses_files_that_can_t_be_trusted(content: bytes, reason: str) -> None:
    with pytest.raises(RefusedDump, match=reason) as refused:
        rows(content)

    assert refused.value.message.startswith("Posts.xml, line ")


def test_entities_are_not_expanded_before_the_file_is_refused() -> None:
    laughs = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<!DOCTYPE posts [<!ENTITY a0 "ha">{laughs}]><posts><row A="&a9;"/></posts>'

    with pytest.raises(RefusedDump):
        rows(HEAD + bomb.encode())


def test_a_row_may_be_large_but_not_endless() -> None:
    assert len(rows(HEAD + b'<posts><row A="' + b"x" * 9_000_000 + b'"/></posts>')) == 1
    with pytest.raises(RefusedDump, match="a row is longer than 10,000,000 bytes"):
        rows(HEAD + b'<posts><row A="' + b"x" * 11_000_000)
