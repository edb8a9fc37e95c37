"""The page of search results, for browsers and for the command line.

The index proposes and the database decides: rows are read and their visibility is checked anew, and while
a thread waits to be indexed again its passage is not shown from the index, as the words may have been
taken back since.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from forum.accounts.rules import Actor
from forum.core import clock
from forum.core.errors import NotFound
from forum.core.i18n import gettext
from forum.core.paging import page_numbers
from forum.pages.search_alternatives import Correction, Wider, correction, wider
from forum.pages.search_narrowing import Narrowing, narrowing
from forum.pages.search_tags import with_tags_as_meant
from forum.posts.rules import ANSWERS_PER_PAGE, answer_path, question_path
from forum.search.engine import (
    MAX_RESULTS,
    AnyOf,
    Hit,
    Hits,
    Kind,
    Phrase,
    Prefix,
    SearchEngine,
    SearchQuery,
    Snippet,
    Sort,
    Tagged,
    Word,
)
from forum.search.narrowing import Reader
from forum.search.queries import FoundPost, changed_since_indexed, found_posts
from forum.search.syntax import parse

RESULTS_PER_PAGE = 15


@dataclass(frozen=True, slots=True)
class SearchResult:
    """A thread or an answer that was found, with the passage that shows why."""

    post: FoundPost
    """What was found: the question, or the answer when answers are searched for."""
    passage_of: FoundPost
    """The post that the passage is from, where a reader wants to arrive."""
    snippet: Snippet
    relevance: float

    @property
    def id(self) -> int:
        """The id of the question."""
        return self.post.question_id

    @property
    def post_id(self) -> int:
        """The id of the post that the passage is from."""
        return self.passage_of.id

    @property
    def title(self) -> str:
        """The title of the question."""
        return self.post.title

    @property
    def score(self) -> int:
        """The votes of the question, or of the answer when answers are searched for."""
        return self.post.score

    @property
    def url(self) -> str:
        """The path that leads to the passage."""
        return _path(self.passage_of)

    @property
    def text(self) -> str:
        """The passage without its marks."""
        return "".join(text for text, _is_match in self.snippet)


@dataclass(frozen=True, slots=True)
class SearchPage:
    """What was found for a text; `pages` are the numbers to link, None where some are left out."""

    text: str
    sort: Sort
    total: int
    results: tuple[SearchResult, ...]
    page: int
    pages: tuple[int | None, ...]
    ignored: tuple[str, ...]
    relaxed: bool
    is_empty: bool
    """Nothing was asked for that could be looked up."""
    words: str
    """The words of the text without operators and tags: the beginning of a question about the same."""
    tags: tuple[str, ...]
    """The tags that the results must have."""
    chosen_sort: str | None
    """The order that was asked for, None for the usual one."""
    narrowing: Narrowing
    did_you_mean: Correction | None
    without_filters: tuple[Wider, ...]
    """What would be found without filters, if nothing is found with them."""

    @property
    def is_by_words(self) -> bool:
        """Whether results can be more or less relevant."""
        return bool(self.words)


def load(
    session: Session,
    engine: SearchEngine,
    text: str,
    *,
    viewer: Actor | None = None,
    sort: Sort | None = None,
    page: int = 1,
    limit: int = RESULTS_PER_PAGE,
    with_facets: bool = False,
) -> SearchPage:
    """Return a page of what the text finds; with facets, also what narrows it.

    Takes two statements whatever is found, a third for names of people by whom it is or can be narrowed, and
    a fourth if tags are named.
    Raises SearchUnavailable without a usable index, NotFound for a page beyond the last.
    """
    reader = Reader(viewer.id if viewer else None, clock.now())
    query = parse(text, me=reader.me, now=reader.now, sort=sort or Sort.RELEVANCE, page=page, limit=limit)
    meant = with_tags_as_meant(session, query)
    hits = engine.search(replace(meant, with_facets=with_facets))
    if page > 1 and not hits.hits:
        raise NotFound(gettext("This search has fewer pages than that; look at its first page."))
    results = _results(session, query, hits)
    hidden = len(hits.hits) - len(results)
    total = hits.total - hidden
    # Where something is hidden, the index lags behind, and its counts would tell of what is deleted.
    facets = None if hidden else hits.facets
    words = " ".join(_words(query))
    reachable = min(hits.total, MAX_RESULTS // query.limit * query.limit)
    is_first = query.page == 1 and bool(query.clauses)
    return SearchPage(
        text=text,
        # Engines sort by activity when there are no words that anything could be relevant to.
        sort=query.sort if words or query.sort is not Sort.RELEVANCE else Sort.ACTIVE,
        total=total,
        results=results,
        page=query.page,
        pages=page_numbers(query.page, count=-(-reachable // query.limit)),
        ignored=hits.ignored,
        relaxed=hits.relaxed,
        is_empty=not query.clauses and query.kind is Kind.ANY,
        words=words,
        tags=tuple(clause.tag for clause in query.clauses if isinstance(clause, Tagged)),
        chosen_sort=sort.value if sort else None,
        narrowing=narrowing(session, text, reader, facets, total=total),
        did_you_mean=correction(engine, text, reader, replace(hits, total=total)) if is_first else None,
        without_filters=wider(engine, text, reader) if is_first and total == 0 else (),
    )


def _results(session: Session, query: SearchQuery, hits: Hits) -> tuple[SearchResult, ...]:
    if not hits.hits:
        return ()
    threads = {hit.thread_id for hit in hits.hits}
    posts = found_posts(session, threads | {hit.post_id for hit in hits.hits if hit.post_id is not None})
    changed = changed_since_indexed(session, threads)
    results = (
        _result(hit, posts, is_answer=query.kind is Kind.ANSWER, is_current=hit.thread_id not in changed)
        for hit in hits.hits
    )
    return tuple(result for result in results if result is not None)


def _result(
    hit: Hit, posts: dict[int, FoundPost], *, is_answer: bool, is_current: bool
) -> SearchResult | None:
    thread = posts.get(hit.thread_id)
    passage_of = posts.get(hit.post_id or hit.thread_id)
    post = passage_of if is_answer else thread
    if thread is None or post is None:
        return None
    if not is_current or passage_of is None:
        return SearchResult(post, post, ((thread.excerpt, False),), hit.score)
    return SearchResult(post, passage_of, hit.snippet, hit.score)


def _path(post: FoundPost) -> str:
    if not post.is_answer:
        return question_path(post.question_id, post.slug)
    if post.answer_count > ANSWERS_PER_PAGE:
        # Only the answers' own address knows on which page of the question they are.
        return answer_path(post.id)
    return f"{question_path(post.question_id, post.slug)}#answer-{post.id}"


def _words(query: SearchQuery) -> Iterator[str]:
    for clause in query.clauses:
        for leaf in clause.clauses if isinstance(clause, AnyOf) else (clause,):
            if isinstance(leaf, Word | Phrase | Prefix):
                yield leaf.text
