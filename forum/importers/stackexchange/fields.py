"""Turning one attribute of a dump's row into a value, or raising `BadField` with the reason."""

import re
import unicodedata
from datetime import UTC, datetime
from urllib.parse import urlsplit

LARGEST_ID = 2**63 - 1
# No post of any Stack Exchange site comes near either, so that larger numbers are no scores and no counts;
# both fit into the 32 bits that databases give them.
LARGEST_SCORE = 1_000_000
LARGEST_COUNT = 1_000_000_000
EARLIEST = datetime(2005, 1, 1, tzinfo=UTC)
LONGEST_TAG = 35

_DIGITS = re.compile(r"[0-9]{1,19}")
_NUMBER = re.compile(r"[+-]?[0-9]{1,19}")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?(Z|[+-]\d\d:\d\d)?", re.ASCII)
_ANGLED_TAGS = re.compile(r"<([^<>|]*)>")
_TAG = re.compile(r"[^\W_][\w.#+-]*")


class BadField(ValueError):
    """The text can't be the value of its field; the message says why."""


def parse_id(text: str) -> int:
    """Return an id of 1 to 63 bits, written in ASCII digits."""
    if not _DIGITS.fullmatch(text) or not 0 < int(text) <= LARGEST_ID:
        raise BadField(f"{_shown(text)} is not an id")
    return int(text)


def parse_user_id(text: str) -> int:
    """Return the id of a person; -1 is the account of the site itself, named Community."""
    return -1 if text == "-1" else parse_id(text)


def parse_number(text: str, *, lowest: int, highest: int) -> int:
    """Return a whole number within both bounds."""
    if not _NUMBER.fullmatch(text):
        raise BadField(f"{_shown(text)} is not a whole number")
    if not lowest <= int(text) <= highest:
        raise BadField(f"{int(text)} is not between {lowest} and {highest}")
    return int(text)


def parse_moment(text: str, *, latest: datetime) -> datetime:
    """Return a moment in UTC, which is what a date without a zone means in a dump, from 2005 to `latest`."""
    if not _MOMENT.fullmatch(text):
        raise BadField(f"{_shown(text)} is not a date")
    try:
        moment = datetime.fromisoformat(text)
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadField(f"{_shown(text)} is not a date") from None
    if not EARLIEST <= moment <= latest:
        raise BadField(f"{_shown(text)} is not between 2005 and today")
    return moment


def parse_tags(text: str) -> tuple[tuple[str, ...], list[str]]:
    """Return the tags of `<a><b>` or `|a|b|` in their order, each once, and what had to be dropped."""
    if text.startswith("|"):
        names = [name for name in text.split("|") if name]
        rest = ""
    else:
        names = _ANGLED_TAGS.findall(text)
        rest = _ANGLED_TAGS.sub("", text).strip()
    dropped = [rest] if rest else []
    tags: list[str] = []
    for name in names:
        try:
            tag = parse_tag(name)
        except BadField:
            dropped.append(name)
            continue
        if tag in tags:
            dropped.append(name)
        else:
            tags.append(tag)
    return tuple(tags), dropped


def parse_tag(text: str) -> str:
    """Return the name of a tag in lower case and composed form."""
    name = unicodedata.normalize("NFC", text).lower()
    if len(name) > LONGEST_TAG or not _TAG.fullmatch(name):
        raise BadField(f"{_shown(text)} is not a tag")
    return name


def parse_address(text: str) -> str:
    """Return a web address that a profile may link to."""
    try:
        parts = urlsplit(text.strip())
    except ValueError:
        raise BadField(f"{_shown(text)} is not a web address") from None
    if parts.scheme not in {"http", "https"} or not parts.hostname or re.search(r"\s", text.strip()):
        raise BadField(f"{_shown(text)} is not a web address")
    return text.strip()


def one_line(text: str) -> str:
    """Return the text without control and formatting characters and with single blanks between its words.

    Formatting characters include the marks that turn the direction of writing, with which a name could
    rearrange the line that it stands in.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    kept = (" " if char.isspace() else char for char in text)
    return " ".join("".join(char for char in kept if not _is_control(char)).split())


def _is_control(char: str) -> bool:
    return unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Cn"} and char not in "\u200c\u200d"


def _shown(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:37] + "...")
