"""Finding the Markdown of each post: the author's own where the dump has it, or a translation of its HTML.

Stack Exchange's Markdown and ours differ in small things, so every candidate is rendered and compared with
the HTML of the dump; the first one that a reader can't tell from it is taken, or else the closest.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from forum.core.markup import Flavour, Rendered, Source
from forum.importers.stackexchange.fidelity import Fidelity, compare
from forum.importers.stackexchange.html_to_markdown import to_markdown
from forum.importers.stackexchange.html_to_markdown.dialect import DEFAULT, FALLBACKS
from forum.importers.stackexchange.links import Links
from forum.importers.stackexchange.loading.run import Renderer


@dataclass(frozen=True, slots=True)
class Original:
    """The text of a post as the dump has it: its HTML, and its Markdown if the history holds it."""

    html: str
    source: str | None
    anchor: str
    mentions: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Wording:
    """The Markdown and the HTML that are stored for a text, and how close they come to the original."""

    source: str
    rendered: Rendered
    fidelity: Fidelity


@dataclass(slots=True)
class _Search:
    """The candidates for one text that are still to be tried, and the best one so far."""

    original: Original
    candidates: Iterator[str]
    best: Wording | None = field(default=None)

    def offer(self, source: str, rendered: Rendered) -> None:
        """Keep the candidate if it comes closer than the ones before."""
        found = Wording(source, rendered, compare(self.original.html, rendered.html))
        if self.best is None or _closeness(found) > _closeness(self.best):
            self.best = found

    @property
    def is_over(self) -> bool:
        """Whether a reader can't tell the best candidate from the original."""
        return self.best is not None and self.best.fidelity.is_complete


class Wordings:
    """Texts that are being worded; their first candidates are rendered while the caller does other things."""

    def __init__(self, originals: Sequence[Original], links: Links, renderer: Renderer) -> None:
        """Begin with the first candidates."""
        self._renderer = renderer
        self._searches = [_Search(original, _candidates(original, links)) for original in originals]
        self._tried, self._rendered = self._begin(self._searches)

    def found(self) -> list[Wording]:
        """Return the wording of each text, in their order."""
        while self._tried:
            for (search, source), shown in zip(self._tried, self._rendered, strict=True):
                search.offer(source, shown)
            still_open = [search for search, _ in self._tried if not search.is_over]
            self._tried, self._rendered = self._begin(still_open)
        return [search.best for search in self._searches if search.best is not None]

    def _begin(self, searches: list[_Search]) -> tuple[list[tuple[_Search, str]], Iterator[Rendered]]:
        tried = [
            (search, source) for search in searches if (source := next(search.candidates, None)) is not None
        ]
        sources = [_to_render(search.original, source) for search, source in tried]
        return tried, self._renderer.begin(sources)


def _candidates(original: Original, links: Links) -> Iterator[str]:
    if original.source is not None and original.source.strip():
        yield links.rewrite_markdown(original.source)
    for dialect in (DEFAULT, *FALLBACKS):
        yield to_markdown(original.html, dialect=dialect, rewrite=links.rewrite)


def _to_render(original: Original, source: str) -> Source:
    return Source(source, Flavour.POST, original.mentions, original.anchor)


def _closeness(wording: Wording) -> tuple[bool, bool, bool]:
    fidelity = wording.fidelity
    return (wording.rendered.ok, fidelity.same_text, fidelity.same_structure)
