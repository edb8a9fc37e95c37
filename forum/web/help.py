"""Help for users, with the numbers that the rules really use and examples as they are really rendered."""

from dataclasses import dataclass
from functools import cache

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from forum.accounts import rules as accounts
from forum.core.i18n import gettext, marked
from forum.core.markup import render
from forum.drafts import rules as drafts
from forum.posts import rules as posts
from forum.reputation import rules as reputation
from forum.saved_searches import rules as saved_searches
from forum.search import syntax
from forum.search.operators import OPERATORS
from forum.searches import rules as searches
from forum.tags import rules as tags
from forum.web.languages import language

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
    "asking": Topic(marked("Asking"), marked("How to ask so that others can help")),
    "answering": Topic(marked("Answering"), marked("Answers, comments, and accepting what helped")),
    "formatting": Topic(marked("Formatting"), marked("Markdown, with examples")),
    "voting-and-reputation": Topic(
        marked("Votes and reputation"), marked("What votes mean and what they are worth")
    ),
    "searching": Topic(marked("Searching"), marked("Words, phrases, tags, dates and more")),
    "editing": Topic(
        marked("Editing and deleting"), marked("Improving posts, their history, taking them back")
    ),
    "accounts": Topic(marked("Your account"), marked("Registering, signing in, your profile")),
}

_EXAMPLES = {
    marked("Emphasis"): marked("**bold**, _italic_, ~~struck out~~"),
    marked("Code in a sentence"): marked("Run `lspci -k` and look for *Kernel driver*."),
    marked("A block of code"): marked(
        "```bash\nsudo fwupdmgr refresh\nsudo fwupdmgr update  # needs mains power\n```"
    ),
    marked("Lists"): marked(
        "You need\n- a USB-C cable\n- firmware 1.8 or later\n  1. download it\n  2. run it"
    ),
    marked("Tasks"): marked("- [x] other cable\n- [ ] other dock"),
    marked("Quotes"): marked("> The display stays black.\n\nWith which cable?"),
    marked("Links"): marked("The [manual](https://example.org/manual), or plainly https://example.org"),
    marked("Headings"): marked("## What I tried"),
    marked("Tables"): marked("| Port | Display |\n| --- | --- |\n| left | works |\n| right | flickers |"),
    marked("Footnotes"): marked("It draws 65 W.[^1]\n\n[^1]: Measured at the socket."),
    marked("Calling somebody"): marked("@ada, which version is it?"),
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
        examples=examples(language()) if topic == "formatting" else (),
    )


@cache
def examples(language: str) -> tuple[Example, ...]:
    """Return the examples of formatting in the present language, rendered once for each process."""
    return tuple(
        _rendered(gettext(name), gettext(source), anchor=f"e{number}")
        for number, (name, source) in enumerate(_EXAMPLES.items())
    )


def _rendered(name: str, source: str, *, anchor: str) -> Example:
    return Example(name=name, source=source, html=render(source, anchor=anchor).html)
