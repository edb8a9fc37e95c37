"""How many new matches each saved search has, and each person in all."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, select

from forum.accounts.models import User
from forum.checks.columns import DerivedColumns, derived_column
from forum.saved_searches.models import SavedSearch, SavedSearchMatch


def _lock_owners(saved_search_ids: Sequence[int]) -> Select[Any]:
    owners = select(SavedSearch.user_id).where(SavedSearch.id.in_(saved_search_ids))
    return select(User.id).where(User.id.in_(owners)).order_by(User.id).with_for_update(key_share=True)


def _lock_people(user_ids: Sequence[int]) -> Select[Any]:
    return select(User.id).where(User.id.in_(user_ids)).order_by(User.id).with_for_update(key_share=True)


_new = select(func.count()).where(SavedSearchMatch.saved_search_id == SavedSearch.id, SavedSearchMatch.is_new)
_in_all = select(func.coalesce(func.sum(SavedSearch.new_count), 0)).where(SavedSearch.user_id == User.id)

# What a person has in all is summed up from the counts of the searches, so these are mended first.
SAVED_SEARCHES = DerivedColumns(
    name="saved searches",
    columns=(derived_column(SavedSearch.id, SavedSearch.new_count, _new.scalar_subquery()),),
    locks=_lock_owners,
)
NEW_MATCHES = DerivedColumns(
    name="new matches",
    columns=(derived_column(User.id, User.new_match_count, _in_all.scalar_subquery()),),
    locks=_lock_people,
)
