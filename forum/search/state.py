"""What is said about a search index as a whole: how large it is, and what it is made by."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class IndexState:
    """A search index in figures, for those who look after the site."""

    threads: int
    bytes: int
    """What the index takes on disk or in memory, as near as the engine knows; 0 if it does not."""
    segments: int
    """The parts that each search goes through; 1 for an engine that has no parts."""
    version: str
    """What made the index: of two indexes with different versions, one is out of date."""


@dataclass(frozen=True, slots=True)
class Reached:
    """How far an index that is being built has got: threads go in by rising ids."""

    thread_id: int = 0
    """Every visible thread up to this id was given to the index; 0 when it holds none yet."""
    threads: int = 0
    """How many threads that were."""
