"""What words mean on this site, learned from its own threads: words that occur in the same threads are near.

Latent semantic analysis: the table of threads and their terms is taken apart by a randomised singular value
decomposition (Halko, Martinsson and Tropp 2011), which gives each term a short vector. A text is the weighted
sum of its terms' vectors, and two texts are as near as their directions. "Wireless drops" so comes near
"Wi-Fi disconnects" on a site whose threads use both, without any list and without a model from elsewhere.

Learning reads a sample of threads, takes memory in proportion to it and to nothing else, and is repeated when
the index is built anew.
"""

import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, islice, pairwise
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from forum.core.i18n import marked
from forum.search.analysis import Analyses, Analysis, TextModel
from forum.search.engine import SimilarQuery
from forum.search.numbering import PieceNumbers, TermNumbers
from forum.search.pruning import looked_for
from forum.search.ranking import idf
from forum.search.threads import ThreadDocument

DIMENSIONS = 100
SAMPLE = 20_000
"""Threads that are learned from; they hold some three million pairs of thread and term."""
FEWEST = 50
"""With fewer threads than this there is nothing to learn from."""
FIRST_LEARNED_AT = 500
"""Threads at which it is first worth the while to build the index anew so as to learn from them."""
OUTGROWN = marked(
    "The site has grown, and the index is built anew to learn from its threads; it answers meanwhile."
)
OTHER_MODEL = marked(
    "ASKWELL_SEARCH_MODEL has changed, and the index is built anew for it; it answers meanwhile."
)
MODEL_WEIGHT = 1.0
"""What the nearness of two texts by the model counts, beside 1 for the nearness by what the site taught."""
MOST_TERMS = 50_000
"""The commonest terms get a vector; rarer ones stand in one or two threads and would be noise."""

_ROUNDS = 3
"""Passes that sharpen the decomposition; more change nothing that a ranking would notice."""
_SPARE = 10
"""Dimensions more than are kept, as the method needs."""
_FILLED = 1e-3
_BATCH = 200
"""Threads that are taken apart at once."""

Vectors = NDArray[np.float32]


class _Table:
    """Rows of numbered columns with a value each; all others are nought."""

    def __init__(self, starts: NDArray[np.int64], columns: NDArray[np.int64], values: Vectors) -> None:
        self._starts = starts
        self._columns = columns
        self._values = values
        self.rows = len(starts) - 1

    def transposed(self, width: int) -> "_Table":
        """Return the table with its rows as columns."""
        order = np.argsort(self._columns, kind="stable")
        rows = np.repeat(np.arange(self.rows), np.diff(self._starts))
        starts = np.searchsorted(self._columns[order], np.arange(width + 1))
        return _Table(starts.astype(np.int64), rows[order], self._values[order])

    def times(self, matrix: Vectors) -> Vectors:
        """Return the product with a matrix that has a row for each column."""
        product = np.zeros((self.rows, matrix.shape[1]), np.float32)
        # Row by row, since the rows of the matrix that one needs stay near the processor meanwhile.
        for row, (start, end) in enumerate(pairwise(self._starts.tolist())):
            if end > start:
                product[row] = self._values[start:end] @ matrix.take(self._columns[start:end], axis=0)
        return product


class Meaning:
    """The vectors of a site's terms."""

    def __init__(
        self,
        terms: tuple[str, ...],
        rarities: Vectors,
        vectors: Vectors,
        *,
        learned_from: int,
        model_name: str = "",
        model: TextModel | None = None,
    ) -> None:
        self.learned_from = learned_from
        """How many threads the site had when its sample was learned from."""
        self.model_name = model_name
        """Of the model that the directions of the index were made with as well, if any was."""
        self._model = model
        self._number_of = {term: number for number, term in enumerate(terms)}
        self._terms = terms
        self._rarities = rarities
        self._vectors = vectors

    @classmethod
    def none(cls, learned_from: int = 0) -> Self:
        """Return the meaning of a site from which nothing can be learned yet: no word has any."""
        vectors = np.zeros((0, DIMENSIONS), np.float32)
        return cls((), np.zeros(0, np.float32), vectors, learned_from=learned_from)

    def with_model(self, model: TextModel | None) -> Self:
        """Return the same with the site's model, which is of use if the index was made with it too."""
        known = model if model is not None and model.name == self.model_name else None
        return type(self)(
            self._terms,
            self._rarities,
            self._vectors,
            learned_from=self.learned_from,
            model_name=self.model_name,
            model=known,
        )

    @property
    def is_empty(self) -> bool:
        """Whether nothing was learned."""
        return not self._terms

    def outgrown(self, threads: int, model: TextModel | None) -> str | None:
        """Return why a site of so many threads and with this model should learn anew, or None.

        The site has doubled since it learned, or has begun to count; a full sample is learned from once. Or
        its model is another one now.
        """
        if self.model_name != (model.name if model else ""):
            return OTHER_MODEL
        if self.learned_from >= SAMPLE or threads < max(FIRST_LEARNED_AT, 2 * self.learned_from):
            return None
        return OUTGROWN

    def of(self, counts: Mapping[str, float]) -> Vectors:
        """Return the direction of a text with these terms, of length 1; all noughts if none is known."""
        known = [(self._number_of[term], count) for term, count in counts.items() if term in self._number_of]
        if not known:
            return np.zeros(DIMENSIONS, np.float32)
        numbers = np.array([number for number, _ in known])
        weights = np.log1p(np.array([count for _, count in known], np.float32)) * self._rarities[numbers]
        return _of_length_one(weights @ self._vectors[numbers].astype(np.float32))

    def of_question(self, query: SimilarQuery, counts: Mapping[str, float]) -> Vectors:
        """Return the direction of a question with these terms, followed by that of its text by the model."""
        learned = self.of(counts)
        if self._model is None:
            return learned
        [direction] = self._model.directions([f"{query.title}. {query.body}"])
        return np.concatenate([learned, MODEL_WEIGHT * direction])

    def packed(self, documents: Sequence[ThreadDocument], analysis: Analysis) -> list[bytes]:
        """Return the direction of each thread in a byte for each dimension.

        It is what was learned of the title, followed by what the model makes of title and question.
        """
        learned = [
            b"" if self.is_empty else _in_bytes(self.of(counts_in(document.title, analysis)))
            for document in documents
        ]
        if self._model is None:
            return learned
        texts = [f"{document.title}. {document.question}" for document in documents]
        directions = self._model.directions(texts) if texts else ()
        return [
            known.ljust(DIMENSIONS, b"\0") + _in_bytes(direction)
            for known, direction in zip(learned, directions, strict=True)
        ]

    def to_bytes(self) -> bytes:
        """Return everything as a file's content."""
        file = io.BytesIO()
        terms = np.frombuffer("\n".join(self._terms).encode(), np.uint8)
        np.savez(
            file,
            terms=terms,
            rarities=self._rarities,
            vectors=self._vectors.astype(np.float16),
            learned_from=np.array(self.learned_from),
            model=np.array(self.model_name),
        )
        return file.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> Self:
        """Return what `to_bytes` was called on. Raises ValueError, KeyError or OSError for anything else."""
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            terms = arrays["terms"].tobytes().decode()
            return cls(
                tuple(terms.split("\n")) if terms else (),
                arrays["rarities"],
                arrays["vectors"],
                learned_from=int(arrays["learned_from"]),
                # Older indexes knew of no models.
                model_name=str(arrays["model"]) if "model" in arrays else "",
            )


_BYTE = 127
"""Directions are kept in a byte for each dimension, which changes a nearness by less than a hundredth."""


def nearness(vector: Vectors, packed: Iterable[bytes]) -> NDArray[np.float64]:
    """Return how near each packed direction is to this vector: 1 the same, 0 nothing in common.

    Dimensions that only one of them has count nothing.
    """
    width = len(vector)
    content = b"".join(one[:width].ljust(width, b"\0") for one in packed)
    directions = np.frombuffer(content, np.int8).reshape(-1, width).astype(np.float32)
    near: NDArray[np.float64] = (directions @ vector / _BYTE).astype(np.float64)
    return near


def _in_bytes(direction: Vectors) -> bytes:
    return np.round(direction * _BYTE).astype(np.int8).tobytes()


def counts_in(text: str, analysis: Analysis) -> Counter[str]:
    """Return how often each term that is looked for stands in a text."""
    return Counter(term for form in analysis.forms(text) for term in looked_for(form.indexed))


class Counted(NamedTuple):
    """Which terms some threads hold, and how often."""

    terms: tuple[str, ...]
    lengths: NDArray[np.int64]
    """How many terms each thread holds."""
    held: NDArray[np.uint32]
    """The places of these in `terms`, one thread after the other."""
    counts: NDArray[np.uint32]


def counted(documents: Sequence[ThreadDocument], pieces: PieceNumbers) -> Counted:
    """Return the terms of title, question and answers of these threads, taken apart as prose by `pieces`."""
    texts = [
        (document.title, document.question, *(answer.text for answer in document.answers))
        for document in documents
    ]
    found = pieces.read(chain.from_iterable(texts)).occurrences()
    owners = np.repeat(np.arange(len(documents)), [len(of) for of in texts])[found.texts]
    pairs, counts = np.unique((owners << 32 | found.terms)[found.are_sought], return_counts=True)
    used, held = np.unique(pairs & 0xFFFFFFFF, return_inverse=True)
    terms = tuple(pieces.terms.encoded[number].decode() for number in used.tolist())
    lengths = np.bincount(pairs >> 32, minlength=len(documents))
    return Counted(terms, lengths, held.astype(np.uint32), counts.astype(np.uint32))


def learn(documents: Iterable[ThreadDocument], analyses: Analyses, *, threads: int) -> Meaning:
    """Return what these of the site's `threads` teach; nothing if they are fewer than `FEWEST`.

    What the site's model knows comes on top.
    """
    pieces = PieceNumbers(analyses.prose, TermNumbers(), TermNumbers(errors="replace"))
    left = iter(documents)
    batches = iter(lambda: list(islice(left, _BATCH)), [])
    return learn_from((counted(batch, pieces) for batch in batches), analyses, threads=threads)


def learn_from(batches: Iterable[Counted], analyses: Analyses, *, threads: int) -> Meaning:
    """Return what `learn` does of threads that were counted."""
    learned = _learned(batches, threads=threads)
    learned.model_name = analyses.model.name if analyses.model else ""
    return learned.with_model(analyses.model)


def _learned(batches: Iterable[Counted], *, threads: int) -> Meaning:
    held = _Held()
    for batch in batches:
        held.add(batch)
    if held.rows < FEWEST:
        return Meaning.none(threads)
    frequencies = held.frequencies()
    common = sorted(frequencies, key=lambda term: (-frequencies[term], term))[:MOST_TERMS]
    terms = tuple(term for term in common if frequencies[term] > 1 and "\n" not in term)
    if not terms:
        return Meaning.none(threads)
    rarities = np.array([idf(held.rows, frequencies[term]) for term in terms], np.float32)
    return Meaning(
        terms, rarities, _term_vectors(held.table(terms, rarities), len(terms)), learned_from=threads
    )


class _Held:
    """The terms of all threads that are learned from."""

    def __init__(self) -> None:
        self.rows = 0
        self._number_of: dict[str, int] = {}
        self._lengths: list[NDArray[np.int64]] = []
        self._held: list[NDArray[np.uint32]] = []
        self._counts: list[NDArray[np.uint32]] = []

    def add(self, batch: Counted) -> None:
        """Take the terms of some threads."""
        known = self._number_of
        numbers = np.array([known.setdefault(term, len(known)) for term in batch.terms], np.uint32)
        self._lengths.append(batch.lengths)
        self._held.append(numbers[batch.held])
        self._counts.append(batch.counts)
        self.rows += len(batch.lengths)

    def frequencies(self) -> dict[str, int]:
        """Return in how many threads each term is."""
        numbers = np.bincount(np.concatenate(self._held), minlength=len(self._number_of))
        return dict(zip(self._number_of, numbers.tolist(), strict=True))

    def table(self, terms: Sequence[str], rarities: Vectors) -> _Table:
        """Return a row of length 1 for each thread, with a column for each of these terms."""
        column_of = np.full(len(self._number_of), -1, np.int64)
        column_of[[self._number_of[term] for term in terms]] = np.arange(len(terms))
        columns = column_of[np.concatenate(self._held)]
        rows = np.repeat(np.arange(self.rows), np.concatenate(self._lengths))
        is_known = columns >= 0
        # In an order that has nothing to do with which words some process came upon first.
        order = np.flatnonzero(is_known)
        order = order[np.argsort(rows[order] << 32 | columns[order])]
        rows, columns = rows[order], columns[order]
        counts = np.concatenate(self._counts)[order].astype(np.float32)
        weights = np.log1p(counts) * rarities[columns]
        lengths = np.sqrt(np.bincount(rows, weights=weights.astype(np.float64) ** 2, minlength=self.rows))
        lengths[lengths == 0] = 1
        values = (weights / lengths[rows]).astype(np.float32)
        return _Table(np.searchsorted(rows, np.arange(self.rows + 1)), columns, values)


def _term_vectors(table: _Table, width: int) -> Vectors:
    """Return the first right singular vectors of the table, a row for each of its columns."""
    chance = np.random.default_rng(0)
    size = min(DIMENSIONS + _SPARE, table.rows, width)
    back = table.transposed(width)
    spanned = table.times(chance.standard_normal((width, size)).astype(np.float32))
    for _ in range(_ROUNDS):
        base = _orthogonal(spanned)
        spanned = table.times(_orthogonal(back.times(base)))
    projected: Any = back.times(_orthogonal(spanned))
    _left, values, right = np.linalg.svd(projected.T, full_matrices=False)
    vectors = np.zeros((width, DIMENSIONS), np.float32)
    # A small site fills fewer dimensions; in the others there would be nothing but rounding errors.
    kept = right[:DIMENSIONS][values[:DIMENSIONS] > _FILLED * values[0]].T
    vectors[:, : kept.shape[1]] = kept
    return vectors


def _orthogonal(vectors: Vectors) -> Vectors:
    base: Vectors = np.linalg.qr(vectors)[0]
    return base


def _of_length_one(vector: Vectors) -> Vectors:
    length = float(np.linalg.norm(vector))
    scaled: Vectors = (vector / length if length else vector).astype(np.float32)
    return scaled
