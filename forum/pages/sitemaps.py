"""Sitemaps (sitemaps.org): all addresses that a search engine should know, in files of stable portions.

A file holds the questions, tags or people of 50,000 ids, which is the protocol's greatest number of
addresses: whatever is added later changes the last file only, and nothing is counted or skipped to find one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from forum.posts.queries import listing
from forum.posts.rules import question_path, slugify
from forum.tags import queries as tags
from forum.tags.rules import tag_path

MOST_ADDRESSES = 50_000
"""Addresses in a file at most, by the protocol."""


class Kind(StrEnum):
    """What a file is about."""

    QUESTIONS = "questions"
    TAGS = "tags"
    PEOPLE = "people"


@dataclass(frozen=True, slots=True)
class SitemapFile:
    """A file, named by the first id that it could hold."""

    kind: Kind
    first: int
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Address:
    """A path on this site, and when what stands there changed, if that is known."""

    path: str
    changed_at: datetime | None = None


def files(session: Session) -> tuple[SitemapFile, ...]:
    """Return all files; three statements."""
    size = MOST_ADDRESSES
    found = [
        SitemapFile(Kind.QUESTIONS, number * size, changed_at)
        for number, changed_at in listing.question_portions(session, size)
    ]
    found += [SitemapFile(Kind.TAGS, number * size) for number in tags.portions(session, size)]
    found += [SitemapFile(Kind.PEOPLE, number * size) for number in listing.people_portions(session, size)]
    return tuple(found)


def addresses(session: Session, kind: Kind, first: int) -> Iterator[Address]:
    """Yield the addresses of a file that begins with the id `first`; one statement."""
    last = first + MOST_ADDRESSES - 1
    if kind is Kind.QUESTIONS:
        for question in listing.questions_between(session, first, last):
            yield Address(question_path(question.id, question.slug), question.active_at)
    elif kind is Kind.TAGS:
        for name in tags.names_between(session, first, last):
            yield Address(tag_path(name))
    else:
        for person in listing.people_between(session, first, last):
            yield Address(f"/users/{person.id}/{slugify(person.name)}")
