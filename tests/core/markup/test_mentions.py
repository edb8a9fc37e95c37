import time

import pytest

from forum.core.markup import find_mentions, mention_key
from forum.core.markup.mentions import address_end


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Bob", "bob"),
        ("Bob Smith", "bobsmith"),
        ("bob-smith.jr", "bobsmithjr"),
        ("snake_case", "snake_case"),
        ("JOSÉ", "josé"),
        ("jose\u0301", "josé"),
        ("\uff22ob", "bob"),
        ("Stra\u00dfe", "strasse"),
        ("\u0939\u093f\u0928\u094d\u0926\u0940", "\u0939\u093f\u0928\u094d\u0926\u0940"),
        ("user123", "user123"),
        ("--", ""),
    ],
)
def test_names_are_compared_without_case_blanks_and_punctuation(name: str, key: str) -> None:
    assert mention_key(name) == key
    assert mention_key(key) == key


@pytest.mark.parametrize(
    ("source", "keys"),
    [
        ("@bob", {"bob"}),
        ("Thanks @Bob-Smith. And @ann, (@eve)!", {"bobsmith", "ann", "eve"}),
        ("**@bob** > @ann's", {"bob", "ann"}),
        ("\u4f60\u597d@bob", {"bob"}),
        ("@\u0939\u093f\u0928\u094d\u0926\u0940", {"\u0939\u093f\u0928\u094d\u0926\u0940"}),
        ("mail bob@example.org or a@b", set()),
        ("https://example.org/@bob", set()),
        ("@ bob, @x, @@bob", set()),
        ("`@bob` and ``@ann ` @eve`` but @tom", {"tom"}),
        ("`@bob", {"bob"}),
        ("```\n@bob\n```\n@ann", {"ann"}),
        ("```py\n@property\n~~~\n@x1\n````\n@ann", {"ann"}),
        ("- item\n  ~~~\n  @bob\n  ~~~\n- @ann", {"ann"}),
        ("> ```\n> @bob\n> ```\n@ann", {"ann"}),
        ("a ` b\n\n@bob ` c", {"bob"}),
        ("", set()),
    ],
)
def test_mentions_are_found_outside_code(source: str, keys: set[str]) -> None:
    assert find_mentions(source) == keys


@pytest.mark.parametrize("piece", ["@", "`", "@a`", "``@b", "@a-", "```\n", "a@b.", "` `` "])
def test_finding_mentions_takes_linear_time(piece: str) -> None:
    source = piece * (200_000 // len(piece))

    started = time.process_time()
    find_mentions(source)

    # Looking at each rest of the text again would take minutes.
    assert time.process_time() - started < 10


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("https://a.org/b", "https://a.org/b"),
        ("https://a.org.", "https://a.org"),
        ("https://a.org/b_(c)", "https://a.org/b_(c)"),
        ("https://a.org/b).", "https://a.org/b"),
        ("https://a.org/?q=1!", "https://a.org/?q=1"),
        ("https://a.org**", "https://a.org"),
        ("https://a.org\uff09", "https://a.org"),
    ],
)
def test_what_ends_a_sentence_does_not_belong_to_an_address(written: str, address: str) -> None:
    assert written[: address_end(written)] == address
