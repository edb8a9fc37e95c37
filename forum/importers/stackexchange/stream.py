"""Rows of one file of a dump, one at a time, whatever its size.

Dumps travel far before they are imported, so nothing that XML offers beyond elements and attributes is
accepted: no document type (hence no entities and no default attributes), no nesting below the rows. The
parser is fed line by line, so that each row knows its line: libxml2 itself stops counting at 65,535.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from lxml import etree

from forum.importers.stackexchange.refusal import RefusedDump

DEEPEST = 2
MOST_ATTRIBUTES = 64
LONGEST_NAME = 100
LONGEST_ROW = 10_000_000
"""Bytes; libxml2 refuses longer values itself, but only after keeping all of them in memory."""
_CHUNK = 65_536


class Lines(Protocol):
    """A file to read from."""

    def readline(self, limit: int, /) -> bytes:
        """Return the bytes up to and with the next line feed, but at most `limit`."""
        ...


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row's attributes and the line where it ends; `problem` says why an element is no row at all."""

    line: int
    attributes: dict[str, str]
    problem: str | None = None


def stream_rows(source: Lines, *, file: str) -> Iterator[RawRow]:
    """Yield the rows of one file in their order; raise RefusedDump when it can't be trusted as a whole."""
    parser = etree.XMLPullParser(
        events=("start", "end"),
        resolve_entities=False,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        no_network=True,
        huge_tree=False,
        recover=False,
        remove_comments=True,
        remove_pis=True,
    )
    state = _Reading(file=file, root=file.removesuffix(".xml").lower())
    try:
        while chunk := source.readline(_CHUNK):
            state.take(len(chunk))
            parser.feed(chunk)
            yield from state.rows(parser)
            if chunk.endswith(b"\n"):
                state.line += 1
        parser.close()
        yield from state.rows(parser)
    except etree.XMLSyntaxError as error:
        raise state.refusal(f"it is not well-formed XML: {_reason(error)}") from None


class _Reading:
    """Where the reading of one file stands."""

    def __init__(self, *, file: str, root: str) -> None:
        self.line = 1
        self._file = file
        self._root = root
        self._depth = 0
        self._pending_bytes = 0

    def take(self, size: int) -> None:
        self._pending_bytes += size
        if self._pending_bytes > LONGEST_ROW:
            raise self.refusal(f"a row is longer than {LONGEST_ROW:,} bytes")

    def refusal(self, reason: str) -> RefusedDump:
        return RefusedDump(f"{self._file}, line {self.line}: {reason}")

    def rows(self, parser: etree.XMLPullParser) -> Iterator[RawRow]:
        for event, element in parser.read_events():
            self._pending_bytes = 0
            if not isinstance(element, etree._Element):
                continue
            if event == "start":
                self._enter(element)
            else:
                self._depth -= 1
                if self._depth == 1:
                    yield self._row(element)
                    _forget(element)

    def _enter(self, element: etree._Element) -> None:
        self._depth += 1
        if self._depth == 1:
            self._check_root(element)
        if self._depth > DEEPEST:
            raise self.refusal(f"{_shown(element.tag)} stands inside a row; rows have attributes only")
        if len(element.attrib) > MOST_ATTRIBUTES:
            raise self.refusal(f"a row has {len(element.attrib)} attributes, more than {MOST_ATTRIBUTES}")
        if any(len(str(name)) > LONGEST_NAME for name in (element.tag, *element.attrib)):
            raise self.refusal(f"a name is longer than {LONGEST_NAME} characters")

    def _check_root(self, element: etree._Element) -> None:
        document = element.getroottree().docinfo
        if document.internalDTD is not None or document.externalDTD is not None:
            raise self.refusal("it declares a document type, which a data dump never does")
        if element.tag != self._root:
            raise self.refusal(f"it holds <{_shown(element.tag)}> where <{self._root}> is expected")

    def _row(self, element: etree._Element) -> RawRow:
        if element.tag != "row":
            return RawRow(self.line, {}, problem=f"<{_shown(element.tag)}> is not a row")
        return RawRow(self.line, {str(name): str(value) for name, value in element.attrib.items()})


def _forget(element: etree._Element) -> None:
    """Drop the row and all before it from the tree, which would grow with the file otherwise."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _reason(error: etree.XMLSyntaxError) -> str:
    # The parser adds its own idea of the line, which chunks make wrong, after the last comma.
    reason = (error.msg or "it ends too early").split(", line ")[0].strip()
    return reason.removesuffix(".")


def _shown(tag: object) -> str:
    return str(tag)[:60]
