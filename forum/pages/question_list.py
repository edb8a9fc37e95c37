"""Lists of questions with what stands beside them."""

from dataclasses import dataclass
from functools import partial

from sqlalchemy.orm import Session

from forum.core.errors import NotFound
from forum.core.i18n import gettext
from forum.core.kept_rows import kept_rows
from forum.core.paging import Page
from forum.posts.queries import lists
from forum.posts.queries.lists import Order, QuestionRow, QuestionTitle, Unanswered
from forum.tags import queries as tags
from forum.tags.queries import TagDescription, TagRow

_BESIDE_BYTES = 6_000


@dataclass(frozen=True, slots=True)
class QuestionListPage:
    """A page of questions, the most used tags and the hottest questions."""

    questions: Page[QuestionRow]
    tags: tuple[TagRow, ...]
    hottest: tuple[QuestionTitle, ...]


@dataclass(frozen=True, slots=True)
class TagPage:
    """A tag, its other names, and a page of its questions."""

    tag: TagDescription
    synonyms: tuple[str, ...]
    questions: Page[QuestionRow]


def load(session: Session, order: Order, at: str | None) -> QuestionListPage:
    """Return a page of all questions in two to four statements; raise Invalid for a cursor that is none."""
    cursor = lists.cursor_of(at, order=order)
    return _beside(session, lists.questions(session, order, cursor))


def load_unanswered(session: Session, lacking: Unanswered, at: str | None) -> QuestionListPage:
    """Return a page of unanswered questions in two to four statements; raise Invalid for no cursor."""
    cursor = lists.cursor_of(at, order=Order.NEWEST)
    return _beside(session, lists.unanswered(session, lacking, cursor))


def load_tag(session: Session, name: str, order: Order, at: str | None) -> TagPage | str:
    """Return the page of a tag in three statements, or the name of the tag that `name` is a synonym of.

    Raise NotFound when there is neither, Invalid for a cursor that is none.
    """
    tag = tags.description(session, name)
    if tag is None:
        meant = tags.meant_by(session, name.casefold())
        if meant is None and name != name.casefold() and tags.description(session, name.casefold()):
            meant = name.casefold()
        if meant is None:
            raise NotFound(gettext("There is no such tag. The list of tags has a search of its own."))
        return meant
    cursor = lists.cursor_of(at, order=order)
    return TagPage(
        tag=tag,
        synonyms=tags.synonyms_of(session, tag.id),
        questions=lists.tagged(
            session, tag.id, order, cursor, question_count=tag.question_count, latest_id=tag.latest_id
        ),
    )


def _beside(session: Session, questions: Page[QuestionRow]) -> QuestionListPage:
    """Add what stands beside each list, by two statements if something was written since the last."""
    popular = kept_rows(session, "popular tags", partial(tags.popular, session), size=_BESIDE_BYTES)
    hottest = kept_rows(session, "hottest", partial(lists.hottest, session), size=_BESIDE_BYTES)
    return QuestionListPage(questions=questions, tags=popular, hottest=hottest)
