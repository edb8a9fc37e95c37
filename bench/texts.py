"""The demo community's sentences, taken apart to be put together anew."""

import random
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from forum.core.markup import Flavour, Source, render_many

BLOCKS_OF_QUESTION, BLOCKS_OF_ANSWER = (1, 2), (1, 3)
"""How many paragraphs a post has, at least and at most; its HTML then has some 850 and 1,100 bytes,
as the posts of Stack Exchange that other software was measured with."""
VARIANTS = 10_000
"""So many different posts are put together; a larger site has each several times."""

_PARAGRAPHS = re.compile(r"\n\s*\n")


@dataclass(frozen=True, slots=True)
class Text:
    """A text as it is written, as it is shown, and its words."""

    source: str
    html: str
    text: str


@dataclass(frozen=True, slots=True)
class Texts:
    """All that generated threads are made of."""

    titles: tuple[str, ...]
    questions: tuple[Text, ...]
    answers: tuple[Text, ...]
    remarks: tuple[Text, ...]

    @property
    def words(self) -> list[str]:
        """The longer words of the titles, in the order of the alphabet."""
        words = {word.strip("?.,:()`'\"") for title in self.titles for word in title.lower().split()}
        return sorted(word for word in words if len(word) > 4 and word.isalpha())


@cache
def read_texts() -> Texts:
    """Return the titles, posts put together of paragraphs, and comments; always the same."""
    titles, posts, remarks = [], [], []
    for file in sorted(
        resources.files("forum.demo").joinpath("content").iterdir(), key=lambda file: file.name
    ):
        for question in tomllib.loads(file.read_text(encoding="utf-8")).get("question", []):
            titles.append(question["title"])
            for post in (question, *question.get("answers", [])):
                posts.append(post["body"])
                remarks += [comment["body"] for comment in post.get("comments", [])]
    blocks = _rendered([block for post in posts for block in _blocks(post)], Flavour.POST)
    chance = random.Random(7)
    return Texts(
        titles=tuple(titles),
        questions=tuple(_joined(chance, blocks, BLOCKS_OF_QUESTION) for _ in range(VARIANTS)),
        answers=tuple(_joined(chance, blocks, BLOCKS_OF_ANSWER) for _ in range(VARIANTS)),
        remarks=tuple(_rendered(remarks, Flavour.COMMENT)),
    )


def _blocks(source: str) -> list[str]:
    """Return the paragraphs of a text, or all of it if code or a list may reach across blank lines."""
    whole = "```" in source or re.search(r"^(    |[-*] |\d+\. |> )", source, re.MULTILINE)
    return [source.strip()] if whole else [part.strip() for part in _PARAGRAPHS.split(source.strip())]


def _joined(chance: random.Random, blocks: list[Text], counts: tuple[int, int]) -> Text:
    chosen = chance.sample(blocks, chance.randint(*counts))
    return Text(
        source="\n\n".join(block.source for block in chosen),
        html="\n".join(block.html.strip() for block in chosen),
        text="\n\n".join(block.text.strip() for block in chosen),
    )


def _rendered(sources: list[str], flavour: Flavour) -> list[Text]:
    done = render_many(Source(text, flavour, {}, "t0") for text in sources)
    return [Text(text, rendered.html, rendered.text) for text, rendered in zip(sources, done, strict=True)]
