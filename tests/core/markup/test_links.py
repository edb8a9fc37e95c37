import pytest

from forum.core.markup.links import MAX_ADDRESS, is_local, safe_address


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("https://example.org", "https://example.org"),
        ("HTTPS://Example.org/A", "https://Example.org/A"),
        ("http://example.org:8080/a?b=c&d#e", "http://example.org:8080/a?b=c&d#e"),
        ("https://[2001:db8::1]:80/x", "https://[2001:db8::1]:80/x"),
        ("https://\u4f8b\u3048.jp/\u8def", "https://\u4f8b\u3048.jp/\u8def"),
        ("  https://example.org\n", "https://example.org"),
        ("ht\ntps://exam\tple.org", "https://example.org"),
        ("https:\\\\example.org\\a?b\\c", "https://example.org/a?b%5Cc"),
        ("https:////example.org", "https://example.org"),
        ("https://example.org\\@evil.example", "https://example.org/@evil.example"),
        ("https://example.org/a b'\"<>", "https://example.org/a%20b%27%22%3C%3E"),
        ("https://example.org/\u202egnp.exe", "https://example.org/%E2%80%AEgnp.exe"),
        ("/questions/1", "/questions/1"),
        ("/a\\b", "/a/b"),
        ("#note", "#note"),
        ("mailto:me@example.org", "mailto:me@example.org"),
        ("mailto:me@example.org?bcc=everybody@example.org", "mailto:me@example.org"),
    ],
)
def test_an_address_is_stored_as_browsers_read_it(written: str, stored: str) -> None:
    assert safe_address(written) == stored
    assert safe_address(stored) == stored


@pytest.mark.parametrize(
    "written",
    [
        "",
        " ",
        "javascript:1",
        "javascript:alert(1)",
        "JaVaScRiPt:1",
        "\x01javascript:1",
        "java\tscript:1",
        " java\r\nscript:1",
        "vbscript:1",
        "data:text/html,x",
        "data:1",
        "tel:1",
        "ftp://example.org",
        "file:///etc/passwd",
        "ms-msdt:1",
        "view-source:https://example.org",
        "blob:https://example.org/1",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "\n//evil.example",
        "https:evil.example",
        "https:/evil.example",
        "https://",
        "https:///",
        "https://user@evil.example",
        "https://example.org@evil.example",
        "https://exa<mple.org",
        "relative/path",
        "?query",
        "\u00a0javascript:1",
        "javascript&colon;1",
        "mailto:",
        "mailto:nobody",
        "mailto:a@b%0d%0aBcc:c@d",
        "https://example.org/" + "a" * MAX_ADDRESS,
    ],
)
def test_any_other_address_is_refused(written: str) -> None:
    assert safe_address(written) is None


@pytest.mark.parametrize(("address", "local"), [("/a", True), ("#a", True), ("https://a", False)])
def test_paths_and_fragments_stay_on_the_site(address: str, local: bool) -> None:
    assert is_local(address) is local


def test_half_a_surrogate_pair_does_no_harm() -> None:
    assert safe_address("/\ud800") == "/%3F"
