"""Editing questions and answers, with a revision for every change."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from forum.accounts.rules import Actor
from forum.core import clock
from forum.core.errors import Conflict
from forum.core.i18n import gettext
from forum.posts import rules
from forum.posts.actions import Posted, outdating, recording
from forum.posts.actions.wording import Written, finished_html, prepare
from forum.posts.models import Post
from forum.posts.queries.threads import Thread, lock_visible_thread, post_revision
from forum.tags.actions import ensure, tag_question
from forum.tags.rules import check_names


def edit_post(
    session: Session,
    actor: Actor,
    post_id: int,
    *,
    source: str | None = None,
    title: str | None = None,
    tags: Sequence[str] | None = None,
    summary: str = "",
    based_on: int,
) -> Posted:
    """Change what is given of a post: its text, and the title and tags of a question; the rest stays.

    Raise Conflict when the post is no longer the revision `based_on` that the editor saw, Refused when
    the person may not edit it, Invalid for what can't be used.
    """
    summary = rules.check_summary(summary)
    written = prepare(rules.check_answer(source)) if source is not None else None
    thread = lock_visible_thread(session, post_id)
    post = thread.post
    rules.refuse_edit(actor, author_id=post.author_id)
    if post.revision_count != based_on:
        raise Conflict(gettext("Somebody changed this post while you were writing."))
    if post.kind == "question":
        if written is not None:
            rules.check_question(written.source)
        title = rules.check_title(title) if title is not None else post.title
        names = check_names(tags) if tags is not None else tuple(post.tag_names.split())
        return _reword(session, actor, thread, written, title=title, names=names, summary=summary)
    return _reword(session, actor, thread, written, summary=summary)


def roll_back_post(session: Session, actor: Actor, post_id: int, number: int) -> Posted:
    """Bring text, title and tags of an earlier revision back, as a new revision."""
    thread = lock_visible_thread(session, post_id)
    rules.refuse_edit(actor, author_id=thread.post.author_id)
    earlier = post_revision(session, post_id=post_id, number=number)
    written = prepare(earlier.source)
    names = tuple((earlier.tag_names or "").split()) or tuple(thread.post.tag_names.split())
    title = earlier.title or thread.post.title
    return _reword(session, actor, thread, written, title=title, names=names, rolled_back_to=earlier.number)


def _reword(
    session: Session,
    actor: Actor,
    thread: Thread,
    written: Written | None,
    *,
    title: str | None = None,
    names: Sequence[str] = (),
    summary: str = "",
    rolled_back_to: int | None = None,
) -> Posted:
    """Give a locked post its new text, if any, and head; nothing happens when nothing differs."""
    post, question = thread.post, thread.question
    is_question = post.kind == "question"
    tagging = ensure(session, names) if is_question else ()
    tag_names = " ".join(tag.name for tag in tagging)
    same_head = not is_question or (title == post.title and tag_names == post.tag_names)
    if (written is None or written.source == post.source) and same_head:
        return Posted(post_id=post.id, question_id=question.id, is_new=False)
    if written is not None:
        _set_text(session, post, written)
    if is_question:
        post.title, post.slug, post.tag_names = title or "", rules.slugify(title or ""), tag_names
        tag_question(session, post.id, tagging, active_at=post.active_at, is_visible=True)
    else:
        outdating.forget_marks(session, post)
    post.edited_at, post.editor_id = clock.now(), actor.id
    post.revision_count += 1
    session.flush()
    recording.add_post_revision(
        session, post, editor_id=actor.id, summary=summary, rolled_back_to=rolled_back_to
    )
    recording.note_activity(session, question, kind="edited", by_id=actor.id)
    recording.link_questions(session, question)
    recording.tell_changed(session, question)
    return Posted(post_id=post.id, question_id=question.id)


def _set_text(session: Session, post: Post, written: Written) -> None:
    post.source, post.html = written.source, finished_html(session, written)
    post.render_version = written.rendered.version
    if post.kind == "question":
        post.excerpt = rules.excerpt(written.rendered.text)
