"""Documents and queries by themselves, without an engine."""

import pytest

from forum.search.engine import SearchQuery
from tests.search.threads import answer, thread


def test_the_fingerprint_tells_documents_apart() -> None:
    plain, same = thread(1, "Scanner"), thread(1, "Scanner")
    others = [
        thread(1, "Scanners"),
        thread(1, "Scanner", score=1),
        thread(1, "Scanner", answers=(answer(11, ""),)),
        thread(1, "Scanner", answers=(answer(11, "", outdated=True),)),
        thread(1, "Scanner", tags=("a",)),
        thread(1, "Scanner", active=9),
    ]
    assert plain.fingerprint() == same.fingerprint()
    assert len({document.fingerprint() for document in [plain, *others]}) == 7


@pytest.mark.parametrize("page", [0, -1, 1001])
def test_a_query_refuses_pages_out_of_bounds(page: int) -> None:
    with pytest.raises(ValueError, match="page"):
        SearchQuery(page=page, limit=10)


@pytest.mark.parametrize("limit", [0, 101])
def test_a_query_refuses_limits_out_of_bounds(limit: int) -> None:
    with pytest.raises(ValueError, match="limit"):
        SearchQuery(limit=limit)
