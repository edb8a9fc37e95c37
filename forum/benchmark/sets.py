"""Sets of threads, later questions, and which threads help with which question.

A set is a folder of three files. `docs.jsonl` holds a thread a line: `id`, `title`, `body`, `answers` (plain
text) and `date`. `queries.jsonl` holds a question a line: `id`, `title`, `body`, `date`. `qrels.tsv` holds a
line for each thread that helps: the id of the question, a tab, the id of the thread.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from forum.core.errors import AskwellError


class UnusableSet(AskwellError):
    """A file of the set is missing or can't be read; the message names it, and the line."""


@dataclass(frozen=True, slots=True)
class Thread:
    """A question with its answers as one text."""

    id: int
    title: str
    body: str
    answers: str
    date: datetime


@dataclass(frozen=True, slots=True)
class Question:
    """A later question; `wanted` are the threads that help with it."""

    id: int
    title: str
    body: str
    date: datetime
    wanted: frozenset[int]


@dataclass(frozen=True, slots=True)
class BenchmarkSet:
    """What is searched, and what is looked for; only threads from before a question may be its results."""

    name: str
    threads: tuple[Thread, ...]
    questions: tuple[Question, ...]


def read(folder: Path) -> BenchmarkSet:
    """Return the set in this folder. Raises UnusableSet."""
    threads = tuple(
        Thread(fields["id"], fields["title"], fields["body"], fields.get("answers") or "", fields["date"])
        for fields in _lines(folder / "docs.jsonl")
    )
    wanted = _judgements(folder / "qrels.tsv")
    questions = tuple(
        Question(fields["id"], fields["title"], fields["body"], fields["date"], wanted[fields["id"]])
        for fields in _lines(folder / "queries.jsonl")
        if fields["id"] in wanted
    )
    if not questions:
        raise UnusableSet(f"{folder}: none of the questions has a thread that helps with it.")
    return BenchmarkSet(folder.name, threads, questions)


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(_text(path).splitlines(), start=1):
        try:
            fields = json.loads(line)
            yield fields | {
                "id": int(fields["id"]),
                "title": str(fields["title"]),
                "body": str(fields.get("body") or ""),
                "date": _moment(str(fields["date"])),
            }
        except (ValueError, KeyError, TypeError) as error:
            raise UnusableSet(
                f"{path}, line {number}: expected an object with id, title and date ({error})."
            ) from error


def _judgements(path: Path) -> Mapping[int, frozenset[int]]:
    wanted: dict[int, frozenset[int]] = {}
    for number, line in enumerate(_text(path).splitlines(), start=1):
        try:
            question, thread = (int(part) for part in line.split("\t")[:2])
        except ValueError as error:
            raise UnusableSet(f"{path}, line {number}: expected two ids with a tab between.") from error
        wanted[question] = wanted.get(question, frozenset()) | {thread}
    return wanted


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UnusableSet(f"{path} can't be read: {error}") from error


def _moment(written: str) -> datetime:
    """Return a date, or the first moment of a year, in UTC."""
    if written.isdigit():
        return datetime(int(written), 1, 1, tzinfo=UTC)
    moment = datetime.fromisoformat(written)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
