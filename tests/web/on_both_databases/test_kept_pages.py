"""Random writes and reads at the same time: no kept page ever differs from one that is made anew.

Two applications over one database stand for two processes: each keeps pages of its own. While people write,
others read, so that pages are kept at every moment of every write. Then everything is compared.
"""

import os
import random
import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from forum.accounts.rules import Actor
from forum.core.db import Database
from forum.core.errors import AskwellError
from forum.posts.actions import (
    accepting,
    answering,
    asking,
    closing,
    commenting,
    deleting,
    editing,
    outdating,
)
from forum.posts.models import Comment, Post
from forum.tags import actions as tags
from forum.tags.models import Tag
from forum.votes import actions as votes
from forum.web import page_cache
from tests.factories import make_user
from tests.web.browser import Browser
from tests.web.conftest import MakeApp

SECONDS = float(os.environ.get("TEST_KEPT_PAGES_SECONDS", "4"))
"""How long people write and read; give more to look for what happens seldom."""
LISTS = (
    *("/", "/questions", "/questions?sort=hot", "/questions?sort=score", "/questions/unanswered"),
    *(
        "/questions/unanswered?kind=accepted",
        "/tags",
        "/tags?sort=name",
        "/tags/docks",
        "/tags/wifi?sort=score",
    ),
)
WORDS = ("dock", "printer", "fan", "update", "screen", "battery", "cable", "driver")
# What may be up to a minute late, and what each making of a page has anew.
_LATE = re.compile(
    r'data-opened="\d+"|Viewed [\d,]+ times?|<span>[\d.km]+ views?</span>|just now|1 minute ago'
)

Write = Callable[[Session, Actor, random.Random], object]


def _text(chance: random.Random) -> str:
    return f"The {chance.choice(WORDS)} does {chance.choice(WORDS)} again since {chance.randrange(10**6)}."


def _some(session: Session, chance: random.Random, *, kind: str) -> Post:
    found = session.scalars(select(Post).where(Post.kind == kind)).all()
    return chance.choice(found)


def _ask(session: Session, actor: Actor, chance: random.Random) -> object:
    names = chance.sample(("docks", "wifi", "bios", "usb"), 2)
    title = f"Why does the {chance.choice(WORDS)} stop at {chance.randrange(10**6)}?"
    return asking.ask(session, actor, title=title, source=_text(chance), tags=names, submission=str(uuid4()))


def _answer(session: Session, actor: Actor, chance: random.Random) -> object:
    question = _some(session, chance, kind="question")
    return answering.answer(session, actor, question.id, source=_text(chance), submission=str(uuid4()))


def _comment(session: Session, actor: Actor, chance: random.Random) -> object:
    post = _some(session, chance, kind=chance.choice(("question", "answer")))
    return commenting.comment(session, actor, post.id, source=_text(chance), submission=str(uuid4()))


def _vote(session: Session, actor: Actor, chance: random.Random) -> object:
    post = _some(session, chance, kind=chance.choice(("question", "answer")))
    return votes.cast(session, actor, post.id, chance.choice((1, 1, -1, 0)))


def _find_useful(session: Session, actor: Actor, chance: random.Random) -> object:
    comment = chance.choice(session.scalars(select(Comment)).all())
    return votes.cast_on_comment(session, actor, comment.id, chance.choice((True, False)))


def _accept(session: Session, actor: Actor, chance: random.Random) -> object:
    return accepting.accept(session, actor, _some(session, chance, kind="answer").id)


def _edit(session: Session, actor: Actor, chance: random.Random) -> object:
    post = _some(session, chance, kind=chance.choice(("question", "answer")))
    return editing.edit_post(session, actor, post.id, source=_text(chance), based_on=post.revision_count)


def _delete(session: Session, actor: Actor, chance: random.Random) -> object:
    post = _some(session, chance, kind="answer")
    change = deleting.undelete_post if post.deleted_at else deleting.delete_post
    return change(session, actor, post.id)


def _close(session: Session, actor: Actor, chance: random.Random) -> object:
    question = _some(session, chance, kind="question")
    if question.closed_at:
        return closing.reopen(session, actor, question.id)
    return closing.close(session, actor, question.id, reason="off-topic")


def _outdate(session: Session, actor: Actor, chance: random.Random) -> object:
    return outdating.mark_outdated(session, actor, _some(session, chance, kind="answer").id)


def _describe(session: Session, actor: Actor, chance: random.Random) -> object:
    tag = chance.choice(session.scalars(select(Tag)).all())
    return tags.describe(session, actor, tag.id, excerpt=f"About {_text(chance)}"[:100], source="")


WRITES: tuple[Write, ...] = (
    *(_ask, _answer, _answer, _comment, _vote, _vote, _vote, _find_useful),
    *(_accept, _edit, _delete, _close, _outdate, _describe),
)


def _write(database: Database, person: Actor, seed: int, until: float) -> int:
    chance, count = random.Random(seed), 0
    while time.monotonic() < until:
        # A rule may say no, and a database may let one of two at the same instant begin anew.
        with suppress(AskwellError, OperationalError), database.transaction() as session:
            chance.choice(WRITES)(session, person, chance)
            count += 1
    return count


def _addresses(database: Database) -> list[str]:
    with database.reading() as session:
        questions = session.execute(select(Post.id, Post.slug).where(Post.kind == "question")).all()
    return [*LISTS, *(f"/questions/{row.id}/{row.slug}" for row in questions)]


def _read(app: Flask, database: Database, seed: int, until: float) -> int:
    chance, visitor, count = random.Random(seed), Browser(app), 0
    addresses = _addresses(database)
    # On a busy machine some seconds may pass with a few pages only.
    while time.monotonic() < until or count <= 10:
        if count % 50 == 49:
            addresses = _addresses(database)
        assert visitor.get(chance.choice(addresses)).status_code == 200
        count += 1
    return count


def _shown(app: Flask, path: str) -> str:
    return _LATE.sub("", Browser(app).get(path).text)


def test_no_kept_page_differs_from_one_made_anew(
    database: Database, make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.transaction() as session:
        users = [make_user(session, f"Person {number}", reputation=20_000) for number in range(3)]
    people = [Actor(id=user.id, name=user.name, role="moderator", reputation=20_000) for user in users]
    for seed in range(40):
        with suppress(AskwellError), database.transaction() as session:
            (_ask if seed < 12 else _answer)(session, people[seed % 3], random.Random(seed))
    with database.transaction() as session:
        _comment(session, people[0], random.Random(1))
    processes = [make_app(), make_app()]
    seed = random.randrange(10**6)

    until = time.monotonic() + SECONDS
    with ThreadPoolExecutor(5) as threads:
        writing = [
            threads.submit(_write, database, person, seed + n, until) for n, person in enumerate(people)
        ]
        reading = [threads.submit(_read, app, database, seed + n, until) for n, app in enumerate(processes)]
        written, read = (sum(each.result() for each in some) for some in (writing, reading))

    assert written > 5
    assert read > 20
    kept = {path: [_shown(app, path) for app in processes] for path in _addresses(database)}
    with monkeypatch.context() as patch:
        patch.setattr(page_cache.PageCache, "get", lambda _cache, _key: None)
        anew = {path: _shown(processes[0], path) for path in kept}
    assert {path: pages for path, pages in kept.items() if set(pages) != {anew[path]}} == {}, seed
