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
from forum.importers.stackexchange.loading.texts import Original, Wording, word
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


def prepare(run: Run, question_ids: Sequence[int]) -> Batch:
    """Read threads from the staging file and word all that is new in them."""
    threads = read_threads(run.staging, question_ids)
    people = people_in(run.staging, threads)
    drafts = {
        post.id: revisions_in(thread.history[post.id]) for thread in threads for post in thread.new_posts
    }
    posts = [(thread, post) for thread in threads for post in thread.new_posts]
    originals = [_original(post, drafts[post.id], _mentions(thread, people)) for thread, post in posts]
    wordings = word(originals, run.links, run.renderer)
    return Batch(
        threads=threads,
        people=people,
        wordings={post.id: wording for (_, post), wording in zip(posts, wordings, strict=True)},
        drafts=drafts,
        comments=_worded_comments(run, threads, people),
    )


def _original(post: Row[Any], drafts: list[Draft], mentions: dict[str, str]) -> Original:
    source = drafts[-1].source if drafts else None
    return Original(post.body_html, source, f"p{post.local_id}", mentions)


def _worded_comments(
    run: Run, threads: list[Thread], people: dict[int, Person]
) -> dict[int, tuple[str, Rendered]]:
    """Return source and rendering of the new comments, which dumps hold as the Markdown that was typed."""
    new = [(thread, comment) for thread in threads for comment in thread.comments if comment.state == ""]
    sources = [run.links.rewrite_markdown(comment.text.strip()) for _, comment in new]
    rendered = run.renderer.render(
        Source(source, Flavour.COMMENT, _mentions(thread, people), f"c{comment.id}")
        for source, (thread, comment) in zip(sources, new, strict=True)
    )
    worded = zip(new, sources, rendered, strict=True)
    return {comment.id: (source, shown) for (_, comment), source, shown in worded}


def _mentions(thread: Thread, people: dict[int, Person]) -> dict[str, str]:
    """Return the profiles of those in the thread by the key of their name: whom an @name there can mean."""
    present = (people[id_] for id_ in sorted(thread.person_ids()) if id_ in people)
    return {key: profile_path(person.local_id) for person in present if (key := name_key(person.name))}
