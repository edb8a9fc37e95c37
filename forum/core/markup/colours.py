"""The colours of code, put in after sanitising: Bleach would take longer to read them than all the rest."""

import re
from collections.abc import Iterable, Iterator

from forum.core.markup.highlighting import coloured
from forum.core.markup.tokens import Token, tag_token, text_token

_LANGUAGE = re.compile("language-([^ ]+)")


class Colours:
    """Colour the code blocks that name their language and hold nothing but text."""

    def __init__(self, source: Iterable[Token]) -> None:
        self._source = source

    def __iter__(self) -> Iterator[Token]:
        tokens = iter(self._source)
        for token in tokens:
            yield token
            if token["type"] != "StartTag" or token["name"] != "code":
                continue
            if language := _LANGUAGE.fullmatch(token["data"].get((None, "class"), "")):
                yield from self._code(tokens, language[1])

    def _code(self, tokens: Iterator[Token], language: str) -> Iterator[Token]:
        text: list[str] = []
        after: Token | None = None
        for after in tokens:
            if after["type"] != "Characters":
                break
            text.append(after["data"])
        if after is None or after["type"] != "EndTag":
            yield from map(text_token, text)
        else:
            yield from _spans("".join(text), language)
        if after:
            yield after


def _spans(code: str, language: str) -> Iterator[Token]:
    for name, piece in coloured(code, language):
        if name:
            yield tag_token("StartTag", "span", {"class": name})
        yield text_token(piece)
        if name:
            yield tag_token("EndTag", "span", {})
