"""What is offered while somebody types a search: questions about it, tags and people.

As on the page of results, the index proposes and the database decides who may see a question.
"""

import re
from dataclasses import dataclass

from sqlalchemy.orm import Session

from forum.accounts import queries as accounts
from forum.accounts.queries import Person
from forum.posts.rules import question_path
from forum.search.engine import (
    Phrase,
    Prefix,
    SearchEngine,
    SearchQuery,
    SearchUnavailable,
    SimilarQuery,
    Tagged,
    Word,
)
from forum.search.queries import found_posts
from forum.search.syntax import MAX_CHARACTERS, parse
from forum.tags import queries as tags
from forum.tags.queries import TagRow

MOST_QUESTIONS = 5
MOST_TAGS = 3
MOST_PEOPLE = 3
FEWEST_CHARACTERS = 2
"""Of a word, before it is looked up; one letter begins too much to be of use."""

_NAME_CHARACTERS = 40
_LAST = re.compile(r"-?(?P<kind>\[|user:\"?)?(?P<typed>[^\s\[\]\"]*)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SuggestedQuestion:
    """A visible question that may be what is looked for."""

    title: str
    path: str
    is_solved: bool


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What is offered, the best of each sort first."""

    questions: tuple[SuggestedQuestion, ...] = ()
    tags: tuple[TagRow, ...] = ()
    people: tuple[Person, ...] = ()


def load(session: Session, engine: SearchEngine, typed: str) -> Suggestions:
    """Return what fits a search that is being typed, in three statements and one call of the engine at most.

    Without a usable index no questions are offered.
    """
    typed = typed[:MAX_CHARACTERS]
    last = _LAST.search(typed)
    kind, word = (last["kind"] or "", last["typed"]) if last else ("", "")
    return Suggestions(
        questions=() if kind else _questions(session, engine, typed),
        tags=() if kind.lower().startswith("user") else _tags(session, word, is_tag=bool(kind)),
        people=() if kind == "[" else _people(session, typed, word, is_person=bool(kind)),
    )


def _questions(session: Session, engine: SearchEngine, typed: str) -> tuple[SuggestedQuestion, ...]:
    query = parse(typed)
    words = " ".join(clause.text for clause in query.clauses if isinstance(clause, Word | Phrase | Prefix))
    if len(words) < FEWEST_CHARACTERS:
        return ()
    try:
        hits = engine.similar(
            SimilarQuery(
                words,
                tags=_tags_of(query),
                is_unfinished=not typed.endswith(" "),
                with_passages=False,
                limit=MOST_QUESTIONS,
            )
        )
    except SearchUnavailable:
        return ()
    posts = found_posts(session, [hit.thread_id for hit in hits]) if hits else {}
    found = (posts[hit.thread_id] for hit in hits if hit.thread_id in posts)
    return tuple(
        SuggestedQuestion(
            post.title, question_path(post.id, post.slug), is_solved=post.accepted_answer_id is not None
        )
        for post in found
    )


def _tags_of(query: SearchQuery) -> tuple[str, ...]:
    return tuple(clause.tag for clause in query.clauses if isinstance(clause, Tagged))


def _tags(session: Session, word: str, *, is_tag: bool) -> tuple[TagRow, ...]:
    if not is_tag and len(word) < FEWEST_CHARACTERS:
        return ()
    return tags.beginning(session, word, limit=MOST_TAGS)


def _people(session: Session, typed: str, word: str, *, is_person: bool) -> tuple[Person, ...]:
    """Return people by the one word, or by all words, since names may have several."""
    name = word if is_person else typed.strip()
    if len(name) > _NAME_CHARACTERS or (not is_person and len(name) < FEWEST_CHARACTERS):
        return ()
    return accounts.people_beginning(session, name, limit=MOST_PEOPLE)
