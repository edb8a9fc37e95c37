"""What a tag may be called and how many a question carries."""

import re
from collections.abc import Iterable
from urllib.parse import quote

from forum.core.errors import Invalid
from forum.core.i18n import gettext

COUNT = (1, 5)
NAME_LENGTH = 35
EXCERPT_LENGTH = 300
DESCRIPTION_LENGTH = 10_000
LISTED_FROM = 3
"""Search engines are told of tags with so many questions: a page of fewer says less than they do."""

# Letters and digits of any script, with the signs of c++, c#, .net, node.js, objective-c and usb_c.
_NAME = re.compile(r"[^\W_]([\w.+#-]*[\w+#])?|\.[^\W_][\w.+#-]*")


def parse_names(text: str) -> tuple[str, ...]:
    """Return the tags that somebody typed between commas or blanks; raise Invalid when they can't be used."""
    return check_names(re.split(r"[\s,;]+", text))


def check_names(names: Iterable[str]) -> tuple[str, ...]:
    """Return the tags in lower case, each once; raise Invalid when they are too few, too many or no names."""
    cleaned = tuple(dict.fromkeys(name.strip().casefold() for name in names if name.strip()))
    least, most = COUNT
    if not least <= len(cleaned) <= most:
        message = gettext(
            "A question carries %(least)s to %(most)s tags; you gave %(count)s.",
            least=least,
            most=most,
            count=len(cleaned),
        )
        raise Invalid("tags", message)
    for name in cleaned:
        check_name(name)
    return cleaned


def check_name(name: str) -> str:
    """Return the name of a tag; raise Invalid when it can't be one."""
    if len(name) > NAME_LENGTH:
        message = gettext(
            "A tag has at most %(most)s characters: %(beginning)s… is longer.",
            most=NAME_LENGTH,
            beginning=name[:NAME_LENGTH],
        )
        raise Invalid("tags", message)
    if not _NAME.fullmatch(name):
        message = gettext(
            "%(name)s can't be a tag: use letters, digits and the signs - . + #", name=repr(name)
        )
        raise Invalid("tags", message)
    return name


def tag_path(name: str) -> str:
    """Return the address of a tag's page on this site."""
    return f"/tags/{quote(name, safe='')}"
