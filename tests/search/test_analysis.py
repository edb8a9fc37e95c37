"""Which terms come from which texts."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.core.errors import Misconfigured
from forum.core.settings import Language
from forum.search.analysis import MAX_TERM, fold
from forum.search.engines.languages import analyses_for

PROSE = analyses_for("en").prose
CODE = analyses_for("en").code


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Drivers", {"drivers", "driver"}),
        ("the", set()),
        ("not working", {"not", "working", "work"}),
        ("user's", {"user"}),
        ("don’t", {"dont", "don", "t"}),
        ("Café", {"cafe"}),
        ("cafe\u0301s", {"cafes", "cafe"}),
        ("C++", {"c++", "c"}),
        ("C++11", {"c++", "c", "11"}),
        ("C#", {"c#", "c"}),
        ("issue#12", {"issue", "issu", "12"}),
        (".NET", {".net", "net"}),
        ("node.js.", {"node.js", "node", "js"}),
        ("10.0.19045", {"10.0.19045", "10", "0", "19045"}),
        ("0x80070057", {"0x80070057"}),
        ("ECONNREFUSED", {"econnrefused", "econnrefus"}),
        ("Wi-Fi", {"wi-fi", "wifi", "wi", "fi"}),
        ("snake_case", {"snake_case", "snake", "case"}),
        ("__init__", {"init"}),
        ("USBs", {"usbs", "usb"}),
        ("a\u0301 \u0334\u0300'\u0300 \u0300-\u0300", set()),
        ("x-\u0300-y", {"x--y", "xy", "x", "y"}),
        ("日本語", {"日本", "本語"}),
        ("日", {"日"}),
        ("USB接続", {"usb", "接続"}),
        ("हिन्दी", {"हिन्दी"}),
        ("\ud800 ?! __ …", set()),
    ],
)
def test_it_takes_text_apart(text: str, terms: set[str]) -> None:
    found = {term for written in PROSE.written_forms(text) for term in written.forms.indexed}
    assert found == terms


@pytest.mark.parametrize(
    "text", ["The NullPointerException in HTTPServer", "日本語 USB接続 abc", "x Café. C++!"]
)
def test_it_knows_where_each_form_stands(text: str) -> None:
    for written in PROSE.written_forms(text):
        assert fold(text[written.start : written.end]).rstrip(".") == written.forms.exact


def test_code_is_not_inflected_and_keeps_every_word() -> None:
    found = {
        term for written in CODE.written_forms("if drivers in the_list") for term in written.forms.indexed
    }
    assert found == {"if", "drivers", "in", "the_list", "the", "list"}


def test_a_word_finds_what_it_was_made_of() -> None:
    (written,) = PROSE.written_forms("NullPointerException")
    assert written.forms.sought == (("nullpointerexception",), ("null", "pointer", "exception"))


def test_other_languages_have_their_own_stems() -> None:
    german = analyses_for("de").prose
    (written,) = german.written_forms("Häuser")
    assert written.forms.sought == (("haus",),)


@pytest.mark.parametrize("language", get_args(Language))
def test_every_language_of_the_settings_is_known(language: str) -> None:
    assert analyses_for(language).language == language
    assert [*analyses_for(language).prose.written_forms("router")]


def test_it_refuses_a_language_that_it_does_not_know() -> None:
    with pytest.raises(Misconfigured, match="'tlh'"):
        analyses_for("tlh")


@given(st.text(max_size=200) | st.text("aB1\u0300\u0334 -'_.+#", max_size=30))
def test_any_text_gives_terms_that_can_be_stored(text: str) -> None:
    end = 0
    for written in PROSE.written_forms(text):
        assert written.forms.exact in written.forms.indexed
        assert all(all(terms) for terms in written.forms.sought)
        assert all(0 < len(term) <= MAX_TERM * 2 and term.encode() for term in written.forms.indexed)
        assert 0 <= written.start < written.end <= len(text)
        assert written.end > end
        end = written.end


@given(st.text() | st.text("aB1é .-'_+#\n\u00a0\u2028网络", max_size=60))
def test_forms_are_those_of_the_written_forms(text: str) -> None:
    for analysis in (PROSE, CODE):
        assert analysis.forms(text) == [written.forms for written in analysis.written_forms(text)]
