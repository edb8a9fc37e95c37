"""From what a user looks for to what an engine looks up.

Words become terms here, once for all engines: what can't be looked up is dropped with a sentence for the
user, and the rest says for each word which terms stand for it. The tree stays as flat as `SearchQuery`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from typing import TypeAlias

from forum.core.i18n import gettext
from forum.search.analysis import Analyses, fold
from forum.search.engine import (
    AnyOf,
    Clause,
    CountRange,
    Field,
    HasAccepted,
    IsAccepted,
    Kind,
    Leaf,
    Not,
    Phrase,
    Prefix,
    SearchQuery,
    Sort,
    Tagged,
    TimeRange,
    Word,
    WrittenBy,
)

MAX_FORMS = 16
"""Written forms of one word or phrase that are looked up; the rest of a pasted path narrows no further."""


@dataclass(frozen=True, slots=True)
class Terms:
    """All of `groups` in one place: of each group one alternative, which is terms one after the other."""

    field: Field
    groups: tuple[tuple[tuple[str, ...], ...], ...]
    is_word: bool
    """It came from a word that may be missing when nothing holds them all."""


@dataclass(frozen=True, slots=True)
class Beginning:
    """Some term that begins so."""

    field: Field
    text: str


PlannedLeaf: TypeAlias = (
    Terms | Beginning | Tagged | WrittenBy | CountRange | TimeRange | HasAccepted | IsAccepted
)


@dataclass(frozen=True, slots=True)
class Excluded:
    """What a result must not be."""

    leaf: PlannedLeaf


@dataclass(frozen=True, slots=True)
class Alternatives:
    """At least one of these."""

    leaves: tuple[PlannedLeaf | Excluded, ...]
    is_one_thing: bool = False
    """They are names of one thing, of which somebody typed one."""


PlannedClause: TypeAlias = PlannedLeaf | Excluded | Alternatives


@dataclass(frozen=True, slots=True)
class Plan:
    """What to look up; `is_empty` when nothing was asked for, or only what can't be looked up."""

    clauses: tuple[PlannedClause, ...]
    kind: Kind
    is_empty: bool
    ignored: tuple[str, ...]

    def relaxed(self) -> "Plan | None":
        """Return the plan by which any of the words suffices, or None when that would change nothing."""
        words = [clause for clause in self.clauses if _is_word(clause)]
        apart = tuple(leaf for word in words for leaf in _words_in(word))
        if len(apart) < 2:
            return None
        others = tuple(clause for clause in self.clauses if clause not in words)
        return Plan((*others, Alternatives(apart)), self.kind, is_empty=False, ignored=self.ignored)

    @property
    def wanted(self) -> tuple[Terms | Beginning, ...]:
        """Return the texts that a result may show as found."""
        leaves: list[PlannedLeaf | Excluded] = []
        for clause in self.clauses:
            leaves.extend(clause.leaves if isinstance(clause, Alternatives) else (clause,))
        return tuple(leaf for leaf in leaves if isinstance(leaf, Terms | Beginning))


def _is_word(clause: PlannedClause) -> bool:
    """Return whether the clause came from words that may be missing when nothing holds them all."""
    if isinstance(clause, Alternatives):
        return clause.is_one_thing
    return isinstance(clause, Terms) and clause.is_word


def _words_in(clause: PlannedClause) -> tuple["PlannedLeaf | Excluded", ...]:
    return clause.leaves if isinstance(clause, Alternatives) else (clause,)


def plan(query: SearchQuery, analyses: Analyses) -> Plan:
    """Return what the query looks up; repeated clauses count once."""
    planner = _Planner(analyses)
    clauses = list(planner.clauses(query.clauses))
    return Plan(
        clauses=tuple(dict.fromkeys(clauses)),
        kind=query.kind,
        is_empty=not clauses and (bool(query.clauses) or query.kind is Kind.ANY),
        ignored=(*query.ignored, *dict.fromkeys(planner.ignored)),
    )


def order_of(query: SearchQuery, planned: Plan) -> Sort:
    """Return the order of the results: without words nothing is more relevant than what was active last."""
    if query.sort is Sort.RELEVANCE and not planned.wanted:
        return Sort.ACTIVE
    return query.sort


def _is_plain_word(clause: Clause) -> bool:
    return isinstance(clause, Word) and clause.field is Field.ANYWHERE


class _Planner:
    def __init__(self, analyses: Analyses) -> None:
        self.ignored: list[str] = []
        self._analyses = analyses

    def clauses(self, clauses: Sequence[Clause]) -> Iterator[PlannedClause]:
        """Yield what is looked up; words that are a name of something are taken together."""
        for is_plain, group in groupby(clauses, key=_is_plain_word):
            if is_plain and self._analyses.prose.synonyms:
                yield from self._named([word for word in group if isinstance(word, Word)])
            else:
                yield from filter(None, map(self.clause, group))

    def _named(self, words: Sequence[Word]) -> Iterator[PlannedClause]:
        prose = self._analyses.prose
        forms = [" ".join(prose.words_of(word.text)) for word in words]
        at = 0
        for start, end, others in prose.synonyms.named_in(forms):
            yield from filter(None, map(self.clause, words[at:start]))
            typed = [terms for word in words[start:end] if (terms := self._terms(word)) is not None]
            together = Terms(
                Field.ANYWHERE, tuple(group for terms in typed for group in terms.groups), is_word=True
            )
            names = (Terms(Field.ANYWHERE, ((name,),), is_word=True) for name in others)
            yield Alternatives((together, *names), is_one_thing=True)
            at = end
        yield from filter(None, map(self.clause, words[at:]))

    def clause(self, clause: Clause) -> PlannedClause | None:
        if isinstance(clause, Not):
            leaf = self._leaf(clause.clause)
            return None if leaf is None else Excluded(leaf)
        if isinstance(clause, AnyOf):
            return self._alternatives(clause)
        return self._leaf(clause)

    def _alternatives(self, clause: AnyOf) -> PlannedClause | None:
        leaves: list[PlannedLeaf | Excluded] = []
        for choice in clause.clauses:
            leaf = self._leaf(choice.clause if isinstance(choice, Not) else choice)
            if leaf is not None:
                leaves.append(Excluded(leaf) if isinstance(choice, Not) else leaf)
        distinct = tuple(dict.fromkeys(leaves))
        if len(distinct) < 2:
            return distinct[0] if distinct else None
        return Alternatives(distinct)

    def _leaf(self, leaf: Leaf) -> PlannedLeaf | None:
        if isinstance(leaf, Word | Phrase):
            return self._terms(leaf)
        if isinstance(leaf, Prefix):
            return Beginning(leaf.field, fold(leaf.text))
        return leaf

    def _terms(self, leaf: Word | Phrase) -> Terms | None:
        analysis = self._analyses.code if leaf.field is Field.CODE else self._analyses.prose
        forms = [written.forms for written in islice(analysis.written_forms(leaf.text), MAX_FORMS)]
        if not forms:
            self._ignore(leaf.text)
            return None
        if isinstance(leaf, Phrase):
            return Terms(leaf.field, ((tuple(form.exact for form in forms),),), is_word=False)
        return Terms(leaf.field, tuple(form.sought for form in forms), is_word=True)

    def _ignore(self, text: str) -> None:
        if any(character.isalnum() for character in text):
            message = gettext(
                "“%(text)s” was left out: it is so common that it is in nearly every post.", text=text
            )
        else:
            message = gettext(
                "“%(text)s” was left out: there is no letter or digit in it to search for.", text=text
            )
        self.ignored.append(message)
