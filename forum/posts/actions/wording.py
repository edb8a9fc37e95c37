"""From what somebody typed to what is stored of it.

Rendering takes milliseconds, and up to the time limit for hostile text. So `prepare` does it before the
action touches the database, as a transaction that has begun makes other writers wait; `finished_html`
then needs one look-up, and only when somebody is mentioned.
"""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from forum.accounts.queries import people_named
from forum.accounts.rules import profile_path
from forum.core.markup import Flavour, Rendered, find_mentions, render

_CANDIDATE = "/users/@"
_MENTION = re.compile(r'<a\b[^>]*?\bhref="/users/@([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Written:
    """A text with its rendering, in which mentions of people still wait to be looked up."""

    source: str
    rendered: Rendered
    mentioned: frozenset[str]


def prepare(source: str, *, flavour: Flavour = Flavour.POST) -> Written:
    """Render a text; costs processor time and no database."""
    mentioned = find_mentions(source)
    rendered = render(
        source,
        flavour=flavour,
        mentions={key: f"{_CANDIDATE}{key}" for key in mentioned},
        anchor=f"t{secrets.token_hex(4)}",
    )
    return Written(source=source, rendered=rendered, mentioned=mentioned)


def finished_html(session: Session, written: Written) -> str:
    """Return the HTML to be stored: mentions of people who are here lead to their profiles."""
    if not written.mentioned:
        return written.rendered.html
    return link_mentions(written.rendered.html, people_named(session, sorted(written.mentioned)))


def link_mentions(html: str, people: Mapping[str, int]) -> str:
    """Point the links of `prepare` at the profiles of the people, and take those to nobody away."""

    def link(match: re.Match[str]) -> str:
        user_id = people.get(match[1])
        if user_id is None:
            return match[2]
        return match[0].replace(f"{_CANDIDATE}{match[1]}", profile_path(user_id), 1)

    return _MENTION.sub(link, html)
