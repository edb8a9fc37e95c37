"""A generated site: the demo community's sentences put together to any size, realistically distributed."""

import json
import random
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select, text

from bench.bulk import ROWS_PER_TRANSACTION, Writer, bulk_writer, count_on_from_rows, moment
from bench.ledger import DAY_COLUMNS, ENTRY_COLUMNS, Ledgers
from bench.texts import read_texts
from bench.threads import COLUMNS, Threads
from forum.accounts.actions import create_user
from forum.cli.progress import bar
from forum.core.db import Database
from forum.core.paging import Cursor
from forum.posts.models import Post

PASSWORD = "bench mark forty two"
VOTERS = 4
_THREADS_PER_BATCH = ROWS_PER_TRANSACTION // 10
_TOTALS = (
    "UPDATE tag SET question_count = (SELECT count(*) FROM question_tag WHERE tag_id = tag.id)",
    'UPDATE "user" SET reputation = reputation + coalesce('
    ' (SELECT sum(change) FROM reputation_entry WHERE user_id = "user".id), 0)',
)
_NEVER_SHOWN = 5_000
"""More than are opened in a run, so that none is shown by a process twice."""
_COUNTED_ON = ("user", "tag", "post")
_TABLES = ("user", "tag", *COLUMNS, "reputation_entry", "reputation_day")


@dataclass(frozen=True, slots=True)
class Site:
    """What the measurements need to know of a generated site."""

    size: int
    questions: tuple[tuple[int, str], ...]
    """Ids and slugs of questions that all have 5 answers and 7 comments."""
    tag_names: tuple[str, ...]
    voters: tuple[str, ...]
    searches: tuple[str, ...]
    """Pairs of words, more than are searched for in a run, so that each can be new."""
    profiles: tuple[str, ...]
    """Pages of some people who have written much, and of some who have not."""

    def save(self, path: Path) -> None:
        """Write the site down beside its data."""
        path.write_text(json.dumps(asdict(self)) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> "Site":
        """Return the site that `save` wrote down."""
        kept = json.loads(path.read_text(encoding="utf-8"))
        questions = tuple((id, slug) for id, slug in kept.pop("questions"))
        return cls(size=kept.pop("size"), questions=questions, **{key: tuple(kept[key]) for key in kept})


def generate(database: Database, *, questions: int, say: Callable[[str], None]) -> Site:
    """Fill an empty database with `questions` questions and what belongs to them."""
    chance = random.Random(42)
    words = read_texts().words
    voters = tuple(f"Voter {number}" for number in range(1, VOTERS + 1))
    with database.transaction() as session:
        for name in voters:
            create_user(session, name=name, email="", password=PASSWORD, role="member")
    numbers = range(1 + questions // 5 // len(words))
    names = [f"{word}-{number}" for number in numbers for word in words][: max(20, questions // 5)]
    threads = Threads(questions, range(VOTERS + 1, VOTERS + 1 + max(20, questions // 2)), names)
    with bulk_writer(database, _TABLES, say) as writer:
        _write_people_and_tags(writer, threads.people, names)
        with bar("questions") as tell:
            for done, batch in threads.batches(_THREADS_PER_BATCH):
                for table, rows in batch.items():
                    writer.add(table, COLUMNS[table], rows)
                tell(done, questions)
        _write_ledgers(writer, threads.ledgers)
    say("totals")
    _write_totals(database)
    count_on_from_rows(database, _COUNTED_ON)
    return Site(
        size=questions,
        questions=tuple(chance.sample(threads.samples, len(threads.samples))),
        tag_names=tuple(names[:20]),
        voters=voters,
        searches=tuple(dict.fromkeys(" ".join(chance.sample(words, 2)) for _ in range(5_000))),
        profiles=tuple(f"/users/{id}/person-{id}" for id in _known_people(threads.people)),
    )


def far_down(database: Database, site: Site) -> str:
    """Return the cursor of a page in the middle of the list of the newest questions."""
    ids = sorted(id for id, _ in site.questions)
    with database.reading() as session:
        question = session.execute(
            select(Post.id, Post.created_at).where(Post.id == ids[len(ids) // 2])
        ).one()
    return str(Cursor(key=question.created_at, id=question.id))


def never_shown(database: Database, site: Site) -> list[tuple[int, str]]:
    """Return ids and slugs of questions besides those that are asked for in turn, 5,000 at most."""
    known = {id for id, _ in site.questions}
    with database.reading() as session:
        found = session.execute(
            select(Post.id, Post.slug).where(Post.kind == "question").order_by(Post.id).limit(_NEVER_SHOWN)
        ).all()
    return [(id, slug) for id, slug in found if id not in known]


def _known_people(people: range) -> list[int]:
    return [people[place] for place in (0, 1, 2, 3, len(people) // 2, len(people) - 1)]


def _write_people_and_tags(writer: Writer, people: range, tag_names: list[str]) -> None:
    now = datetime.now(UTC)
    joined = _moment(now - timedelta(days=1500))
    columns = ("id", "name", "name_key", "created_at")
    writer.add("user", columns, ((n, f"Person {n}", f"person{n}", joined) for n in people))
    tags = ((n, name, f"About {name}.", _moment(now)) for n, name in enumerate(tag_names, 1))
    writer.add("tag", ("id", "name", "excerpt", "created_at"), tags)


def _write_ledgers(writer: Writer, ledgers: Ledgers) -> None:
    done = 0
    with bar("lines of ledgers") as tell:
        for entries, days in ledgers.rows():
            writer.add("reputation_entry", ENTRY_COLUMNS, entries)
            writer.add("reputation_day", DAY_COLUMNS, days)
            done += len(entries)
            tell(done, len(ledgers))


def _write_totals(database: Database) -> None:
    for statement in _TOTALS:
        with database.transaction() as session:
            session.execute(text(statement))


def _moment(at: datetime) -> str:
    return moment(int(at.timestamp()) * 1_000_000)
