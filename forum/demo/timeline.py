"""The script in the order of time.

The script names voters and no times. Votes are spread over the weeks after a post, most of them soon after
it, by a random source that is seeded with the post, so that every demo looks alike and lively.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import TypeAlias

from forum.demo.script import QuestionText, Remark, Script, Writing
from forum.demo.stage import Stage

VOTES_SPREAD = timedelta(days=60)
"""The last vote on a post comes at most so long after it; half of them come within eight days."""
COMMENT_VOTES_SPREAD = timedelta(days=10)
FIRST_VOTE = timedelta(minutes=3)
CLOSED_AFTER = timedelta(hours=3)
"""A moderator notices a duplicate so long after the last answer to it."""

_Act: TypeAlias = Callable[[Stage], None]


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that somebody does at a moment."""

    at: datetime
    act: _Act


class Timeline:
    """All that happens in a script up to `now`, the earliest first."""

    def __init__(self, script: Script, now: datetime) -> None:
        self._now = now
        self._joined = {person.key: person.joined_at for person in script.people}
        self._moderators = [person.key for person in script.people if person.role == "moderator"]
        happenings = [happening for question in script.questions for happening in self._thread(question)]
        # Sorting is stable: what happens at one moment stays in the order of the script.
        self.happenings: Sequence[Happening] = sorted(happenings, key=lambda happening: happening.at)

    def _thread(self, question: QuestionText) -> Iterator[Happening]:
        asked = question.writing
        yield Happening(asked.at, partial(Stage.ask, question=question))
        yield from self._about(asked)
        for answer in question.answers:
            written = answer.writing
            yield Happening(written.at, partial(Stage.answer, question=asked, writing=written))
            yield from self._about(written)
            if answer.accepted_at is not None:
                yield Happening(answer.accepted_at, partial(Stage.accept, question=asked, writing=written))
        if question.duplicate_of is not None:
            yield self._closing(question, question.duplicate_of)

    def _about(self, writing: Writing) -> Iterator[Happening]:
        for edit in writing.edits:
            yield Happening(edit.at, partial(Stage.edit, writing=writing, edit=edit))
        for remark in writing.comments:
            yield Happening(remark.at, partial(Stage.comment, writing=writing, remark=remark))
            yield from self._votes_on_comment(remark)
        yield from self._votes(writing)

    def _votes(self, writing: Writing) -> Iterator[Happening]:
        random = Random(writing.key)
        votes = [(voter, 1) for voter in writing.up] + [(voter, -1) for voter in writing.down]
        for voter, value in votes:
            at = self._moment(random, voter, after=writing.at, spread=VOTES_SPREAD)
            yield Happening(at, partial(Stage.vote, writing=writing, voter=voter, value=value))

    def _votes_on_comment(self, remark: Remark) -> Iterator[Happening]:
        random = Random(remark.key)
        for voter in remark.up:
            at = self._moment(random, voter, after=remark.at, spread=COMMENT_VOTES_SPREAD)
            yield Happening(at, partial(Stage.find_useful, remark=remark, voter=voter))

    def _moment(self, random: Random, voter: str, *, after: datetime, spread: timedelta) -> datetime:
        """Return a moment at which the voter, who may have joined later, could have come across a post."""
        earliest = max(after, self._joined[voter]) + FIRST_VOTE
        at = earliest + spread * random.random() ** 3
        if at <= self._now:
            return at
        return min(earliest, self._now) + (self._now - min(earliest, self._now)) * random.random()

    def _closing(self, question: QuestionText, original: str) -> Happening:
        asked = question.writing
        last = max((answer.writing.at for answer in question.answers), default=asked.at)
        moderator = next(key for key in self._moderators if key != asked.author)
        at = min(last + CLOSED_AFTER, self._now)
        return Happening(at, partial(Stage.close, question=asked, original=original, moderator=moderator))
