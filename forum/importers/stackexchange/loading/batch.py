"""One transaction's worth of threads, prepared before the transaction begins.

Rendering takes far longer than writing, and on SQLite a transaction makes every other writer wait. So all
texts are worded first; what is left for the transaction is inserting rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from forum.accounts.rules import name_key, profile_path
from forum.core.markup import Flavour, Rendered, Source
from forum.importers.stackexchange.loading.revisions import Draft, revisions_in
from forum.importers.stackexchange.loading.run import Run
from forum.importers.stackexchange.loading.texts import Original, Wording, Wordings
from forum.importers.stackexchange.loading.threads import Person, Thread, people_in, read_threads


@dataclass(frozen=True, slots=True)
class Batch:
    """Threads with the wording of their new posts and comments, each by its id in the dump."""

    threads: list[Thread]
    people: dict[int, Person]
    wordings: dict[int, Wording]
    drafts: dict[int, list[Draft]]
    comments: dict[int, tuple[str, Rendered]]

    def local_person(self, id_: int | None) -> int | None:
        """Return our id of a person, or None for nobody and for those without an account."""
        person = None if id_ is None else self.people.get(id_)
        return person.local_id if person else None

    def name_of(self, id_: int | None, name: str) -> str | None:
        """Return the name to keep beside a text whose author has no account."""
        if self.local_person(id_) is not None:
            return None
        return name or (f"user{id_}" if id_ is not None else None)


class Preparation:
    """A batch in the making, whose texts are being rendered while the one before it is written."""

    def __init__(self, run: Run, question_ids: Sequence[int]) -> None:
        """Read threads from the staging file, and begin to word all that is new in them."""
        self._threads = threads = read_threads(run.staging, question_ids)
        self._people = people_in(run.staging, threads)
        self._posts = [post for thread in threads for post in thread.new_posts]
        self._drafts = {
            post.id: revisions_in(thread.history[post.id]) for thread in threads for post in thread.new_posts
        }
        mentions = {thread.question.id: _mentions(thread, self._people) for thread in threads}
        originals = [
            _original(post, self._drafts[post.id], mentions[thread.question.id])
            for thread in threads
            for post in thread.new_posts
        ]
        self._wordings = Wordings(originals, run.links, run.renderer)
        # Dumps hold comments as the Markdown that was typed.
        new = [(thread, comment) for thread in threads for comment in thread.comments if comment.state == ""]
        self._comments = [
            (comment.id, run.links.rewrite_markdown(comment.text.strip())) for _, comment in new
        ]
        self._rendered = run.renderer.begin(
            Source(source, Flavour.COMMENT, mentions[thread.question.id], f"c{id_}")
            for (thread, _), (id_, source) in zip(new, self._comments, strict=True)
        )

    def finished(self) -> Batch:
        """Wait for what is still being rendered, and return the batch."""
        wordings = zip(self._posts, self._wordings.found(), strict=True)
        comments = zip(self._comments, self._rendered, strict=True)
        return Batch(
            threads=self._threads,
            people=self._people,
            wordings={post.id: wording for post, wording in wordings},
            drafts=self._drafts,
            comments={id_: (source, rendered) for (id_, source), rendered in comments},
        )


def prepare(run: Run, question_ids: Sequence[int]) -> Batch:
    """Read threads from the staging file and word all that is new in them."""
    return Preparation(run, question_ids).finished()


def _original(post: Row[Any], drafts: list[Draft], mentions: dict[str, str]) -> Original:
    source = drafts[-1].source if drafts else None
    return Original(post.body_html, source, f"p{post.local_id}", mentions)


def _mentions(thread: Thread, people: dict[int, Person]) -> dict[str, str]:
    """Return the profiles of those in the thread by the key of their name: whom an @name there can mean."""
    present = (people[id_] for id_ in sorted(thread.person_ids()) if id_ in people)
    return {key: profile_path(person.local_id) for person in present if (key := name_key(person.name))}
