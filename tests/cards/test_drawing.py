import hashlib
from gettext import NullTranslations
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from forum.cards.card import Card
from forum.cards.drawing import SIZE, draw
from forum.cards.typesetting import (
    OWN_FONT,
    drawable,
    font_of,
    joins_letters,
    reads_from_right,
    wrapped,
)
from forum.core.i18n import speech

FONT = font_of("", 60)
TITLES = {
    "short": "Why does it beep?",
    "long": "How do I keep the second monitor awake " * 8,
    "one word": "x" * 10_000,
    "markup": "<b>bold</b> </script><script>alert(1)</script> &amp;",
    "controls": "a\x00b\x01c\x1f tab\there\ud800 end",
    "turned": "\u202etxt.exe\u202c looks odd",
    "Cyrillic": "Почему ноутбук не видит монитор?",
    "Greek": "Γιατί αναβοσβήνει η οθόνη;",
    "Arabic": "لماذا لا تعمل الشاشة الثانية؟",
    "Hebrew": "למה המסך מהבהב?",
    "Chinese": "为什么第二个显示器会关闭？",
    "emoji": "😀🎉👨‍👩‍👧",
    "nothing": "",
}


def _card(title: str = "Why does it beep?", **changes: Any) -> Card:
    values: dict[str, Any] = {
        "site_name": "Askwell",
        "score": 3,
        "answer_count": 2,
        "is_solved": False,
        "tags": ("dock",),
    }
    return Card(title=title, **{**values, **changes})


@pytest.mark.parametrize("title", TITLES.values(), ids=TITLES)
def test_every_title_makes_a_small_picture_of_the_usual_size(title: str) -> None:
    picture = draw(_card(title))

    with Image.open(BytesIO(picture)) as image:
        image.load()
        assert (image.format, image.size) == ("PNG", SIZE)
    assert len(picture) < 60_000


def test_a_picture_shows_each_thing_it_is_told() -> None:
    cards = [
        _card(),
        _card("Why does it hum?"),
        _card(site_name="Help desk"),
        _card(score=4),
        _card(answer_count=3),
        _card(is_solved=True),
        _card(tags=("dock", "usb")),
    ]

    assert len({card.key for card in cards}) == len(cards)
    assert len({draw(card) for card in cards}) == len(cards)


def test_the_same_card_is_the_same_picture() -> None:
    assert _card().key == _card().key
    assert draw(_card()) == draw(_card())


@pytest.mark.parametrize("name", ["Cyrillic", "Greek", "short"])
def test_the_font_has_these_scripts(name: str) -> None:
    assert drawable(TITLES[name], FONT) == TITLES[name]


@pytest.mark.skipif(not joins_letters(), reason="this Pillow can't join Arabic letters")
@pytest.mark.parametrize("name", ["Arabic", "Hebrew"])
def test_scripts_from_right_to_left_are_drawn_where_letters_can_be_joined(name: str) -> None:
    assert drawable(TITLES[name], FONT) == TITLES[name]
    assert reads_from_right(TITLES[name])


def test_scripts_from_right_to_left_are_left_out_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("forum.cards.typesetting.joins_letters", lambda: False)

    assert drawable(TITLES["Arabic"], FONT) == ""


def test_a_title_that_the_font_lacks_is_left_to_the_page() -> None:
    assert drawable(TITLES["Chinese"], FONT) == ""
    assert draw(_card(TITLES["Chinese"])) == draw(_card("A question at Askwell"))


def test_signs_that_can_not_be_drawn_are_left_out() -> None:
    assert drawable("a\x00b\u202e c \U0001f9ff", FONT) == "ab c"


def test_long_texts_are_broken_into_few_lines_that_fit() -> None:
    for text in (TITLES["long"], TITLES["one word"][:400], "no " * 3 + "w" * 90):
        lines = wrapped(text, FONT, width=900, lines=4)

        assert 1 <= len(lines) <= 4
        assert all(FONT.getlength(line) <= 900 for line in lines)
    assert wrapped(TITLES["long"], FONT, width=900, lines=4)[-1].endswith("…")


def test_short_texts_are_kept_word_by_word() -> None:
    lines = wrapped("One two three four five six seven eight", FONT, width=500, lines=4)

    assert " ".join(lines) == "One two three four five six seven eight"


@pytest.mark.parametrize(("x", "is_mirrored"), [(100, False), (SIZE[0] - 100, True)])
def test_the_sign_of_the_site_is_where_lines_begin(x: int, is_mirrored: bool) -> None:
    if is_mirrored and not joins_letters():
        pytest.skip("this Pillow can't join Arabic letters")

    with Image.open(BytesIO(draw(_card(is_mirrored=is_mirrored)))) as image:
        pixels = image.convert("L")

    assert pixels.getpixel((x, 32)) > 240
    assert pixels.getpixel((SIZE[0] - x, 32)) < 100


def test_a_title_begins_where_its_script_does_on_mirrored_cards_too() -> None:
    pictures = [draw(_card("Why?", is_mirrored=is_mirrored)) for is_mirrored in (False, True)]

    titles = []
    for picture in pictures:
        with Image.open(BytesIO(picture)) as image:
            titles.append(image.convert("L").crop((0, 130, SIZE[0], 480)).point(lambda grey: grey > 128))
    assert titles[0].getbbox() == titles[1].getbbox()
    assert titles[0].tobytes() == titles[1].tobytes()


def test_the_font_is_the_published_one() -> None:
    licence = OWN_FONT.with_name("LICENSE").read_text(encoding="utf-8")

    assert hashlib.sha256(OWN_FONT.read_bytes()).hexdigest() in licence


@pytest.mark.parametrize(("word", "is_drawn"), [("Stimmen", True), ("票", False)])
def test_counts_are_in_the_words_of_the_site_if_its_font_has_the_letters(
    word: str, is_drawn: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Foreign(NullTranslations):
        def ngettext(self, singular: str, plural: str, count: int) -> str:
            return plural.replace("votes", word * 4)

    english = draw(_card())
    monkeypatch.setattr(speech, "translations", Foreign)

    assert (draw(_card()) != english) is is_drawn
