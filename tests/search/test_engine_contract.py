"""What every engine does, whatever it is made of."""

from collections.abc import Iterator

import pytest

from forum.search.engine import SearchEngine, Sort
from forum.search.syntax import parse
from forum.search.threads import ThreadDocument
from tests.search.conftest import ENGINES
from tests.search.sites import SITE, threads_of
from tests.search.threads import answer, thread


@pytest.fixture(scope="module", params=ENGINES)
def unchanging_site(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SearchEngine]:
    """The site for tests that only look."""
    engine = ENGINES[request.param](tmp_path_factory.mktemp("site"))
    with engine.rebuilding() as fresh:
        fresh.index(SITE)
    yield engine
    engine.close()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Words, their forms, and all of them at once.
        ("driver", [1, 2, 4]),
        ("DRIVERS", [1, 2, 4]),
        ("driver router", [1]),
        ("pages cleaning", [2]),
        ("cafe", [4]),
        ("café", [4]),
        ("the printer is blank", [2]),
        # Names and codes.
        ("wifi", [1]),
        ("wi-fi", [1]),
        ("WiFi", [1]),
        ("C++", [3]),
        ("c", [3]),
        ("0x80070057", [1]),
        ("10.0.19045", [1]),
        ("19045", [1]),
        ("econnrefused", [3]),
        ("socket_client", [3]),
        ("socket client", [3]),
        ("nullpointerexception", [3]),
        ("null pointer exception", [3]),
        ("NullPointerException", [3]),
        ("node.js", [3]),
        ("日本語", [5]),
        ("配列", [5]),
        # Phrases.
        ('"cleaning cycle"', [2]),
        ('"cycle cleaning"', []),
        ('"docking station"', [1, 4]),
        ('"drivers"', [1]),
        ('"suspend my laptop"', []),
        # Beginnings.
        ("thunder*", [4]),
        ("print*", [2]),
        ("firm* rout*", [1]),
        # Without, and either.
        ("driver -router", [2, 4]),
        ("driver NOT printer", [1, 4]),
        ("-driver", [3, 5]),
        ('driver -"cleaning cycle"', [1, 4]),
        ("router OR thunderbolt", [1, 4]),
        ("router OR thunderbolt dock", [1, 4]),
        ("[wifi] OR [printer]", [1, 2]),
        ("router OR -driver", [1, 3, 5]),
        # Tags.
        ("[c++]", [3]),
        ("[WiFi] [windows]", [1]),
        ("driver -[wifi]", [2, 4]),
        # Fields.
        ("title:docking", [4]),
        ('title:"docking station"', [4]),
        ("title:driver", []),
        ("body:router", [1]),
        ("body:suspend", []),
        ("body:external", []),
        ("code:drivers", [1]),
        ("code:driver", []),
        ("code:lsusb", [4]),
        ("code:snake_case_name", [3]),
        # People.
        ("user:7", [1, 2, 3]),
        ('user:"bob builder"', [1, 2, 3]),
        ("user:eve", [1, 2]),
        ("user:7 -user:eve", [3]),
        ("user:12345", []),
        # Questions by their own text.
        ("is:question driver", []),
        ("is:question user:eve", [2]),
        ("is:question suspend", [1]),
        ("is:question paper blank", [2]),
        # Numbers, flags and times.
        ("score:3", [1, 3, 4]),
        ("score:..0", [2, 5]),
        ("score:3..5", [1, 4]),
        ("score:>5", [3]),
        ("-score:3", [2, 5]),
        ("answers:0", [3, 5]),
        ("answers:1", [1, 2, 4]),
        ("answers:2..", [1]),
        ("hasaccepted:yes", [1]),
        ("hasaccepted:no driver", [2, 4]),
        ("created:2024-01-03", [2]),
        ("created:2024-01-04..", [3, 4, 5]),
        ("created:2023", []),
        ("lastactive:2024-03", [1]),
        ("lastactive:..2024-01-03", [2]),
        # Nothing to look for.
        ("", []),
        ("the", []),
        ("nonexistentword", []),
    ],
)
def test_it_finds_threads(unchanging_site: SearchEngine, text: str, expected: list[int]) -> None:
    assert threads_of(unchanging_site, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("is:answer driver", [12, 21, 41]),
        ("is:answer dock driver", [41]),
        ("is:answer user:7", [11, 21]),
        ("is:answer user:7 router", [11]),
        ("is:answer user:7 reinstalling", []),
        ("is:answer user:gone", [41]),
        ("is:answer score:3", [12, 41]),
        ("is:answer score:..2", [11, 21]),
        ("is:answer [wifi]", [11, 12]),
        ("is:answer code:lsusb", [41]),
        ("is:answer title:suspend", [11, 12]),
        ("is:answer created:2024-01-06", [21]),
        ("is:answer hasaccepted:yes", [11, 12]),
        ("isaccepted:yes", [12]),
        ("isaccepted:no driver", [21, 41]),
        ("isaccepted:yes user:7", []),
    ],
)
def test_it_finds_answers(unchanging_site: SearchEngine, text: str, expected: list[int]) -> None:
    assert sorted(hit.post_id or 0 for hit in unchanging_site.search(parse(text)).hits) == expected


def test_it_finds_any_of_the_words_when_none_holds_them_all(site: SearchEngine) -> None:
    hits = site.search(parse("router thunderbolt [wifi]"))
    assert hits.relaxed
    assert [hit.thread_id for hit in hits.hits] == [1], "only words give way, never conditions"
    assert not site.search(parse("router firmware")).relaxed
    assert not site.search(parse("nonexistentword")).relaxed


def test_it_leaves_out_words_that_are_everywhere_and_says_so(site: SearchEngine) -> None:
    hits = site.search(parse("the router"))
    assert [hit.thread_id for hit in hits.hits] == [1]
    assert "“the”" in hits.ignored[0]


def test_it_ranks_by_how_well_the_words_fit(engine: SearchEngine) -> None:
    filler = "and many other words that have nothing to do with it whatsoever " * 5
    engine.index(
        [
            thread(1, "Something else", f"A battery is mentioned once {filler}"),
            thread(2, "Battery drains", "The battery drains; the battery is new."),
            thread(3, "Something else", f"A battery and a battery {filler}"),
        ]
    )
    hits = engine.search(parse("battery")).hits
    assert [hit.thread_id for hit in hits] == [2, 3, 1]
    assert hits[0].score > hits[1].score > hits[2].score > 0


def test_it_prefers_the_solved_one_of_two_equals(engine: SearchEngine) -> None:
    engine.index(
        [
            thread(1, "Battery drains", answers=(answer(11, "Replace it", accepted=True),)),
            thread(2, "Battery drains", answers=(answer(21, "Replace it"),)),
        ]
    )
    assert [hit.thread_id for hit in engine.search(parse("battery")).hits] == [1, 2]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        (Sort.NEWEST, [4, 3, 2, 1]),
        (Sort.ACTIVE, [2, 4, 3, 1]),
        (Sort.SCORE, [3, 4, 2, 1]),
    ],
)
def test_it_sorts(engine: SearchEngine, sort: Sort, expected: list[int]) -> None:
    engine.index(
        [
            thread(1, "Battery", score=-3),
            thread(2, "Battery", score=1, active=30),
            thread(3, "Battery", score=7),
            thread(4, "Battery", score=1),
        ]
    )
    assert [hit.thread_id for hit in engine.search(parse("battery", sort=sort)).hits] == expected


def test_without_words_the_most_relevant_is_what_was_active_last(site: SearchEngine) -> None:
    hits = site.search(parse("score:-99"))
    assert [hit.thread_id for hit in hits.hits] == [1, 5, 4, 3, 2]


@pytest.mark.parametrize("sort", Sort)
def test_its_pages_join_without_gap_or_overlap(engine: SearchEngine, sort: Sort) -> None:
    engine.index([thread(number, "Battery", day=0) for number in range(1, 38)])
    pages = [engine.search(parse("battery", sort=sort, page=page, limit=10)) for page in range(1, 6)]
    assert [page.total for page in pages] == [37] * 5
    assert [len(page.hits) for page in pages] == [10, 10, 10, 7, 0]
    assert [hit.thread_id for page in pages for hit in page.hits] == list(range(37, 0, -1))


def test_a_thread_takes_the_place_of_its_older_self(site: SearchEngine) -> None:
    site.index([thread(2, "Scanner hums", answers=(answer(22, "Oil it"),)), thread(2, "Scanner squeaks")])
    assert threads_of(site, "printer") == []
    assert threads_of(site, "hums") == [], "the last of two in a batch stays"
    assert threads_of(site, "squeaks") == [2]
    assert site.search(parse("is:answer oil")).total == 0
    assert site.search(parse("is:answer cleaning")).total == 0
    assert site.count() == 5


def test_a_removed_thread_is_gone_with_its_answers(site: SearchEngine) -> None:
    site.remove([1, 4, 999])
    assert threads_of(site, "driver") == [2]
    assert site.search(parse("is:answer driver")).total == 1
    assert sorted(site.thread_ids()) == [2, 3, 5]


def test_nothing_to_index_or_remove_is_no_error(site: SearchEngine) -> None:
    site.index([])
    site.remove([])
    assert site.count() == 5


def test_it_tells_what_it_holds(site: SearchEngine) -> None:
    assert site.count() == 5
    assert sorted(site.thread_ids()) == [1, 2, 3, 4, 5]
    assert dict(site.fingerprints()) == {document.thread_id: document.fingerprint() for document in SITE}


def test_it_suggests_words_of_titles(engine: SearchEngine) -> None:
    engine.index(
        [thread(1, "Printing the photos"), thread(2, "Printing slowly"), thread(3, "Printer Priority")]
    )
    assert engine.suggest("pri") == ("printing", "printer", "priority")
    assert engine.suggest("Pri", 1) == ("printing",)
    assert engine.suggest("photo") == ("photos",)
    assert engine.suggest("slow", 5) == ("slowly",)
    assert engine.suggest("  ") == engine.suggest("xyz") == engine.suggest("\ud800") == ()


def marked(engine: SearchEngine, text: str) -> tuple[int | None, str]:
    hit = engine.search(parse(text)).hits[0]
    return hit.post_id, "".join(f"<{piece}>" if is_match else piece for piece, is_match in hit.snippet)


@pytest.mark.parametrize(
    ("text", "post_id", "snippet"),
    [
        ("reinstall", 12, "<Reinstalling> the drivers fixed it."),
        ("router", 11, "Update the firmware of the <router>."),
        ("docking same", None, "<Same> on the <docking> station"),
        ("cartridge", None, "The printer feeds paper, but the pages stay blank. <Cartridges> are new."),
        ("is:answer fixed", 12, "Reinstalling the drivers <fixed> it."),
        ("[printer]", None, "The printer feeds paper, but the pages stay blank. Cartridges are new."),
        ("firm*", 11, "Update the <firmware> of the router."),
        ('"blank pages"', None, "The printer feeds paper, but the <pages> stay <blank>. Cartridges are new."),
    ],
)
def test_it_shows_the_passage_that_matched(
    unchanging_site: SearchEngine, text: str, post_id: int | None, snippet: str
) -> None:
    assert marked(unchanging_site, text) == (post_id, snippet)


def test_it_takes_documents_without_any_text(engine: SearchEngine) -> None:
    empty: ThreadDocument = thread(1, "", answers=(answer(11, ""),), author=(None, "\ud800"))
    engine.index([empty])
    assert threads_of(engine, "answers:1") == [1]
    assert engine.search(parse("is:answer score:0")).hits[0].snippet == ()
