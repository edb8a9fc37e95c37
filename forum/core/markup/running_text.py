"""What happens to text: addresses and mentions become links, and the plain text is kept."""

import html
import re
from collections.abc import Iterable, Iterator, Mapping

from forum.core.markup.allow_list import BLOCKS, CODE
from forum.core.markup.characters import with_visible_direction
from forum.core.markup.links import safe_address
from forum.core.markup.mentions import ADDRESS, MENTION, address_end, name_end, name_key
from forum.core.markup.tokens import LINK_RELATION, Token, tag_token, text_token

_TO_LINK = re.compile(f"{ADDRESS}|{MENTION}")
_STEPS = {"StartTag": 1, "EndTag": -1}
_NOT_READ_OUT = {"footnote-ref", "footnote-backref"}


class Texts:
    """Link addresses and mentions in running text, show what code hides, and keep the plain text."""

    def __init__(self, source: Iterable[Token], *, mentions: Mapping[str, str]) -> None:
        self._source = source
        self._mentions = mentions
        self._open_links = self._open_code = 0
        self._is_silent = False
        self.mentioned: set[str] = set()
        self.text: list[str] = []
        self.code: list[str] = []

    def __iter__(self) -> Iterator[Token]:
        run: list[str] = []
        for token in self._source:
            if token["type"] in ("Characters", "SpaceCharacters"):
                run.append(token["data"])
            elif token["type"] == "Entity":
                run.append(html.unescape(f"&{token['name']};"))
            else:
                if run:
                    yield from self._running_text("".join(run))
                    run.clear()
                self._note(token)
                yield token
        if run:
            yield from self._running_text("".join(run))

    def _note(self, token: Token) -> None:
        name = token.get("name", "")
        step = _STEPS.get(token["type"], 0)
        if name == "a":
            self._open_links += step
            self._is_silent = step > 0 and token["data"].get((None, "class")) in _NOT_READ_OUT
        elif name in CODE:
            self._open_code += step
            if not self._open_code:
                self.code.append("\n")
        if name in BLOCKS:
            self.text.append("\n")
        if name == "img":
            # What an image shows is part of what a text says.
            self.text.append(html.unescape(token["data"].get((None, "alt"), "")))

    def _running_text(self, text: str) -> Iterator[Token]:
        if self._open_code:
            text = with_visible_direction(text)
            self.code.append(text)
        if not self._is_silent:
            self.text.append(text)
        if self._open_code or self._open_links:
            yield text_token(text)
        else:
            yield from self._linked(text)

    def _linked(self, text: str) -> Iterator[Token]:
        position = 0
        for found in _TO_LINK.finditer(text):
            end, attributes = self._link_for(found)
            if attributes:
                if position < found.start():
                    yield text_token(text[position : found.start()])
                yield tag_token("StartTag", "a", attributes)
                yield text_token(text[found.start() : end])
                yield tag_token("EndTag", "a", {})
                position = end
        if position < len(text):
            yield text_token(text[position:])

    def _link_for(self, found: re.Match[str]) -> tuple[int, dict[str, str]]:
        """Return where the link ends and its attributes, of which there are none when it is no link."""
        if written := found["address"]:
            end = address_end(written)
            address = safe_address(written[:end])
            return found.start() + end, {"href": address, "rel": LINK_RELATION} if address else {}
        key = name_key(found["name"])
        address = safe_address(self._mentions.get(key, ""))
        if address is None:
            return 0, {}
        self.mentioned.add(key)
        return found.start("name") + name_end(found["name"]), {"href": address, "class": "mention"}
