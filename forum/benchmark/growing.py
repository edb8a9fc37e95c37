"""A set made larger by threads that are mixed from its own, to measure speed at a size."""

import random
from datetime import UTC, datetime

from forum.benchmark.sets import BenchmarkSet, Thread

_LONG_AGO = datetime(1990, 1, 1, tzinfo=UTC)


def grown(chosen: BenchmarkSet, threads: int) -> BenchmarkSet:
    """Return the set with so many threads in all; those added are sentences of several real ones.

    Real words in real frequencies make posting lists as long as a real site's of that size. The same set and
    number give the same threads.
    """
    chance = random.Random(threads)  # noqa: S311  # Nothing secret; the same threads are wanted each time.
    highest = max(thread.id for thread in chosen.threads)
    sentences = [(thread.body.split(". "), thread.answers.split(". ")) for thread in chosen.threads]
    added = []
    for number in range(1, threads - len(chosen.threads) + 1):
        titled, *mixed = chance.choices(range(len(sentences)), k=3)
        body = ". ".join(_half(sentences[at][0], chance) for at in mixed)
        answers = ". ".join(_half(sentences[at][1], chance) for at in mixed)
        added.append(Thread(highest + number, chosen.threads[titled].title, body, answers, _LONG_AGO))
    return BenchmarkSet(chosen.name, (*chosen.threads, *added), chosen.questions)


def _half(sentences: list[str], chance: random.Random) -> str:
    return ". ".join(chance.sample(sentences, k=-(-len(sentences) // 2)))
