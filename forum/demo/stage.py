"""What the people of the demo community do: through the same actions as everybody, but for votes (`ballots`)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from forum.accounts import queries as accounts
from forum.accounts.rules import Actor
from forum.core import clock
from forum.demo.ballots import Ballots
from forum.demo.script import Edit, QuestionText, Remark, Writing
from forum.posts.actions.accepting import accept
from forum.posts.actions.answering import answer
from forum.posts.actions.asking import ask
from forum.posts.actions.closing import close_as_duplicate
from forum.posts.actions.commenting import comment
from forum.posts.actions.editing import edit_post
from forum.posts.queries.texts import post_text

COUNTED_AFTER = timedelta(days=7)
"""So long votes lie before they are counted, unless the ledger is written for another cause."""


class Stage:
    """The site while the demo happens on it; people, posts and comments go by their keys in the script."""

    def __init__(self, session: Session, people: Mapping[str, Actor]) -> None:
        """Let the people act in the session's transaction."""
        self.posts: dict[str, int] = {}
        self.seen: dict[int, datetime] = {}
        """When each person was last here."""
        self._session = session
        self._ballots = Ballots(session)
        self._people = people
        self._comments: dict[str, int] = {}

    def ask(self, question: QuestionText) -> None:
        """Let a question be asked."""
        writing = question.writing
        asker = self._actor(writing.author)
        posted = ask(self._session, asker, title=writing.key, source=writing.body, tags=question.tags)
        self.posts[writing.key] = posted.post_id

    def answer(self, question: Writing, writing: Writing) -> None:
        """Let a question be answered."""
        posted = answer(
            self._session, self._actor(writing.author), self.posts[question.key], source=writing.body
        )
        self.posts[writing.key] = posted.post_id

    def comment(self, writing: Writing, remark: Remark) -> None:
        """Let a post be commented on."""
        commented = comment(
            self._session, self._actor(remark.author), self.posts[writing.key], source=remark.body
        )
        self._comments[remark.key] = commented.comment_id

    def edit(self, writing: Writing, edit: Edit) -> None:
        """Let a post be changed as it stands at that time."""
        # Changing what others wrote takes reputation; all else may be done by newcomers.
        self.count_votes()
        editor, post_id = self._with_reputation(self._actor(edit.author)), self.posts[writing.key]
        old = post_text(self._session, editor, post_id)
        edit_post(
            self._session,
            editor,
            post_id,
            source=edit.body or old.source,
            title=edit.title,
            tags=edit.tags,
            summary=edit.summary,
            based_on=old.revision_count,
        )

    def accept(self, question: Writing, writing: Writing) -> None:
        """Let the asker accept an answer."""
        # A ledger keeps the order in which it was written, so the votes before come before.
        self.count_votes()
        accept(self._session, self._actor(question.author), self.posts[writing.key])

    def vote(self, writing: Writing, voter: str, value: int) -> None:
        """Let somebody vote on a post."""
        self._ballots.cast(self.posts[writing.key], self._actor(voter).id, value)
        self._count_old_votes()

    def find_useful(self, remark: Remark, voter: str) -> None:
        """Let somebody vote a comment up."""
        self._ballots.cast_on_comment(self._comments[remark.key], self._actor(voter).id)
        self._count_old_votes()

    def count_votes(self) -> None:
        """Count the votes that were cast so far."""
        self._ballots.count()

    def close(self, question: Writing, original: str, moderator: str) -> None:
        """Let a question be closed because it was asked before."""
        close_as_duplicate(
            self._session, self._actor(moderator), self.posts[question.key], of=self.posts[original]
        )

    def _count_old_votes(self) -> None:
        since = self._ballots.since
        if since is not None and clock.now() - since > COUNTED_AFTER:
            self.count_votes()

    def _actor(self, key: str) -> Actor:
        actor = self._people[key]
        self.seen[actor.id] = clock.now()
        return actor

    def _with_reputation(self, actor: Actor) -> Actor:
        now = accounts.actor(self._session, actor.id)
        return replace(actor, reputation=now.reputation if now else actor.reputation)
