"""Where a community lacks answers, tag by tag."""

import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from forum.searches.queries import AskedQuestion, TextCounts, Unfitted

LONGEST_NAME = 4
"""Words of a tag's name that are looked for in a text, such as the three of "wi fi calling"."""


@dataclass(frozen=True, slots=True)
class Gap:
    """What is missing about a tag."""

    tag: str
    asked: int
    """Questions asked with it."""
    unanswered: int
    """Of those, the ones that have no answer now."""
    searched: int
    """Searches that found nothing and name the tag, in brackets or by its words."""
    unfitted: int
    """How often none of the offered threads fitted somebody who was about to ask with it."""
    median_hours: float | None
    """The median time to the first answer, of the questions that have one."""

    @property
    def unanswered_share(self) -> float | None:
        """The share of questions that have no answer, from 0 to 1; None without questions."""
        return self.unanswered / self.asked if self.asked else None

    @property
    def weight(self) -> int:
        """How many people went away without an answer, as far as was counted."""
        return self.unanswered + self.searched + self.unfitted


def gaps(
    questions: Iterable[AskedQuestion],
    searches: Iterable[TextCounts],
    unfitted: Iterable[Unfitted],
    *,
    tags: Iterable[str],
) -> tuple[Gap, ...]:
    """Return the tags about which something is missing, the largest gaps first.

    `tags` are looked for in the searches besides those of the questions.
    """
    asked: Counter[str] = Counter()
    unanswered: Counter[str] = Counter()
    hours: dict[str, list[float]] = defaultdict(list)
    for question in questions:
        asked.update(question.tags)
        if question.answer_count == 0:
            unanswered.update(question.tags)
        elif (waited := _hours(question)) is not None:
            for tag in question.tags:
                hours[tag].append(waited)
    names = {_spelled(tag): tag for tag in (*tags, *asked)}
    searched: Counter[str] = Counter()
    for search in searches:
        searched.update(dict.fromkeys(_named(search.text, names), search.empty))
    offered = Counter(tag for one in unfitted for tag in {*one.tags, *_named(one.title, names)})
    found = (
        Gap(
            tag,
            asked[tag],
            unanswered[tag],
            searched[tag],
            offered[tag],
            statistics.median(hours[tag]) if hours[tag] else None,
        )
        for tag in {*asked, *searched, *offered}
    )
    return tuple(sorted((gap for gap in found if gap.weight), key=lambda gap: (-gap.weight, gap.tag)))


def _hours(question: AskedQuestion) -> float | None:
    if question.first_answer_at is None:
        return None
    # Imported answers may be older than their question, which then waited for none.
    return max(0.0, (question.first_answer_at - question.created_at).total_seconds() / 3600)


def _spelled(tag: str) -> str:
    return tag.replace("-", " ")


def _named(text: str, names: dict[str, str]) -> set[str]:
    """Return the tags that a normal text names; what it excludes by a minus is none of them."""
    return {names[run] for run in _runs(text) if run in names}


def _runs(text: str) -> Iterator[str]:
    """Yield each run of one to four words, whichever of blanks and hyphens are between them."""
    kept = [word.strip("[]()\"'“”,;:?!") for word in text.split() if not word.startswith("-")]
    words = _spelled(" ".join(kept)).split()
    for start in range(len(words)):
        for length in range(1, LONGEST_NAME + 1):
            yield " ".join(words[start : start + length])
