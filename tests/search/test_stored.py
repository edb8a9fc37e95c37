"""Documents as an index keeps them."""

import json
import zlib
from datetime import datetime

from forum.search.stored import PackedTexts, pack, texts, unpack
from forum.search.threads import ThreadDocument
from tests.search.threads import answer, thread

DOCUMENT = thread(
    1,
    "Dock",
    "Which döck?",
    answers=(
        answer(7, "This one.", accepted=True, code="ls"),
        answer(8, "", outdated=True),
        answer(9, "\ud800"),
    ),
    comments="What for?",
    tags=("docks",),
)
PLACES = range(-1, 4)


def packed_as_before(document: ThreadDocument) -> bytes:
    """Return what versions of the schema up to 5 kept."""
    content = json.dumps(document.content(), default=datetime.isoformat, ensure_ascii=False)
    return zlib.compress(content.encode("utf-8", "surrogatepass"))


def test_a_document_comes_back_as_it_was() -> None:
    assert unpack(pack(DOCUMENT)) == DOCUMENT
    assert unpack(packed_as_before(DOCUMENT)) == DOCUMENT


def test_its_texts_are_read_one_by_one() -> None:
    read = texts(pack(DOCUMENT))
    assert isinstance(read, PackedTexts)
    assert [read.text_at(place) for place in PLACES] == [DOCUMENT.text_at(place) for place in PLACES]
    assert [read.length_at(place) for place in PLACES] == [DOCUMENT.length_at(place) for place in PLACES]
    told = [(one.post_id, one.is_solving, one.outdated) for one in read.answers]
    assert told == [(7, True, False), (8, False, True), (9, False, False)]


def test_texts_are_read_of_what_older_versions_kept() -> None:
    assert texts(packed_as_before(DOCUMENT)) == DOCUMENT
