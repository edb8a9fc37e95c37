"""A generated site: the demo community's sentences recombined to any size, with a realistic distribution."""

import random
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import resources
from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from forum.accounts.actions import create_user
from forum.accounts.models import User
from forum.core.db import Database
from forum.core.markup import RENDER_VERSION, Flavour, Source, render_many
from forum.posts.models import Comment, Post
from forum.posts.rules import excerpt, hotness, slugify
from forum.reputation.actions import record
from forum.reputation.rules import Grant, vote_grants
from forum.tags.models import QuestionTag, Tag
from forum.votes.models import Vote

PASSWORD = "bench mark forty two"
ANSWERS_PER_QUESTION, COMMENTS_PER_QUESTION, VOTES_PER_QUESTION = 2.5, 3.7, 6.3
"""The proportions of the site that other software was measured with: see docs/performance.md."""
VOTERS = 4
_BATCH = 2000

Rows = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Site:
    """What the measurements need to know of a generated site."""

    questions: tuple[tuple[int, str], ...]
    tag_names: tuple[str, ...]
    voters: tuple[str, ...]
    searches: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Text:
    source: str
    html: str
    text: str


def generate(database: Database, *, questions: int, say: Callable[[str], None]) -> Site:
    """Fill an empty database with `questions` questions and what belongs to them."""
    chance = random.Random(42)
    writer = _Writer(chance, questions)
    with database.transaction() as session:
        say("people and tags")
        names = writer.people(session)
        writer.tags(session)
    with database.transaction() as session:
        say("questions, answers, comments and votes")
        writer.threads(session)
    say("the ledger")
    for grants in writer.ledgers():
        with database.transaction() as session:
            record(session, grant=grants)
    return Site(
        questions=tuple(chance.sample(writer.questions, min(200, questions))),
        tag_names=tuple(writer.tag_names[:20]),
        voters=names,
        searches=tuple(" ".join(chance.sample(writer.words, 2)) for _ in range(20)),
    )


class _Writer:
    def __init__(self, chance: random.Random, questions: int) -> None:
        self._chance = chance
        self._now = datetime.now(UTC)
        self._size = questions
        self._titles, self._texts, self._remarks = _sentences()
        words = {word.strip("?.,:()`'\"") for title in self._titles for word in title.lower().split()}
        self.words = sorted(word for word in words if len(word) > 4 and word.isalpha())
        numbers = range(1 + questions // 5 // len(self.words))
        tags = [f"{word}-{number}" for number in numbers for word in self.words]
        self.tag_names = tags[: max(20, questions // 5)]
        self._people = range(VOTERS + 1, VOTERS + 1 + max(20, questions // 2))
        self.questions: list[tuple[int, str]] = []
        self._grants: dict[int, list[Grant]] = {}
        self._tag_counts: dict[int, int] = {}

    def people(self, session: Session) -> tuple[str, ...]:
        voters = tuple(f"Voter {number}" for number in range(1, VOTERS + 1))
        for name in voters:
            create_user(session, name=name, email="", password=PASSWORD, role="member")
        joined = self._now - timedelta(days=1500)
        rows = [
            {"id": n, "name": f"Person {n}", "name_key": f"person{n}", "created_at": joined}
            for n in self._people
        ]
        session.execute(insert(User), rows)
        return voters

    def tags(self, session: Session) -> None:
        rows = [
            {"id": n, "name": name, "excerpt": f"About {name}.", "created_at": self._now}
            for n, name in enumerate(self.tag_names, 1)
        ]
        session.execute(insert(Tag), rows)

    def threads(self, session: Session) -> None:
        tables: list[tuple[type, list[Rows]]] = [(Post, []), (QuestionTag, []), (Comment, []), (Vote, [])]
        for thread in self._threads():
            for (_, kept), more in zip(tables, thread, strict=True):
                kept.extend(more)
            if len(tables[0][1]) >= _BATCH:
                _write(session, tables)
        _write(session, tables)
        for tag_id, count in self._tag_counts.items():
            session.execute(update(Tag).where(Tag.id == tag_id).values(question_count=count))

    def ledgers(self) -> Iterator[list[Grant]]:
        """Yield the grants of a hundred people at a time."""
        people = sorted(self._grants)
        for start in range(0, len(people), 100):
            yield [grant for user_id in people[start : start + 100] for grant in self._grants[user_id]]

    def _threads(self) -> Iterator[tuple[list[Rows], list[Rows], list[Rows], list[Rows]]]:
        post_id = 0
        for number in range(self._size):
            asked = self._now - timedelta(days=1400) * (1 - number / self._size)
            answers = self._some(ANSWERS_PER_QUESTION)
            posts = [self._post(post_id + 1, asked)]
            posts += [
                self._post(post_id + 2 + n, asked + timedelta(hours=1 + n), question_id=post_id + 1)
                for n in range(answers)
            ]
            votes = self._votes(posts)
            comments = [self._comment(posts) for _ in range(self._some(COMMENTS_PER_QUESTION))]
            yield posts, self._finish(posts, number), comments, votes
            self.questions.append((post_id + 1, posts[0]["slug"]))
            post_id += len(posts)

    def _post(self, post_id: int, at: datetime, *, question_id: int | None = None) -> Rows:
        text = self._chance.choice(self._texts)
        is_question = question_id is None
        title = f"{self._chance.choice(self._titles)} ({post_id})" if is_question else None
        return {
            "id": post_id,
            "kind": "question" if is_question else "answer",
            "question_id": question_id,
            "author_id": self._somebody(),
            "source": text.source,
            "html": text.html,
            "render_version": RENDER_VERSION,
            "created_at": at,
            "active_at": at,
            "title": title,
            "slug": slugify(title) if title else "",
            "excerpt": excerpt(text.text) if is_question else "",
            "score": 0,
            "comment_count": 0,
            "answer_count": 0,
            "upvoted_answer_count": 0,
            "view_count": self._some(120),
            "accepted_answer_id": None,
            "active_kind": "asked",
            "active_by_id": None,
            "tag_names": "",
            "hot": 0.0,
        }

    def _votes(self, posts: list[Rows]) -> list[Rows]:
        votes = {}
        for _ in range(self._some(VOTES_PER_QUESTION)):
            post, voter = self._chance.choice(posts), self._somebody()
            if voter != post["author_id"]:
                value = 1 if self._chance.random() < 0.9 else -1
                votes[post["id"], voter] = (post, value)
        rows = []
        for (post_id, voter), (post, value) in votes.items():
            at = post["created_at"] + timedelta(minutes=self._chance.randrange(40_000))
            at = min(at, self._now)
            post["score"] += value
            rows.append({"post_id": post_id, "user_id": voter, "value": value, "cast_at": at})
            grants = vote_grants(
                post_id=post_id,
                kind=post["kind"],
                author_id=post["author_id"],
                voter_id=voter,
                value=value,
                cast_at=at,
            )
            for grant in grants:
                self._grants.setdefault(grant.key.user_id, []).append(grant)
        return rows

    def _comment(self, posts: list[Rows]) -> Rows:
        post, remark = self._chance.choice(posts), self._chance.choice(self._remarks)
        post["comment_count"] += 1
        return {
            "post_id": post["id"],
            "author_id": self._somebody(),
            "source": remark.source,
            "html": remark.html,
            "render_version": RENDER_VERSION,
            "created_at": post["created_at"] + timedelta(hours=2),
        }

    def _finish(self, posts: list[Rows], number: int) -> list[Rows]:
        """Set what a question knows of its answers and return its tags."""
        question, answers = posts[0], posts[1:]
        question["answer_count"] = len(answers)
        question["upvoted_answer_count"] = sum(answer["score"] > 0 for answer in answers)
        question["active_by_id"] = question["author_id"]
        if answers:
            question |= {"active_at": answers[-1]["created_at"], "active_kind": "answered"}
            question["active_by_id"] = answers[-1]["author_id"]
        question["hot"] = hotness(
            score=question["score"],
            answer_count=len(answers),
            upvoted_answer_count=question["upvoted_answer_count"],
            created_at=question["created_at"],
        )
        tag_ids = {self._zipf(len(self.tag_names)) + 1 for _ in range(1 + number % 4)}
        question["tag_names"] = " ".join(self.tag_names[tag_id - 1] for tag_id in sorted(tag_ids))
        for tag_id in tag_ids:
            self._tag_counts[tag_id] = self._tag_counts.get(tag_id, 0) + 1
        return [
            {"question_id": question["id"], "tag_id": tag_id, "position": position}
            for position, tag_id in enumerate(sorted(tag_ids))
        ]

    def _somebody(self) -> int:
        return self._people[self._zipf(len(self._people))]

    def _zipf(self, count: int) -> int:
        """Return a number below `count`, small ones far more often, as few people write most posts."""
        return min(count - 1, int(count ** self._chance.random()) - 1)

    def _some(self, mean: float) -> int:
        return int(self._chance.expovariate(1 / mean) + 0.5)


def _sentences() -> tuple[list[str], list[_Text], list[_Text]]:
    """Return the titles, the rendered posts and the rendered comments of the demo community."""
    titles, posts, remarks = [], [], []
    for file in resources.files("forum.demo").joinpath("content").iterdir():
        for question in tomllib.loads(file.read_text(encoding="utf-8")).get("question", []):
            titles.append(question["title"])
            for post in (question, *question.get("answers", [])):
                posts.append(post["body"])
                remarks += [comment["body"] for comment in post.get("comments", [])]
    return titles, _rendered(posts, Flavour.POST), _rendered(remarks, Flavour.COMMENT)


def _rendered(sources: list[str], flavour: Flavour) -> list[_Text]:
    done = render_many(Source(text, flavour, {}, "t0") for text in sources)
    return [_Text(text, rendered.html, rendered.text) for text, rendered in zip(sources, done, strict=True)]


def _write(session: Session, tables: list[tuple[type, list[Rows]]]) -> None:
    for table, rows in tables:
        if rows:
            session.execute(insert(table), rows)
            rows.clear()
