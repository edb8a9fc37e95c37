"""Joining two changes of one text: a three-way merge by lines, and by words where lines meet.

Both changed texts are compared with the one that they began with. Where only one of them differs, its change
is taken; where both differ in the same place, the words of that place are joined in the same way; where these
meet, too, there is a clash, which a person decides. In the joined text a clash stands between marks that
nobody types, so that what is not decided can be found again, and refused.

The method is that of diff3: S. Khanna, K. Kunal, B. C. Pierce, "A Formal Investigation of Diff3" (2007).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from forum.core.text_diff import Change, differences

Lines: TypeAlias = tuple[str, ...]

_WORDS = re.compile(r"\w+|\n|[^\S\n]+|[^\w\s]")
_BEGIN = re.compile(r"<<<<<<< your text, place ([0-9]{1,6})")
_MIDDLE = re.compile(r"======= the saved text, place ([0-9]{1,6})")
_END = re.compile(r">>>>>>> end of place ([0-9]{1,6})")
_OR = " <<<<<<< or >>>>>>> "


class Choice(StrEnum):
    """What to keep where two changes clash."""

    MINE = "mine"
    THEIRS = "theirs"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Agreed:
    """Lines that nobody changed, that one of the two changed, or both to the same."""

    lines: Lines


@dataclass(frozen=True, slots=True)
class Clash:
    """Lines that both changed, each in another way."""

    theirs: Lines
    mine: Lines

    def decided(self, choice: Choice) -> Lines:
        """Return the lines that a choice keeps; of both, the saved ones come first."""
        match choice:
            case Choice.MINE:
                return self.mine
            case Choice.THEIRS:
                return self.theirs
            case Choice.BOTH:
                return (*self.theirs, *self.mine)


Part: TypeAlias = Agreed | Clash


@dataclass(frozen=True, slots=True)
class Merged:
    """Two changed texts in one."""

    parts: tuple[Part, ...]

    @property
    def clashes(self) -> tuple[Clash, ...]:
        """The places that somebody must decide."""
        return tuple(part for part in self.parts if isinstance(part, Clash))

    @property
    def text(self) -> str:
        """The joined text; what is to be decided stands in it between marks, numbered from 1."""
        lines: list[str] = []
        number = 0
        for part in self.parts:
            if isinstance(part, Clash):
                number += 1
                lines += _marked(part, number)
            else:
                lines += part.lines
        return "\n".join(lines)


def merge(base: str | None, theirs: str, mine: str) -> Merged:
    """Join two texts that began as `base`; without a base, everything in which they differ is a clash.

    Takes about as long as comparing each with the base (see core.text_diff), whose time is bounded.
    """
    if base is None:
        return Merged(tuple(_unlike(theirs.split("\n"), mine.split("\n"))))
    chunks = _chunks(base.split("\n"), theirs.split("\n"), mine.split("\n"))
    return Merged(tuple(part for chunk in chunks for part in _refined(chunk)))


def merge_line(base: str | None, theirs: str, mine: str) -> str:
    """Join two forms of one line, such as a title; an undecided one holds both with a mark between them."""
    if mine in (theirs, base):
        return theirs
    if theirs == base:
        return mine
    if base is not None:
        words = (_WORDS.findall(text) for text in (base, theirs, mine))
        if (joined := _words_joined(*words)) is not None:
            return joined
    return f"{mine}{_OR}{theirs}"


def merge_names(base: Sequence[str], theirs: Sequence[str], mine: Sequence[str]) -> tuple[str, ...]:
    """Join two sets of names: what either added is there, what either took away is not; mine come first."""
    kept = [name for name in mine if name in theirs or name not in base]
    return (*kept, *(name for name in theirs if name not in base and name not in mine))


def is_undecided(text: str) -> bool:
    """Tell whether a text holds a mark that `merge` or `merge_line` has put there, even a lone one."""
    marks = (_BEGIN, _MIDDLE, _END)
    return _OR.strip() in text or any(mark.fullmatch(line) for line in _lines(text) for mark in marks)


def clashes_in(text: str) -> dict[int, Clash]:
    """Return what is still to be decided in a joined text, by its numbers, without marks that were cut up."""
    return {number: clash for number, clash in _read(text) if number and isinstance(clash, Clash)}


def decide(text: str, choices: Mapping[int, Choice]) -> str:
    """Return the joined text with the places decided for which there is a choice."""
    lines: list[str] = []
    for number, part in _read(text):
        if isinstance(part, Agreed):
            lines += part.lines
        else:
            choice = choices.get(number)
            lines += _marked(part, number) if choice is None else part.decided(choice)
    return "\n".join(lines)


def line_choices(line: str) -> tuple[str, str] | None:
    """Return mine and theirs of an undecided line, or None for one that is decided."""
    mine, mark, theirs = line.partition(_OR)
    return (mine, theirs) if mark else None


@dataclass(frozen=True, slots=True)
class _Hunk:
    """Tokens of the base from `start` to `end`, for which one text has others."""

    start: int
    end: int
    new_start: int
    new_end: int


@dataclass(frozen=True, slots=True)
class _Chunk:
    """A stretch of the base with what each text has in its place."""

    base: Lines
    theirs: Lines
    mine: Lines


def _chunks(base: Sequence[str], theirs: Sequence[str], mine: Sequence[str]) -> Iterator[_Chunk]:
    """Cut three token sequences where all agree: in turn an agreed stretch and one that somebody changed."""
    sides = (_hunks(base, theirs), _hunks(base, mine))
    texts = (theirs, mine)
    at, done = [0, 0], [0, 0, 0]
    while any(index < len(side) for index, side in zip(at, sides, strict=True)):
        start, end, group = _meeting(sides, at)
        same = tuple(base[done[0] : start])
        yield _Chunk(same, same, same)
        ends = [_place_of(end, hunks, done[0], done[1 + n]) for n, hunks in enumerate(group)]
        begins = [done[1 + n] + start - done[0] for n in range(2)]
        news = [tuple(texts[n][begins[n] : ends[n]]) for n in range(2)]
        yield _Chunk(tuple(base[start:end]), news[0], news[1])
        done = [end, *ends]
    same = tuple(base[done[0] :])
    yield _Chunk(same, same, same)


def _meeting(sides: tuple[list[_Hunk], list[_Hunk]], at: list[int]) -> tuple[int, int, list[list[_Hunk]]]:
    """Take the next hunks that touch one another, and return the stretch of the base that they cover."""
    group: list[list[_Hunk]] = [[], []]
    start = min(side[index].start for index, side in zip(at, sides, strict=True) if index < len(side))
    end = start
    grows = True
    while grows:
        grows = False
        for n, side in enumerate(sides):
            while at[n] < len(side) and side[at[n]].start <= end:
                end = max(end, side[at[n]].end)
                group[n].append(side[at[n]])
                at[n] += 1
                grows = True
    return start, end, group


def _place_of(end: int, hunks: list[_Hunk], base_done: int, new_done: int) -> int:
    """Return where a place of the base is in a text, past the hunks of a group."""
    if hunks:
        return hunks[-1].new_end + end - hunks[-1].end
    return new_done + end - base_done


def _hunks(base: Sequence[str], new: Sequence[str]) -> list[_Hunk]:
    hunks: list[_Hunk] = []
    old_at = new_at = 0
    begun: tuple[int, int] | None = None
    for change, tokens in differences(base, new):
        if change is Change.KEPT:
            if begun:
                hunks.append(_Hunk(begun[0], old_at, begun[1], new_at))
            begun = None
        else:
            begun = begun or (old_at, new_at)
        old_at += len(tokens) if change is not Change.ADDED else 0
        new_at += len(tokens) if change is not Change.REMOVED else 0
    if begun:
        hunks.append(_Hunk(begun[0], old_at, begun[1], new_at))
    return hunks


def _settled(chunk: _Chunk) -> Sequence[Part]:
    """Return what becomes of a stretch, without looking into its lines."""
    if chunk.mine in (chunk.theirs, chunk.base):
        return [Agreed(chunk.theirs)]
    if chunk.theirs == chunk.base:
        return [Agreed(chunk.mine)]
    return [Clash(theirs=chunk.theirs, mine=chunk.mine)]


def _refined(chunk: _Chunk) -> Sequence[Part]:
    """Return what becomes of a stretch of lines, joined by its words if they don't meet."""
    settled = _settled(chunk)
    if not isinstance(settled[0], Clash):
        return settled
    # With an end for each line no lines at all differ from one that is empty.
    sides = (chunk.base, chunk.theirs, chunk.mine)
    joined = _words_joined(*(_WORDS.findall("".join(f"{line}\n" for line in side)) for side in sides))
    if joined is None or (joined and not joined.endswith("\n")):
        return settled
    return [Agreed(tuple(joined.split("\n")[:-1]))]


def _words_joined(base: Sequence[str], theirs: Sequence[str], mine: Sequence[str]) -> str | None:
    parts = [part for chunk in _chunks(base, theirs, mine) for part in _settled(chunk)]
    if any(isinstance(part, Clash) for part in parts):
        return None
    return "".join(word for part in parts if isinstance(part, Agreed) for word in part.lines)


def _unlike(theirs: Sequence[str], mine: Sequence[str]) -> Iterator[Part]:
    """Return what two texts share, and as clashes what they don't."""
    theirs_at = mine_at = 0
    for hunk in _hunks(theirs, mine):
        yield Agreed(tuple(theirs[theirs_at : hunk.start]))
        yield Clash(
            theirs=tuple(theirs[hunk.start : hunk.end]), mine=tuple(mine[hunk.new_start : hunk.new_end])
        )
        theirs_at, mine_at = hunk.end, hunk.new_end
    yield Agreed(tuple(mine[mine_at:]))


def _marked(clash: Clash, number: int) -> Lines:
    return (
        f"<<<<<<< your text, place {number}",
        *clash.mine,
        f"======= the saved text, place {number}",
        *clash.theirs,
        f">>>>>>> end of place {number}",
    )


def _read(text: str) -> Iterator[tuple[int, Part]]:
    """Cut a joined text into its parts, each clash with its number and what lies between with 0."""
    lines = _lines(text)
    plain_from = at = 0
    while at < len(lines):
        found = _BEGIN.fullmatch(lines[at])
        bounds = _bounds(lines, at, found[1]) if found else None
        if found is None or bounds is None:
            at += 1
            continue
        middle, end = bounds
        yield 0, Agreed(tuple(lines[plain_from:at]))
        yield int(found[1]), Clash(theirs=tuple(lines[middle + 1 : end]), mine=tuple(lines[at + 1 : middle]))
        plain_from = at = end + 1
    yield 0, Agreed(tuple(lines[plain_from:]))


def _bounds(lines: Lines, begin: int, number: str) -> tuple[int, int] | None:
    """Return the lines of the other two marks of a place, or None when one of them is gone."""
    middle = None
    for at in range(begin + 1, len(lines)):
        if _BEGIN.fullmatch(lines[at]):
            return None
        if (found := _MIDDLE.fullmatch(lines[at])) and found[1] == number:
            middle = at
        elif (found := _END.fullmatch(lines[at])) and found[1] == number:
            return (middle, at) if middle else None
    return None


def _lines(text: str) -> Lines:
    return tuple(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
