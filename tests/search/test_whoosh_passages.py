"""Passages are found by what postings tell of texts; they are those that looking through all texts finds."""

from pathlib import Path
from random import Random

import pytest

from forum.search.engine import Kind
from forum.search.engines.languages import analyses_for
from forum.search.engines.whoosh_index import WhooshIndex
from forum.search.plan import plan
from forum.search.snippets import snippet_of, sought_in
from forum.search.syntax import parse
from forum.search.threads import ThreadDocument
from tests.search.threads import answer, thread

ANALYSES = analyses_for("en")
WORDS = (
    "Battery",
    "drains.",
    "the",
    "(wi-fi)",
    "wifi",
    "NullPointerException",
    "dock,",
    "docks",
    "C++",
    "driver's",
)


def some_text(chance: Random) -> str:
    filler = " " + "lorem ipsum\n dolor " * chance.choice((0, 1, 20))
    return filler.join(chance.choices(WORDS, k=chance.randrange(9)))


def some_thread(number: int, chance: Random) -> ThreadDocument:
    answers = tuple(
        answer(1000 * number + n, some_text(chance), accepted=n == accepted, outdated=chance.random() < 0.3)
        for accepted in [chance.randrange(4)]
        for n in range(chance.randrange(4))
    )
    # One of each pair is found by its title or tag alone.
    heading = "A dock and its wifi battery" if number % 2 else "Dock"
    return thread(
        number, heading, some_text(chance), answers=answers, comments=some_text(chance), tags=("drains",)
    )


@pytest.mark.parametrize(
    "text",
    [
        "battery drains",
        "dock wifi",
        "wi-fi",
        "nullpointerexception",
        "pointer battery",
        '"battery drains"',
        "dri* dock",
        "c++ OR dock",
        "is:answer dock",
        "is:question wifi battery",
    ],
)
def test_a_hit_shows_what_looking_through_the_whole_thread_finds(text: str, tmp_path: Path) -> None:
    chance = Random(1)
    documents = {number: some_thread(number, chance) for number in range(1, 60)}
    index = WhooshIndex.create(tmp_path, ANALYSES)
    # Two commits make two segments, and what is put in anew is in both of them.
    index.index(documents[number] for number in range(1, 60))
    documents |= {number: some_thread(number, chance) for number in range(1, 6)}
    index.index(documents[number] for number in range(1, 6))

    query = parse(text, limit=100)
    hits = index.search(query).hits
    assert hits
    planned = plan(query, ANALYSES)
    for hit in hits:
        post_id = hit.post_id if planned.kind is Kind.ANSWER else None
        expected = snippet_of(
            documents[hit.thread_id], sought_in(planned), ANALYSES.prose, kind=planned.kind, post_id=post_id
        )
        assert (hit.post_id, hit.snippet) == expected
    index.close()
