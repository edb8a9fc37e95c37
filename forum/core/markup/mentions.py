"""Names mentioned with @, and the addresses written out in a text."""

import re
import unicodedata
from collections.abc import Iterator

# \w leaves out the vowel signs of the Indic, Thai, Hebrew and Arabic scripts, without which names break off.
_SIGNS = "\u0300-\u036f\u0591-\u05c7\u0610-\u065f\u0900-\u0963\u0966-\u0dff\u0e31-\u0e4e"
# Chinese, Japanese and Korean are written without blanks, so a name or an address may follow directly.
_AFTER_WORD = r"(?<![^\W\u3040-\u9fff\uac00-\ud7af])"

MENTION = rf"{_AFTER_WORD}(?<![@/])@(?P<name>[\w.\-{_SIGNS}]{{2,40}})"
_ADDRESS_START = r"(?<![A-Za-z0-9_])(?i:https?)://"
_NOT_IN_ADDRESS = r"\s<>\"`\x02\x03"
ADDRESS = rf"(?P<address>{_ADDRESS_START}[^{_NOT_IN_ADDRESS}]+)"
# The same up to the last character that can't belong to the sentence.
ADDRESS_WITHOUT_END = rf"{_ADDRESS_START}[^{_NOT_IN_ADDRESS}]*[^{_NOT_IN_ADDRESS}?!.,:;*_~')]"

_MENTION = re.compile(MENTION)
_TRAILING = "?!.,:;*_~'\"\u3001\u3002\uff0c\uff01\uff1f\uff09\u300d\u201d\u2019"
_FENCE = re.compile(r"(?:[ >]*(?:(?:[-*+]|\d{1,9}[.)]) +)?)(`{3,}|~{3,})([^\n]*)")
_TICKS = re.compile(r"`+")


def mention_key(name: str) -> str:
    """Return the form of a name that mentions are compared by.

    Spelling variants of Unicode, case, blanks and punctuation other than the underscore don't count.
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    return "".join(filter(_counts, folded))


def find_mentions(source: str) -> frozenset[str]:
    """Return the keys of all names that a Markdown source may mention, in time linear in its length.

    What rendering then links is a part of these: only it knows for certain what is code or a link.
    """
    return frozenset(
        key
        for piece in _outside_code(source)
        for name in _MENTION.finditer(piece)
        if (key := name_key(name["name"]))
    )


def name_key(written: str) -> str:
    """Return the key of a name as it was found in a text, where a full stop may follow it."""
    return mention_key(written[: name_end(written)])


def name_end(written: str) -> int:
    """Return how many characters of what follows an @ are the name."""
    return len(written.rstrip(".-"))


def address_end(written: str) -> int:
    """Return how many characters of an address in running text belong to it.

    Closing marks at its end belong to the sentence, closing brackets only if they close nothing in the
    address: the rules of GitHub Flavored Markdown.
    """
    end = len(written)
    unmatched = written.count(")") - written.count("(")
    while end:
        last = written[end - 1]
        if last == ")" and unmatched > 0:
            unmatched -= 1
        elif last not in _TRAILING:
            break
        end -= 1
    return end


def mention_of(name: str) -> str:
    """Return what is written after an @ to mention somebody of this name: without blanks and brackets."""
    written = "".join(character for character in name if _counts(character) or character in ".-")
    return written.strip(".-")


def _counts(character: str) -> bool:
    return character.isalnum() or character == "_" or unicodedata.category(character)[0] == "M"


def _outside_code(source: str) -> Iterator[str]:
    prose: list[str] = []
    fence = ""
    for line in source.splitlines():
        opening = _FENCE.match(line)
        if fence:
            if opening and opening[1].startswith(fence) and not opening[2].strip():
                fence = ""
        elif opening and not (opening[1][0] == "`" and "`" in opening[2]):
            fence = opening[1]
        else:
            prose.append(line)
            if not line.strip():
                yield from _outside_code_spans("\n".join(prose))
                prose.clear()
    yield from _outside_code_spans("\n".join(prose))


def _outside_code_spans(paragraph: str) -> Iterator[str]:
    ticks = list(_TICKS.finditer(paragraph))
    closing: dict[int, int] = {}
    latest: dict[int, int] = {}
    for index in range(len(ticks) - 1, -1, -1):
        length = len(ticks[index][0])
        closing[index] = latest.get(length, -1)
        latest[length] = index
    start = index = 0
    while index < len(ticks):
        if closing[index] > 0:
            yield paragraph[start : ticks[index].start()]
            index = closing[index]
            start = ticks[index].end()
        index += 1
    yield paragraph[start:]
