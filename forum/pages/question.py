"""The page of a question: everything that one viewer sees of one thread.

Loading takes a constant number of statements: question, answers, comments, and the titles of linked and
related questions, or the version of what is kept instead; two more for the marks and drafts of somebody
signed in.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, TypeAlias

from sqlalchemy.orm import Session

from forum.accounts.rules import Actor
from forum.core.errors import NotFound
from forum.core.i18n import gettext
from forum.core.paging import page_numbers
from forum.drafts import queries as drafts
from forum.drafts.queries import Draft
from forum.drafts.rules import Kind, Place
from forum.pages import thread
from forum.pages.thread import Read
from forum.posts import rules
from forum.posts.queries import question as threads
from forum.posts.queries.lists import QuestionTitle
from forum.posts.queries.question import AnswerOrder, CommentRow, PostRow, Question
from forum.votes import queries as votes
from forum.votes.queries import Marks

Comments: TypeAlias = Mapping[int, tuple[CommentRow, ...]]


class Permissions(NamedTuple):
    """What the viewer may do with a post."""

    edit: bool = False
    delete: bool = False
    undelete: bool = False
    vote: bool = False
    accept: bool = False
    comment: bool = False
    close: bool = False
    reopen: bool = False
    mark_outdated: bool = False


class ShownComment(NamedTuple):
    """A comment with what the viewer did and may do."""

    row: CommentRow
    is_useful: bool
    may_vote: bool
    may_change: bool


class ShownPost(NamedTuple):
    """A question or an answer with its comments and what the viewer did (vote 1, 0 or -1) and may do.

    `says_outdated` is what the viewer says: that the answer no longer works.
    """

    row: PostRow
    is_question: bool
    is_accepted: bool
    vote: int
    says_outdated: bool
    may: Permissions
    is_own: bool
    comments: tuple[ShownComment, ...]
    question_id: int
    asker_id: int | None
    draft: Draft | None
    """A comment that the viewer has begun."""


@dataclass(frozen=True, slots=True)
class QuestionPage:
    """What the template shows."""

    question: Question
    post: ShownPost
    answers: tuple[ShownPost, ...]
    answer_count: int
    order: AnswerOrder
    page: int
    pages: tuple[int | None, ...]
    linked: tuple[QuestionTitle, ...]
    related: tuple[QuestionTitle, ...]
    may_answer: bool
    draft: Draft | None
    """An answer that the viewer has begun."""
    seen_until: datetime | None
    """Up to when the viewer has seen what happened here, for those who follow the question."""
    view_count: int = field(compare=False)
    """How often the question was looked at, which makes it no other page."""

    @property
    def is_followed(self) -> bool:
        """Whether the viewer follows the question."""
        return self.seen_until is not None

    @property
    def has_unseen(self) -> bool:
        """Whether something happened since the viewer, who follows the question, last opened it."""
        return self.seen_until is not None and self.seen_until < self.question.active_at

    @property
    def has_drafts(self) -> bool:
        """Whether the viewer has begun to write something here."""
        return any(
            draft is not None for draft in (self.draft, self.post.draft, *(a.draft for a in self.answers))
        )

    @property
    def shows_accepted(self) -> bool:
        """Whether the accepted answer is among those of this page."""
        return any(answer.is_accepted for answer in self.answers)


@dataclass(frozen=True, slots=True)
class _Marks:
    mine: Marks
    drafts: Mapping[Place, Draft]
    comments: Comments


def load(
    session: Session,
    viewer: Actor | None,
    question_id: int,
    *,
    order: AnswerOrder = AnswerOrder.SCORE,
    page: int = 1,
    read: Read = thread.read,
) -> QuestionPage:
    """Return the page of a question; raise NotFound when the viewer may not see it or it has no such page."""
    found = read(session, viewer, question_id, order=order, page=page)
    if found is None:
        raise NotFound(gettext("There is no such question, or it was deleted."))
    question, answers = found.question, found.answers
    if page > 1 and not answers:
        raise NotFound(gettext("This question has fewer answers than that; look at its first page."))
    marks = _marks(session, viewer, question_id, [question.post.id, *(a.id for a in answers)], found.comments)
    return QuestionPage(
        question=question,
        post=_shown(question.post, question, viewer, marks),
        answers=tuple(_shown(answer, question, viewer, marks) for answer in answers),
        answer_count=found.answer_count,
        order=order,
        page=page,
        pages=page_numbers(page, count=-(-found.answer_count // rules.ANSWERS_PER_PAGE)),
        linked=found.linked,
        related=found.related,
        may_answer=question.closed_at is None and question.post.deleted_at is None,
        draft=marks.drafts.get(Place(Kind.ANSWER, question_id)),
        seen_until=marks.mine.followed.get(question_id),
        view_count=found.view_count,
    )


def load_post(session: Session, viewer: Actor | None, post_id: int) -> ShownPost:
    """Return one question or answer with its comments, for a script that replaces a part of the page.

    Raise NotFound when the viewer may not see it.
    """
    found = threads.thread_of(session, post_id, viewer)
    if found is None:
        raise NotFound(gettext("There is no such post, or it was deleted."))
    question, post = found
    comments = {post.id: threads.comments(session, [post.id], viewer)}
    return _shown(post, question, viewer, _marks(session, viewer, question.post.id, [post.id], comments))


def _marks(
    session: Session, viewer: Actor | None, question_id: int, post_ids: list[int], comments: Comments
) -> _Marks:
    if viewer is None:
        nothing = Marks(votes={}, outdated=frozenset(), followed={}, useful=frozenset())
        return _Marks(mine=nothing, drafts={}, comments=comments)
    comment_ids = [comment.id for rows in comments.values() for comment in rows]
    return _Marks(
        mine=votes.marks(session, viewer.id, post_ids, comment_ids),
        drafts=drafts.in_thread(session, viewer.id, question_id, post_ids),
        comments=comments,
    )


def _shown(post: PostRow, question: Question, viewer: Actor | None, marks: _Marks) -> ShownPost:
    return ShownPost(
        row=post,
        is_question=post.id == question.post.id,
        is_accepted=post.id == question.accepted_answer_id,
        vote=marks.mine.votes.get(post.id, 0),
        says_outdated=post.id in marks.mine.outdated,
        may=_permissions(post, question, viewer),
        is_own=viewer is not None and viewer.id == post.author_id,
        comments=tuple(
            _shown_comment(comment, viewer, marks.mine.useful) for comment in marks.comments.get(post.id, ())
        ),
        question_id=question.post.id,
        asker_id=question.post.author_id,
        draft=marks.drafts.get(Place(Kind.COMMENT, post.id)),
    )


def _shown_comment(comment: CommentRow, viewer: Actor | None, useful: frozenset[int]) -> ShownComment:
    is_own = viewer is not None and viewer.id == comment.author_id
    return ShownComment(
        row=comment,
        is_useful=comment.id in useful,
        may_vote=not is_own and comment.deleted_at is None,
        may_change=viewer is not None and rules.may_change_comment(viewer, author_id=comment.author_id),
    )


def _permissions(post: PostRow, question: Question, viewer: Actor | None) -> Permissions:
    if viewer is None:
        return Permissions(vote=post.deleted_at is None)
    if post.deleted_at is not None:
        may = rules.may_undelete(viewer, author_id=post.author_id, deleted_by_id=post.deleted_by_id)
        return Permissions(undelete=may)
    if question.post.deleted_at is not None:
        return Permissions()
    is_question = post.id == question.post.id
    return Permissions(
        edit=rules.may_edit(viewer, author_id=post.author_id),
        delete=_may_delete_question(question, viewer) if is_question else _may_delete(post, question, viewer),
        vote=viewer.id != post.author_id,
        accept=not is_question and viewer.id == question.post.author_id,
        comment=True,
        close=is_question and viewer.is_moderator and question.closed_at is None,
        reopen=is_question and viewer.is_moderator and question.closed_at is not None,
        mark_outdated=not is_question and rules.may_mark_outdated(viewer, author_id=post.author_id),
    )


def _may_delete_question(question: Question, viewer: Actor) -> bool:
    return rules.may_delete_question(
        viewer,
        author_id=question.post.author_id,
        answer_count=question.answer_count,
        upvoted_answer_count=question.upvoted_answer_count,
        is_solved=question.accepted_answer_id is not None,
    )


def _may_delete(answer: PostRow, question: Question, viewer: Actor) -> bool:
    is_accepted = answer.id == question.accepted_answer_id
    return rules.may_delete_answer(viewer, author_id=answer.author_id, is_accepted=is_accepted)
