"""The tests of the web part that look at what the databases do differently: limits, errors, transactions."""

import pytest


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of an empty, migrated database of each kind in turn."""
    address: str = request.getfixturevalue(f"{request.param}_url")
    return address
