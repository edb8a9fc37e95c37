"""Joining two changes of one text: nothing is lost, nothing is decided behind anybody's back."""

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.core.merging import (
    Choice,
    Clash,
    clashes_in,
    decide,
    is_undecided,
    line_choices,
    merge,
    merge_line,
    merge_names,
)
from forum.core.text_diff import TIME_LIMIT

# Lines of one word each, so that no line can be joined with another by its words.
LINES = st.lists(st.sampled_from(["", "a", "b", "c", "d", "e"]), max_size=12).map("\n".join)
TEXTS = st.text(alphabet="ab. \n\U0001f600é", max_size=50)
NAMES = st.lists(st.sampled_from("abcdef"), max_size=5, unique=True)
BASE = "The dock charges.\n\nThe screen stays black.\n\nWhat can I do?"


@given(TEXTS, TEXTS)
def test_the_same_change_twice_is_that_change(base: str, changed: str) -> None:
    merged = merge(base, changed, changed)

    assert (merged.text, merged.clashes) == (changed, ())


@given(TEXTS, TEXTS)
def test_where_one_changed_nothing_the_change_of_the_other_is_taken(base: str, changed: str) -> None:
    assert merge(base, base, changed).text == changed
    assert merge(base, changed, base).text == changed


@given(LINES, LINES, LINES)
def test_no_line_that_either_added_is_lost(base: str, theirs: str, mine: str) -> None:
    merged = merge(base, theirs, mine)

    found = merged.text.split("\n")
    for changed in (theirs, mine):
        added = set(changed.split("\n")) - set(base.split("\n"))
        assert added <= set(found)


@given(TEXTS, TEXTS, TEXTS)
def test_what_clashes_does_not_depend_on_who_was_first(base: str, theirs: str, mine: str) -> None:
    one, other = merge(base, theirs, mine), merge(base, mine, theirs)

    assert [(clash.theirs, clash.mine) for clash in one.clashes] == [
        (clash.mine, clash.theirs) for clash in other.clashes
    ]
    if not one.clashes:
        assert one.text == other.text


@given(TEXTS, TEXTS, TEXTS)
def test_a_text_is_undecided_as_long_as_it_holds_a_clash(base: str, theirs: str, mine: str) -> None:
    merged = merge(base, theirs, mine)

    assert is_undecided(merged.text) == bool(merged.clashes)
    assert tuple(clashes_in(merged.text).values()) == merged.clashes
    for choice in Choice:
        choices = dict.fromkeys(range(1, len(merged.clashes) + 1), choice)
        assert not is_undecided(decide(merged.text, choices))
    assert decide(merged.text, {}) == merged.text


@given(LINES, LINES)
def test_without_a_base_each_text_comes_out_by_its_choice(theirs: str, mine: str) -> None:
    merged = merge(None, theirs, mine)

    for choice, text in ((Choice.THEIRS, theirs), (Choice.MINE, mine)):
        choices = dict.fromkeys(range(1, len(merged.clashes) + 1), choice)
        assert decide(merged.text, choices) == text


@given(NAMES, NAMES, NAMES)
def test_names_are_joined_as_sets(base: list[str], theirs: list[str], mine: list[str]) -> None:
    joined = merge_names(base, theirs, mine)

    common = set(base) & set(theirs) & set(mine)
    assert set(joined) == common | (set(theirs) - set(base)) | (set(mine) - set(base))
    assert len(joined) == len(set(joined))
    assert [name for name in joined if name in mine] == [name for name in mine if name in joined]


def test_changes_of_different_lines_and_words_fit_together() -> None:
    theirs = BASE.replace("charges", "charges slowly") + "\n\nIt is an Aria 14."
    mine = BASE.replace("black", "dark").replace("The dock", "My dock")

    merged = merge(BASE, theirs, mine)

    assert merged.clashes == ()
    assert merged.text == (
        "My dock charges slowly.\n\nThe screen stays dark.\n\nWhat can I do?\n\nIt is an Aria 14."
    )


def test_different_changes_of_the_same_words_clash_and_all_choices_are_open() -> None:
    merged = merge(BASE, BASE.replace("black", "dark"), BASE.replace("black", "grey") + "\nHelp!")

    assert merged.clashes == (Clash(theirs=("The screen stays dark.",), mine=("The screen stays grey.",)),)
    assert is_undecided(merged.text)
    decided = {choice: decide(merged.text, {1: choice}) for choice in Choice}
    assert decided[Choice.THEIRS] == BASE.replace("black", "dark") + "\nHelp!"
    assert decided[Choice.MINE] == BASE.replace("black", "grey") + "\nHelp!"
    assert "The screen stays dark.\nThe screen stays grey." in decided[Choice.BOTH]


def test_a_text_that_one_deleted_and_the_other_changed_is_a_clash() -> None:
    merged = merge("one\ntwo\nthree", "one\nthree", "one\ntwo, better\nthree")

    assert merged.clashes == (Clash(theirs=(), mine=("two, better",)),)
    assert decide(merged.text, {1: Choice.THEIRS}) == "one\nthree"


def test_a_lone_mark_is_found_and_the_marks_of_git_are_text() -> None:
    merged = merge(BASE, BASE.replace("black", "dark"), BASE.replace("black", "grey"))

    assert is_undecided("\r\n".join(merged.text.split("\n")[:-4]))
    assert clashes_in(merged.text.partition("=======")[0]) == {}
    assert not is_undecided("<<<<<<< HEAD\none\n=======\ntwo\n>>>>>>> main")


def test_lines_are_joined_by_words_or_hold_both() -> None:
    assert merge_line("Why no light?", "Why no light at all?", "Why is no light?") == (
        "Why is no light at all?"
    )
    undecided = merge_line("Why no light?", "Why no sound?", "Why no picture?")
    assert is_undecided(undecided)
    assert line_choices(undecided) == ("Why no picture?", "Why no sound?")
    assert line_choices("Why no light?") is None


@pytest.mark.parametrize(
    "alphabet", ["ab \n", "\n", "a\nb\n", "".join(map(chr, range(0x4E00, 0x6000)))], ids=repr
)
def test_hostile_texts_take_bounded_time(alphabet: str) -> None:
    chance = random.Random(7)
    base, theirs, mine = ("".join(chance.choices(alphabet, k=30_000)) for _ in range(3))
    began = time.process_time()

    merge(base, theirs, mine)

    # Two comparisons of lines, and two of words for each place where they meet.
    assert time.process_time() - began < 4 * TIME_LIMIT + 4


def test_long_honest_texts_take_as_long_as_their_length() -> None:
    def seconds(lines: int) -> float:
        base = [f"Line {number} of a long answer." for number in range(lines)]
        theirs = [line + " Yes." if at % 20 == 0 else line for at, line in enumerate(base)]
        mine = [line.replace("long", "very long") if at % 10 == 0 else line for at, line in enumerate(base)]
        began = time.process_time()
        merged = merge(*("\n".join(text) for text in (base, theirs, mine)))
        took = time.process_time() - began
        assert merged.clashes == ()
        return took

    # 30,000 characters and a quarter of it; quadratic work would take sixteen times as long.
    short = min(seconds(265) for _ in range(3))
    assert min(seconds(1060) for _ in range(3)) < max(10 * short, 0.2)
