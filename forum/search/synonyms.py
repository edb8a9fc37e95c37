"""Words that mean the same on a site: `bsod = blue screen`, from a list that its administrator keeps.

They are looked up when somebody searches, not when a thread is indexed, so that a new line in the list needs
no rebuild.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from forum.core.errors import AskwellError

MOST_WORDS = 4
"""Words of one name; longer ones are sentences."""

MOST_GROUPS = 2_000
"""Lines of a list; more are a dictionary, and belong into tags or posts."""

Words: TypeAlias = tuple[str, ...]


class UnusableSynonyms(AskwellError):
    """A line of the list can't be read; the message says which and how to write it."""


@dataclass(frozen=True, slots=True)
class Synonyms:
    """Groups of names of one thing, each name its words as they are compared."""

    _others: dict[Words, tuple[Words, ...]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self._others)

    def of(self, words: Words) -> tuple[Words, ...]:
        """Return the other names of the thing that these words name; none if they name nothing."""
        return self._others.get(words, ())

    def named_in(self, words: Sequence[str]) -> Iterable[tuple[int, int, tuple[Words, ...]]]:
        """Yield where a thing is named, from and to before, and its other names; the longest name wins."""
        at = 0
        while at < len(words):
            for end in range(min(len(words), at + MOST_WORDS), at, -1):
                if others := self.of(tuple(words[at:end])):
                    yield at, end, others
                    at = end - 1
                    break
            at += 1


def read(text: str, words_of: Callable[[str], Words]) -> Synonyms:
    """Return the synonyms of a list, a group a line with `=` or commas between names, `#` before remarks.

    `words_of` takes a name apart as searches are. Raises UnusableSynonyms.
    """
    others: dict[Words, tuple[Words, ...]] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        names = line.partition("#")[0].replace("=", ",").split(",")
        group = tuple(dict.fromkeys(words for name in names if (words := words_of(name))))
        if not any(name.strip() for name in names):
            continue
        if len(group) < 2:
            raise UnusableSynonyms(f"line {number}: write at least two names, such as bsod = blue screen.")
        for words in group:
            if len(words) > MOST_WORDS:
                raise UnusableSynonyms(f"line {number}: {' '.join(words)!r} has over {MOST_WORDS} words.")
            if words in others:
                raise UnusableSynonyms(
                    f"line {number}: {' '.join(words)!r} is in another line already; put them together."
                )
        others |= {words: tuple(name for name in group if name != words) for words in group}
        if number > MOST_GROUPS:
            raise UnusableSynonyms(f"line {number}: a list has at most {MOST_GROUPS:,} lines.")
    return Synonyms(others)
