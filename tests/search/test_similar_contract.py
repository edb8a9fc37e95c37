"""What every engine must do when it is asked for threads about the same, for corrections and for counts."""

from datetime import timedelta
from typing import Any

import pytest

from forum.core import clock
from forum.search.engine import SearchEngine, SimilarQuery
from forum.search.facets import FacetCount
from forum.search.syntax import parse
from tests.search.threads import START, answer, thread


def similar(engine: SearchEngine, title: str, **choices: Any) -> list[int]:
    return [hit.thread_id for hit in engine.similar(SimilarQuery(title, **choices))]


def test_it_finds_threads_without_all_the_words(site: SearchEngine) -> None:
    assert similar(site, "wireless drops whenever my notebook wakes from suspend")[0] == 1
    assert similar(site, "Blank pages come out of the printer, what next?")[0] == 2


def test_words_of_the_answers_lead_to_the_thread(site: SearchEngine) -> None:
    assert similar(site, "run a cleaning cycle")[0] == 2


def test_the_body_helps_where_the_title_says_little(site: SearchEngine) -> None:
    assert similar(site, "Please help", body="The paper is fed but pages stay blank.")[0] == 2


def test_nothing_in_common_is_nothing_found(site: SearchEngine) -> None:
    assert similar(site, "zzzyx qqqw") == []
    assert similar(site, "") == []
    assert similar(site, "the of and", body="???") == []


def test_excluded_later_and_unsolved_threads_are_left_out(site: SearchEngine) -> None:
    assert 1 not in similar(site, "Wi-Fi drops after suspend", exclude=frozenset({1}))
    assert 1 in similar(site, "Wi-Fi drops after suspend", before=START + timedelta(days=2))
    assert 1 not in similar(site, "Wi-Fi drops after suspend", before=START + timedelta(days=1))
    assert similar(site, "docking station driver update", only_solved=True) == [1]


def test_no_more_than_asked_for(site: SearchEngine) -> None:
    assert len(similar(site, "dock driver firmware printer server", limit=2)) == 2
    with pytest.raises(ValueError, match="limit"):
        SimilarQuery("x", limit=0)


def test_the_passage_is_from_the_answer_that_fits(site: SearchEngine) -> None:
    hit = site.similar(SimilarQuery("wifi drivers reinstalling"))[0]
    assert (hit.thread_id, hit.post_id) == (1, 12)
    assert ("drivers", True) in hit.snippet


def test_a_solved_thread_comes_before_its_equal(engine: SearchEngine) -> None:
    fix = "Hold the power button for ten seconds."
    engine.index(
        [
            thread(1, "Laptop will not start", answers=(answer(11, fix, accepted=True),)),
            thread(2, "Laptop will not start", answers=(answer(21, fix),)),
        ]
    )
    assert similar(engine, "laptop does not start") == [1, 2]


def test_a_thread_whose_accepted_answer_no_longer_works_is_not_solved(engine: SearchEngine) -> None:
    fix, title = "Hold the power button for ten seconds.", "Laptop will not start"
    broken = answer(21, fix, accepted=True, outdated=True)
    engine.index(
        [
            thread(1, title, answers=(answer(11, fix, accepted=True),), day=0),
            # Of equal threads the later one comes first.
            thread(2, title, answers=(broken,), day=0),
        ]
    )
    assert similar(engine, "laptop does not start", only_solved=True) == [1]
    assert similar(engine, "laptop does not start") == [1, 2]
    assert [hit.thread_id for hit in engine.search(parse("laptop start")).hits] == [1, 2]
    assert engine.search(parse("laptop hasaccepted:yes")).total == 2
    assert engine.search(parse("laptop isaccepted:yes")).total == 2


def test_an_answer_that_was_not_accepted_leaves_its_thread_solved(engine: SearchEngine) -> None:
    answers = (answer(11, "Wait for a while.", outdated=True), answer(12, "Hold the button.", accepted=True))
    engine.index([thread(1, "Laptop will not start", answers=answers)])

    assert similar(engine, "laptop does not start", only_solved=True) == [1]


def test_it_is_solved_again_when_the_mark_is_gone(engine: SearchEngine) -> None:
    for outdated in (True, False):
        fix = answer(11, "Hold the power button.", accepted=True, outdated=outdated)
        engine.index([thread(1, "Laptop will not start", answers=(fix,))])

        assert similar(engine, "laptop start", only_solved=True) == ([] if outdated else [1])


def test_the_passage_of_an_answer_that_still_works_is_preferred(engine: SearchEngine) -> None:
    fix = "Hold the power button for ten seconds."
    answers = (answer(11, fix, accepted=True, outdated=True), answer(12, fix))
    engine.index([thread(1, "Laptop will not start", "It stays dark.", answers=answers)])

    (hit,) = engine.similar(SimilarQuery("hold power button seconds"))
    (found,) = engine.search(parse("power button")).hits

    assert hit.post_id == found.post_id == 12


def test_removed_and_changed_threads_are_found_as_they_are_now(site: SearchEngine) -> None:
    site.remove([2])
    assert 2 not in similar(site, "printer prints blank pages")
    site.index([thread(3, "Printer prints blank pages")])
    assert similar(site, "printer prints blank pages")[0] == 3


def test_a_long_text_is_no_trouble(site: SearchEngine) -> None:
    log = "ECONNREFUSED at socket_client line 17 " * 5_000
    assert similar(site, "crash", body=log)[0] == 3


def test_it_corrects_slips_by_the_words_of_the_site(site: SearchEngine) -> None:
    assert site.correct(["Printr", "firmwaer", "cartrigdes", "wireless"]) == {
        "Printr": "printer",
        "firmwaer": "firmware",
        "cartrigdes": "cartridges",
    }


def test_it_leaves_short_words_codes_and_strangers_alone(site: SearchEngine) -> None:
    assert site.correct(["dok", "0x80070058", "node.jss", "zebrafish", "", "日本後"]) == {}


def test_two_slips_are_followed_in_long_words_only(site: SearchEngine) -> None:
    assert site.correct(["thunderblot", "thunderbotl", "thundrebotl"])["thundrebotl"] == "thunderbolt"
    assert site.correct(["pagse", "pgaes"]) == {"pagse": "pages", "pgaes": "pages"}
    assert site.correct(["paegss"]) == {}


def test_results_are_counted_by_what_narrows_them(engine: SearchEngine) -> None:
    days = (clock.now() - START).days
    engine.index(
        [
            thread(1, "Battery a", tags=("laptop", "battery"), author=(5, "Eve"), day=days - 3),
            thread(2, "Battery b", tags=("laptop",), author=(5, "Eve"), day=days - 20),
            thread(
                3,
                "Battery c",
                tags=("phone",),
                author=(6, "Bob"),
                day=days - 200,
                answers=(answer(31, "Replace it", accepted=True),),
            ),
            thread(4, "Battery d", author=(None, "Gone"), day=0, answers=(answer(41, "Hm"),)),
            thread(5, "Screen", tags=("laptop",), author=(5, "Eve")),
        ]
    )
    facets = engine.search(parse("battery", limit=1)).facets
    assert facets is None
    query = parse("battery", limit=1)
    counted = engine.search(type(query)(query.clauses, limit=1, with_facets=True)).facets
    assert counted is not None
    assert counted.tags == (FacetCount("laptop", 2), FacetCount("battery", 1), FacetCount("phone", 1))
    assert counted.authors == (FacetCount("5", 2), FacetCount("6", 1))
    assert (counted.solved, counted.unsolved, counted.answered, counted.unanswered) == (1, 3, 2, 2)
    assert counted.ages == (FacetCount("7d", 1), FacetCount("1m", 2), FacetCount("1y", 3))


def test_no_results_are_counted_as_none(site: SearchEngine) -> None:
    query = parse("zzzyx")
    counted = site.search(type(query)(query.clauses, with_facets=True)).facets
    assert counted is not None
    assert (counted.tags, counted.authors, counted.ages, counted.solved) == ((), (), (), 0)
