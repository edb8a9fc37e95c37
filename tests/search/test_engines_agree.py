"""Every engine against the simple one in memory: the same results for the same reasons."""

import random
from collections.abc import Iterator

import pytest

from forum.search.engine import Hits, SearchEngine, Snippet, Sort
from forum.search.syntax import parse
from forum.search.threads import AnswerText, ThreadDocument
from tests.search.conftest import ENGINES
from tests.search.threads import answer, thread

TEXT = "battery drains charger Wi-Fi driver drivers install installing C++ 0x80070057 snake_case node.js the"
WORDS = TEXT.split()
CONDITIONS = [
    "[laptop]",
    "[dock]",
    "user:1",
    "user:92",
    "score:2",
    "score:..0",
    "answers:0",
    "answers:1..2",
    "hasaccepted:yes",
    "created:2024-01-10..2024-01-20",
    "lastactive:2024-02..",
]


def a_site(chance: random.Random) -> list[ThreadDocument]:
    def text(most: int) -> str:
        return " ".join(chance.choices(WORDS, k=chance.randint(1, most)))

    def answers(thread_id: int) -> Iterator[AnswerText]:
        for number in range(chance.randint(0, 3)):
            author = (90 + chance.randint(0, 3), "Ada")
            yield answer(
                thread_id * 10 + number,
                text(12),
                accepted=number == 1,
                score=chance.randint(-2, 4),
                author=author,
                day=chance.randint(0, 60),
                code=text(3),
            )

    return [
        thread(
            number,
            text(4),
            text(25),
            answers=tuple(answers(number)),
            comments=text(5),
            code=text(4),
            tags=tuple(chance.sample(["laptop", "dock", "printer"], k=chance.randint(0, 3))),
            author=(chance.randint(1, 5), "Otto"),
            score=chance.randint(-3, 5),
            active=chance.randint(30, 90),
        )
        for number in range(1, 61)
    ]


def a_query(chance: random.Random) -> str:
    parts = []
    for _ in range(chance.randint(1, 3)):
        word = chance.choice(WORDS)
        shapes = [
            word,
            word,
            f'"{word} {chance.choice(WORDS)}"',
            f"title:{word}",
            f"body:{word}",
            f"code:{word}",
        ]
        shapes += ["dri*", "body:inst*", chance.choice(CONDITIONS), f"{word} OR {chance.choice(CONDITIONS)}"]
        parts.append(chance.choice(["", "", "", "-"]) + chance.choice(shapes))
    return " ".join([chance.choice(["", "", "is:question", "is:answer"]), *parts])


def _shown(hits: Hits) -> dict[tuple[int, int | None], Snippet]:
    return {(hit.thread_id, hit.post_id): hit.snippet for hit in hits.hits}


def _scores(hits: Hits) -> dict[tuple[int, int | None], float]:
    return {(hit.thread_id, hit.post_id): hit.score for hit in hits.hits}


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("other", [name for name in ENGINES if name != "memory"])
def test_both_engines_find_the_same(seed: int, other: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    chance = random.Random(seed)
    site = a_site(chance)
    engines: list[SearchEngine] = [ENGINES[name](tmp_path_factory.mktemp(name)) for name in ("memory", other)]
    for engine in engines:
        with engine.rebuilding() as fresh:
            fresh.index(site)
    for _ in range(120):
        query = parse(a_query(chance), sort=chance.choice(list(Sort)), limit=100)
        first, second = (engine.search(query) for engine in engines)
        assert (first.total, first.relaxed, first.ignored) == (
            second.total,
            second.relaxed,
            second.ignored,
        ), query
        assert _shown(first) == _shown(second), query
        for hit in first.hits:
            # Whoosh keeps lengths of texts in one byte, so that long ones are rounded.
            assert _scores(second)[hit.thread_id, hit.post_id] == pytest.approx(hit.score, rel=0.05), query
        if query.sort is not Sort.RELEVANCE:
            assert [hit.thread_id for hit in first.hits] == [hit.thread_id for hit in second.hits], query
    for engine in engines:
        engine.close()
