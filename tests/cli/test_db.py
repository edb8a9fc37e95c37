import pytest

from forum.core import schema
from forum.core.db import open_database
from tests.cli.conftest import Run


def test_an_embedded_database_is_made_by_whatever_comes_first(askwell: Run) -> None:
    assert askwell("db", "status").status == 1
    assert askwell("stats").status == 0
    assert askwell("db", "status").status == 0


def test_it_goes_up_and_down(askwell: Run) -> None:
    head = schema.newest_revision()

    assert askwell("db", "upgrade").out == f"Migrated to {head}.\n"
    assert askwell("db", "upgrade").out == "Nothing to do.\n"
    assert askwell("db", "downgrade", "base", "--yes").out == "Migrated to base (no tables).\n"
    assert askwell("db", "status").out == f"database: base (no tables)\nprogram:  {head}\n"


def test_going_down_asks_first(askwell: Run) -> None:
    askwell("db", "upgrade")

    assert askwell("db", "downgrade", "base", stdin="n\n").status == 130
    assert askwell("db", "status").status == 0


def test_a_revision_that_does_not_exist_is_one_line(askwell: Run) -> None:
    refused = askwell("db", "upgrade", "nonsense")

    assert refused.status == 2
    assert "nonsense" in refused.err
    assert refused.err.count("\n") == 1


@pytest.mark.postgres
def test_other_commands_do_not_migrate_postgresql(
    askwell: Run, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = open_database(postgres_url)
    schema.downgrade(database, revision="base")
    database.dispose()
    monkeypatch.setenv("ASKWELL_DATABASE_URL", postgres_url)

    refused = askwell("stats")

    assert refused.status == 2
    assert "run: askwell db upgrade" in refused.err
    assert askwell("db", "upgrade").status == 0
    assert askwell("stats").status == 0
