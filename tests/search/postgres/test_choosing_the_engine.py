"""Which engine the settings choose, and what they refuse."""

from pathlib import Path

import pytest

from forum.core.errors import Misconfigured
from forum.core.settings import Settings, load_settings
from forum.search.engines.postgres_engine import PostgresEngine
from forum.search.engines.whoosh_engine import WhooshEngine
from forum.wiring import open_engine


def test_the_index_lies_in_the_data_directory_unless_something_else_is_set(tmp_path: Path) -> None:
    engine = open_engine(Settings(data_dir=tmp_path))
    assert isinstance(engine, WhooshEngine)
    engine.close()


def test_a_site_on_postgresql_may_keep_its_index_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASKWELL_DATABASE_URL", "postgresql://askwell@localhost/askwell")
    monkeypatch.setenv("ASKWELL_SEARCH_ENGINE", "postgres")
    engine = open_engine(load_settings())
    assert isinstance(engine, PostgresEngine)
    engine.close()


@pytest.mark.parametrize("url", [None, "sqlite:///askwell.db"])
def test_without_postgresql_its_engine_is_refused_in_one_line(
    url: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if url is not None:
        monkeypatch.setenv("ASKWELL_DATABASE_URL", url)
    monkeypatch.setenv("ASKWELL_SEARCH_ENGINE", "postgres")
    with pytest.raises(Misconfigured, match=r"^ASKWELL_SEARCH_ENGINE: .*set ASKWELL_DATABASE_URL[^\n]*$"):
        load_settings()


def test_a_wrong_address_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASKWELL_DATABASE_URL", "mysql://localhost/askwell")
    monkeypatch.setenv("ASKWELL_SEARCH_ENGINE", "postgres")
    with pytest.raises(Misconfigured) as refused:
        load_settings()
    assert "ASKWELL_SEARCH_ENGINE" not in refused.value.message
