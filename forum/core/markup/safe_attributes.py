"""Addresses, ids and classes, judged by their decoded values and written anew.

Bleach compares addresses with a list of schemes in its own reading of them, and lets "javascript:1" through.
Here no address gets out that was not looked at in the form browsers see.
"""

import html
import re
from collections.abc import Iterable, Iterator

from forum.core.markup.allow_list import allowed_classes
from forum.core.markup.image_names import ImageName, image_at
from forum.core.markup.links import is_local, mail_address, safe_address
from forum.core.markup.tokens import LINK_RELATION, Token, attributes_of, tag_token, text_token
from forum.core.markup.values import Flavour

_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_FOOTNOTE_ID = re.compile(r"(fn|fnref\d*):(.*)", re.DOTALL)


class Attributes:
    """Make addresses, ids and classes safe, and everything but the site's own images into links."""

    def __init__(self, source: Iterable[Token], *, flavour: Flavour, anchor: str) -> None:
        self._source = source
        self._flavour = flavour
        self._anchor = anchor
        self._own_id = re.compile(rf"user-content-{anchor}-fn(?:ref\d*)?-\d+")
        self._footnotes: dict[str, int] = {}
        self._ids: set[str] = set()
        self._open_links = 0

    def __iter__(self) -> Iterator[Token]:
        for token in self._source:
            if token["type"] in ("StartTag", "EmptyTag"):
                yield from self._element(token)
            else:
                if token["type"] == "EndTag" and token["name"] == "a":
                    self._open_links -= 1
                yield token

    def _element(self, token: Token) -> Iterator[Token]:
        values = {name: _decoded(value) for (_, name), value in token["data"].items()}
        name = token["name"]
        if name == "img":
            yield from self._image(values)
            return
        if name == "input" and values.get("type") != "checkbox":
            return
        if name == "input":
            values["disabled"] = ""
        if name == "a":
            self._open_links += 1
            self._link(values)
        self._identify(values)
        yield {**token, "data": attributes_of(values)}

    def _link(self, values: dict[str, str]) -> None:
        written = values.pop("href", "")
        address = safe_address(written) or mail_address(written)
        if footnote := _FOOTNOTE_ID.fullmatch(written.removeprefix("#")):
            address = f"#{self._footnote_id(footnote)}"
        if address is None:
            return
        values["href"] = address
        if not is_local(address):
            values["rel"] = LINK_RELATION

    def _identify(self, values: dict[str, str]) -> None:
        identity = values.pop("id", "")
        if footnote := _FOOTNOTE_ID.fullmatch(identity):
            identity = self._footnote_id(footnote)
        if self._own_id.fullmatch(identity) and identity not in self._ids:
            self._ids.add(identity)
            values["id"] = identity
        if classes := allowed_classes(values.pop("class", "")):
            values["class"] = classes

    def _footnote_id(self, footnote: re.Match[str]) -> str:
        number = self._footnotes.setdefault(footnote[2], len(self._footnotes) + 1)
        return f"user-content-{self._anchor}-{footnote[1]}-{number}"

    def _image(self, values: dict[str, str]) -> Iterator[Token]:
        """Show images of this site; a post must not make its readers' browsers call other hosts."""
        address = safe_address(values.get("src", ""))
        described = values.get("alt", "").strip()
        image = image_at(address) if address and self._flavour is Flavour.POST else None
        if image is not None:
            yield from self._own_image(image, alt=described, title=values.get("title", ""))
        elif address is None or address.startswith(("#", "mailto:")) or self._open_links:
            yield text_token(described)
        else:
            relation = {} if is_local(address) else {"rel": LINK_RELATION}
            yield tag_token("StartTag", "a", {"href": address, **relation, "class": "remote-image"})
            yield text_token(described or address.rstrip("/").rpartition("/")[2])
            yield tag_token("EndTag", "a", {})

    def _own_image(self, image: ImageName, *, alt: str, title: str) -> Iterator[Token]:
        """Show an image at a size that suits a text; one that has more to see leads to its full size."""
        width, height = image.shown_size
        shown = {"src": image.shown_path, "alt": alt} | ({"title": title} if title else {})
        shown |= {"width": str(width), "height": str(height), "loading": "lazy", "decoding": "async"}
        leads_on = (width, height) != (image.width, image.height) and not self._open_links
        if leads_on:
            yield tag_token("StartTag", "a", {"href": image.path})
        yield tag_token("EmptyTag", "img", shown)
        if leads_on:
            yield tag_token("EndTag", "a", {})


def _decoded(value: str) -> str:
    return _ENTITY.sub(lambda found: html.unescape(found[0]), value)
