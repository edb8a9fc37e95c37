"""The threads of a generated site, as rows: few people write most posts, few tags are in most threads."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bench.bulk import Row, moment
from bench.ledger import Ledgers
from bench.texts import read_texts
from forum.core.markup import RENDER_VERSION
from forum.posts.rules import excerpt, hotness, slugify
from forum.reputation.rules import Cause, accept_grants, vote_cause

ANSWERS_PER_QUESTION, COMMENTS_PER_QUESTION, VOTES_PER_QUESTION = 2.5, 3.7, 6.3
"""The proportions of the site that other software was measured with: see docs/performance.md."""
LARGE_SITE, VOTES_ON_LARGE_SITE = 1_000_000, 10.0
"""So many votes per question has a site of a million questions."""
_SHARE_IN_VAIN = 0.055
"""Votes drawn for one's own post, or for the second time."""
SAMPLES, SAMPLES_AT_MOST = 200, 0.05
"""Questions that are measured, spread over all: each has 5 answers and 7 comments, as in that measurement.
On small sites they are a share of the questions."""
SAMPLE_ANSWERS, SAMPLE_COMMENTS = 5, 7
SHARE_ACCEPTED = 0.5
PEOPLE_OFFSET, TAGS_OFFSET = 50, 5
"""Few people write most posts, by the law of Zipf and Mandelbrot with these offsets: of 5,000 the first
has 0.4 % of the posts, of 500,000 0.2 %; the first of 2,000 tags is on some 8 % of the questions."""

COLUMNS = {
    "post": (
        "id", "kind", "question_id", "author_id", "source", "html", "render_version", "created_at", "score",
        "comment_count", "title", "slug", "excerpt", "tag_names", "accepted_answer_id", "accepted_at",
        "answer_count", "upvoted_answer_count", "view_count", "follower_count", "hot", "active_at",
        "active_by_id", "active_kind",
    ),
    "question_tag": ("question_id", "tag_id", "position", "active_at"),
    "comment": ("post_id", "author_id", "source", "html", "render_version", "created_at"),
    "vote": ("post_id", "user_id", "value", "cast_at"),
    "follow": ("user_id", "question_id", "is_on", "seen_until"),
}  # fmt: skip
Batch = dict[str, list[Row]]

_DAYS = 1400
_HOUR = 3_600_000_000
_MINUTE = 60_000_000
_START = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class _Post:
    """A post while its thread is made; moments are microseconds since 1970."""

    id: int
    author_id: int
    at: int
    score: int = 0
    comment_count: int = 0


@dataclass(slots=True)
class Threads:
    """Makes threads, their votes and what those give to the ledgers."""

    size: int
    people: range
    tag_names: list[str]
    ledgers: Ledgers = field(default_factory=Ledgers)
    samples: list[tuple[int, str]] = field(default_factory=list)

    _chance: random.Random = field(default_factory=lambda: random.Random(42))
    _now: int = field(default_factory=lambda: int(datetime.now(UTC).timestamp()) * 1_000_000)
    _last_id: int = 0
    _votes: int = 0

    def batches(self, questions: int) -> Iterator[tuple[int, Batch]]:
        """Yield how many questions there are so far, and the rows of so many more at a time."""
        batch: Batch = {name: [] for name in COLUMNS}
        for number in range(self.size):
            self._add_thread(batch, number)
            if (number + 1) % questions == 0 or number + 1 == self.size:
                yield number + 1, batch
                batch = {name: [] for name in COLUMNS}

    def _add_thread(self, batch: Batch, number: int) -> None:
        samples = min(SAMPLES, max(1, int(self.size * SAMPLES_AT_MOST)))
        is_sample = number % (self.size // samples) == 0 and len(self.samples) < samples
        # The latest is two days old, so that no answer comes from the future.
        age = timedelta(days=2 + _DAYS * (1 - number / self.size)) // timedelta(microseconds=1)
        question = self._post(self._now - age)
        count = SAMPLE_ANSWERS if is_sample else min(40, self._some(ANSWERS_PER_QUESTION))
        answers = [self._post(question.at + (1 + n) * _HOUR) for n in range(count)]
        posts = [question, *answers]
        batch["vote"] += self._votes_of(posts)
        batch["comment"] += self._comments_of(posts, is_sample=is_sample)
        tag_ids = sorted({self._zipf(len(self.tag_names), TAGS_OFFSET) + 1 for _ in range(1 + number % 4)})
        active_at = moment(posts[-1].at)
        batch["question_tag"] += [
            (question.id, tag_id, place, active_at) for place, tag_id in enumerate(tag_ids)
        ]
        batch["follow"].append((question.author_id, question.id, 1, active_at))
        row = self._question_row(question, answers, tag_ids)
        batch["post"] += [row, *(self._answer_row(question, answer) for answer in answers)]
        if is_sample:
            self.samples.append((question.id, row[COLUMNS["post"].index("slug")]))

    def _post(self, at: int) -> _Post:
        self._last_id += 1
        return _Post(self._last_id, self._somebody(), at)

    def _question_row(self, question: _Post, answers: list[_Post], tag_ids: list[int]) -> Row:
        texts = read_texts()
        text = self._chance.choice(texts.questions)
        title = f"{self._chance.choice(texts.titles)} ({question.id})"
        upvoted = sum(answer.score > 0 for answer in answers)
        created = _START + timedelta(microseconds=question.at)
        hot = hotness(
            score=question.score, answer_count=len(answers), upvoted_answer_count=upvoted, created_at=created
        )
        last = answers[-1] if answers else question
        accepted_id, accepted_at = self._acceptance(question, answers)
        tag_names = " ".join(self.tag_names[tag_id - 1] for tag_id in tag_ids)
        return (
            question.id, "question", None, question.author_id, text.source, text.html, RENDER_VERSION,
            moment(question.at), question.score, question.comment_count, title, slugify(title),
            excerpt(text.text), tag_names, accepted_id, accepted_at, len(answers), upvoted, self._some(120),
            1, hot, moment(last.at), last.author_id, "answered" if answers else "asked",
        )  # fmt: skip

    def _answer_row(self, question: _Post, answer: _Post) -> Row:
        text = self._chance.choice(read_texts().answers)
        return (
            answer.id, "answer", question.id, answer.author_id, text.source, text.html, RENDER_VERSION,
            moment(answer.at), answer.score, answer.comment_count, None, "", "", "", None, None, 0, 0, 0, 0,
            0.0, moment(answer.at), None, "asked",
        )  # fmt: skip

    def _acceptance(self, question: _Post, answers: list[_Post]) -> tuple[int | None, str | None]:
        """Accept the best answer of some questions; return its id and when."""
        if not answers or self._chance.random() > SHARE_ACCEPTED:
            return None, None
        best = max(answers, key=lambda answer: answer.score)
        at = best.at + _HOUR + best.id % 1_000_000
        grants = accept_grants(
            answer_id=best.id,
            answerer_id=best.author_id,
            asker_id=question.author_id,
            accepted_at=_START + timedelta(microseconds=at),
        )
        for grant in grants:
            self.ledgers.grant(grant.key.user_id, grant.key.cause, at, post_id=best.id)
        return best.id, moment(at)

    def _votes_of(self, posts: list[_Post]) -> Iterator[Row]:
        cast = set()
        mean = VOTES_ON_LARGE_SITE if self.size >= LARGE_SITE else VOTES_PER_QUESTION
        for _ in range(self._some(mean / (1 - _SHARE_IN_VAIN))):
            place, voter = int(self._chance.random() * len(posts)), self._somebody()
            post = posts[place]
            if voter == post.author_id or (post.id, voter) in cast:
                continue
            cast.add((post.id, voter))
            value = 1 if self._chance.random() < 0.9 else -1
            post.score += value
            self._votes += 1
            # The last digits are the number of the vote: no two are of the same moment.
            at = min(post.at + int(self._chance.random() * 40_000) * _MINUTE, self._now - _MINUTE)
            at += self._votes % 1_000_000
            is_answer = post is not posts[0]
            cause = vote_cause(kind="answer" if is_answer else "question", value=value)
            self.ledgers.grant(post.author_id, cause, at, post_id=post.id, voter_id=voter)
            if is_answer and value < 0:
                self.ledgers.grant(voter, Cause.DOWNVOTED_AN_ANSWER, at, post_id=post.id, voter_id=voter)
            yield (post.id, voter, value, moment(at))

    def _comments_of(self, posts: list[_Post], *, is_sample: bool) -> Iterator[Row]:
        """Yield comments on any of the posts; a sample has two on the question and one on each answer."""
        count = SAMPLE_COMMENTS if is_sample else self._some(COMMENTS_PER_QUESTION)
        for number in range(count):
            place = max(0, number - 1) if is_sample else int(self._chance.random() * len(posts))
            post, remark = posts[place], self._chance.choice(read_texts().remarks)
            post.comment_count += 1
            at = moment(post.at + 2 * _HOUR + number * _MINUTE)
            yield (post.id, self._somebody(), remark.source, remark.html, RENDER_VERSION, at)

    def _somebody(self) -> int:
        return self.people[self._zipf(len(self.people), PEOPLE_OFFSET)]

    def _zipf(self, count: int, offset: int) -> int:
        """Return a number below `count`, n as often as 1 / (n + offset)."""
        drawn = offset * ((count + offset) / offset) ** self._chance.random() - offset
        return min(count - 1, int(drawn))

    def _some(self, mean: float) -> int:
        return int(self._chance.expovariate(1 / mean) + 0.5)
