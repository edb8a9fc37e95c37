"""Measuring one generated site from beginning to end: made or found, indexed, started, asked, imported."""

import statistics
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import Request, urlopen

from bench.importing import import_seconds, write_dump
from bench.indexing import index
from bench.load import CODINGS
from bench.measuring import Measuring, Result
from bench.pages import bare, measured, sign_in
from bench.servers import Server, askwell, first_page_seconds, yardstick
from bench.site import Site, far_down, generate, never_shown
from forum.core.db import Database, open_database
from forum.core.schema import ensure_folder, upgrade
from forum.core.settings import Settings

WORKERS = 2
STARTS = 3
"""How often the server is started to see how long it takes; the median counts."""
LOOKED_AT = 20
"""Pages of questions whose length is measured."""

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be measured, and how."""

    seconds: float
    workers: int
    only: str
    import_posts: int
    database_url: str | None
    index_at_most: int | None


@dataclass(frozen=True, slots=True)
class Measurement:
    """What was measured on one site: kinds of requests, and figures by "what: figure"."""

    results: list[Result]
    figures: dict[str, float]


def measure_site(folder: Path, questions: int, plan: Plan, say: Say) -> Measurement:
    """Measure the site kept in a folder, which is generated first if there is none."""
    settings = Settings(data_dir=folder / "data", workers=plan.workers, database_url=plan.database_url)
    with _opened(settings) as database:
        site = _found_or_made(folder, questions, settings, database, plan, say)
        address = database.writer.url.render_as_string(hide_password=False)
        cursor, unknown = far_down(database, site), never_shown(database, site)
        figures = _import(database, plan, say) if plan.import_posts else {}
    if not plan.only:
        say("Starting the server.")
        seconds = [first_page_seconds(settings) for _ in range(STARTS)]
        figures["server: first_page_seconds"] = statistics.median(seconds)
    with askwell(settings) as server, tempfile.TemporaryDirectory(prefix="askwell-bench-") as frames:
        figures |= _lengths(server, site)
        _write_frames(server, address, Path(frames), site, settings)
        with yardstick(address, Path(frames), settings) as bare_server:
            kinds = list(bare(site, bare_server.host))
            measuring = Measuring(server, bare_server=bare_server, bare=kinds, seconds=plan.seconds)
            people = [sign_in(server.host, name) for name in site.voters]
            ours = list(
                measured(site, server.host, people, far_down=cursor, unknown=unknown, workers=plan.workers)
            )
            measuring.know(ours)
            for kind in ours:
                if plan.only in kind.name:
                    say(f"Measuring: {kind.name}")
                    measuring.measure(kind)
            # The target is for the default number of processes.
            of = "" if plan.workers == WORKERS else f" of {plan.workers} workers"
            figures[f"server: memory_megabytes{of}"] = server.memory_megabytes()
    return Measurement(measuring.bare_results() + measuring.results, figures)


@contextmanager
def _opened(settings: Settings) -> Iterator[Database]:
    ensure_folder(settings.database_address)
    database = open_database(settings.database_address)
    try:
        upgrade(database)
        yield database
    finally:
        database.dispose()


def _found_or_made(
    folder: Path, questions: int, settings: Settings, database: Database, plan: Plan, say: Say
) -> Site:
    kept = folder / "site.json"
    if kept.exists():
        site = Site.load(kept)
    else:
        say(f"Generating a site of {questions:,} questions.")
        site = generate(database, questions=questions, say=lambda step: say(f"  {step}"))
        site.save(kept)
    say("The search index.")
    index(database, settings, at_most=plan.index_at_most)
    return site


def _import(database: Database, plan: Plan, say: Say) -> dict[str, float]:
    """Import a dump of some of the site's posts into an empty site, with its index."""
    say(f"Importing {plan.import_posts:,} posts.")
    with tempfile.TemporaryDirectory(prefix="askwell-bench-") as folder:
        posts = write_dump(database, Path(folder) / "dump", posts=plan.import_posts)
        seconds = import_seconds(Path(folder) / "dump", Path(folder) / "data")
    return {"import: posts": posts, "import: posts_per_second": posts / seconds}


def _lengths(server: Server, site: Site) -> dict[str, float]:
    """Return the mean length of pages of questions with five answers, as written and as sent."""
    paths = [f"/questions/{number}/{slug}" for number, slug in site.questions[:LOOKED_AT]]
    return {
        "page of a question: kilobytes": statistics.mean(len(_read(server, path)) for path in paths) / 1000,
        "page of a question: kilobytes_compressed": statistics.mean(
            len(_read(server, path, codings=CODINGS)) for path in paths
        )
        / 1000,
    }


def _write_frames(server: Server, address: str, folder: Path, site: Site, settings: Settings) -> None:
    """Write the constants around the rows of the bare pages, which make them as long as ours are."""
    number, slug = site.questions[0]
    pages = {"question": (f"/questions/{number}", f"/questions/{number}/{slug}"), "list": ("/questions",) * 2}
    for name in pages:
        for part in ("head", "tail"):
            (folder / f"{name}.{part}").write_text("", encoding="utf-8")
    with yardstick(address, folder, settings) as bare_server:
        for name, (bare_path, path) in pages.items():
            page = _read(server, path)
            missing = max(0, len(page) - len(_read(bare_server, bare_path)))
            # The beginning and the end of ours, where there are no rows.
            head, tail = page[: missing // 2], page[len(page) - (missing - missing // 2) :]
            (folder / f"{name}.head").write_text(head.decode(errors="ignore"), encoding="utf-8")
            (folder / f"{name}.tail").write_text(tail.decode(errors="ignore"), encoding="utf-8")


def _read(server: Server, path: str, *, codings: str = "identity") -> bytes:
    request = Request(f"http://{server.host}{path}", headers={"Accept-Encoding": codings})
    with urlopen(request) as page:
        content: bytes = page.read()
    return content
