"""The yardstick: Flask with two bare pages that read the same rows from the same database, as long as ours.

A question page takes four queries and a list one, as text() of SQLAlchemy's Core. A template prints each
value of each row, escaped, without macros; around the rows stands as much of our own page, as a constant, as
makes the page as long as ours. It is compressed by the function that compresses ours, in the coding that the
browser asks for. No page of rows can cost much less with Flask, SQLAlchemy and Jinja, and nothing is kept.
"""

import os
from pathlib import Path
from typing import Any

from flask import Flask, Response, render_template, request
from jinja2 import DictLoader
from sqlalchemy import create_engine, event, text

from forum.web.codings import CODINGS

_FRAMES = Path(os.environ["BENCH_FRAMES"])

_QUESTION = text("""
    SELECT p.id, p.title, p.html, p.score, p.created_at, p.view_count, p.author_id, u.name, u.reputation
    FROM post p LEFT JOIN "user" u ON u.id = p.author_id WHERE p.id = :id
""")
_ANSWERS = text("""
    SELECT p.id, p.html, p.score, p.created_at, p.author_id, u.name, u.reputation
    FROM post p LEFT JOIN "user" u ON u.id = p.author_id
    WHERE p.question_id = :id ORDER BY p.score DESC, p.id
""")
_COMMENTS = text("""
    SELECT c.id, c.post_id, c.html, c.score, c.created_at, u.id AS author_id, u.name
    FROM comment c JOIN post p ON p.id = c.post_id LEFT JOIN "user" u ON u.id = c.author_id
    WHERE p.id = :id OR p.question_id = :id ORDER BY c.id
""")
_TAGS = text("""
    SELECT t.id, t.name FROM question_tag q JOIN tag t ON t.id = q.tag_id
    WHERE q.question_id = :id ORDER BY q.position
""")
_LIST = text("""
    SELECT p.id, p.title, p.slug, p.excerpt, p.tag_names, p.score, p.answer_count, p.accepted_answer_id,
        p.view_count, p.created_at, p.author_id, u.name, u.reputation
    FROM post p LEFT JOIN "user" u ON u.id = p.author_id
    WHERE p.kind = 'question' AND p.deleted_at IS NULL ORDER BY p.created_at DESC, p.id DESC LIMIT 30
""")
_QUESTION_PAGE = """{{ head|safe }}<h1>{{ question.title }}</h1> {{ question.view_count }}
{% for tag in tags %}<a href="/tags/{{ tag.name }}" id="t{{ tag.id }}">{{ tag.name }}</a>{% endfor %}
{% for post in posts %}<article id="p{{ post.id }}"><b>{{ post.score }}</b>
<div>{{ post.html|safe }}</div><a href="/users/{{ post.author_id }}">{{ post.name }}</a> {{ post.reputation }}
<time>{{ post.created_at }}</time>
{% for comment in comments[post.id] %}<p id="c{{ comment.id }}"><b>{{ comment.score }}</b>
{{ comment.html|safe }}
<a href="/users/{{ comment.author_id }}">{{ comment.name }}</a> <time>{{ comment.created_at }}</time></p>
{% endfor %}</article>{% endfor %}{{ tail|safe }}"""
_LIST_PAGE = """{{ head|safe }}
{% for row in rows %}<article><b>{{ row.score }}</b><i>{{ row.answer_count }}</i> {{ row.view_count }}
{% if row.accepted_answer_id %}<em>{{ row.accepted_answer_id }}</em>{% endif %}
<h2><a href="/questions/{{ row.id }}/{{ row.slug }}">{{ row.title }}</a></h2><p>{{ row.excerpt }}</p>
{% for name in row.tag_names.split() %}<a href="/tags/{{ name }}">{{ name }}</a>{% endfor %}
<a href="/users/{{ row.author_id }}">{{ row.name }}</a> {{ row.reputation }}
<time>{{ row.created_at }}</time></article>{% endfor %}{{ tail|safe }}"""


def _frame(name: str) -> dict[str, str]:
    """Return what stands before and after the rows of a page."""
    return {part: (_FRAMES / f"{name}.{part}").read_text(encoding="utf-8") for part in ("head", "tail")}


app = Flask(__name__)
app.jinja_env.loader = DictLoader({"question.html": _QUESTION_PAGE, "list.html": _LIST_PAGE})
engine = create_engine(os.environ["BENCH_DATABASE"])
frames = {name: _frame(name) for name in ("question", "list")}

if engine.dialect.name == "sqlite":

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _entry: object) -> None:
        for pragma in ("query_only=ON", "mmap_size=268435456", "cache_size=-16000"):
            connection.execute(f"PRAGMA {pragma}")


@app.get("/questions/<int:id>")
def question(id: int) -> str:
    """Show a question with its answers, comments and tags."""
    with engine.connect() as connection:
        asked = connection.execute(_QUESTION, {"id": id}).one()
        posts = [asked, *connection.execute(_ANSWERS, {"id": id})]
        comments: dict[int, list[Any]] = {post.id: [] for post in posts}
        for comment in connection.execute(_COMMENTS, {"id": id}):
            comments[comment.post_id].append(comment)
        tags = connection.execute(_TAGS, {"id": id}).all()
    rows = {"question": asked, "posts": posts, "comments": comments, "tags": tags}
    return render_template("question.html", **rows, **frames["question"])


@app.get("/questions")
def questions() -> str:
    """Show the newest questions."""
    with engine.connect() as connection:
        rows = connection.execute(_LIST).all()
    return render_template("list.html", rows=rows, **frames["list"])


@app.after_request
def compress(response: Response) -> Response:
    """Compress the page as ours are."""
    coding = next((coding for coding in CODINGS if request.accept_encodings[coding] > 0), None)
    if coding is not None:
        response.set_data(CODINGS[coding][0](response.get_data()))
        response.headers["Content-Encoding"] = coding
    return response
