"""What is learned from a site's threads, and what it changes."""

import io
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from forum.search import meaning as meaning_module
from forum.search.engine import SimilarQuery
from forum.search.engines.languages import analyses_for
from forum.search.engines.whoosh_engine import WhooshEngine
from forum.search.meaning import FEWEST, Meaning, counts_in, learn, nearness
from tests.search.subjects import a_site
from tests.search.threads import thread

ENGLISH = analyses_for("en")
PROSE = ENGLISH.prose


@pytest.fixture(autouse=True)
def few_dimensions(monkeypatch: pytest.MonkeyPatch) -> None:
    """A site of three subjects has no use for a hundred dimensions: each word would get one of its own."""
    monkeypatch.setattr(meaning_module, "DIMENSIONS", 3)


def test_words_of_one_subject_are_near_and_those_of_others_are_not() -> None:
    meaning = learn(a_site(), ENGLISH, threads=len(a_site()))
    near, far, same = nearness(
        meaning.of(counts_in("wireless", PROSE)),
        meaning.packed(
            [thread(1, title) for title in ("wifi antenna", "toner cartridge", "Wireless")], PROSE
        ),
    )

    assert near > 0.8
    assert abs(far) < 0.2
    assert same == pytest.approx(1, abs=0.02)


def test_it_is_the_same_each_time_and_as_a_file() -> None:
    meaning, again = (
        learn(a_site(), ENGLISH, threads=len(a_site())),
        learn(a_site(), ENGLISH, threads=len(a_site())),
    )
    kept = Meaning.from_bytes(meaning.to_bytes())
    text = counts_in("router signal", PROSE)

    assert meaning.of(text) == pytest.approx(again.of(text))
    assert kept.of(text) == pytest.approx(meaning.of(text), abs=0.01)
    assert kept.learned_from == meaning.learned_from == len(a_site())


def test_few_threads_teach_nothing_and_unknown_words_mean_nothing() -> None:
    few = learn(a_site()[: FEWEST - 1], ENGLISH, threads=FEWEST - 1)

    assert few.is_empty
    assert few.learned_from == FEWEST - 1
    assert few.packed([thread(1, "wireless")], PROSE) == [b""]
    assert not learn(a_site(), ENGLISH, threads=len(a_site())).of(counts_in("zebra", PROSE)).any()
    assert nearness(np.ones(3, np.float32), [b""]).tolist() == [0.0]


@pytest.mark.parametrize("content", [b"", b"PK", b"nonsense"])
def test_a_damaged_file_is_told_from_a_good_one(content: bytes, tmp_path: Path) -> None:
    engine = WhooshEngine(tmp_path, ENGLISH)
    with engine.rebuilding() as fresh:
        fresh.learn(a_site(), threads=len(a_site()))
        fresh.index(a_site())
    engine.close()
    next(tmp_path.glob("*/meaning.npz")).write_bytes(content)
    again = WhooshEngine(tmp_path, ENGLISH)

    assert again.needs_rebuild() is not None
    with again.rebuilding() as fresh:
        fresh.index(a_site())
    assert again.needs_rebuild() is None
    again.close()


class Hot:
    """A model for which texts about warmth are the same, and all others another."""

    name = "hot"
    dimensions = 2

    def directions(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one of two directions for each text."""
        warm = [any(word in text.lower() for word in ("hot", "scorching", "burns")) for text in texts]
        return np.array([[float(is_warm), float(not is_warm)] for is_warm in warm], np.float32)


WARM = replace(ENGLISH, model=Hot())


def test_a_model_adds_what_it_sees_in_whole_texts() -> None:
    meaning = learn(a_site(), WARM, threads=len(a_site()))
    asked = meaning.of_question(SimilarQuery("It is scorching"), {})
    packed = meaning.packed([thread(1, "Case burns"), thread(2, "Case is cold")], PROSE)

    assert nearness(asked, packed).tolist() == pytest.approx([1, 0], abs=0.01)
    kept = Meaning.from_bytes(meaning.to_bytes())
    assert kept.with_model(Hot()).of_question(SimilarQuery("hot"), {}).tolist() == asked.tolist()


def test_what_was_made_with_another_model_is_compared_without() -> None:
    with_it, without = learn(a_site(), WARM, threads=150), learn(a_site(), ENGLISH, threads=150)
    threads = [thread(1, "wireless burns")]
    query, counts = SimilarQuery("wireless is hot"), counts_in("wireless", PROSE)
    learned = without.of_question(query, counts)

    assert without.with_model(Hot()).of_question(query, counts).tolist() == learned.tolist()
    assert with_it.with_model(None).of_question(query, counts) == pytest.approx(learned)
    [same] = nearness(learned, without.packed(threads, PROSE))
    assert nearness(learned, with_it.packed(threads, PROSE))[0] == pytest.approx(same, abs=0.02)
    assert nearness(with_it.of_question(query, counts), without.packed(threads, PROSE))[0] == pytest.approx(
        same, abs=0.02
    )


def test_another_model_is_a_reason_to_build_the_index_anew() -> None:
    with_it, without = learn(a_site(), WARM, threads=150), learn(a_site(), ENGLISH, threads=150)

    assert with_it.outgrown(150, Hot()) is without.outgrown(150, None) is None
    assert with_it.outgrown(150, None) == without.outgrown(150, Hot()) == meaning_module.OTHER_MODEL


def test_an_index_of_an_older_version_knows_of_no_model() -> None:
    with np.load(io.BytesIO(learn(a_site(), ENGLISH, threads=150).to_bytes())) as arrays:
        old = {name: arrays[name] for name in arrays if name != "model"}
    file = io.BytesIO()
    np.savez(file, **old)

    assert Meaning.from_bytes(file.getvalue()).model_name == ""
