"""Answering questions."""

from sqlalchemy.orm import Session

from forum.accounts.rules import Actor, Privilege, refuse_without
from forum.core import clock, outbox
from forum.core.errors import NotFound
from forum.posts import rules
from forum.posts.actions import Posted, recording
from forum.posts.actions.following import follow_own
from forum.posts.actions.wording import finished_html, prepare
from forum.posts.events import ThreadChanged
from forum.posts.models import Post
from forum.posts.queries.threads import lock_visible_thread, submitted_post


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
        raise NotFound("There is no such question here.")
    # Looking for an earlier arrival under the lock suffices: the same form answers the same question.
    if earlier := submitted_post(session, author_id=actor.id, submission=submission):
        return Posted(post_id=earlier.id, question_id=earlier.question_id or earlier.id, is_new=False)
    rules.refuse_answer(is_closed=question.closed_at is not None)
    now = clock.now()
    post = Post(
        kind="answer",
        question_id=question.id,
        author_id=actor.id,
        submission=submission,
        source=source,
        html=finished_html(session, written),
        render_version=written.rendered.version,
        created_at=now,
        active_at=now,
        revision_count=1,
    )
    session.add(post)
    session.flush()
    recording.add_post_revision(session, post, editor_id=actor.id)
    question.answer_count += 1
    recording.note_activity(question, kind="answered", by_id=actor.id)
    recording.refresh_hotness(question)
    recording.link_questions(session, question)
    follow_own(session, question, actor.id)
    session.flush()
    outbox.emit(session, ThreadChanged(question.id))
    return Posted(post_id=post.id, question_id=question.id)
