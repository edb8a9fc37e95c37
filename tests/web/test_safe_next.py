import pytest

from forum.web.addresses import MAX_NEXT, safe_next

FOREIGN = [
    "",
    "//evil.example",
    "///evil.example",
    "////evil.example/x",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "/\\/evil.example",
    "https:evil.example",
    "https:/evil.example",
    "https://evil.example",
    "http:///evil.example",
    "HTTPS://EVIL.EXAMPLE",
    "hTTp:evil.example",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,x",
    "vbscript:x",
    "mailto:x@evil.example",
    "ftp://evil.example",
    "evil.example",
    "evil.example/path",
    "user@evil.example",
    "@evil.example",
    ".evil.example",
    "?next=//evil.example",
    "#fragment",
    " //evil.example",
    " /questions",
    "\t//evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r/evil.example",
    "\n//evil.example",
    "/ /evil.example",
    "/\x00/evil.example",
    "\x00//evil.example",
    "/questions\r\nLocation: https://evil.example",
    "/\u2028/evil.example",
    "/\u200b/evil.example",
    "/\u202e/evil.example",
    "/\u3000/evil.example",
    "/" + "a" * MAX_NEXT,
    None,
]
OURS = [
    "/",
    "/questions",
    "/questions/1/why#answer-2",
    "/search?q=%2F%2Fevil.example",
    "/%2f%2fevil.example",
    "/%5cevil.example",
    "/%09/evil.example",
    "/tags/caf\u00e9",
    "/questions?next=https://evil.example",
    "/./x",
]


@pytest.mark.parametrize("address", FOREIGN)
def test_it_refuses_what_a_browser_could_read_as_another_site(address: str | None) -> None:
    assert safe_next(address) is None


@pytest.mark.parametrize("address", OURS)
def test_it_lets_paths_on_this_site_pass(address: str) -> None:
    assert safe_next(address) == address
