"""Reading whole threads from the staging file."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, exists, func, or_, select

from forum.importers.stackexchange import staged_tables as staged
from forum.importers.stackexchange.rows import PostType
from forum.importers.stackexchange.staging import Staging

THREADS_PER_TRANSACTION = 80
"""More share the work per transaction and per person better, and keep other writers waiting longer."""

_post = staged.post
_kept = (_post.c.type.in_([PostType.QUESTION, PostType.ANSWER]), _post.c.state != staged.SKIPPED)


@dataclass(slots=True)
class Thread:
    """A question of the dump with all that belongs to it, loaded before or not."""

    question: Row[Any]
    posts: list[Row[Any]] = field(default_factory=list)
    """The question and its answers."""
    comments: list[Row[Any]] = field(default_factory=list)
    votes: list[Row[Any]] = field(default_factory=list)
    history: dict[int, list[Row[Any]]] = field(default_factory=lambda: defaultdict(list))
    """The history of each post by its id."""

    @property
    def new_posts(self) -> list[Row[Any]]:
        """The posts that wait to be loaded."""
        return [post for post in self.posts if post.state == ""]

    def person_ids(self) -> set[int]:
        """Return the ids of everybody who is named in the thread."""
        rows = [row for rows in self.history.values() for row in rows]
        ids = {row.user_id for row in (*self.comments, *self.votes, *rows)}
        ids |= {post.owner_id for post in self.posts} | {post.editor_id for post in self.posts}
        return {id_ for id_ in ids if id_ is not None}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the dump who has an account in the forum."""

    local_id: int
    name: str


def count_waiting(staging: Staging) -> int:
    """Return how many threads hold anything that waits to be loaded."""
    threads = select(func.count(_post.c.question_id.distinct()).label("number")).where(*_kept, _waits())
    return int(staging.select(threads)[0].number)


def waiting_threads(staging: Staging) -> Iterator[list[int]]:
    """Yield the ids of questions whose threads hold anything that waits to be loaded, some at a time."""
    last = 0
    while True:
        some = (
            select(_post.c.question_id)
            .where(*_kept, _waits(), _post.c.question_id > last)
            .distinct()
            .order_by(_post.c.question_id)
            .limit(THREADS_PER_TRANSACTION)
        )
        ids = [int(row.question_id) for row in staging.select(some)]
        if not ids:
            return
        yield ids
        last = ids[-1]


def read_threads(staging: Staging, question_ids: Sequence[int]) -> list[Thread]:
    """Return the threads of the questions, in the order of their ids."""
    found = staging.select(
        select(_post).where(*_kept, _post.c.question_id.in_(question_ids)).order_by(_post.c.id)
    )
    threads = {post.id: Thread(post) for post in found if post.type == PostType.QUESTION}
    of_post: dict[int, Thread] = {}
    for post in found:
        thread = threads[post.question_id]
        thread.posts.append(post)
        of_post[post.id] = thread
    for comment in _belonging(staging, staged.comment, of_post):
        of_post[comment.post_id].comments.append(comment)
    for vote in _belonging(staging, staged.vote, of_post):
        of_post[vote.post_id].votes.append(vote)
    for row in _belonging(staging, staged.history, of_post):
        of_post[row.post_id].history[row.post_id].append(row)
    return list(threads.values())


def people_in(staging: Staging, threads: Iterable[Thread]) -> dict[int, Person]:
    """Return those who are named in the threads and have an account, by their ids in the dump."""
    ids = set().union(*(thread.person_ids() for thread in threads))
    user = staged.user
    found = select(user.c.id, user.c.local_id, user.c.display_name).where(user.c.local_id.is_not(None))
    people: dict[int, Person] = {}
    for some in _chunks(sorted(ids)):
        for row in staging.select(found.where(user.c.id.in_(some))):
            people[row.id] = Person(row.local_id, row.display_name)
    return people


def _belonging(staging: Staging, table: Any, post_ids: Iterable[int]) -> Iterator[Row[Any]]:
    for some in _chunks(sorted(post_ids)):
        kept = select(table).where(table.c.post_id.in_(some), table.c.state != staged.SKIPPED)
        yield from staging.select(kept.order_by(table.c.id))


def _chunks(ids: list[int]) -> Iterator[list[int]]:
    # SQLite takes 32,766 values in a statement; a popular thread alone can name hundreds of people.
    for start in range(0, len(ids), 500):
        yield ids[start : start + 500]


def _waits() -> Any:
    belongings = (
        exists().where(table.c.post_id == _post.c.id, table.c.state == "")
        for table in (staged.comment, staged.vote, staged.history)
    )
    return or_(_post.c.state == "", *belongings)
