"""Links between posts of the imported site, made to lead to their new places."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

from forum.importers.stackexchange.fields import BadField, parse_tag
from forum.importers.stackexchange.site_host import canonical

_QUESTION = re.compile(r"/(?:questions|q)/(\d{1,18})(?:/|$)")
_ANSWER_OF = re.compile(r"/questions/\d{1,18}/[^/]*/(\d{1,18})(?:/|$)")
_ANSWER = re.compile(r"/a/(\d{1,18})(?:/|$)")
_USER = re.compile(r"/users/(-1|\d{1,18})(?:/|$)")
_TAG = re.compile(r"/(?:questions/tagged|tags)/([^/]+)(?:/(?:info|hot|new|synonyms|topusers))?/?$")
_ANSWER_FRAGMENT = re.compile(r"(?:answer-)?(\d{1,18})$")

_ADDRESS = r"https?://[^\s<>\"'`\])]+|(?<=\()/[^\s/<>\"'`\])][^\s<>\"'`\])]*"
_CODE = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)|^(?: {4}|\t).*$|^(```+|~~~+)[\s\S]*?^\2", re.MULTILINE)
_IN_MARKDOWN = re.compile(
    rf"(?P<before>\]\(\s*<?|^ {{0,3}}\[[^\]]+\]:\s*<?|<|href=\"|)(?P<address>{_ADDRESS})(?P<after>>?)",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Places:
    """Where things of the imported site are now: each function takes an id of the dump."""

    post: Callable[[int], tuple[str, int] | None]
    """Return 'question' or 'answer' and our id of a post."""
    user: Callable[[int], int | None]
    """Return our id of a person."""


@dataclass(frozen=True, slots=True)
class Links:
    """Rewrites the addresses of one site; without a host, only those that name none."""

    host: str | None
    places: Places

    def rewrite(self, address: str) -> str:
        """Return our address of what the link led to, or one that still leads to the old site."""
        try:
            parts = urlsplit(address)
        except ValueError:
            return address
        if parts.scheme not in {"", "http", "https"}:
            return address
        if parts.netloc and canonical(parts.netloc) != self.host:
            return f"https:{address}" if address.startswith("//") else address
        local = self._local(parts.path, parts.fragment)
        if local is not None:
            return local
        is_path = address.startswith("/") and not parts.netloc
        return f"https://{self.host}{address}" if is_path and self.host else address

    def rewrite_markdown(self, source: str) -> str:
        """Return Markdown whose links are rewritten; code stays as it is."""
        pieces: list[str] = []
        position = 0
        for code in _CODE.finditer(source):
            pieces += [_IN_MARKDOWN.sub(self._replace, source[position : code.start()]), code[0]]
            position = code.end()
        return "".join(pieces) + _IN_MARKDOWN.sub(self._replace, source[position:])

    def _replace(self, found: re.Match[str]) -> str:
        before, written, after = found["before"], found["address"], found["after"]
        address = written.rstrip(".,;:!?") if not before else written
        target = self.rewrite(address)
        if target == address:
            return found[0]
        if before in {"", "<"}:
            # A written-out address keeps its text, so it becomes a link with a text.
            rest = written[len(address) :]
            return f"[{address}]({target}){rest}" if before == "" or after else found[0]
        return f"{before}{target}{after}"

    def _local(self, path: str, fragment: str) -> str | None:
        for id_ in _post_ids(path, fragment):
            place = self.places.post(id_)
            if place is not None:
                kind, local = place
                return f"/questions/{local}" if kind == "question" else f"/answers/{local}"
        if found := _USER.match(path):
            user = self.places.user(int(found[1]))
            return None if user is None else f"/users/{user}"
        if found := _TAG.match(path):
            return _tag_address(unquote(found[1]))
        return None


def _post_ids(path: str, fragment: str) -> list[int]:
    """Return the ids of the posts that an address may mean, the most exact first."""
    ids: list[int] = []
    in_fragment = _ANSWER_FRAGMENT.match(fragment)
    question = _QUESTION.match(path)
    if question and in_fragment:
        ids.append(int(in_fragment[1]))
    answers = (pattern.match(path) for pattern in (_ANSWER_OF, _ANSWER))
    ids += [int(found[1]) for found in answers if found]
    if question:
        ids.append(int(question[1]))
    return ids


def _tag_address(name: str) -> str | None:
    try:
        return f"/tags/{quote(parse_tag(name))}"
    except BadField:
        return None
