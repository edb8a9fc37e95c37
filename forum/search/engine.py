"""What a search engine of this site is: the documents it is given, the questions it is asked, its answers.

The index holds one `ThreadDocument` per question thread, because people describe one problem in different
words and the answers join them. Text of users becomes a `SearchQuery` in `forum.search.syntax`; engines
translate that tree and never see the text. Hits are ids: whoever shows them reads the database again and
checks visibility there, so an index that lags can't leak a deleted post.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, Protocol, TypeAlias, runtime_checkable

from forum.core.errors import AskwellError
from forum.search.facets import Facets
from forum.search.state import IndexState, Reached
from forum.search.threads import ThreadDocument

MAX_RESULTS = 10_000
"""How many results paging reaches, so that no page costs a sort of the whole site."""

MAX_LIMIT = 100
"""The most results on one page."""

Snippet: TypeAlias = tuple[tuple[str, bool], ...]
"""Plain text in pieces, each with whether it matched. Never HTML: whoever shows it escapes it."""


class SearchUnavailable(AskwellError):
    """The index is missing, broken, of an older schema, or busy for longer than we wait."""


class Field(Enum):
    """Where a word is looked for."""

    ANYWHERE = "anywhere"
    TITLE = "title"
    BODY = "body"
    CODE = "code"


class Kind(Enum):
    """What is searched and found: whole threads, questions by their own text, or single answers."""

    ANY = "any"
    QUESTION = "question"
    ANSWER = "answer"


class Sort(Enum):
    """The order of the results; ties are broken by thread id and post id, newest first."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    ACTIVE = "active"
    SCORE = "score"


class Count(Enum):
    """A number that a range can bound; of an answer, the score is its own."""

    SCORE = "score"
    ANSWERS = "answers"


class Moment(Enum):
    """A time that a range can bound; of an answer, `created` is its own and `active` the thread's."""

    CREATED = "created"
    ACTIVE = "lastactive"


@dataclass(frozen=True, slots=True)
class Word:
    """A word, in any of its inflected forms."""

    text: str
    field: Field = Field.ANYWHERE


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words one after the other, as they are written."""

    text: str
    field: Field = Field.ANYWHERE


@dataclass(frozen=True, slots=True)
class Prefix:
    """The beginning of a word, without its asterisk."""

    text: str
    field: Field = Field.ANYWHERE


@dataclass(frozen=True, slots=True)
class Tagged:
    """The thread has this tag (written in lower case)."""

    tag: str


@dataclass(frozen=True, slots=True)
class WrittenBy:
    """The author: of the answer, of the question, or (searching whole threads) of either.

    Exactly one of the two is set; a name is compared without regard to case.
    """

    user_id: int | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class CountRange:
    """Both bounds belong to the range; None is no bound."""

    of: Count
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True, slots=True)
class TimeRange:
    """From `since` on and before `before`; None is no bound."""

    of: Moment
    since: datetime | None = None
    before: datetime | None = None


@dataclass(frozen=True, slots=True)
class HasAccepted:
    """The question has, or hasn't, an accepted answer."""

    value: bool


@dataclass(frozen=True, slots=True)
class IsAccepted:
    """The answer is, or isn't, the accepted one; only answers are found by it."""

    value: bool


TextClause: TypeAlias = Word | Phrase | Prefix
Leaf: TypeAlias = TextClause | Tagged | WrittenBy | CountRange | TimeRange | HasAccepted | IsAccepted


@dataclass(frozen=True, slots=True)
class Not:
    """What the result must not be."""

    clause: Leaf


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Alternatives, of which one suffices."""

    clauses: tuple[Leaf | Not, ...]


Clause: TypeAlias = Leaf | Not | AnyOf


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What somebody looks for: every clause must hold. The tree is two levels deep, never deeper."""

    clauses: tuple[Clause, ...] = ()
    kind: Kind = Kind.ANY
    sort: Sort = Sort.RELEVANCE
    page: int = 1
    limit: int = 15
    ignored: tuple[str, ...] = ()
    """Sentences for the user: what of the text was ignored, why, and how to write it."""
    with_facets: bool = False
    """Whether the results are counted by tag, author, age and so on; it costs a pass over all of them."""

    def __post_init__(self) -> None:
        if not 1 <= self.limit <= MAX_LIMIT:
            raise ValueError(f"limit must be 1 to {MAX_LIMIT}, not {self.limit}")
        if self.page < 1 or self.offset + self.limit > MAX_RESULTS:
            raise ValueError(f"page {self.page} lies outside of the first {MAX_RESULTS} results")

    @property
    def offset(self) -> int:
        """Return how many results come before this page."""
        return (self.page - 1) * self.limit


@dataclass(frozen=True, slots=True)
class SimilarQuery:
    """A question, asked or about to be, to which threads about the same are looked for; solved ones win ties.

    The texts are plain, as somebody wrote them: no operators. No word is required; rare ones count most.
    """

    title: str
    body: str = ""
    tags: tuple[str, ...] = ()
    """The thread's tags or those that were chosen so far; threads that share them rank higher."""
    exclude: frozenset[int] = frozenset()
    """Threads that are no result, such as the question itself."""
    before: datetime | None = None
    """Only threads that were asked before this time."""
    is_unfinished: bool = False
    """The title is still being typed, so its last word may be the beginning of one."""
    only_solved: bool = False
    """Only threads with an accepted answer of which not enough people say that it no longer works."""
    with_passages: bool = True
    """Whether hits have snippets and say which answer fits; without, hits are of the thread as a whole."""
    limit: int = 5

    def __post_init__(self) -> None:
        if not 1 <= self.limit <= MAX_LIMIT:
            raise ValueError(f"limit must be 1 to {MAX_LIMIT}, not {self.limit}")


@dataclass(frozen=True, slots=True)
class Hit:
    """One result. `post_id` is the answer that was found or holds the best passage; None: the question."""

    thread_id: int
    post_id: int | None
    score: float
    snippet: Snippet


@dataclass(frozen=True, slots=True)
class Hits:
    """One page of results; `total` counts all of them exactly."""

    total: int
    hits: tuple[Hit, ...]
    relaxed: bool = False
    """Nothing held all the words, so results that hold any of them are given."""
    ignored: tuple[str, ...] = ()
    """The query's `ignored` and what the engine left out itself, such as words that are everywhere."""
    facets: Facets | None = None
    """Counts over all results, when the query asked for them."""


class SearchIndex(Protocol):
    """What documents are put into and found in. Every call is safe from several threads."""

    def index(self, documents: Iterable[ThreadDocument]) -> None:
        """Put the documents in, in place of those of the same threads, in one commit.

        Raises SearchUnavailable when the index needs a rebuild or another process writes for too long.
        """

    def remove(self, thread_ids: Iterable[int]) -> None:
        """Take these threads out; unknown ids are no error. Raises as `index` does."""

    def search(self, query: SearchQuery) -> Hits:
        """Return one page of what the query finds. Raises SearchUnavailable when there is no index."""

    def similar(self, query: SimilarQuery) -> tuple[Hit, ...]:
        """Return the threads that are most likely about the same, best first; may be none.

        A score says how alike the texts are; the order regards more, such as how recent a thread is.
        A hit's snippet is the passage that fits best, of the accepted answer if it still works. Takes
        bounded time however long the texts are. Raises SearchUnavailable when there is no index.
        """

    def correct(self, words: Iterable[str]) -> Mapping[str, str]:
        """Return for those words that no thread has the likeliest one that threads have, if any is near.

        Near is one changed, missing, added or swapped letter, two in words of eight letters and more; words
        of fewer than four letters, with digits or signs in them are left alone. Keys are the words as given.
        """

    def suggest(self, prefix: str, limit: int = 10) -> tuple[str, ...]:
        """Return the commonest words of titles that begin with the prefix, commonest first."""

    def count(self) -> int:
        """Return the number of threads in the index."""

    def thread_ids(self) -> Iterator[int]:
        """Yield the id of every thread in the index, in no particular order."""

    def fingerprints(self) -> Mapping[int, str]:
        """Return each thread's `ThreadDocument.fingerprint()` as it was indexed."""


@runtime_checkable
class Resumable(Protocol):
    """What an index that is being built also offers if its engine can go on with it after an interruption."""

    def reached(self) -> Reached:
        """Return what an interrupted rebuild had put in before, or what was kept last."""

    def keep(self, reached: Reached) -> None:
        """Note how far the index has got, so that the next rebuild goes on from there even after a kill."""


@runtime_checkable
class Teachable(Protocol):
    """What an index that is being built also offers if it learns from the site what its words mean."""

    def has_learned(self) -> bool:
        """Return whether it has, perhaps before an interruption."""

    def learn(self, sample: Iterable[ThreadDocument], *, threads: int) -> None:
        """Learn from some threads of a site that has so many, before any is put in."""


@runtime_checkable
class Preparable(Protocol):
    """What an index that is being built also offers if other processes can do most of the work for it.

    What `counted` and `prepare` return can be sent from one process to another; both change nothing.
    """

    def counted(self, documents: Sequence[ThreadDocument]) -> Any:
        """Return what there is to learn from these threads."""

    def learn_from(self, counted: Iterable[Any], *, threads: int) -> None:
        """Learn as `Teachable.learn` does, from what `counted` returned."""

    def prepare(self, documents: Sequence[ThreadDocument]) -> Any:
        """Return threads ready to be put in, after the index has learned; no thread may be there twice."""

    def put(self, prepared: Any) -> None:
        """Put in what `prepare` returned. Raises as `SearchIndex.index` does."""


@runtime_checkable
class Readable(Protocol):
    """What an engine also offers if it keeps whole documents."""

    def documents(self, thread_ids: Iterable[int]) -> Iterable[ThreadDocument]:
        """Yield the documents of those of the threads that it holds, as they were indexed."""


@runtime_checkable
class Discardable(Protocol):
    """What an engine also offers whose index lies somewhere else than in a folder of the site."""

    def discard(self) -> None:
        """Remove the index and all that belongs to it; no error if there is none."""


@runtime_checkable
class MapsFiles(Protocol):
    """What an engine also offers if it maps the files of its index into memory."""

    def let_go(self) -> None:
        """Close the files until they are needed again."""


class SearchEngine(SearchIndex, Protocol):
    """The site's live index, shared by every process that opens the same folder, and its rebuilding."""

    def needs_rebuild(self) -> str | None:
        """Return why the index must be rebuilt from the database (new, broken, other version), or None.

        An index of another version may be usable all the same: see `unusable`.
        """

    def unusable(self) -> str | None:
        """Return why the index can neither be searched nor written until it is rebuilt, or None."""

    def state(self) -> IndexState:
        """Return the live index in figures. Raises SearchUnavailable when there is none that can be used."""

    def rebuilding(self) -> AbstractContextManager[SearchIndex]:
        """Yield an empty index beside the live one; at the end of the block it is the live one.

        Searches go on in the old index meanwhile, and what is indexed or removed there during the block
        is carried over. An exception in the block leaves the old index live. An index that is `Resumable`
        holds what an interrupted rebuild kept. Raises SearchUnavailable when another rebuild is running.
        """

    def close(self) -> None:
        """Let go of files and memory; the engine can't be used afterwards."""
