"""What engines keep of a thread: one record of the whole thread and one of each of its answers.

Words are found in the thread's record, where question, answers and comments stand together. The records of
answers exist because `is:answer`, an answer's own author, score and date can't be told from the whole; they
carry the thread's tags and flags too, so that every condition can be checked on a single record. A thread's
record is followed by those of its answers, and `ordinal` says how far behind it each of them is.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from forum.search.analysis import Analyses, Analysis, fold
from forum.search.threads import AnswerText, ThreadDocument

TEXT = "text"
"""Everything of a thread: title, question, answers, tags, comments, and what its duplicates are called."""
TITLE = "title"
QUESTION = "question"
ANSWER = "answer"
CODE = "code"

GAP = 100
"""Positions between two texts of a record, so that no phrase runs from one into the other."""

Positions = dict[str, list[int]]
"""The terms of a text, each with its positions in rising order."""


@dataclass(frozen=True, slots=True)
class Record:
    """A thread (`post_id` is None) or an answer, ready to be written into an index."""

    thread_id: int
    post_id: int | None
    ordinal: int
    fields: Mapping[str, Positions]
    tags: frozenset[str]
    author_id: int | None
    author: frozenset[str]
    """Marks of who wrote the post itself; see `author_marks`."""
    people: frozenset[str]
    """Marks of who wrote anything that this record stands for."""
    score: int
    answer_count: int
    created_at: datetime
    active_at: datetime
    has_accepted: bool
    is_accepted: bool
    is_solved: bool
    """It is a thread with an accepted answer, or that answer, and nobody is told that this no longer works.
    Ranking goes by it; people who search for acceptance get `has_accepted` and `is_accepted`."""


def author_marks(user_id: int | None, name: str | None) -> frozenset[str]:
    """Return what a record is found by for this author: `#id`, `@name`, or both."""
    marks = []
    if user_id is not None:
        marks.append(f"#{user_id}")
    if name and name.strip():
        marks.append("@" + " ".join(fold(name).split()))
    return frozenset(marks)


def records_of(document: ThreadDocument, analyses: Analyses) -> tuple[Record, ...]:
    """Return the thread's record, followed by those of its answers."""
    title = _positions(document.title, analyses.prose)
    question = _positions(document.question, analyses.prose)
    texts = [_positions(answer.text, analyses.prose) for answer in document.answers]
    rest = [_positions(text, analyses.prose) for text in other_texts(document)]
    code = _positions(document.code, analyses.code)
    thread, *answers = bare_records_of(document)
    whole = {TEXT: _joined([title, question, *texts, *rest]), TITLE: title, QUESTION: question, CODE: code}
    return (
        replace(thread, fields=whole),
        *(
            replace(record, fields={ANSWER: text, TITLE: title, CODE: _positions(answer.code, analyses.code)})
            for record, answer, text in zip(answers, document.answers, texts, strict=True)
        ),
    )


def other_texts(document: ThreadDocument) -> tuple[str, ...]:
    """Return what a thread is found by as a whole, beside its title, its question and its answers."""
    return (" ".join(document.tags), document.comments, *document.asked_as)


def bare_records_of(document: ThreadDocument) -> tuple[Record, ...]:
    """Return the records of a thread without any terms in their fields."""
    own = author_marks(document.author_id, document.author_name)
    authors = [author_marks(answer.author_id, answer.author_name) for answer in document.answers]
    thread = Record(
        thread_id=document.thread_id,
        post_id=None,
        ordinal=0,
        fields={},
        tags=frozenset(tag.lower() for tag in document.tags),
        author_id=document.author_id,
        author=own,
        people=own.union(*authors),
        score=document.score,
        answer_count=document.answer_count,
        created_at=document.created_at,
        active_at=document.active_at,
        has_accepted=document.has_accepted,
        is_accepted=False,
        is_solved=_is_solved(document),
    )
    answers = zip(document.answers, authors, strict=True)
    return (
        thread,
        *(_answer_record(thread, answer, author, at) for at, (answer, author) in enumerate(answers, start=1)),
    )


def _is_solved(document: ThreadDocument) -> bool:
    no_longer = any(answer.accepted and answer.outdated for answer in document.answers)
    return document.has_accepted and not no_longer


def _answer_record(thread: Record, answer: AnswerText, author: frozenset[str], ordinal: int) -> Record:
    return Record(
        thread_id=thread.thread_id,
        post_id=answer.post_id,
        ordinal=ordinal,
        fields={},
        tags=thread.tags,
        author_id=answer.author_id,
        author=author,
        people=author,
        score=answer.score,
        answer_count=thread.answer_count,
        created_at=answer.created_at,
        active_at=thread.active_at,
        has_accepted=thread.has_accepted,
        is_accepted=answer.accepted,
        is_solved=answer.is_solving,
    )


def vocabulary_of(document: ThreadDocument, prose: Analysis) -> frozenset[str]:
    """Return the words of a thread as they are written, folded: what corrections are taken from."""
    texts = (document.title, document.question, *(answer.text for answer in document.answers))
    words = {form.exact for text in texts for form in prose.forms(text)}
    return frozenset(word for word in words if word.isalpha())


def _positions(text: str, analysis: Analysis) -> Positions:
    positions: Positions = defaultdict(list)
    for position, form in enumerate(analysis.forms(text)):
        for term in form.indexed:
            positions[term].append(position)
    return positions


def _joined(texts: list[Positions]) -> Positions:
    joined: Positions = defaultdict(list)
    base = 0
    for text in texts:
        last = 0
        for term, positions in text.items():
            joined[term].extend([base + position for position in positions])
            last = max(last, positions[-1])
        base += last + GAP
    return joined
