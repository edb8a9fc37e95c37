"""Where the tests of this process open their engines in OpenSearch."""

import pytest

from tests.services.opensearch import DisposableEngine


class SearchNode:
    """The node of the run, asked for when the first engine is opened."""

    def __init__(self) -> None:
        self._request: pytest.FixtureRequest | None = None

    def begin(self, request: pytest.FixtureRequest) -> None:
        """Remember by which request, of the whole run, the node is asked for."""
        self._request = request

    def address(self) -> str:
        """Return the address; skip the test without a node."""
        assert self._request is not None, "the session's fixture comes first"
        address: str = self._request.getfixturevalue("opensearch_address")
        return address

    def open(self) -> DisposableEngine:
        """Return an engine whose indexes are not there yet."""
        return DisposableEngine(self.address())


SEARCH_NODE = SearchNode()
"""The one of this process."""
