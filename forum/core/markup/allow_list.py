"""The elements, attributes and classes that stored HTML may have; whatever is not here does not get out."""

import re

from pygments.token import STANDARD_TYPES

from forum.core.markup.highlighting import LANGUAGES
from forum.core.markup.values import Flavour


def _named(elements: str) -> frozenset[str]:
    return frozenset(elements.split())


_INLINE = _named(
    "a abbr b bdi br cite code del dfn em i img ins kbd mark q s samp small span strike strong"
) | _named("sub sup tt u var")
_ABOUT = _INLINE | _named("blockquote dd div dl dt hr input label li ol p pre ul")
_POST = _ABOUT | _named("h1 h2 h3 h4 h5 h6 table tbody td tfoot th thead tr")

# Images are named in all flavours because they become links where they can't be shown.
ELEMENTS = {
    Flavour.POST: _POST,
    Flavour.ABOUT: _ABOUT,
    Flavour.COMMENT: _INLINE | {"p", "pre"},
}

ATTRIBUTES = {
    "a": {"href", "title"},
    "abbr": {"title"},
    "img": {"src", "alt", "title"},
    "input": {"type", "checked"},
    "li": {"id"},
    "ol": {"start"},
    "sup": {"id"},
    "td": {"align"},
    "th": {"align"},
}

_CLASSES = (
    frozenset(name for name in STANDARD_TYPES.values() if name)
    | {f"language-{language}" for language in LANGUAGES.values()}
    | {"footnote", "footnote-ref", "footnote-backref", "highlight", "mention", "remote-image"}
    | {"task-list", "task-list-item"}
)
_VALUES = {
    ("td", "align"): re.compile("left|center|right"),
    ("th", "align"): re.compile("left|center|right"),
    ("ol", "start"): re.compile("[0-9]{1,9}"),
    ("input", "type"): re.compile("checkbox"),
}

BLOCKS = _POST - _INLINE - {"input", "label"} | {"br"}
CODE = _named("code pre kbd samp tt")


def is_allowed(element: str, attribute: str, value: str) -> bool:
    """Tell whether an element may have an attribute with a value; addresses and ids are judged later."""
    if attribute == "class":
        return True
    if attribute not in ATTRIBUTES.get(element, ()):
        return False
    values = _VALUES.get((element, attribute))
    return values is None or values.fullmatch(value) is not None


def allowed_classes(value: str) -> str:
    """Return those of the classes that belong to rendered text: others could dress it up as the page."""
    return " ".join(name for name in value.split() if name in _CLASSES)
