"""The demo community as its authors wrote it down: people, tags, and questions with all that belongs to them.

The files give times as distances: days before now for questions, hours after its post for everything else.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeAlias

_FOLDER = Path(__file__).parent / "content"

_Table: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the demo community; `key` is the name by which the files call them."""

    key: str
    name: str
    about: str
    location: str
    website: str
    role: str
    joined_at: datetime


@dataclass(frozen=True, slots=True)
class TagText:
    """A tag with its description and its other names."""

    name: str
    description: str
    synonyms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment and who found it useful."""

    key: str
    author: str
    body: str
    at: datetime
    up: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Edit:
    """A change of a post; what is None stays as it was."""

    author: str
    at: datetime
    summary: str
    body: str | None
    title: str | None
    tags: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Writing:
    """What questions and answers have in common; a question's key is its first title."""

    key: str
    author: str
    body: str
    at: datetime
    up: tuple[str, ...]
    down: tuple[str, ...]
    edits: tuple[Edit, ...]
    comments: tuple[Remark, ...]


@dataclass(frozen=True, slots=True)
class AnswerText:
    """An answer, and when the asker accepted it."""

    writing: Writing
    accepted_at: datetime | None


@dataclass(frozen=True, slots=True)
class QuestionText:
    """A question with its answers; `duplicate_of` is the key of the one that it repeats."""

    writing: Writing
    tags: tuple[str, ...]
    views: int
    answers: tuple[AnswerText, ...]
    duplicate_of: str | None


@dataclass(frozen=True, slots=True)
class Script:
    """Everything that happens in the demo community, with its times fixed."""

    people: tuple[Person, ...]
    tags: tuple[TagText, ...]
    questions: tuple[QuestionText, ...]


def read_script(now: datetime) -> Script:
    """Return the demo community as seen from `now`; nothing in it happens later."""
    files = [tomllib.loads(path.read_text("utf-8")) for path in sorted(_FOLDER.glob("*.toml"))]
    people = [_person(table, now) for file in files for table in file.get("person", ())]
    questions = [_question(table, now) for file in files for table in file.get("question", ())]
    return Script(
        people=tuple(sorted(people, key=lambda person: person.joined_at)),
        tags=tuple(_tag(table) for file in files for table in file.get("tag", ())),
        questions=tuple(sorted(questions, key=lambda question: question.writing.at)),
    )


def _person(table: _Table, now: datetime) -> Person:
    return Person(
        key=table["key"],
        name=table["name"],
        about=table["about"],
        location=table.get("location", ""),
        website=table.get("website", ""),
        role=table.get("role", "member"),
        joined_at=now - timedelta(days=table["joined_days_ago"]),
    )


def _tag(table: _Table) -> TagText:
    return TagText(table["name"], table["description"].strip(), tuple(table.get("synonyms", ())))


def _question(table: _Table, now: datetime) -> QuestionText:
    at = now - timedelta(days=table["days_ago"])
    return QuestionText(
        writing=_writing(table, at, key=table["title"]),
        tags=tuple(table["tags"]),
        views=table["views"],
        answers=tuple(
            _answer(answer, asked_at=at, key=f"{table['title']} / answer {number}")
            for number, answer in enumerate(table.get("answers", ()), start=1)
        ),
        duplicate_of=table.get("duplicate_of"),
    )


def _answer(table: _Table, *, asked_at: datetime, key: str) -> AnswerText:
    at = _later(asked_at, table["after_hours"])
    hours = table.get("accepted_after_hours")
    return AnswerText(_writing(table, at, key=key), accepted_at=None if hours is None else _later(at, hours))


def _writing(table: _Table, at: datetime, *, key: str) -> Writing:
    return Writing(
        key=key,
        author=table["author"],
        body=table["body"],
        at=at,
        up=tuple(table["votes"]["up"]),
        down=tuple(table["votes"]["down"]),
        edits=tuple(_edit(edit, after=at) for edit in table.get("edits", ())),
        comments=tuple(
            _remark(comment, after=at, key=f"{key} / comment {number}")
            for number, comment in enumerate(table.get("comments", ()), start=1)
        ),
    )


def _remark(table: _Table, *, after: datetime, key: str) -> Remark:
    return Remark(
        key=key,
        author=table["author"],
        body=table["body"],
        at=_later(after, table["after_hours"]),
        up=tuple(table["up"]),
    )


def _edit(table: _Table, *, after: datetime) -> Edit:
    return Edit(
        author=table["author"],
        at=_later(after, table["after_hours"]),
        summary=table["summary"],
        body=table.get("body"),
        title=table.get("title"),
        tags=tuple(table["tags"]) if "tags" in table else None,
    )


def _later(moment: datetime, hours: float) -> datetime:
    return moment + timedelta(hours=hours)
