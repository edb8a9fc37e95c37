"""Threads that are made ready all together have the postings that each one's records say."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import chain

from hypothesis import given
from hypothesis import strategies as st

from forum.search.engines.languages import analyses_for
from forum.search.engines.whoosh_batches import Preparing
from forum.search.engines.whoosh_codec import decode_positions
from forum.search.engines.whoosh_postings import Postings
from forum.search.engines.whoosh_schema import marks_of, numbers_of
from forum.search.meaning import Meaning
from forum.search.records import records_of, vocabulary_of
from forum.search.threads import ThreadDocument
from tests.search.sites import SITE
from tests.search.threads import answer, thread

ENGLISH = analyses_for("en")
Found = dict[str, dict[str, dict[int, list[int]]]]

TEXTS = st.lists(
    st.sampled_from(
        [
            "Wi-Fi",
            "drops",
            "dropped",
            "C++",
            "the",
            "\u7535\u6c60\u6c34",
            "NullPointerException",
            "\n",
            "a.b.c",
            "\u00e9t\u00e9",
        ]
    ),
    max_size=8,
).map(" ".join)
THREADS = st.lists(
    st.builds(
        lambda title, question, texts: (title, question, tuple(texts)),
        TEXTS,
        TEXTS,
        st.lists(TEXTS, max_size=3),
    ),
    min_size=1,
    max_size=4,
)


def expected(documents: Sequence[ThreadDocument]) -> Found:
    found: Found = defaultdict(lambda: defaultdict(dict))
    number = 0
    for document in documents:
        title = {form.exact for form in ENGLISH.prose.forms(document.title)}
        for word in title:
            found["word"][word][number] = []
        for word in vocabulary_of(document, ENGLISH.prose):
            found["spelt"][word][number] = []
        for record in records_of(document, ENGLISH):
            for field, terms in record.fields.items():
                for term, positions in terms.items():
                    found[field][term][number] = positions
            for field, marks in marks_of(record).items():
                for mark in marks:
                    found[field][mark][number] = []
            number += 1
    return found


def prepared(batches: Sequence[Sequence[ThreadDocument]]) -> Found:
    preparing, postings = Preparing(ENGLISH), defaultdict[str, Postings](Postings)
    number = 0
    for batch in batches:
        ready = preparing.prepare(batch, Meaning.none())
        for field, portion in ready.postings.items():
            postings[field].add(portion, number)
        records = list(chain.from_iterable(records_of(document, ENGLISH) for document in batch))
        assert ready.numbers.tolist() == [list(numbers_of(record)) for record in records]
        for field, lengths in ready.lengths.items():
            assert lengths.tolist() == [
                sum(map(len, record.fields.get(field, {}).values())) for record in records
            ]
        number += len(records)
    found: Found = defaultdict(lambda: defaultdict(dict))
    for field, gathered in postings.items():
        by_term = gathered.by_term()
        for term in by_term.names:
            part = by_term.part(term)
            assert part is not None
            start = 0
            for place, record in enumerate(part.numbers.tolist()):
                end = int(part.ends[place])
                found[field][term.decode()][record] = decode_positions(part.content[start:end]).tolist()
                start = end
    return found


def test_a_site_in_batches_has_the_postings_of_its_records() -> None:
    documents = list(SITE)
    batches = [documents[at : at + 3] for at in range(0, len(documents), 3)]
    assert prepared(batches) == expected(documents)


@given(THREADS)
def test_any_texts_have_the_postings_of_their_records(
    texts: list[tuple[str, str, tuple[str, ...]]],
) -> None:
    documents = [
        thread(
            number * 100,
            title,
            question,
            answers=tuple(answer(number * 100 + at, text) for at, text in enumerate(answers, 1)),
        )
        for number, (title, question, answers) in enumerate(texts, 1)
    ]
    assert prepared([documents]) == expected(documents)
