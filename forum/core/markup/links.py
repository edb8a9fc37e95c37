"""Which addresses a text of ours may point to, judged as a browser would read them.

Browsers follow the WHATWG URL standard, which forgives far more than `urllib.parse` knows of: controls at
the ends, tabs and line feeds anywhere, backslashes for slashes. An address is therefore first brought into
the form in which the browser reads it, and that form is what gets stored.
"""

import re
from urllib.parse import quote

MAX_ADDRESS = 2_000  # characters; what browsers and proxies carry without trouble
MAILBOX = r"[\w.!#$&'*+/=^`{|}~-]+@[\w-]+(?:\.[\w-]+)*"

_ENDS = "".join(map(chr, range(0x21)))
_DROPPED_ANYWHERE = str.maketrans("", "", "\t\n\r")
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_AUTHORITY = re.compile(r"(?:[^\s/?#@\\<>\"'^`{|}%\[\]]+|\[[0-9a-f:.]+\](?::\d*)?)", re.IGNORECASE)
_MAILBOX = re.compile(MAILBOX)
_TAIL = re.compile(r"[?#]")
_AWKWARD = re.compile(
    "[\x00-\x20\"'<>\\\\^`{|}\x7f-\xa0\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)


def safe_address(value: str) -> str | None:
    """Return the address as browsers read it, or None unless it is http, https, mailto, a path or a fragment.

    A path starts with one slash and stays on this site. Addresses with credentials are refused, because
    all they do in a link is to make it look as if it led elsewhere.
    """
    address = value.strip(_ENDS).translate(_DROPPED_ANYWHERE)
    if not address or len(address) > MAX_ADDRESS:
        return None
    scheme = _SCHEME.match(address)
    if scheme is None:
        return _local(address)
    rest = address[scheme.end() :]
    match scheme[1].lower():
        case "http" | "https" as name:
            return _web(name, rest)
        case "mailto":
            return _mail(rest)
    return None


def mail_address(value: str) -> str | None:
    """Return the address of a mailbox written without its scheme, as in <name@example.org>, or None."""
    return f"mailto:{value}" if _MAILBOX.fullmatch(value) else None


def is_local(address: str) -> bool:
    """Tell whether a safe address stays on this site."""
    return address.startswith(("/", "#"))


def _local(address: str) -> str | None:
    if address.startswith("#"):
        return _encoded(address)
    path, tail = _split(address)
    if not path.startswith("/") or path.startswith("//"):
        return None
    return _encoded(path + tail)


def _web(scheme: str, rest: str) -> str | None:
    path, tail = _split(rest)
    if not path.startswith("//"):
        return None
    path = path.lstrip("/")
    authority, slash, path = path.partition("/")
    if not _AUTHORITY.fullmatch(authority):
        return None
    return f"{scheme}://{authority}{_encoded(slash + path + tail)}"


def _mail(rest: str) -> str | None:
    # A query could add recipients and attachments.
    return mail_address(rest.partition("?")[0])


def _split(address: str) -> tuple[str, str]:
    """Return the part in which a backslash is a slash, corrected, and the query with the fragment."""
    tail = _TAIL.search(address)
    end = tail.start() if tail else len(address)
    return address[:end].replace("\\", "/"), address[end:]


def _encoded(part: str) -> str:
    return _AWKWARD.sub(lambda found: quote(found[0], safe="", errors="replace"), part)
