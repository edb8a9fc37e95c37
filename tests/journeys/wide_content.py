"""Content as wide as the rules allow: long words, tables, code, tags, names, searches, errors."""

from datetime import timedelta

from playwright.sync_api import expect
from sqlalchemy import update
from sqlalchemy.orm import Session

from forum.accounts import actions as accounts
from forum.accounts.rules import Actor
from forum.core import clock, outbox
from forum.core.outbox import Job
from forum.posts.events import ThreadChanged
from forum.saved_searches import actions as saved_searches
from forum.searches.actions import count_searches, note_outcome
from forum.searches.rules import Outcome, SearchCounts
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
    """Let somebody new write it, as an administrator, and return the paths of the pages that show it."""
    paths = _solved_thread(author, site)
    with site.database() as database, database.transaction() as session:
        author_id = int(paths["summary"].split("/")[2])
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
        saved = _save_searches(session, administrator, thread)
        _count_searches(session, thread, asked_again=int(paths["question"].split("/")[2]))
    author.seconds_until_found(f"title:{OTHER_WORD}")
    with site.database() as database, database.transaction() as session:
        _fail_to_index(session, thread)
    author.page.reload()
    return {
        **paths,
        "saved search": f"/saved-searches/{saved}",
        "close": f"/questions/{thread.id}/close",
        "insight": "/insight",
        "search index": "/admin/search",
    }


def _solved_thread(author: Person, site: LiveSite) -> dict[str, str]:
    author.register(NAME)
    question = author.ask(title=LONG_WORD[:75] + LONG_WORD[:75], text=WIDE_TEXT, tags=TAGS)
    answer = author.answer(WIDE_TEXT)
    author.comment_on(answer, LONG_WORD * 4)
    answer.locator(".post-actions").get_by_role("link", name="Edit").click()
    author.page.get_by_role("textbox", name="Answer").fill(f"{LONG_WORD * 5}\n\n{WIDE_TEXT}")
    author.page.get_by_role("button", name="Save").click()
    expect(author.post_by(NAME).get_by_role("link", name="2 revisions")).to_be_visible()
    history = author.post_by(NAME).get_by_role("link", name="2 revisions").get_attribute("href") or ""
    author.page.locator(".account-menu summary").click()
    profile = author.page.get_by_role("link", name=NAME).first.get_attribute("href") or ""
    tabs = ("summary", "questions", "answers", "reputation", "badges")
    return {
        "question": question,
        "history": history,
        "side by side": f"{history}?view=side",
        "tag": f"/tags/{TAGS.split()[0]}",
        **{tab: f"{profile}?tab={tab}" for tab in tabs},
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
