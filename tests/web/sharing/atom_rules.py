"""The rules of RFC 4287 (Atom) that a feed of ours could break, checked element by element."""

import re

from lxml import etree

_NS = "{http://www.w3.org/2005/Atom}"
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_IRI = re.compile(r"https?://[^\s<>\"{}|\\^`]+")
_BOTH = {"author", "category", "contributor", "id", "link", "rights", "title", "updated"}
_FEED = _BOTH | {"entry", "generator", "icon", "logo", "subtitle"}
_ENTRY = _BOTH | {"content", "published", "source", "summary"}


def checked(text: bytes) -> etree._Element:
    """Parse a feed and return its root; raise AssertionError for the first broken rule."""
    feed = etree.fromstring(text, etree.XMLParser(resolve_entities=False, recover=False))
    assert feed.tag == f"{_NS}feed"
    _check_head(feed, _FEED)
    entries = feed.findall(f"{_NS}entry")
    # 4.1.1: authors may be left out of a feed only if each entry has one.
    for entry in entries:
        _check_head(entry, _ENTRY)
        _check_entry(entry)
    # 4.1.1: no two entries of one id with the same moment; ours have no id twice.
    ids = [entry.findtext(f"{_NS}id") for entry in entries]
    assert len(set(ids)) == len(ids)
    return feed


def texts(feed: etree._Element, path: str) -> list[str]:
    """Return the texts of the elements at a path such as "entry/title"."""
    return [element.text or "" for element in feed.findall("/".join(_NS + part for part in path.split("/")))]


def links(feed: etree._Element, path: str = "link") -> list[tuple[str | None, str | None]]:
    """Return relation and address of the links at a path."""
    found = feed.findall("/".join(_NS + part for part in path.split("/")))
    return [(link.get("rel"), link.get("href")) for link in found]


def _check_head(element: etree._Element, allowed: set[str]) -> None:
    names = [etree.QName(child).localname for child in element]
    assert set(names) <= allowed
    for name in ("id", "title", "updated"):
        assert names.count(name) == 1, name
    assert _IRI.fullmatch(element.findtext(f"{_NS}id") or "")
    assert (element.findtext(f"{_NS}title") or "").strip()
    for name in ("updated", "published"):
        for moment in element.findall(f"{_NS}{name}"):
            assert _MOMENT.fullmatch(moment.text or "")
    seen = set()
    for link in element.findall(f"{_NS}link"):
        assert _IRI.fullmatch(link.get("href") or ""), link.get("href")
        # 4.2.9: at most one alternate of one type and language.
        key = (link.get("rel", "alternate"), link.get("type"), link.get("hreflang"))
        assert key not in seen
        seen.add(key)
    for category in element.findall(f"{_NS}category"):
        assert category.get("term")


def _check_entry(entry: etree._Element) -> None:
    authors = entry.findall(f"{_NS}author")
    assert len(authors) >= 1
    for author in authors:
        # 3.2: one name, at most one address of a page.
        assert [etree.QName(child).localname for child in author].count("name") == 1
        assert (author.findtext(f"{_NS}name") or "").strip()
        for uri in author.findall(f"{_NS}uri"):
            assert _IRI.fullmatch(uri.text or "")
    contents = entry.findall(f"{_NS}content")
    assert len(contents) == 1
    # 3.1.1.2: HTML is escaped text without elements of its own.
    assert (contents[0].get("type"), len(contents[0])) == ("html", 0)
    assert any(link.get("rel") == "alternate" for link in entry.findall(f"{_NS}link"))
    assert len(entry.findall(f"{_NS}published")) <= 1
