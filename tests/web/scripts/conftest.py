"""A site that is served to a real browser, in which somebody has signed in."""

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, Page
from werkzeug.serving import make_server

from forum.app import create_app
from forum.core.db import Database, open_database
from forum.core.settings import Settings
from forum.posts.models import Post
from forum.search.engines.languages import analyses_for
from forum.search.engines.memory_engine import MemoryEngine
from tests.factories import make_question, make_tag, make_user
from tests.web.browser import sign_in_as

Enter = Callable[[BrowserContext], None]


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Database]:
    opened = open_database(sqlite_url)
    yield opened
    opened.dispose()


@pytest.fixture
def app(database: Database, data_dir: Path, compiled_templates: FileSystemBytecodeCache) -> Iterator[Flask]:
    settings = Settings(data_dir=data_dir, log_level="error")
    made = create_app(settings, database=database, engine=MemoryEngine(analyses_for("en")))
    made.jinja_env.bytecode_cache = compiled_templates
    yield made
    made.extensions["askwell"].activity.close()


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    # So soon it sees that it is to end.
    serving = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    serving.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    serving.join()
    server.server_close()


@pytest.fixture
def enter(app: Flask, database: Database, address: str) -> Enter:
    """Let Mary be signed in wherever she opens a browser."""
    cookie = sign_in_as(app, database, "Mary Member").client.get_cookie("session")
    assert cookie is not None
    value = cookie.value
    return lambda context: context.add_cookies([{"name": "session", "value": value, "url": address}])


@pytest.fixture
def page(browser: Chromium, address: str, enter: Enter) -> Iterator[Page]:
    """A page of somebody who has signed in; at the end it must not have broken any rule of ours."""
    context = browser.new_context(base_url=address)
    enter(context)
    opened = context.new_page()
    problems: list[str] = []
    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.on(
        "console", lambda line: problems.append(line.text) if "Content Security Policy" in line.text else None
    )
    yield opened
    context.close()
    assert problems == []


@pytest.fixture
def question(database: Database) -> Post:
    with database.transaction() as session:
        for name in ("docks", "documents", "wifi"):
            make_tag(session, name, excerpt=f"All about {name}.")
        return make_question(session, make_user(session), title="Why does the dock not wake?", tags=["wifi"])
