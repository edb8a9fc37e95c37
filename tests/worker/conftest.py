"""A site whose index is on disk."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from forum.core.settings import Settings
from forum.search.engine import SearchEngine
from forum.wiring import open_engine


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "site"


@pytest.fixture
def engine(data_dir: Path) -> Iterator[SearchEngine]:
    opened = open_engine(Settings(data_dir=data_dir))
    yield opened
    opened.close()
