"""Where each term stands, in dictionaries."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

from forum.search.records import Record

Key: TypeAlias = tuple[int, int]
"""Thread id and the ordinal of the answer in it; 0 is the thread itself."""


@dataclass(slots=True)
class Postings:
    """All records, and per field and term the records that hold it with the term's positions there."""

    records: dict[Key, Record] = field(default_factory=dict)
    terms: dict[tuple[str, str], dict[Key, list[int]]] = field(default_factory=dict)
    lengths: dict[str, dict[Key, int]] = field(default_factory=dict)

    def add(self, records: Iterable[Record]) -> None:
        """Put the records in; those of the same thread must have been removed."""
        for record in records:
            key = (record.thread_id, record.ordinal)
            self.records[key] = record
            for name, positions in record.fields.items():
                self.lengths.setdefault(name, {})[key] = sum(map(len, positions.values()))
                for term, places in positions.items():
                    self.terms.setdefault((name, term), {})[key] = places

    def remove(self, thread_id: int) -> None:
        """Take out the records of this thread, if there are any."""
        ordinal = 0
        while record := self.records.pop((thread_id, ordinal), None):
            key = (thread_id, ordinal)
            for name, positions in record.fields.items():
                del self.lengths[name][key]
                for term in positions:
                    del self.terms[name, term][key]
            ordinal += 1
