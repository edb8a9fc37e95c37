"""A question as data for search engines, by schema.org and Google's rules for QAPage.

https://developers.google.com/search/docs/appearance/structured-data/qapage
"""

from functools import lru_cache
from typing import Any

from forum.core.i18n import gettext
from forum.pages.question import QuestionPage
from forum.posts.queries.question import AnswerOrder, PostRow
from forum.posts.rules import question_path
from forum.search.plain_text import plain_text
from forum.tags.rules import tag_path
from forum.web.filters import user_path

TEXT_LENGTH = 300
"""Characters of a text at most. Google asks for whole texts but shows about as many, and a page must not grow
by half for what is on it already."""
MOST_ANSWERS = 3
"""Answers that are told, accepted and best ones; results show three or four. Their number is told, too."""

_Facts = dict[str, Any]


def qa_page(page: QuestionPage, site: str) -> list[_Facts] | None:
    """Return the facts of a question's page, to be printed as JSON; `site` is the site's address.

    Return None where Google's rules want none: without an answer, and where nobody can answer any more.
    Later pages and other orders are left to the first page.
    """
    if not page.answers or not page.may_answer or page.page > 1 or page.order is not AnswerOrder.SCORE:
        return None
    question = page.question
    address = site + question_path(question.post.id, question.slug)
    facts = _post(question.post, "Question", address, site)
    facts |= {"name": question.title, "answerCount": question.answer_count}
    suggested = []
    for answer in page.answers[:MOST_ANSWERS]:
        told = _post(answer.row, "Answer", f"{address}#answer-{answer.row.id}", site)
        if answer.is_accepted:
            facts["acceptedAnswer"] = told
        else:
            suggested.append(told)
    if suggested:
        facts["suggestedAnswer"] = suggested
    return [
        {"@context": "https://schema.org", "@type": "QAPage", "mainEntity": facts},
        _breadcrumbs(page, site),
    ]


def _post(post: PostRow, kind: str, address: str, site: str) -> _Facts:
    author: _Facts = {"@type": "Person", "name": post.author_name or gettext("somebody")}
    if post.author_id is not None:
        author["url"] = site + user_path(post.author_id, author["name"])
    return {
        "@type": kind,
        "url": address,
        "text": _beginning(post.html),
        # Up and down in one number, as Google wants it where both exist.
        "upvoteCount": post.score,
        "datePublished": post.created_at.isoformat(timespec="seconds"),
        "author": author,
    }


def _breadcrumbs(page: QuestionPage, site: str) -> _Facts:
    steps = [(gettext("Questions"), f"{site}/questions")]
    steps += [(name, site + tag_path(name)) for name in page.question.tags[:1]]
    items: list[_Facts] = [
        {"@type": "ListItem", "position": number, "name": name, "item": address}
        for number, (name, address) in enumerate(steps, start=1)
    ]
    # The last step is the page itself, which needs no address.
    items.append({"@type": "ListItem", "position": len(items) + 1, "name": page.question.title})
    return {"@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": items}


@lru_cache(maxsize=1_000)
def _beginning(html: str) -> str:
    text = plain_text(html).text
    return text if len(text) <= TEXT_LENGTH else text[:TEXT_LENGTH].rsplit(maxsplit=1)[0] + "…"
