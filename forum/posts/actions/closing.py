"""Closing questions, and opening them again."""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from forum.accounts.rules import Actor
from forum.core import clock
from forum.core.errors import Conflict, Invalid, NotFound
from forum.core.i18n import gettext
from forum.posts import rules
from forum.posts.actions import Posted, recording
from forum.posts.models import Post, QuestionLink
from forum.posts.queries.threads import lock_thread


def close(session: Session, actor: Actor, question_id: int, *, reason: str) -> Posted:
    """Close a question for a reason other than that it repeats another; it takes no answers from then on.

    Raise Refused unless the person is a moderator, NotFound without the question, Invalid for an unknown
    reason, Conflict when it is closed for another one. Closing it twice changes nothing.
    """
    rules.refuse_close(actor)
    if rules.check_close_reason(reason) == rules.DUPLICATE:
        raise Invalid("of", gettext("Name the question that was asked before."))
    [question] = _locked(session, question_id)
    if not _is_closed_so(_visible(question), reason, of=None):
        _close(session, _visible(question), reason, of=None)
        recording.tell_changed(session, _visible(question))
        return Posted(post_id=question_id, question_id=question_id)
    return Posted(post_id=question_id, question_id=question_id, is_new=False)


def close_as_duplicate(session: Session, actor: Actor, question_id: int, *, of: int) -> Posted:
    """Close a question that repeats another, to which it leads from then on.

    Raise Refused unless the person is a moderator, NotFound without the question, Invalid for an original
    that can't be one, Conflict when the question is closed otherwise. Closing it twice changes nothing.
    """
    rules.refuse_close(actor)
    if of == question_id:
        raise Invalid("of", gettext("A question can't be a duplicate of itself; name the earlier one."))
    question, original = _locked(session, question_id, of)
    question = _visible(question)
    if _is_closed_so(question, rules.DUPLICATE, of=of):
        return Posted(post_id=question_id, question_id=question_id, is_new=False)
    _refuse_original(session, original, of)
    _close(session, question, rules.DUPLICATE, of=of)
    # An import may have brought the link without the closing.
    session.merge(QuestionLink(from_id=question_id, to_id=of, kind="duplicate", created_at=clock.now()))
    recording.tell_changed(session, question)
    return Posted(post_id=question_id, question_id=question_id)


def reopen(session: Session, actor: Actor, question_id: int) -> Posted:
    """Let a closed question take answers again, and take back that it repeats another.

    Raise Refused unless the person is a moderator, NotFound without the question. Opening what is open
    changes nothing.
    """
    rules.refuse_close(actor)
    [question] = _locked(session, question_id)
    question = _visible(question)
    if question.closed_at is None:
        return Posted(post_id=question_id, question_id=question_id, is_new=False)
    recording.tell_changed(session, question)
    if question.duplicate_of_id is not None:
        link = (QuestionLink.from_id == question_id, QuestionLink.to_id == question.duplicate_of_id)
        session.execute(delete(QuestionLink).where(*link, QuestionLink.kind == "duplicate"))
    question.closed_at = question.closed_reason = question.duplicate_of_id = None
    session.flush()
    return Posted(post_id=question_id, question_id=question_id)


def _locked(session: Session, *ids: int) -> list[Post | None]:
    """Lock the questions with these ids, and return None for those that are no questions.

    They are locked in the order of their ids: two moderators who close two questions as duplicates of each
    other would wait for one another otherwise.
    """
    are_there = select(Post.id).where(Post.id.in_(ids), Post.kind == "question")
    locked = {id: lock_thread(session, id).question for id in sorted(session.scalars(are_there))}
    return [locked.get(id) for id in ids]


def _visible(question: Post | None) -> Post:
    if question is None:
        raise NotFound(gettext("There is no such question here."))
    if question.deleted_at is not None:
        raise NotFound(gettext("This question is deleted; bring it back first."))
    return question


def _is_closed_so(question: Post, reason: str, *, of: int | None) -> bool:
    """Tell whether the question is closed just so; raise Conflict when it is closed otherwise."""
    if question.closed_at is None:
        return False
    if (question.closed_reason, question.duplicate_of_id) == (reason, of):
        return True
    if question.duplicate_of_id is not None:
        raise Conflict(
            gettext(
                "This question is closed already, as a duplicate of question %(number)s. Reopen it first to "
                "close it otherwise.",
                number=str(question.duplicate_of_id),
            )
        )
    other_reason = question.closed_reason or rules.DUPLICATE
    raise Conflict(
        gettext(
            "This question is closed already, as %(reason)s. Reopen it first to close it otherwise.",
            reason=gettext(other_reason),
        )
    )


def _refuse_original(session: Session, original: Post | None, of: int) -> None:
    if original is None:
        raise Invalid(
            "of",
            gettext(
                "There is no question %(number)s here; paste the link of the earlier one.", number=str(of)
            ),
        )
    if original.deleted_at is not None:
        raise Invalid(
            "of", gettext("Question %(number)s is deleted; name one that everybody can read.", number=str(of))
        )
    first = original.duplicate_of_id
    is_there = select(Post.id).where(Post.id == first, Post.deleted_at.is_(None))
    if first is not None and session.execute(is_there).one_or_none() is not None:
        message = gettext(
            "Question %(number)s is itself a duplicate of question %(first)s; name that one.",
            number=str(of),
            first=str(first),
        )
        raise Invalid("of", message)


def _close(session: Session, question: Post, reason: str, *, of: int | None) -> None:
    question.closed_at, question.closed_reason, question.duplicate_of_id = clock.now(), reason, of
    session.flush()
