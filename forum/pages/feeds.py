"""Feeds: what is newest in a list, with whole texts, as everybody can see it.

Whoever reads a feed has not signed in, so nothing here asks for a viewer. Every feed takes a constant number
of statements, which is told beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from forum.accounts import queries as accounts
from forum.core.errors import Invalid, NotFound
from forum.core.i18n import gettext
from forum.pages import search_results
from forum.posts.queries import authors, feeds, lists
from forum.posts.queries import question as threads
from forum.posts.queries.authors import AuthoredOrder
from forum.posts.queries.feeds import Remark, WholeText
from forum.posts.queries.lists import Order, Unanswered
from forum.posts.rules import answer_path, question_path
from forum.search.engine import SearchEngine, Sort
from forum.tags import queries as tags

LATEST = 30
"""Entries of a feed at most: as many as a page of a list has."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One post or comment; `id` is a path that never changes, `path` the one to open."""

    id: str
    path: str
    title: str
    html: str
    published_at: datetime
    updated_at: datetime
    author_id: int | None
    author_name: str | None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed; `path` is the page that shows the same."""

    title: str
    path: str
    entries: tuple[Entry, ...]


def questions(session: Session, order: Order) -> Feed:
    """Return the feed of a list of all questions; two statements."""
    titles = {
        Order.ACTIVE: gettext("Active questions"),
        Order.NEWEST: gettext("Newest questions"),
        Order.HOT: gettext("Hot questions"),
        Order.SCORE: gettext("Best questions"),
    }
    found = lists.questions(session, order, None).rows
    path = f"/questions?sort={order.value}"
    return Feed(titles[order], path, _asked(session, [row.id for row in found], order=order))


def unanswered(session: Session, lacking: Unanswered) -> Feed:
    """Return the feed of the questions that lack something; two statements."""
    titles = {
        Unanswered.NONE: gettext("Questions without an answer"),
        Unanswered.ACCEPTED: gettext("Questions without an accepted answer"),
        Unanswered.UPVOTED: gettext("Questions without an upvoted answer"),
    }
    found = lists.unanswered(session, lacking, None).rows
    path = f"/questions/unanswered?kind={lacking.value}"
    return Feed(titles[lacking], path, _asked(session, [row.id for row in found]))


def tag(session: Session, name: str, order: Order, path: str) -> Feed:
    """Return the feed of a tag, whose page is at `path`; raise NotFound without one. Three statements."""
    found = tags.description(session, name)
    if found is None:
        raise NotFound(gettext("There is no such tag."))
    count, latest_id = found.question_count, found.latest_id
    page = lists.tagged(session, found.id, order, None, question_count=count, latest_id=latest_id)
    entries = _asked(session, [row.id for row in page.rows], order=order)
    return Feed(gettext("Questions about %(tag)s", tag=name), path, entries)


def search(session: Session, engine: SearchEngine, text: str, path: str) -> Feed:
    """Return the feed of a search, the newest first; `path` is the page of its results.

    Takes one statement more than the page. Raise Invalid when nothing is searched for, SearchUnavailable
    without a usable index.
    """
    found = search_results.load(session, engine, text, sort=Sort.NEWEST, limit=LATEST)
    if found.is_empty:
        raise Invalid("q", gettext("Say what to search for: put ?q= and the words behind the address."))
    texts = feeds.whole_texts(session, [result.post.id for result in found.results])
    return Feed(
        gettext("Search for %(text)s", text=text.strip()), path, tuple(_entry(text) for text in texts)
    )


def questions_of(session: Session, user_id: int) -> Feed:
    """Return the feed of somebody's questions; raise NotFound without such a person. Three statements."""
    name = _name_of(session, user_id)
    found = authors.questions_of(session, user_id, None, AuthoredOrder.NEWEST, None).rows
    path = f"/users/{user_id}?tab=questions"
    return Feed(gettext("Questions by %(name)s", name=name), path, _asked(session, [row.id for row in found]))


def answers_of(session: Session, user_id: int) -> Feed:
    """Return the feed of somebody's answers; raise NotFound without such a person. Three statements."""
    name = _name_of(session, user_id)
    found = authors.answers_of(session, user_id, None, AuthoredOrder.NEWEST, None).rows
    path = f"/users/{user_id}?tab=answers"
    return Feed(gettext("Answers by %(name)s", name=name), path, _asked(session, [row.id for row in found]))


def thread(session: Session, question_id: int) -> Feed:
    """Return what was written last in a thread: the question, answers and comments. Three statements.

    Raise NotFound when there is no such question that everybody can see.
    """
    question = threads.question(session, question_id, None)
    if question is None:
        raise NotFound(gettext("There is no such question, or it was deleted."))
    texts, remarks = feeds.latest_in_thread(session, question_id, limit=LATEST)
    entries = [_entry(text) for text in texts] + [_remark(remark, question.title) for remark in remarks]
    entries.sort(key=lambda entry: entry.published_at, reverse=True)
    return Feed(question.title, question_path(question_id, question.slug), tuple(entries[:LATEST]))


def _asked(session: Session, ids: Sequence[int], *, order: Order = Order.NEWEST) -> tuple[Entry, ...]:
    texts = feeds.whole_texts(session, ids) if ids else ()
    # In the feed of what is active, an answer brings the question up again.
    return tuple(_entry(text, updated_at=text.active_at if order is Order.ACTIVE else None) for text in texts)


def _entry(text: WholeText, *, updated_at: datetime | None = None) -> Entry:
    is_question = text.id == text.question_id
    return Entry(
        id=question_path(text.id) if is_question else answer_path(text.id),
        path=question_path(text.id, text.slug) if is_question else answer_path(text.id),
        title=text.title if is_question else gettext("Answer to: %(title)s", title=text.title),
        html=text.html,
        published_at=text.created_at,
        updated_at=updated_at or text.edited_at or text.created_at,
        author_id=text.author_id,
        author_name=text.author_name,
        tags=text.tags,
    )


def _remark(remark: Remark, title: str) -> Entry:
    on_answer = f"{answer_path(remark.post_id)}?comment={remark.id}"
    path = on_answer if remark.is_on_answer else f"{question_path(remark.post_id)}#comment-{remark.id}"
    if remark.is_on_answer:
        about = gettext("Comment on an answer to: %(title)s", title=title)
    else:
        about = gettext("Comment on the question: %(title)s", title=title)
    return Entry(
        id=path,
        path=path,
        title=about,
        html=remark.html,
        published_at=remark.created_at,
        updated_at=remark.edited_at or remark.created_at,
        author_id=remark.author_id,
        author_name=remark.author_name,
    )


def _name_of(session: Session, user_id: int) -> str:
    profile = accounts.profile(session, user_id)
    if profile is None:
        raise NotFound(gettext("There is no such person here."))
    return profile.name
