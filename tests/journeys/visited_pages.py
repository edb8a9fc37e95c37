"""Which pages the test of all pages visits, by their addresses, and which addresses are none.

Words in braces stand for what `write_wide_content` makes: numbers of posts, names of tags, secrets of links.
"""

from forum.web.help import TOPICS
from tests.journeys.wide_content import LONG_WORD, OTHER_WORD

MISSING = "/no-such-page"
FOR_EVERYBODY = (
    *("/", "/questions?sort=hot", "/questions/unanswered", "/tags", "/users", "/users?period=month"),
    *("/questions/{question}/{slug}", "/questions/{closed}/{closed_slug}", "/questions/{busy}/{busy_slug}"),
    *("/posts/{answer}/revisions", "/posts/{answer}/revisions?view=side", "/comments/{comment}/revisions"),
    *(f"/users/{{person}}/{{name}}?tab={tab}" for tab in ("summary", "questions", "answers")),
    *(f"/users/{{person}}/{{name}}?tab={tab}" for tab in ("reputation", "badges")),
    *("/tags/{tag}", "/search", "/search?q=Donau*", "/search?q=nothing-has-this-word"),
    *("/search?q=Donau*+[{tag}]+answers:1..+score:many", "/search?q=Donau*+[{tag}]+is:answer"),
    *(f"/search?q={LONG_WORD}+[none]+score:99", f"/search?q={OTHER_WORD}x", f"/search?q={OTHER_WORD}+other"),
    *("/help", *(f"/help/{topic}" for topic in TOPICS), "/appearance", "/keys", "/claim/{claim}", MISSING),
    "/saved-searches",
)
FOR_VISITORS = ("/sign-in", "/register", "/setup/{setup}")
FOR_MEMBERS = (
    *("/questions/ask", "/settings", "/settings/password", "/saved-searches/{saved_search}", "/following"),
    *("/drafts", "/drafts/answer-{busy}", "/posts/{question}/edit", "/posts/{answer}/edit"),
    *("/comments/{comment}/edit", "/questions/{question}/tags", "/questions/{question}/close"),
    *("/tags/{tag}/edit", "/images/new", "/insight", "/admin/search"),
)

NO_PAGES = {
    "/a/<int:id>/<int:sharer_id>": "leads to the answer",
    "/answers/<int:id>": "leads to the answer in its thread",
    "/brand/<version>/<name>": "a picture, a font or a style sheet",
    "/comments/<int:id>": "leads to the comment in its thread, or is a part of it",
    "/feeds/questions": "a feed",
    "/feeds/questions/<int:id>": "a feed",
    "/feeds/search": "a feed",
    "/feeds/tags/<name>": "a feed",
    "/feeds/unanswered": "a feed",
    "/feeds/users/<int:id>/<kind>": "a feed",
    "/healthz": "for monitoring, in JSON",
    "/images/<name>": "a picture",
    "/insight/<name>.csv": "a table as a file",
    "/metrics": "for monitoring, in its own format",
    "/opensearch.xml": "for browsers, in XML",
    "/q/<int:id>/<int:sharer_id>": "leads to the question",
    "/questions/<int:id>": "leads to the address with the title",
    "/questions/<int:id>/news": "for scripts, in JSON",
    "/questions/<int:id>/preview.png": "a picture",
    "/questions/<int:id>/tags/saved": "leads to the question, or is a part of it",
    "/robots.txt": "for search engines, as text",
    "/search/completions": "for browsers, in JSON",
    "/search/suggestions": "a part of pages, which the test opens with the field in the head",
    "/similar": "a part of pages, which the test opens while a question is asked",
    "/sitemap.xml": "for search engines, in XML",
    "/sitemaps/<kind>-<int:first>.xml": "for search engines, in XML",
    "/tags/complete": "for scripts, in JSON",
    "/users/<int:id>": "leads to the address with the name",
    "/users/complete": "for scripts, in JSON",
}
"""Rules of addresses that answer a GET with something else than a page, and why they do."""

Fields = dict[str, str]
ANSWERS_TO_FORMS: dict[str, tuple[int, str, Fields]] = {
    "an answer too short": (422, "/questions/{question}/answers", {"source": "."}),
    "an answer to a closed question": (403, "/questions/{closed}/answers", {"source": f"Try {LONG_WORD}."}),
    "a comment too short": (422, "/posts/{answer}/comments", {"source": ""}),
    "a preview": (200, "/posts/{answer}/edit", {"source": f"- [ ] {LONG_WORD}", "preview": "1"}),
    "two edits of a post": (409, "/posts/{answer}/edit", {"source": LONG_WORD, "based_on": "1"}),
    "two edits of a comment": (409, "/comments/{comment}/edit", {"source": LONG_WORD, "based_on": "1"}),
    "two edits of tags": (409, "/questions/{question}/tags", {"tags": "one two", "based_on": "1"}),
    "two drafts": (409, "/drafts", {"place": "answer-{busy}", "source": LONG_WORD}),
    "a search without words": (422, "/saved-searches", {"text": "", "name": LONG_WORD[:80]}),
    "a link to an account": (200, "/users/{unclaimed}/claim-link", {}),
    "a wrong password": (422, "/settings/password", {"current": "x", "new": "y"}),
    "a closing without its original": (
        422,
        "/questions/{question}/close",
        {"reason": "duplicate", "of": "x"},
    ),
    "a vote for oneself": (403, "/posts/{question}/vote", {"value": "1"}),
}
"""Pages that members get only when they send something: the status, the address, and what is sent there."""
