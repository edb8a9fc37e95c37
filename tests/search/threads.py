"""Short ways to write threads for the tests of search."""

from datetime import UTC, datetime, timedelta

from forum.search.threads import AnswerText, ThreadDocument

START = datetime(2024, 1, 1, 12, tzinfo=UTC)


def answer(
    post_id: int,
    text: str,
    *,
    accepted: bool = False,
    score: int = 0,
    author: tuple[int | None, str] = (90, "Ada"),
    day: int = 0,
    code: str = "",
    outdated: bool = False,
) -> AnswerText:
    return AnswerText(
        post_id=post_id,
        text=text,
        accepted=accepted,
        score=score,
        author_id=author[0],
        author_name=author[1],
        created_at=START + timedelta(days=day),
        code=code,
        outdated=outdated,
    )


def thread(
    thread_id: int,
    title: str = "Untitled",
    question: str = "",
    *,
    answers: tuple[AnswerText, ...] = (),
    comments: str = "",
    code: str = "",
    tags: tuple[str, ...] = (),
    author: tuple[int | None, str] = (1, "Otto"),
    score: int = 0,
    day: int | None = None,
    active: int | None = None,
) -> ThreadDocument:
    created = START + timedelta(days=thread_id if day is None else day)
    return ThreadDocument(
        thread_id=thread_id,
        title=title,
        question=question,
        answers=answers,
        comments=comments,
        code=code,
        tags=tags,
        author_id=author[0],
        author_name=author[1],
        score=score,
        answer_count=len(answers),
        created_at=created,
        active_at=created if active is None else START + timedelta(days=active),
        has_accepted=any(answer.accepted for answer in answers),
        is_closed=False,
    )
