"""The yardstick: Flask with two bare pages that read the same rows from the same database, as long as ours.

A question page takes four queries and a list one, as text; a template prints the rows between as much filling
as makes the page as long as ours. No page of rows from a database can cost much less with Flask and Jinja.
"""

import os
from typing import Any

from flask import Flask, render_template
from jinja2 import DictLoader
from sqlalchemy import create_engine, event, text

_ADDRESS = os.environ["BENCH_DATABASE"]
_FILLING = {name: "x" * int(os.environ[f"BENCH_{name.upper()}_BYTES"]) for name in ("question", "list")}

_QUESTION = text("""
    SELECT p.id, p.title, p.html, p.score, p.created_at, p.author_id, u.name, u.reputation
    FROM post p LEFT JOIN "user" u ON u.id = p.author_id WHERE p.id = :id
""")
_ANSWERS = text("""
    SELECT p.id, p.html, p.score, p.created_at, p.author_id, u.name, u.reputation
    FROM post p LEFT JOIN "user" u ON u.id = p.author_id
    WHERE p.question_id = :id ORDER BY p.score DESC, p.id
""")
_COMMENTS = text("""
    SELECT c.id, c.post_id, c.html, c.created_at, u.id AS author_id, u.name
    FROM comment c JOIN post p ON p.id = c.post_id LEFT JOIN "user" u ON u.id = c.author_id
    WHERE p.id = :id OR p.question_id = :id ORDER BY c.id
""")
_TAGS = text("""
    SELECT t.id, t.name FROM question_tag q JOIN tag t ON t.id = q.tag_id
    WHERE q.question_id = :id ORDER BY q.position
""")
_LIST = text("""
    SELECT p.id, p.title, p.slug, p.excerpt, p.tag_names, p.score, p.answer_count, p.view_count, p.created_at,
        p.author_id, u.name, u.reputation
    FROM post p LEFT JOIN "user" u ON u.id = p.author_id
    WHERE p.kind = 'question' AND p.deleted_at IS NULL ORDER BY p.active_at DESC, p.id DESC LIMIT 30
""")
_POST = """{% macro shown(post) %}<article id="p{{ post.id }}"><b>{{ post.score }}</b>
<div>{{ post.html|safe }}</div><a href="/users/{{ post.author_id }}">{{ post.name }}</a> {{ post.reputation }}
<time>{{ post.created_at }}</time>
{% for comment in comments[post.id] %}<p>{{ comment.html|safe }} <a href="/users/{{ comment.author_id }}">
{{ comment.name }}</a> <time>{{ comment.created_at }}</time></p>{% endfor %}</article>{% endmacro %}"""
_QUESTION_PAGE = (
    _POST
    + """<!doctype html><title>{{ question.title }}</title><h1>{{ question.title }}</h1>
{% for tag in tags %}<a href="/tags/{{ tag.name }}">{{ tag.name }}</a>{% endfor %}
{{ shown(question) }}{% for answer in answers %}{{ shown(answer) }}{% endfor %}<!-- {{ filling }} -->"""
)
_LIST_PAGE = """<!doctype html><title>Questions</title>
{% for row in rows %}<article><b>{{ row.score }}</b><i>{{ row.answer_count }}</i> {{ row.view_count }}
<h2><a href="/questions/{{ row.id }}/{{ row.slug }}">{{ row.title }}</a></h2><p>{{ row.excerpt }}</p>
{% for name in row.tag_names.split() %}<a href="/tags/{{ name }}">{{ name }}</a>{% endfor %}
<a href="/users/{{ row.author_id }}">{{ row.name }}</a> {{ row.reputation }}
<time>{{ row.created_at }}</time></article>{% endfor %}<!-- {{ filling }} -->"""

app = Flask(__name__)
app.jinja_env.loader = DictLoader({"question.html": _QUESTION_PAGE, "list.html": _LIST_PAGE})
engine = create_engine(_ADDRESS)

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
        answers = connection.execute(_ANSWERS, {"id": id}).all()
        comments: dict[int, list[Any]] = {post.id: [] for post in (asked, *answers)}
        for comment in connection.execute(_COMMENTS, {"id": id}):
            comments[comment.post_id].append(comment)
        tags = connection.execute(_TAGS, {"id": id}).all()
    return render_template(
        "question.html",
        question=asked,
        answers=answers,
        comments=comments,
        tags=tags,
        filling=_FILLING["question"],
    )


@app.get("/questions")
def questions() -> str:
    """Show the questions with the latest activity."""
    with engine.connect() as connection:
        rows = connection.execute(_LIST).all()
    return render_template("list.html", rows=rows, filling=_FILLING["list"])
