"""Images made anew in this process, which takes milliseconds."""

import pytest

from forum.images import encoding
from tests.images.pictures import answer_here


@pytest.fixture(autouse=True)
def _without_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoding, "_answer", answer_here)
