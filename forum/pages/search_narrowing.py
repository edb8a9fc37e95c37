"""What narrows a search: the filters that are on, and those that can be added, with what is left then."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from sqlalchemy.orm import Session

from forum.accounts.queries import people_by_id
from forum.core.i18n import gettext, marked, pgettext
from forum.search.engine import (
    Count,
    CountRange,
    HasAccepted,
    IsAccepted,
    Kind,
    Moment,
    Not,
    Tagged,
    TimeRange,
    WrittenBy,
)
from forum.search.facets import Facets
from forum.search.narrowing import (
    Filter,
    Meaning,
    Reader,
    filters,
    with_filter,
    without_filter,
    without_filters,
)

SHOWN_TAGS = 8
SHOWN_AUTHORS = 5

_KINDS = {
    Kind.ANY: marked("Threads"),
    Kind.QUESTION: marked("Questions only"),
    Kind.ANSWER: marked("Answers only"),
}
_AGES = {"7d": marked("Last 7 days"), "1m": marked("Last 30 days"), "1y": marked("Last 365 days")}
_Offer: TypeAlias = tuple[str, str, int]
"""The label of a filter, the filter, and how many results pass it."""


@dataclass(frozen=True, slots=True)
class AppliedFilter:
    """A filter that is on; `text` is the search without it."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A filter that can be added; `text` is the search with it, `count` how many results are left then."""

    label: str
    text: str
    count: int | None = None
    """None where it says what is searched, not what is left of the results."""
    is_on: bool = False


@dataclass(frozen=True, slots=True)
class Facet:
    """Filters of one sort."""

    title: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Narrowing:
    """The filters that are on, in the order of the text, and those that can be added."""

    applied: tuple[AppliedFilter, ...] = ()
    facets: tuple[Facet, ...] = ()
    bare_text: str = ""
    """The search without the filters."""


def narrowing(session: Session, text: str, reader: Reader, facets: Facets | None, *, total: int) -> Narrowing:
    """Return what narrows the search for a text that has `total` results, counted by `facets` if at all.

    Takes one statement if names of people are needed. Who has no account any more is left out.
    """
    on = filters(text, reader)
    counted = facets.authors if facets else ()
    names = _names(session, {*(int(author.value) for author in counted), *_people_in(on)})
    applied = tuple(AppliedFilter(_label(one, names), one.rest) for one in on)
    bare_text = without_filters(text, reader)
    if facets is None or total == 0:
        return Narrowing(applied, bare_text=bare_text)
    found = _Found(text, reader, facets, total)
    is_of_answers = found.kind is Kind.ANSWER
    offered = (
        Facet(gettext("Tags"), found.by_tag()),
        Facet(pgettext("of questions", "State"), found.by_state()),
        Facet(
            pgettext("heading of times", "Written")
            if is_of_answers
            else pgettext("heading of times", "Asked"),
            found.by_age(),
        ),
        Facet(gettext("Written by") if is_of_answers else gettext("Asked by"), found.by_author(names)),
        Facet(gettext("Search in"), found.by_kind()),
    )
    return Narrowing(applied, tuple(facet for facet in offered if facet.choices), bare_text)


class _Found:
    """The results that are to be narrowed."""

    def __init__(self, text: str, reader: Reader, facets: Facets, total: int) -> None:
        self.kind = reader.read(text).kind
        self._text = text
        self._reader = reader
        self._facets = facets
        self._total = total

    def by_tag(self) -> tuple[Choice, ...]:
        tags = ((tag.value, f"[{tag.value}]", tag.count) for tag in self._facets.tags)
        return self._choices(tags)[:SHOWN_TAGS]

    def by_state(self) -> tuple[Choice, ...]:
        facets = self._facets
        states = (
            (gettext("Solved"), "hasaccepted:yes", facets.solved),
            (gettext("Unsolved"), "hasaccepted:no", facets.unsolved),
            (gettext("Answered"), "answers:1..", facets.answered),
            (gettext("Unanswered"), "answers:0", facets.unanswered),
        )
        return self._choices(states)

    def by_age(self) -> tuple[Choice, ...]:
        ages = ((gettext(_AGES[age.value]), f"created:{age.value}", age.count) for age in self._facets.ages)
        return self._choices(ages, instead_of=_is_age)

    def by_author(self, names: Mapping[int, str]) -> tuple[Choice, ...]:
        known = ((names.get(int(author.value)), author) for author in self._facets.authors)
        authors = ((name, f"user:{author.value}", author.count) for name, author in known if name)
        return self._choices(authors)[:SHOWN_AUTHORS]

    def by_kind(self) -> tuple[Choice, ...]:
        texts = {kind: self._in_kind(kind) for kind in _KINDS}
        choices = tuple(
            Choice(gettext(_KINDS[kind]), text, is_on=kind is self.kind)
            for kind, text in texts.items()
            if self._reader.read(text).kind is kind
        )
        return choices if len(choices) > 1 else ()

    def _in_kind(self, kind: Kind) -> str:
        if kind is Kind.ANY:
            return without_filter(self._text, f"is:{self.kind.value}", self._reader)
        return with_filter(
            self._text, f"is:{kind.value}", self._reader, instead_of=lambda other: isinstance(other, Kind)
        )

    def _choices(
        self, offered: Iterable[_Offer], *, instead_of: Callable[[Meaning], bool] = lambda _: False
    ) -> tuple[Choice, ...]:
        """Return those filters that some of the results pass and others don't."""
        return tuple(
            Choice(label, with_filter(self._text, operator, self._reader, instead_of=instead_of), count)
            for label, operator, count in offered
            if 0 < count < self._total
        )


def _is_age(meaning: Meaning) -> bool:
    """Tell whether a shorter age says all that this filter says."""
    return isinstance(meaning, TimeRange) and meaning.of is Moment.CREATED and meaning.before is None


def _people_in(on: Iterable[Filter]) -> Iterator[int]:
    for one in on:
        written_by = one.meaning.clause if isinstance(one.meaning, Not) else one.meaning
        if isinstance(written_by, WrittenBy) and written_by.user_id is not None:
            yield written_by.user_id


def _names(session: Session, ids: Collection[int]) -> dict[int, str]:
    return {id: person.name for id, person in people_by_id(session, sorted(ids)).items()} if ids else {}


def _label(one: Filter, names: Mapping[int, str]) -> str:
    if one.written.startswith("created:") and one.written.removeprefix("created:") in _AGES:
        return gettext(_AGES[one.written.removeprefix("created:")])
    if isinstance(one.meaning, Not):
        without = _says(one.meaning.clause, names) or one.written.removeprefix("-")
        return gettext("Not: %(filter)s", filter=without)
    return _says(one.meaning, names) or one.written


def _says(meaning: Meaning, names: Mapping[int, str]) -> str | None:
    """Return in words what a filter says, or None when nothing is shorter than what was written."""
    match meaning:
        case Tagged(tag):
            return gettext("Tag: %(tag)s", tag=tag)
        case WrittenBy(user_id=int() as user_id):
            return gettext("By %(name)s", name=names[user_id]) if user_id in names else None
        case WrittenBy(name=str() as name):
            return gettext("By %(name)s", name=name)
        case HasAccepted(value):
            return gettext("Solved") if value else gettext("Unsolved")
        case IsAccepted(value):
            return gettext("Accepted answers") if value else gettext("Answers not accepted")
        case CountRange(Count.ANSWERS, 1, None):
            return gettext("Answered")
        case CountRange(Count.ANSWERS, 0, 0):
            return gettext("Unanswered")
        case Kind():
            return gettext(_KINDS[meaning])
    return None
