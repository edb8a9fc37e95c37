"""The last step: nothing but what the allow list names, each address checked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from bleach.sanitizer import Cleaner

from forum.core.markup.allow_list import ELEMENTS, is_allowed
from forum.core.markup.colours import Colours
from forum.core.markup.labels import Labels
from forum.core.markup.running_text import Texts
from forum.core.markup.safe_attributes import Attributes
from forum.core.markup.tokens import Token
from forum.core.markup.values import DEFAULT_ANCHOR, Flavour


@dataclass(frozen=True, slots=True)
class Sanitised:
    """Safe HTML, its plain text, its code, and the keys of the names that were linked."""

    html: str
    text: str
    code: str
    mentions: frozenset[str]


def sanitise(
    unsafe: str,
    *,
    flavour: Flavour = Flavour.POST,
    mentions: Mapping[str, str] | None = None,
    anchor: str = DEFAULT_ANCHOR,
) -> Sanitised:
    """Return safe HTML; what is not allowed shows as text, and the result given in again stays as it is."""
    passes: list[Texts] = []

    def finish(source: Iterable[Token]) -> Any:
        labelled = Labels(Attributes(source, flavour=flavour, anchor=anchor))
        passes.append(Texts(labelled, mentions=mentions or {}))
        return Colours(passes[-1])

    cleaner = _cleaner(flavour)
    cleaner.filters = [finish]
    safe = cleaner.clean(unsafe).strip()
    if not passes:
        return Sanitised("", "", "", frozenset())
    texts = passes[0]
    return Sanitised(
        safe, _lines("".join(texts.text)), "".join(texts.code).strip("\n"), frozenset(texts.mentioned)
    )


@cache
def _cleaner(flavour: Flavour) -> Cleaner:
    return Cleaner(
        tags=ELEMENTS[flavour],
        attributes=is_allowed,
        protocols={"http", "https", "mailto"},
        strip_comments=True,
    )


def _lines(text: str) -> str:
    return "\n".join(line for written in text.split("\n") if (line := written.strip()))
