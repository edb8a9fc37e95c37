import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from forum.cards import drawing, keeping
from forum.cards.card import Card
from forum.cards.keeping import picture_of
from forum.core.errors import TooMany


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The titles of the cards that were drawn, in their order."""
    titles: list[str] = []

    def draw(card: Card) -> bytes:
        titles.append(card.title)
        return card.title.encode()

    monkeypatch.setattr(drawing, "draw", draw)
    return titles


def _card(title: str) -> Card:
    return Card(site_name="A", title=title, score=0, answer_count=0, is_solved=False, tags=())


def test_a_state_is_drawn_once(drawn: list[str], tmp_path: Path) -> None:
    for title in ("one", "two", "one"):
        assert picture_of(_card(title), tmp_path / "cards") == title.encode()

    assert drawn == ["one", "two"]


def test_a_state_is_drawn_once_when_many_ask_at_once(drawn: list[str], tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        pictures = list(pool.map(lambda _number: picture_of(_card("one"), tmp_path), range(8)))

    assert pictures == [b"one"] * 8
    assert drawn == ["one"]


def test_the_oldest_pictures_go(drawn: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "MOST_KEPT", 3)
    for number in range(6):
        card = _card(str(number))
        picture_of(card, tmp_path)
        os.utime(tmp_path / f"{card.key}.png", (number, number))

    assert {path.name for path in tmp_path.iterdir()} == {f"{_card(str(n)).key}.png" for n in (3, 4, 5)}


def test_who_would_wait_too_long_is_told_to_come_back(
    drawn: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "_WAITING_SECONDS", 0.01)
    monkeypatch.setattr(keeping, "_drawing", threading.Lock())
    keeping._drawing.acquire()

    with pytest.raises(TooMany):
        picture_of(_card("one"), tmp_path)
