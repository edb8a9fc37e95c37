"""Words that mean the same on a site."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from forum.core.errors import Misconfigured
from forum.search.analysis import Analyses
from forum.search.engine import SearchEngine, SimilarQuery
from forum.search.engines.languages import analyses_for, with_synonyms
from forum.search.engines.memory_engine import MemoryEngine
from forum.search.engines.whoosh_engine import WhooshEngine
from forum.search.synonyms import MOST_GROUPS, UnusableSynonyms, read
from forum.search.syntax import parse
from tests.search.threads import thread

LIST = """
# What our customers say
bsod = blue screen, stop error
wifi = wi-fi, wireless    # the same
"""
ENGLISH = analyses_for("en")


@pytest.fixture
def analyses(tmp_path: Path) -> Analyses:
    path = tmp_path / "synonyms.txt"
    path.write_text(LIST, "utf-8")
    return with_synonyms(ENGLISH, path)


@pytest.fixture(params=["memory", "whoosh"])
def engine(request: pytest.FixtureRequest, analyses: Analyses, tmp_path: Path) -> Iterator[SearchEngine]:
    """An engine on a site that names things in different ways."""
    engine: SearchEngine = (
        MemoryEngine(analyses) if request.param == "memory" else WhooshEngine(tmp_path / "i", analyses)
    )
    with engine.rebuilding() as fresh:
        fresh.index(
            [
                thread(1, "BSOD after update", "It restarts."),
                thread(2, "Blue screen at start", "It restarts."),
                thread(3, "Blue light", "The screen is fine."),
                thread(4, "Wireless drops", "Every hour."),
                thread(5, "Error beeps do not stop", "It beeps."),
            ]
        )
    yield engine
    engine.close()


def found(engine: SearchEngine, text: str) -> list[int]:
    return sorted(hit.thread_id for hit in engine.search(parse(text)).hits)


def test_a_name_finds_its_other_names_as_phrases(engine: SearchEngine) -> None:
    assert found(engine, "bsod") == [1, 2]
    assert found(engine, "wifi") == found(engine, "Wi-Fi") == [4]


def test_words_that_together_are_a_name_find_the_others_too(engine: SearchEngine) -> None:
    assert found(engine, "blue screen") == [1, 2, 3]
    assert found(engine, "blue screen update") == [1]
    assert found(engine, "blue") == [2, 3]


def test_other_words_are_still_required_and_phrases_are_as_written(engine: SearchEngine) -> None:
    assert found(engine, "bsod restarts") == [1, 2]
    assert found(engine, '"blue screen"') == [2]
    assert found(engine, "bsod -update") == [2]


def test_when_nothing_holds_all_the_words_a_name_is_one_of_them(engine: SearchEngine) -> None:
    hits = engine.search(parse("bsod zebra"))

    assert hits.relaxed
    assert sorted(hit.thread_id for hit in hits.hits) == [1, 2]


def test_other_names_count_half_while_asking(engine: SearchEngine) -> None:
    ids = [hit.thread_id for hit in engine.similar(SimilarQuery("bsod"))]

    assert ids[0] == 1
    assert 2 in ids
    assert 4 in [hit.thread_id for hit in engine.similar(SimilarQuery("wlan or wifi problem"))]


def test_the_longest_name_wins() -> None:
    synonyms = read("a = x\na b = y", lambda name: tuple(name.split()))

    assert list(synonyms.named_in(["a", "b", "a", "c"])) == [(0, 2, (("y",),)), (2, 3, (("x",),))]
    assert list(synonyms.named_in([])) == []


@pytest.mark.parametrize(
    ("listed", "message"),
    [
        ("bsod", "line 1: write at least two names"),
        ("\nbsod = bsod", "line 2: write at least two names"),
        ("a = b\nb = c", "line 2: 'b' is in another line already"),
        ("a = b c d e f", "line 1: 'b c d e f' has over 4 words"),
        ("#\n" * MOST_GROUPS + "a = b", "at most 2,000 lines"),
    ],
)
def test_what_it_cannot_read_it_names_by_line(listed: str, message: str) -> None:
    with pytest.raises(UnusableSynonyms, match=message):
        read(listed, lambda name: tuple(name.split()))


def test_no_list_is_no_trouble_and_a_wrong_one_names_its_file(tmp_path: Path) -> None:
    path = tmp_path / "synonyms.txt"
    assert with_synonyms(ENGLISH, path) is ENGLISH
    path.write_text("alone", "utf-8")
    with pytest.raises(Misconfigured, match=r"synonyms.txt, line 1"):
        with_synonyms(ENGLISH, path)
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(Misconfigured, match="can't be read"):
        with_synonyms(ENGLISH, path)
