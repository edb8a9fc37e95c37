"""The catalogues have every message of the sources, translated so that nothing in it is lost."""

import re
from collections import Counter

import pytest
from babel.messages import Catalog, Message

from tools import texts

CATALOGUES = [(code, domain) for code in texts.TRANSLATED for domain in texts.DOMAINS]
UP_TO_DATE = "run `make texts` and translate what is new in forum/translations"

_PLACEHOLDER = re.compile(r"%\(\w+\)s|%%")
_TAG = re.compile(r"</?[a-z][^>]*>")


@pytest.fixture(scope="module")
def sources() -> dict[str, Catalog]:
    return {domain: texts.gather(domain) for domain in texts.DOMAINS}


def _ids(catalogue: Catalog) -> set[tuple[str | None, str]]:
    return {(message.context, str(message.id)) for message in catalogue if message.id}


def _pairs(message: Message) -> list[tuple[str, str]]:
    """Each form of a translation with the English that it stands for."""
    if isinstance(message.id, tuple | list):
        singular, plural = message.id
        first, *others = message.string
        return [(singular, first), *((plural, other) for other in others)]
    return [(str(message.id), str(message.string))]


@pytest.mark.parametrize(("code", "domain"), CATALOGUES)
def test_each_message_of_the_sources_is_there_and_no_other(
    code: str, domain: str, sources: dict[str, Catalog]
) -> None:
    assert _ids(texts.load(code, domain)) == _ids(sources[domain]), UP_TO_DATE


@pytest.mark.parametrize(("code", "domain"), CATALOGUES)
def test_each_message_is_translated_in_all_its_forms(code: str, domain: str) -> None:
    catalogue = texts.load(code, domain)

    translated = {id(message) for message in texts.translated(catalogue)}

    assert [message.id for message in catalogue if message.id and id(message) not in translated] == []
    assert [message.id for message in catalogue if message.id and message.fuzzy] == []
    assert {len(message.string) for message in catalogue if isinstance(message.string, tuple | list)} <= {
        catalogue.num_plurals
    }


@pytest.mark.parametrize(("code", "domain"), CATALOGUES)
def test_translations_keep_placeholders_and_elements(code: str, domain: str) -> None:
    for message in texts.load(code, domain):
        for english, translation in _pairs(message) if message.id else ():
            wanted, found = (Counter(_PLACEHOLDER.findall(text)) for text in (english, translation))
            # Forms for none, one and two may say the number in words.
            assert found == wanted or (len(_pairs(message)) > 1 and found == wanted - Counter(["%(num)s"])), (
                message.id
            )
            assert Counter(_TAG.findall(translation)) == Counter(_TAG.findall(english)), message.id


@pytest.mark.parametrize(("code", "domain"), CATALOGUES)
def test_what_the_program_reads_is_made_from_the_catalogue(code: str, domain: str) -> None:
    catalogue = texts.load(code, domain)

    assert texts.path_of(code, domain, "mo").read_bytes() == texts.as_mo(catalogue), UP_TO_DATE
    if domain == "scripts":
        script = texts.SCRIPT_TEXTS / f"{code}.js"
        assert script.read_text(encoding="utf-8") == texts.as_script(catalogue), UP_TO_DATE
