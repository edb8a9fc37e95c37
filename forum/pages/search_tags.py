"""The tags of a search as they are called today: a synonym finds what carries the tag it stands for."""

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy.orm import Session

from forum.search.engine import AnyOf, Clause, Leaf, Not, SearchQuery, Tagged
from forum.tags import queries as tags


def with_tags_as_meant(session: Session, query: SearchQuery) -> SearchQuery:
    """Return the query with synonyms of tags replaced by the tags; one statement if it names any tag."""
    named = {leaf.tag for clause in query.clauses for leaf in _leaves(clause) if isinstance(leaf, Tagged)}
    meant = tags.meant_by_each(session, sorted(named)) if named else {}
    if not meant:
        return query
    return replace(query, clauses=tuple(_as_meant(clause, meant) for clause in query.clauses))


def _leaves(clause: Clause) -> tuple[Leaf, ...]:
    parts = clause.clauses if isinstance(clause, AnyOf) else (clause,)
    return tuple(part.clause if isinstance(part, Not) else part for part in parts)


def _as_meant(clause: Clause, meant: Mapping[str, str]) -> Clause:
    if isinstance(clause, AnyOf):
        return AnyOf(tuple(_part(part, meant) for part in clause.clauses))
    return _part(clause, meant)


def _part(part: Leaf | Not, meant: Mapping[str, str]) -> Leaf | Not:
    if isinstance(part, Not):
        return Not(_leaf(part.clause, meant))
    return _leaf(part, meant)


def _leaf(leaf: Leaf, meant: Mapping[str, str]) -> Leaf:
    return Tagged(meant.get(leaf.tag, leaf.tag)) if isinstance(leaf, Tagged) else leaf
