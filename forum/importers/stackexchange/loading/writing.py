"""Writing a batch of threads, in the caller's transaction."""

from collections import Counter
from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.core import clock, outbox
from forum.importers.stackexchange.loading.adding import add
from forum.importers.stackexchange.loading.batch import Batch
from forum.importers.stackexchange.loading.counters import recount
from forum.importers.stackexchange.loading.origins import Loaded, leave_out, remember
from forum.importers.stackexchange.loading.post_rows import answer_columns, question_columns
from forum.importers.stackexchange.loading.remarks import later_edits, write_comments, write_revisions
from forum.importers.stackexchange.loading.run import Run
from forum.importers.stackexchange.loading.threads import Thread
from forum.importers.stackexchange.loading.voting import write_acceptances, write_votes
from forum.importers.stackexchange.rows import PostType
from forum.posts.events import ThreadChanged
from forum.posts.models import Post
from forum.reputation import actions as reputation
from forum.tags.actions import Tagging, ensure, move_question_counts
from forum.tags.models import QuestionTag, Tag, TagSynonym


def write(session: Session, run: Run, batch: Batch) -> None:
    """Add all of the threads that is not in the forum yet, and settle what follows from it."""
    _lock(session, batch)
    tags = _tags(session, run, [thread for thread in batch.threads if thread.question.state == ""])
    loaded = _write_posts(session, batch, tags)
    loaded += write_revisions(session, batch, tag_names={id_: _names(given) for id_, given in tags.items()})
    loaded += write_comments(session, batch)
    votes, grants = write_votes(session, batch)
    marks, more_grants = write_acceptances(session, batch)
    question_ids = [thread.question.local_id for thread in batch.threads]
    post_ids = [post.local_id for thread in batch.threads for post in thread.posts]
    recount(session, post_ids=post_ids, question_ids=question_ids)
    reputation.record(session, grant=grants + more_grants)
    outbox.emit(session, *(ThreadChanged(id_) for id_ in question_ids))
    leave_out(run.staging, "revision", later_edits(batch), "its post was imported before, without this edit")
    remember(session, run.staging, run.origin, [*loaded, *votes, *marks])


def _lock(session: Session, batch: Batch) -> None:
    """Keep everybody else out of the threads that are in the forum already."""
    known = [thread.question.local_id for thread in batch.threads if thread.question.state != ""]
    if known:
        session.execute(select(Post.id).where(Post.id.in_(known)).order_by(Post.id).with_for_update()).all()


def _write_posts(session: Session, batch: Batch, tags: Mapping[int, Sequence[Tagging]]) -> list[Loaded]:
    questions = [thread for thread in batch.threads if thread.question.state == ""]
    rows = [
        question_columns(batch, thread, tag_names=_names(tags[thread.question.id])) for thread in questions
    ]
    add(session, Post, rows)
    _tag(session, questions, tags, [row["active_at"] for row in rows])
    answers = [
        answer_columns(batch, thread, post)
        for thread in batch.threads
        for post in thread.new_posts
        if post.type == PostType.ANSWER
    ]
    add(session, Post, answers)
    return [Loaded("post", post.id, post.local_id) for thread in batch.threads for post in thread.new_posts]


def _tags(session: Session, run: Run, threads: Sequence[Thread]) -> dict[int, list[Tagging]]:
    """Return the tags of each question in their order, making those that are missing."""
    wanted = {thread.question.id: thread.question.tags.split() for thread in threads}
    names = sorted({name for tags in wanted.values() for name in tags})
    with clock.frozen(run.first_day):
        known = {tagging.name: tagging for tagging in ensure(session, names)}
    synonyms = select(TagSynonym.name, Tag.id, Tag.name).join(Tag, Tag.id == TagSynonym.tag_id)
    renamed = session.execute(synonyms.where(TagSynonym.name.in_(set(names) - set(known))))
    known |= {synonym: Tagging(tag_id=id_, name=name) for synonym, id_, name in renamed}
    # Two synonyms of one tag are one tag.
    return {id_: list(dict.fromkeys(known[name] for name in tags)) for id_, tags in wanted.items()}


def _tag(
    session: Session,
    threads: Sequence[Thread],
    tags: Mapping[int, Sequence[Tagging]],
    active_at: Sequence[object],
) -> None:
    rows = [
        {
            "question_id": thread.question.local_id,
            "tag_id": tag.tag_id,
            "position": position,
            "active_at": moment,
        }
        for thread, moment in zip(threads, active_at, strict=True)
        for position, tag in enumerate(tags[thread.question.id])
    ]
    add(session, QuestionTag, rows)
    move_question_counts(session, Counter(row["tag_id"] for row in rows))


def _names(tags: Sequence[Tagging]) -> str:
    return " ".join(tag.name for tag in tags)
