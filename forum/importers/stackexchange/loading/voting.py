"""Votes, accepted answers and the reputation that both bring."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.orm import Session

from forum.importers.stackexchange.loading.adding import add_numbered
from forum.importers.stackexchange.loading.batch import Batch
from forum.importers.stackexchange.loading.origins import Loaded
from forum.importers.stackexchange.loading.threads import Thread
from forum.importers.stackexchange.rows import PostType, VoteType
from forum.posts.models import Post
from forum.reputation.rules import Grant, accept_grants, vote_grants
from forum.votes.models import Vote


def write_votes(session: Session, batch: Batch) -> tuple[list[Loaded], list[Grant]]:
    """Add the new votes of the threads; return what was loaded and what it is worth.

    Dumps don't say who voted. A vote of somebody who has voted here meanwhile adds nothing.
    """
    posts = {post.id: post for thread in batch.threads for post in thread.posts}
    votes = [vote for thread in batch.threads for vote in thread.votes if _is_new_vote(vote)]
    taken = _voted_here(session, batch, votes, posts)
    present = {
        vote.id for vote in votes if (posts[vote.post_id].local_id, batch.local_person(vote.user_id)) in taken
    }
    votes = [vote for vote in votes if vote.id not in present]
    rows = [
        {
            "post_id": posts[vote.post_id].local_id,
            "user_id": batch.local_person(vote.user_id),
            "value": 1 if vote.type == VoteType.UP else -1,
            "cast_at": vote.created_at,
        }
        for vote in votes
    ]
    ids = add_numbered(session, Vote, rows)
    loaded = [Loaded("vote", id_, None) for id_ in sorted(present)]
    grants: list[Grant] = []
    for vote, row, id_ in zip(votes, rows, ids, strict=True):
        loaded.append(Loaded("vote", vote.id, id_))
        grants += _grants(batch, posts[vote.post_id], row, vote_id=id_)
    return loaded, grants


def write_acceptances(session: Session, batch: Batch) -> tuple[list[Loaded], list[Grant]]:
    """Accept the answers that were accepted there, for questions without an accepted answer here."""
    wanted = {
        thread.question.local_id: thread
        for thread in batch.threads
        if thread.question.accepted_answer_id is not None
    }
    open_questions = select(Post.id).where(Post.id.in_(wanted), Post.accepted_answer_id.is_(None))
    accepted: list[dict[str, Any]] = []
    grants: list[Grant] = []
    for question_id in session.scalars(open_questions).all():
        thread = wanted[question_id]
        answer = next(post for post in thread.posts if post.id == thread.question.accepted_answer_id)
        at = _accepted_at(thread, answer)
        accepted.append({"id": question_id, "accepted_answer_id": answer.local_id, "accepted_at": at})
        grants += accept_grants(
            answer_id=answer.local_id,
            answerer_id=batch.local_person(answer.owner_id),
            asker_id=batch.local_person(thread.question.owner_id),
            accepted_at=at,
        )
    if accepted:
        session.execute(update(Post), accepted)
    marks = [vote for thread in batch.threads for vote in thread.votes]
    is_new = (vote for vote in marks if vote.type == VoteType.ACCEPT and vote.state == "")
    return [Loaded("vote", vote.id, None) for vote in is_new], grants


def _is_new_vote(vote: Row[Any]) -> bool:
    return bool(vote.state == "" and vote.type != VoteType.ACCEPT)


def _voted_here(
    session: Session, batch: Batch, votes: list[Row[Any]], posts: dict[int, Row[Any]]
) -> set[tuple[int, int | None]]:
    """Return the posts and people of votes that were cast in the forum itself."""
    named = [vote for vote in votes if batch.local_person(vote.user_id) is not None]
    if not named:
        return set()
    here = select(Vote.post_id, Vote.user_id).where(
        Vote.post_id.in_({posts[vote.post_id].local_id for vote in named}), Vote.user_id.is_not(None)
    )
    return {(row.post_id, row.user_id) for row in session.execute(here)}


def _grants(batch: Batch, post: Row[Any], row: dict[str, Any], *, vote_id: int) -> list[Grant]:
    return vote_grants(
        post_id=post.local_id,
        kind="question" if post.type == PostType.QUESTION else "answer",
        author_id=batch.local_person(post.owner_id),
        voter_id=row["user_id"],
        value=row["value"],
        cast_at=row["cast_at"],
        vote_id=vote_id,
    )


def _accepted_at(thread: Thread, answer: Row[Any]) -> datetime:
    """Return when an answer was accepted, or when it was written if the dump does not say."""
    marks = [vote for vote in thread.votes if vote.type == VoteType.ACCEPT and vote.post_id == answer.id]
    at: datetime = marks[-1].created_at if marks else answer.created_at
    return at
