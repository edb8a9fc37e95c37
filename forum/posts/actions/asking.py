"""Asking questions."""

from collections.abc import Sequence

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from forum.accounts.rules import Actor, Privilege, refuse_without
from forum.core import clock, outbox
from forum.posts import rules
from forum.posts.actions import Posted, recording
from forum.posts.actions.following import follow_own
from forum.posts.actions.wording import finished_html, prepare
from forum.posts.events import ThreadChanged
from forum.posts.models import Post
from forum.posts.queries.threads import submitted_post
from forum.tags.actions import ensure, tag_question
from forum.tags.rules import check_names


def ask(
    session: Session,
    actor: Actor,
    *,
    title: str,
    source: str,
    tags: Sequence[str],
    submission: str | None = None,
) -> Posted:
    """Put a question on the site; a submission that came before leads to the question it made.

    Raise Invalid for a title, text or tags that can't be used, Refused without the privilege.
    """
    refuse_without(actor, Privilege.ASK)
    title, source = rules.check_title(title), rules.check_question(source)
    names = check_names(tags)
    written = prepare(source)
    if earlier := submitted_post(session, author_id=actor.id, submission=submission):
        return Posted(*earlier, is_new=False)
    tagging = ensure(session, names)
    now = clock.now()
    question = Post(
        kind="question",
        author_id=actor.id,
        submission=submission,
        source=source,
        html=finished_html(session, written),
        render_version=written.rendered.version,
        created_at=now,
        title=title,
        slug=rules.slugify(title),
        excerpt=rules.excerpt(written.rendered.text),
        tag_names=" ".join(tag.name for tag in tagging),
        hot=rules.hotness(score=0, answer_count=0, upvoted_answer_count=0, created_at=now),
        active_at=now,
        active_by_id=actor.id,
        revision_count=1,
        follower_count=0,
    )
    try:
        with session.begin_nested():
            session.add(question)
    except IntegrityError:
        earlier = submitted_post(session, author_id=actor.id, submission=submission)
        if earlier is None:
            raise
        return Posted(*earlier, is_new=False)
    recording.add_post_revision(session, question, editor_id=actor.id)
    recording.link_mentioned(session, question.id, question.html)
    tag_question(session, question.id, tagging, active_at=now, is_visible=True)
    follow_own(session, question, actor.id)
    session.flush()
    outbox.emit(session, ThreadChanged(question.id))
    return Posted(post_id=question.id, question_id=question.id)
