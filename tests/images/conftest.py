"""Stores for images, and somebody who uploads."""

from pathlib import Path

import pytest

from forum.core.db import Database
from forum.images import encoding
from forum.images.storage import Folder, ImageStore
from tests.factories import make_user
from tests.images.pictures import answer_here


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A store in a folder."""
    return Folder(tmp_path / "images")


@pytest.fixture(params=["folder", "bucket"])
def store(request: pytest.FixtureRequest) -> ImageStore:
    """An empty store of each kind in turn."""
    made: ImageStore = request.getfixturevalue(request.param)
    return made


@pytest.fixture
def without_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make images anew in this process, in a fraction of the time, where that is not what is tested."""
    monkeypatch.setattr(encoding, "_answer", answer_here)


@pytest.fixture
def person_id(database: Database) -> int:
    """Somebody who uploads images."""
    with database.transaction() as session:
        return make_user(session).id
