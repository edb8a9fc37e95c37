"""When a thread is so near that an asker should see it before posting."""

import pytest

from forum.search.likeness import informative_words, is_convincing


def test_the_words_of_every_question_tell_nothing() -> None:
    assert informative_words("How can I fix the dock when it doesn't wake my monitor?") == (
        "dock",
        "wake",
        "monitor",
    )


def test_codes_versions_and_names_with_signs_tell_much_in_few_letters() -> None:
    assert informative_words("C++ on 24H2: 0x80070057") == ("c++", "24h2", "0x80070057")


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("Dock does not wake the monitor", "Monitors stay black when the docks wake up"),
        ("Why is my battery draining overnight?", "Batteries drain overnight with the lid closed"),
        ("Update fails with 0x80070057", "0x80070057 during the update"),
        ("ドックがモニターを認識しない", "モニターをドックにつなぐと認識しない"),
    ],
)
def test_titles_that_share_what_they_are_about_convince(asked: str, found: str) -> None:
    assert is_convincing(asked, found)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("Dock does not wake the monitor", "Dock for two laptops"),
        ("Why does this not work with my problem?", "Why does that not work with my problem?"),
        ("Error 1603 of the installer", "Error 1604 of the scanner"),
        ("", "Dock does not wake the monitor"),
        (
            "Router drops the network of printer, phone, tablet, speaker, camera and doorbell",
            "Doorbell rings the phone twice",
        ),
    ],
)
def test_one_word_or_a_small_part_does_not_convince(asked: str, found: str) -> None:
    assert not is_convincing(asked, found)
