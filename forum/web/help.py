"""Help for users, with the numbers that the rules really use and examples as they are really rendered."""

from dataclasses import dataclass
from functools import cache

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from forum.accounts import rules as accounts
from forum.core.markup import render
from forum.drafts import rules as drafts
from forum.posts import rules as posts
from forum.reputation import rules as reputation
from forum.saved_searches import rules as saved_searches
from forum.search import syntax
from forum.search.operators import OPERATORS
from forum.searches import rules as searches
from forum.tags import rules as tags

blueprint = Blueprint("help", __name__)


@dataclass(frozen=True, slots=True)
class Topic:
    """A page of the help."""

    title: str
    summary: str


@dataclass(frozen=True, slots=True)
class Example:
    """What somebody types and what it looks like then."""

    name: str
    source: str
    html: str


TOPICS = {
    "asking": Topic("Asking", "How to ask so that others can help"),
    "answering": Topic("Answering", "Answers, comments, and accepting what helped"),
    "formatting": Topic("Formatting", "Markdown, with examples"),
    "voting-and-reputation": Topic("Votes and reputation", "What votes mean and what they are worth"),
    "searching": Topic("Searching", "Words, phrases, tags, dates and more"),
    "editing": Topic("Editing and deleting", "Improving posts, their history, taking them back"),
    "accounts": Topic("Your account", "Registering, signing in, your profile"),
}

_EXAMPLES = {
    "Emphasis": "**bold**, _italic_, ~~struck out~~",
    "Code in a sentence": "Run `lspci -k` and look for *Kernel driver*.",
    "A block of code": "```bash\nsudo fwupdmgr refresh\nsudo fwupdmgr update  # needs mains power\n```",
    "Lists": "You need\n- a USB-C cable\n- firmware 1.8 or later\n  1. download it\n  2. run it",
    "Tasks": "- [x] other cable\n- [ ] other dock",
    "Quotes": "> The display stays black.\n\nWith which cable?",
    "Links": "The [manual](https://example.org/manual), or plainly https://example.org",
    "Headings": "## What I tried",
    "Tables": "| Port | Display |\n| --- | --- |\n| left | works |\n| right | flickers |",
    "Footnotes": "It draws 65 W.[^1]\n\n[^1]: Measured at the socket.",
    "Calling somebody": "@ada, which version is it?",
}


@blueprint.get("/help", defaults={"topic": None})
@blueprint.get("/help/<topic>")
def show(topic: str | None) -> ResponseReturnValue:
    if topic is not None and topic not in TOPICS:
        abort(404)
    return render_template(
        f"help/{topic or 'index'}.html",
        section="help",
        topics=TOPICS,
        topic=topic,
        accounts=accounts,
        posts=posts,
        reputation=reputation,
        tags=tags,
        drafts=drafts,
        saved_searches=saved_searches,
        searches=searches,
        syntax=syntax,
        operators=OPERATORS,
        examples=examples() if topic == "formatting" else (),
    )


@cache
def examples() -> tuple[Example, ...]:
    """Return the examples of formatting, rendered once for each process."""
    return tuple(
        Example(name=name, source=source, html=render(source, anchor=f"e{number}").html)
        for number, (name, source) in enumerate(_EXAMPLES.items())
    )
