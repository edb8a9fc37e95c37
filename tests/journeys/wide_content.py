"""Content as wide as the rules allow: long words, tables, code, tags, names, searches, errors."""

from datetime import timedelta
from uuid import uuid4

from playwright.sync_api import expect
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from forum.accounts import actions as accounts
from forum.accounts.rules import Actor
from forum.core import clock, outbox
from forum.core.outbox import Job
from forum.drafts import actions as drafts
from forum.drafts.actions import Writer
from forum.drafts.rules import Kind, Place, Wording
from forum.posts.actions import closing, commenting, deleting, editing, outdating
from forum.posts.events import ThreadChanged
from forum.posts.models import Post
from forum.saved_searches import actions as saved_searches
from forum.searches.actions import count_searches, note_outcome
from forum.searches.rules import Outcome, SearchCounts
from tests.factories import make_user
from tests.journeys.live_site import LiveSite
from tests.journeys.person import Person
from tests.journeys.threads import Thread, member, write_thread

LONG_WORD = "Donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbauunterbeamtengesellschaft"
OTHER_WORD = "Rindfleischetikettierungsueberwachungsaufgabenuebertragungsgesetz"
WIDE_TEXT = f"""{LONG_WORD * 4}

| {" | ".join(f"column {number}" for number in range(30))} |
|{"---|" * 30}
| {" | ".join(f"value_{number}_of_the_table" for number in range(30))} |

```
{"x" * 400}
```

`{"y" * 300}` and https://example.org/{"z" * 300} and مرحبا بالعالم

> > > > > > {LONG_WORD}

1. a
    1. b
        1. c
            - [ ] {LONG_WORD}
"""
TAGS = " ".join(f"{letter * 30}{number}" for number, letter in enumerate("abcde"))
NAME = "W" * 40
SOLVED = f"{LONG_WORD} {OTHER_WORD}"


def write_wide_content(author: Person, site: LiveSite) -> dict[str, str]:
    """Let somebody new write it, as an administrator, and return what its addresses are made of."""
    parts = _solved_thread(author, site)
    with site.database() as database, database.transaction() as session:
        author_id = int(parts["person"])
        administrator = Actor(id=author_id, name=NAME, role="admin", reputation=1)
        accounts.set_role(session, author_id, "admin")
        other = member(session, "V" * 40)
        thread = write_thread(
            session,
            other,
            title=SOLVED,
            text=WIDE_TEXT,
            tags=TAGS.split(),
            answers=[(administrator, WIDE_TEXT)],
            accepts=0,
        )
        comment, retagged = int(parts["comment"]), [TAGS.split()[0], "other"]
        commenting.edit_comment(session, administrator, comment, source=LONG_WORD * 3, based_on=1)
        editing.edit_post(session, administrator, int(parts["question"]), tags=retagged, based_on=1)
        parts |= _busy_threads(session, administrator, other) | _one_time_links(session)
        parts["saved_search"] = str(_save_searches(session, administrator, thread))
        _count_searches(session, thread, asked_again=int(parts["question"]))
    author.seconds_until_found(f"title:{OTHER_WORD}")
    with site.database() as database, database.transaction() as session:
        _fail_to_index(session, thread)
    author.page.reload()
    return {**parts, "setup": site.setup_link.rpartition("/")[2]}


def _solved_thread(author: Person, site: LiveSite) -> dict[str, str]:
    author.register(NAME)
    question = author.ask(title=LONG_WORD[:75] + LONG_WORD[:75], text=WIDE_TEXT, tags=TAGS)
    answer = author.answer(WIDE_TEXT)
    author.comment_on(answer, LONG_WORD * 4)
    comment = answer.locator(".comment").get_attribute("id") or ""
    answer.locator(".post-actions").get_by_role("link", name="Edit").click()
    author.page.get_by_role("textbox", name="Answer").fill(f"{LONG_WORD * 5}\n\n{WIDE_TEXT}")
    author.page.get_by_role("button", name="Save").click()
    expect(author.post_by(NAME).get_by_role("link", name="2 revisions")).to_be_visible()
    history = author.post_by(NAME).get_by_role("link", name="2 revisions").get_attribute("href") or ""
    author.page.locator(".account-menu summary").click()
    profile = author.page.get_by_role("link", name=NAME).first.get_attribute("href") or ""
    return {
        "question": question.split("/")[2],
        "slug": question.split("/")[3],
        "answer": history.split("/")[2],
        "comment": comment.removeprefix("comment-"),
        "person": profile.split("/")[2],
        "name": profile.split("/")[3],
        "tag": TAGS.split()[0],
    }


def _busy_threads(session: Session, administrator: Actor, other: Actor) -> dict[str, str]:
    """Write a thread with an outline, many comments, a deleted answer and a draft, and a duplicate."""
    answers = [(person, f"{LONG_WORD} {number}") for number in range(3) for person in (administrator, other)]
    busy, closed = (
        write_thread(session, other, title=title, text=OTHER_WORD * 2, tags=TAGS.split(), answers=written)
        for title, written in ((LONG_WORD, answers), (OTHER_WORD * 2, ()))
    )
    for number in range(8):
        commenting.comment(session, administrator, busy.answer_ids[0], source=f"{OTHER_WORD} {number}")
    deleting.delete_post(session, administrator, busy.answer_ids[2])
    outdating.mark_outdated(session, administrator, busy.answer_ids[1])
    closing.close_as_duplicate(session, administrator, closed.id, of=busy.id)
    place, wording = Place(Kind.ANSWER, busy.id), Wording(source=WIDE_TEXT)
    drafts.save(session, administrator, place, wording, writer=Writer(form=str(uuid4())))
    slugs = {row.id: row.slug for row in session.execute(select(Post.id, Post.slug))}
    return {
        "busy": str(busy.id),
        "busy_slug": slugs[busy.id],
        "closed": str(closed.id),
        "closed_slug": slugs[closed.id],
    }


def _one_time_links(session: Session) -> dict[str, str]:
    invited, unclaimed = (make_user(session, letter * 40) for letter in "MN")
    return {
        "claim": accounts.issue_link(session, purpose="claim", user_id=invited.id),
        "unclaimed": str(unclaimed.id),
    }


def _save_searches(session: Session, person: Actor, thread: Thread) -> int:
    """Save one search with a new match, whose id is returned, and one that is not counted."""
    match, quiet = (
        saved_searches.save(session, person, name=name, text=text, sort="")
        for name, text in (
            (LONG_WORD[:80], LONG_WORD),
            (OTHER_WORD, f'"{OTHER_WORD} {OTHER_WORD}" OR therm*'),
        )
    )
    saved_searches.note_matches(session, match.id, {thread.id: thread.answer_ids[0]})
    saved_searches.change(session, person, quiet.id, name=OTHER_WORD, notifies=False)
    return match.id


def _count_searches(session: Session, thread: Thread, *, asked_again: int) -> None:
    today = clock.now().date()
    tag = TAGS.split()[0]
    counts = {
        LONG_WORD.lower(): SearchCounts(searches=12_345, empty=9_876, relaxed=5),
        f"[{tag}] {OTHER_WORD.lower()}": SearchCounts(searches=7, relaxed=7, results=1_234),
        f"[{tag}] nothing": SearchCounts(searches=4, empty=4),
    }
    days = (today - timedelta(days=number) for number in range(30))
    count_searches(session, {(day, text): more for day in days for text, more in counts.items()})
    for outcome, thread_id in (
        (Outcome.ASKED, asked_again),
        (Outcome.SOLVED, thread.id),
        (Outcome.NONE_FIT, None),
    ):
        note_outcome(
            session, outcome=outcome, title=SOLVED, thread_id=thread_id, offered=[thread.id], tags=[tag]
        )


def _fail_to_index(session: Session, thread: Thread) -> None:
    """Leave a change that failed and is not tried again before tomorrow."""
    outbox.emit(session, ThreadChanged(thread.id))
    session.flush()
    later = clock.now() + timedelta(days=1)
    session.execute(update(Job).values(attempts=3, due_at=later, last_error=f"OSError: /{'e' * 300}"))
