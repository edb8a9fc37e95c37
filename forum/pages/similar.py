"""Threads about the same as a question: while it is being asked, and when it may repeat one.

As on the page of search results, the index proposes and the database decides: who may see a thread is checked
anew, and while one waits to be indexed again, the beginning of its question stands in for the passage.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from forum.core.errors import NotFound
from forum.core.i18n import gettext
from forum.posts.queries.question import Question
from forum.posts.rules import QUESTION_LENGTH, TITLE_LENGTH, answer_path, question_path
from forum.search.engine import Hit, SearchEngine, SimilarQuery, Snippet
from forum.search.likeness import is_convincing
from forum.search.plain_text import plain_text
from forum.search.queries import FoundPost, changed_since_indexed, found_posts

SHOWN = 5
SHOWN_TO_CLOSE = 8
"""Threads of which one may be what a question repeats, when somebody decides that."""


@dataclass(frozen=True, slots=True)
class SimilarThread:
    """A thread with the passage of it that fits."""

    thread: FoundPost
    passage_of: FoundPost
    """The answer that the passage is from, or the question."""
    snippet: Snippet
    is_convincing: bool
    """Whether it is near enough to be read before the question is posted."""

    @property
    def id(self) -> int:
        """The id of the question."""
        return self.thread.id

    @property
    def title(self) -> str:
        """The title of the question."""
        return self.thread.title

    @property
    def is_solved(self) -> bool:
        """Whether an answer is accepted and still works."""
        return self.thread.is_solved

    @property
    def answer_id(self) -> int | None:
        """The answer that the passage is from, else the accepted one, if any that still works."""
        return self.passage_of.id if self.passage_of.is_answer else _solution_of(self.thread)

    @property
    def path(self) -> str:
        """The path that leads to that answer, or to the question."""
        if self.answer_id is not None:
            return answer_path(self.answer_id)
        return question_path(self.thread.id, self.thread.slug)

    @property
    def text(self) -> str:
        """The passage without its marks."""
        return "".join(text for text, _is_match in self.snippet)


def asked(
    title: str, body: str = "", tags: Iterable[str] = (), *, is_unfinished: bool = False
) -> SimilarQuery:
    """Return what to look for while somebody asks: solved threads. Texts are cut where no form takes more."""
    return SimilarQuery(
        title[: TITLE_LENGTH[1]],
        body[: QUESTION_LENGTH[1]],
        tags=tuple(tags),
        is_unfinished=is_unfinished,
        only_solved=True,
        limit=SHOWN,
    )


def load(session: Session, engine: SearchEngine, query: SimilarQuery) -> tuple[SimilarThread, ...]:
    """Return the threads that are like the query, best first; one call of the engine and two statements.

    Raises SearchUnavailable without a usable index.
    """
    hits = engine.similar(query) if query.title.strip() else ()
    if not hits:
        return ()
    threads = {hit.thread_id for hit in hits}
    posts = found_posts(session, threads | {hit.post_id for hit in hits if hit.post_id is not None})
    changed = changed_since_indexed(session, threads)
    return tuple(
        _similar(hit, posts, query, is_current=hit.thread_id not in changed)
        for hit in hits
        if _is_shown(posts.get(hit.thread_id), query)
    )


def repeated_by(session: Session, engine: SearchEngine, question: Question) -> tuple[SimilarThread, ...]:
    """Return the threads that a question may repeat: those that were asked before it first, best first.

    Costs and raises what `load` does.
    """
    query = SimilarQuery(
        question.title,
        plain_text(question.post.html).text[: QUESTION_LENGTH[1]],
        tags=question.tags,
        exclude=frozenset({question.post.id}),
        limit=SHOWN_TO_CLOSE,
    )
    found = load(session, engine, query)
    return tuple(sorted(found, key=lambda thread: thread.thread.created_at >= question.post.created_at))


def convincing(threads: Sequence[SimilarThread]) -> tuple[SimilarThread, ...]:
    """Return those of the threads that should be read before the question is posted."""
    return tuple(thread for thread in threads if thread.is_convincing)


def solving_path(session: Session, thread_id: int) -> str:
    """Return where the solution of a thread is; one statement. Raise NotFound for what nobody can see."""
    thread = found_posts(session, [thread_id]).get(thread_id)
    if thread is None or thread.is_answer:
        raise NotFound(
            gettext("This question was deleted meanwhile. Go back: what you wrote is still there.")
        )
    solution_id = _solution_of(thread)
    return question_path(thread.id, thread.slug) if solution_id is None else answer_path(solution_id)


def _solution_of(thread: FoundPost) -> int | None:
    return thread.accepted_answer_id if thread.is_solved else None


def _is_shown(thread: FoundPost | None, query: SimilarQuery) -> bool:
    """Tell whether everybody can see the thread, and it is still solved if it has to be."""
    return thread is not None and (thread.is_solved or not query.only_solved)


def _similar(
    hit: Hit, posts: dict[int, FoundPost], query: SimilarQuery, *, is_current: bool
) -> SimilarThread:
    thread = posts[hit.thread_id]
    passage_of = posts.get(hit.post_id or hit.thread_id)
    is_near = is_convincing(query.title, thread.title)
    if not is_current or passage_of is None:
        return SimilarThread(thread, thread, ((thread.excerpt, False),), is_near)
    return SimilarThread(thread, passage_of, hit.snippet, is_near)
