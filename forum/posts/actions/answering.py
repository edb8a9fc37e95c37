"""Answering questions."""

from sqlalchemy import insert
from sqlalchemy.orm import Session

from forum.accounts.rules import Actor, Privilege, refuse_without
from forum.core import clock, outbox
from forum.core.errors import NotFound
from forum.core.i18n import gettext
from forum.core.reading import connection_of
from forum.core.tables import Base
from forum.posts import rules
from forum.posts.actions import Posted, recording
from forum.posts.actions.following import follow_own
from forum.posts.actions.wording import finished_html, prepare
from forum.posts.events import ThreadChanged
from forum.posts.models import Post
from forum.posts.queries.threads import lock_visible_thread, submitted_post

# The plain table, as entities cost several times as much.
_posts = Base.metadata.tables[Post.__tablename__]
_add = insert(_posts).returning(_posts.c.id)


def answer(
    session: Session, actor: Actor, question_id: int, *, source: str, submission: str | None = None
) -> Posted:
    """Put an answer under a question; a submission that came before leads to the answer it made.

    Raise Invalid for a text that can't be used, Refused when the question is closed, NotFound without it.
    """
    refuse_without(actor, Privilege.ASK)
    source = rules.check_answer(source)
    written = prepare(source)
    question = lock_visible_thread(session, question_id).question
    if question.id != question_id:
        raise NotFound(gettext("There is no such question here."))
    # Looking for an earlier arrival under the lock suffices: the same form answers the same question.
    if earlier := submitted_post(session, author_id=actor.id, submission=submission):
        return Posted(*earlier, is_new=False)
    rules.refuse_answer(is_closed=question.closed_at is not None)
    now, html = clock.now(), finished_html(session, written)
    post = {
        "kind": "answer", "question_id": question.id, "author_id": actor.id, "submission": submission,
        "source": source, "html": html, "render_version": written.rendered.version, "created_at": now,
        "active_at": now,
    }  # fmt: skip
    post_id = int(connection_of(session).execute(_add, post).scalar_one())
    recording.add_first_revision(session, post_id, author_id=actor.id, source=source)
    question.answer_count += 1
    recording.note_activity(session, question, kind="answered", by_id=actor.id)
    recording.refresh_hotness(question)
    recording.link_mentioned(session, question.id, html)
    follow_own(session, question, actor.id)
    session.flush()
    outbox.emit(session, ThreadChanged(question.id))
    return Posted(post_id=post_id, question_id=question.id)
