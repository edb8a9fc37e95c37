"""The scores of candidates by the formula of `forum.search.ranking`, from the counts that came with them.

PostgreSQL's own ranking knows neither how rare a word is nor how long a text is compared with the others. So
the database finds, and what it found is added up here, as arrays over all candidates.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Connection, Row, Table, select

from forum.search.engine import Kind
from forum.search.engines.postgres_conditions import Conditions, holds
from forum.search.engines.postgres_tables import WHOLE
from forum.search.engines.postgres_terms import COUNT, beginning, clean, key, sequence
from forum.search.plan import Beginning, Plan, Terms
from forum.search.ranking import K1, PLACES, PLAIN_SCORE, B, idf

Floats: TypeAlias = NDArray[np.float64]
Truths: TypeAlias = NDArray[np.bool_]
Match: TypeAlias = tuple[Truths, Floats]
"""Which candidates a text is in, and what it counts for each of them."""


@dataclass(frozen=True, slots=True)
class Statistics:
    """How many records hold each term of a field; under `WHOLE`, how many there are and their length."""

    rows: Mapping[tuple[str, str], tuple[int, int]]

    @classmethod
    def read(
        cls, connection: Connection, term: Table, *, fields: Iterable[str], terms: Iterable[str]
    ) -> "Statistics":
        """Return the statistics of these terms in these fields, in one statement."""
        wanted = {clean(text): text for text in (*terms, WHOLE)}
        rows = connection.execute(
            select(term.c.field, term.c.term, term.c.records, term.c.length).where(
                term.c.field.in_(list(fields)), term.c.term.in_(list(wanted))
            )
        )
        return cls({(name, wanted[text]): (int(count), int(length)) for name, text, count, length in rows})

    def records(self, name: str, term: str = WHOLE) -> int:
        """Return how many records hold the term in this field; without a term, how many have the field."""
        return self.rows.get((name, term), (0, 0))[0]

    def rarity(self, name: str, term: str) -> float:
        """Return the idf of a term in a field; 0 when no record has it."""
        containing = self.records(name, term)
        return idf(self.records(name), containing) if containing else 0.0

    def average_length(self, name: str) -> float:
        """Return the mean length of a field."""
        records, length = self.rows.get((name, WHOLE), (0, 0))
        return length / records if records and length else 1.0


class Frequencies:
    """How often some terms occur in one field of each candidate, and how long that field is."""

    def __init__(self, blobs: Sequence[bytes], terms: Iterable[str]) -> None:
        entries = np.frombuffer(b"".join(blobs), COUNT)
        sizes = np.array([len(blob) // COUNT.itemsize for blob in blobs], np.int64)
        owners = np.repeat(np.arange(len(blobs)), sizes)
        counts = entries["count"].astype(np.float64)
        self.lengths = np.bincount(owners, counts, len(blobs)).astype(np.float64)
        self._keys = {term: key(term) for term in terms}
        wanted = np.array(sorted(set(self._keys.values())), np.uint32)
        self._columns: dict[int, Floats] = {int(number): np.zeros(len(blobs)) for number in wanted}
        # Most entries are of other terms, and a table of 65,536 bits tells so in a tenth of the time.
        is_likely = np.zeros(2**16, np.bool_)
        is_likely[wanted & 0xFFFF] = True
        keys = entries["key"]
        for place in np.flatnonzero(is_likely[keys & 0xFFFF]).tolist():
            column = self._columns.get(int(keys[place]))
            if column is not None:
                column[owners[place]] = counts[place]

    def of(self, term: str) -> Floats:
        """Return how often each candidate has the term."""
        return self._columns[self._keys[term]]


def bm25(rarity: float, frequencies: Floats, *, lengths: Floats, average_length: float) -> Floats:
    """Return `forum.search.ranking.bm25` of a term for each candidate."""
    shortness = 1 - B + B * lengths / average_length
    return rarity * frequencies * (K1 + 1) / (frequencies + K1 * shortness)


@dataclass(slots=True)
class Scoring:
    """What of the candidates must be read to score them by a plan, and how it is added up."""

    record: Table
    plan: Plan
    columns: dict[str, ColumnElement[Any]] = field(default_factory=dict)
    """What to select of each candidate, by label."""
    _labels: dict[object, str] = field(default_factory=dict)
    _terms: dict[str, dict[str, None]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for leaf in self.plan.wanted:
            self._prepare(leaf)

    def _prepare(self, leaf: Terms | Beginning) -> None:
        place = PLACES[self.plan.kind, leaf.field]
        if place.in_answers is not None:
            self._ask(("answers", leaf), Conditions(self.record, self.plan.kind).in_answers(leaf))
        if isinstance(leaf, Beginning):
            for name, _ in place.own:
                self._ask((name, leaf), holds(self.record, name, beginning(leaf.text)))
            return
        bonus = () if place.bonus is None else (place.bonus,)
        for name, _ in (*place.own, *bonus):
            self.columns[f"{name}_counts"] = self.record.c[f"{name}_counts"]
            for terms in (terms for group in leaf.groups for terms in group):
                self._terms.setdefault(name, {}).update(dict.fromkeys(terms))
                if len(terms) > 1:
                    self._ask((name, terms), holds(self.record, name, sequence(terms)))

    def _ask(self, subject: object, condition: ColumnElement[bool]) -> None:
        if subject not in self._labels:
            self._labels[subject] = f"is_{len(self._labels)}"
            self.columns[self._labels[subject]] = condition

    def scores(self, connection: Connection, term: Table, rows: Sequence[Row[Any]]) -> Floats:
        """Return the score of each candidate; `rows` have `columns` and must meet the plan's conditions."""
        if not rows:
            return np.zeros(0)
        terms = {text for texts in self._terms.values() for text in texts}
        statistics = Statistics.read(connection, term, fields=self._terms, terms=terms)
        frequencies = {
            name: Frequencies([getattr(row, f"{name}_counts") for row in rows], texts)
            for name, texts in self._terms.items()
        }
        answers = {
            subject: np.array([getattr(row, label) for row in rows], np.bool_)
            for subject, label in self._labels.items()
        }
        return _Evaluation(self.plan.kind, len(rows), statistics, frequencies, answers).total(self.plan)


@dataclass(frozen=True, slots=True)
class _Evaluation:
    kind: Kind
    size: int
    statistics: Statistics
    frequencies: Mapping[str, Frequencies]
    answers: Mapping[object, Truths]

    def total(self, plan: Plan) -> Floats:
        return sum((self._leaf(leaf)[1] for leaf in plan.wanted), np.zeros(self.size))

    def _leaf(self, leaf: Terms | Beginning) -> Match:
        place = PLACES[self.kind, leaf.field]
        found, score = self._in_fields(leaf, place.own)
        if place.in_answers is not None:
            in_answers = self.answers["answers", leaf]
            found, score = found | in_answers, score + PLAIN_SCORE * in_answers
        if place.bonus is not None and isinstance(leaf, Terms):
            for group in leaf.groups:
                score = score + self._group(group, (place.bonus,))[1]
        return found, np.where(found, score, 0.0)

    def _in_fields(self, leaf: Terms | Beginning, fields: tuple[tuple[str, float], ...]) -> Match:
        if isinstance(leaf, Beginning):
            held = [self.answers[name, leaf] for name, _ in fields]
            return np.logical_or.reduce(held), PLAIN_SCORE * np.add.reduce(held, dtype=np.float64)
        groups = [self._group(group, fields) for group in leaf.groups]
        found = np.logical_and.reduce([holding for holding, _ in groups])
        total = np.sum([score for _, score in groups], axis=0, dtype=np.float64)
        return found, np.where(found, total, 0.0)

    def _group(self, group: tuple[tuple[str, ...], ...], fields: tuple[tuple[str, float], ...]) -> Match:
        found, total = np.zeros(self.size, np.bool_), np.zeros(self.size)
        for name, weight in fields:
            for terms in group:
                holding, score = self._sequence(name, terms)
                found |= holding
                total += weight * score
        return found, total

    def _sequence(self, name: str, terms: tuple[str, ...]) -> Match:
        frequencies = self.frequencies[name]
        held = [frequencies.of(term) for term in terms]
        found = self.answers[name, terms] if len(terms) > 1 else held[0] > 0
        average = self.statistics.average_length(name)
        score = sum(
            (
                bm25(
                    self.statistics.rarity(name, term),
                    often,
                    lengths=frequencies.lengths,
                    average_length=average,
                )
                for term, often in zip(terms, held, strict=True)
            ),
            np.zeros(self.size),
        )
        return found, np.where(found, score, 0.0)
