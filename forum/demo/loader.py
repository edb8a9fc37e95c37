"""Filling an empty site with the demo community.

Everything happens in one transaction: a demo that was interrupted leaves the site as empty as it was, and
can be started again.
"""

import re
from collections.abc import Callable
from typing import TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.accounts import actions as accounts
from forum.accounts import queries as people
from forum.accounts.models import User
from forum.accounts.rules import Actor, name_key
from forum.core import clock, outbox
from forum.core.db import Database
from forum.core.errors import Conflict
from forum.core.markup import Flavour, render
from forum.demo.script import Person, Script, TagText, read_script
from forum.demo.stage import Stage
from forum.demo.timeline import Timeline
from forum.posts.actions.viewing import count_views
from forum.posts.events import ThreadChanged
from forum.posts.models import Post
from forum.reputation.rules import START
from forum.search.indexer import QUEUE
from forum.tags import actions as tags
from forum.tags.models import TagSynonym
from forum.tags.rules import EXCERPT_LENGTH

Progress: TypeAlias = Callable[[int, int], None]
"""Is told how many happenings are done, of how many."""

_FIRST_SENTENCE = re.compile(r".+?[.!?](?=\s|$)|.+", re.DOTALL)
_MARKS = re.compile(r"[`*]")


def is_empty(database: Database) -> bool:
    """Tell whether nobody has asked anything on this site yet."""
    with database.reading() as session:
        return session.execute(select(Post.id).limit(1)).one_or_none() is None


def load(database: Database, *, progress: Progress | None = None) -> int:
    """Let the demo community happen and return the number of its questions.

    Nobody of it can sign in. Raise Conflict when the site has questions already, or people of these names.
    """
    now = clock.now()
    script = read_script(now)
    with database.transaction() as session:
        _refuse_mixture(session, script)
        stage = Stage(session, _settle(session, script))
        happenings = Timeline(script, now).happenings
        for done, happening in enumerate(happenings, start=1):
            with clock.frozen(happening.at):
                happening.act(stage)
            if progress is not None:
                progress(done, len(happenings))
        stage.count_votes()
        views = {stage.posts[question.writing.key]: question.views for question in script.questions}
        count_views(session, views)
        accounts.touch(session, stage.seen)
        _join_jobs(session, list(views))
    return len(script.questions)


def _refuse_mixture(session: Session, script: Script) -> None:
    if session.execute(select(Post.id).limit(1)).one_or_none() is not None:
        raise Conflict("The demo is for a site without questions; this one has some already.")
    taken = people.people_named(session, [name_key(person.name) for person in script.people])
    if taken:
        raise Conflict(f"The demo would need names that are taken here already: {', '.join(sorted(taken))}.")


def _settle(session: Session, script: Script) -> dict[str, Actor]:
    """Let the people join and a moderator describe the tags; return the people by their keys."""
    joined = {person.key: _join(session, person) for person in script.people}
    founder = next(person for person in script.people if person.role == "moderator")
    with clock.frozen(founder.joined_at):
        known = {tag.name: tag.tag_id for tag in tags.ensure(session, [tag.name for tag in script.tags])}
        for tag in script.tags:
            _describe(session, joined[founder.key], tag, known[tag.name])
    return joined


def _join(session: Session, person: Person) -> Actor:
    about = render(person.about, flavour=Flavour.ABOUT)
    user = User(
        name=person.name,
        name_key=name_key(person.name),
        role=person.role,
        about_source=person.about,
        about_html=about.html,
        about_render_version=about.version,
        location=person.location,
        website=person.website,
        created_at=person.joined_at,
        last_seen_at=person.joined_at,
    )
    session.add(user)
    session.flush()
    return Actor(id=user.id, name=person.name, role=person.role, reputation=START)


def _describe(session: Session, actor: Actor, tag: TagText, tag_id: int) -> None:
    sentence = _FIRST_SENTENCE.match(tag.description)
    excerpt = _MARKS.sub("", sentence[0] if sentence else "")[:EXCERPT_LENGTH]
    tags.describe(session, actor, tag_id, excerpt=excerpt, source=tag.description)
    session.add_all(TagSynonym(name=name, tag_id=tag_id, created_at=clock.now()) for name in tag.synonyms)


def _join_jobs(session: Session, question_ids: list[int]) -> None:
    """Let each thread be indexed once, and now: the jobs of the months that have just passed are thousands."""
    while (claimed := outbox.claim(session, QUEUE, limit=1_000)).job_ids:
        outbox.complete(session, claimed)
    outbox.emit(session, *map(ThreadChanged, question_ids))
