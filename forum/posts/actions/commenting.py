"""Commenting on questions and answers."""

from sqlalchemy.orm import Session

from forum.accounts.rules import Actor, Privilege, refuse_without
from forum.core import clock, outbox
from forum.core.errors import Conflict, Refused
from forum.core.i18n import gettext
from forum.core.markup import Flavour
from forum.posts import rules
from forum.posts.actions import Commented, recording
from forum.posts.actions.wording import finished_html, prepare
from forum.posts.events import ThreadChanged
from forum.posts.models import Comment, Post
from forum.posts.queries.threads import (
    comment_revision,
    lock_comment,
    lock_visible_thread,
    submitted_comment,
)


def comment(
    session: Session, actor: Actor, post_id: int, *, source: str, submission: str | None = None
) -> Commented:
    """Put a comment under a post; a submission that came before leads to the comment it made.

    Raise Invalid for a text that can't be used, NotFound when the post is not there.
    """
    refuse_without(actor, Privilege.COMMENT)
    source = rules.check_comment(source)
    written = prepare(source, flavour=Flavour.COMMENT)
    thread = lock_visible_thread(session, post_id)
    if earlier := submitted_comment(session, author_id=actor.id, submission=submission):
        return _about(earlier, thread.question, is_new=False)
    remark = Comment(
        post_id=post_id,
        author_id=actor.id,
        submission=submission,
        source=source,
        html=finished_html(session, written),
        render_version=written.rendered.version,
        created_at=clock.now(),
        revision_count=1,
    )
    session.add(remark)
    session.flush()
    recording.add_comment_revision(session, remark, editor_id=actor.id)
    thread.post.comment_count += 1
    return _changed(session, remark, thread.question)


def edit_comment(session: Session, actor: Actor, comment_id: int, *, source: str, based_on: int) -> Commented:
    """Change a comment; raise Conflict when it is no longer the revision that the editor saw."""
    source = rules.check_comment(source)
    written = prepare(source, flavour=Flavour.COMMENT)
    thread, remark = lock_comment(session, comment_id)
    _refuse_change(actor, remark)
    if remark.revision_count != based_on:
        raise Conflict(gettext("Somebody changed this comment while you were writing."))
    if source == remark.source:
        return _about(remark, thread.question, is_new=False)
    remark.source, remark.html = source, finished_html(session, written)
    remark.render_version = written.rendered.version
    remark.edited_at = clock.now()
    remark.revision_count += 1
    recording.add_comment_revision(session, remark, editor_id=actor.id)
    return _changed(session, remark, thread.question)


def roll_back_comment(session: Session, actor: Actor, comment_id: int, number: int) -> Commented:
    """Bring the text of an earlier revision of a comment back, as a new revision."""
    thread, remark = lock_comment(session, comment_id)
    _refuse_change(actor, remark)
    earlier = comment_revision(session, comment_id=comment_id, number=number)
    if earlier.source == remark.source:
        return _about(remark, thread.question, is_new=False)
    written = prepare(earlier.source, flavour=Flavour.COMMENT)
    remark.source, remark.html = earlier.source, finished_html(session, written)
    remark.render_version = written.rendered.version
    remark.edited_at = clock.now()
    remark.revision_count += 1
    recording.add_comment_revision(session, remark, editor_id=actor.id, rolled_back_to=number)
    return _changed(session, remark, thread.question)


def delete_comment(session: Session, actor: Actor, comment_id: int) -> Commented:
    """Hide a comment from everybody but moderators and its author."""
    thread, remark = lock_comment(session, comment_id)
    rules.refuse_comment_change(actor, author_id=remark.author_id)
    if remark.deleted_at is not None:
        return _about(remark, thread.question, is_new=False)
    remark.deleted_at, remark.deleted_by_id = clock.now(), actor.id
    thread.post.comment_count -= 1
    return _changed(session, remark, thread.question)


def undelete_comment(session: Session, actor: Actor, comment_id: int) -> Commented:
    """Show a deleted comment again."""
    thread, remark = lock_comment(session, comment_id)
    if remark.deleted_at is None:
        return _about(remark, thread.question, is_new=False)
    rules.refuse_undelete(actor, author_id=remark.author_id, deleted_by_id=remark.deleted_by_id)
    remark.deleted_at = remark.deleted_by_id = None
    thread.post.comment_count += 1
    return _changed(session, remark, thread.question)


def _refuse_change(actor: Actor, remark: Comment) -> None:
    rules.refuse_comment_change(actor, author_id=remark.author_id)
    if remark.deleted_at is not None:
        raise Refused("deleted", gettext("This comment is deleted; bring it back first."))


def _changed(session: Session, remark: Comment, question: Post) -> Commented:
    session.flush()
    outbox.emit(session, ThreadChanged(question.id))
    return _about(remark, question)


def _about(remark: Comment, question: Post, *, is_new: bool = True) -> Commented:
    return Commented(comment_id=remark.id, post_id=remark.post_id, question_id=question.id, is_new=is_new)
