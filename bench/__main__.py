"""Generate a site, start its server and the yardstick, measure both, print a table and keep it as JSON."""

import json
import tempfile
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import click
from rich.console import Console
from rich.table import Table

from bench.load import drive
from bench.pages import Measured, bare, measured, sign_in
from bench.servers import Server, askwell, yardstick
from bench.site import Site, generate
from forum.core.db import open_database
from forum.core.schema import ensure_folder, upgrade
from forum.core.settings import Settings
from forum.search.indexer import Indexer
from forum.wiring import open_engine

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True, slots=True)
class Result:
    """What one kind of request cost; `ratio` is its rate by that of its bare page on as many connections."""

    name: str
    connections: int
    per_second: float
    p50_ms: float
    p99_ms: float
    cpu_ms: float
    kilobytes: float
    errors: int
    ratio: float | None


Rates = dict[tuple[str, int], float]


@click.command()
@click.option("--questions", default=10_000, show_default=True, help="Size of the generated site.")
@click.option("--seconds", default=5.0, show_default=True, help="How long each kind of request is sent.")
@click.option("--workers", default=2, show_default=True, help="Web server processes.")
@click.option("--only", default="", help="Measure only what has this word in its name.")
@click.option("--database-url", help="Measure on this PostgreSQL database, which must be empty.")
def main(questions: int, seconds: float, workers: int, only: str, database_url: str | None) -> None:
    """Measure requests per second, latency and processor time of each kind of page."""
    console = Console(width=120)
    with tempfile.TemporaryDirectory(prefix="askwell-bench-") as folder:
        settings = Settings(data_dir=Path(folder) / "data", database_url=database_url)
        ensure_folder(settings.database_address)
        database = open_database(settings.database_address)
        upgrade(database)
        console.print(f"Generating a site of {questions:,} questions.")
        site = generate(database, questions=questions, say=lambda step: console.print(f"  {step}"))
        console.print("  the index")
        Indexer(database, open_engine(settings)).reindex()
        address = database.writer.url.render_as_string(hide_password=False)
        database.dispose()
        began = time.perf_counter()
        with askwell(settings.data_dir, database_url=database_url, workers=workers) as server:
            sizes = {name: _length(server, path) for name, path in _examples(site)}
            started = time.perf_counter() - began
            results, rates = _measure_bare(site, address, sizes, seconds)
            people = [sign_in(server.host, name) for name in site.voters]
            for kind in (kind for kind in measured(site, server.host, people) if only in kind.name):
                console.print(f"Measuring: {kind.name}")
                results += _measure(server, kind, seconds, rates)
            memory = server.memory_megabytes()
    console.print(_table(results))
    console.print(
        f"Memory of all processes of the server: {memory:.0f} MB. First pages: {started:.1f} s after start."
    )
    kept = {
        "questions": questions,
        "workers": workers,
        "memory_megabytes": memory,
        "first_pages_seconds": started,
    }
    _keep(results, {**kept, "database": "postgresql" if database_url else "sqlite"})


def _examples(site: Site) -> tuple[tuple[str, str], ...]:
    number, slug = site.questions[0]
    return ("question", f"/questions/{number}/{slug}"), ("list", "/questions")


def _length(server: Server, path: str) -> int:
    """Return the bytes of a page before it is compressed."""
    with urlopen(f"http://{server.host}{path}") as page:
        return len(page.read())


def _measure_bare(
    site: Site, address: str, sizes: dict[str, int], seconds: float
) -> tuple[list[Result], Rates]:
    """Measure the bare pages, filled up to the length of ours."""
    with yardstick(address, question_bytes=0, list_bytes=0) as server:
        rows = {name: _length(server, path) for name, path in _examples(site) if name == "list"}
        rows["question"] = _length(server, f"/questions/{site.questions[0][0]}")
    results: list[Result] = []
    filling = {f"{name}_bytes": max(0, sizes[name] - rows[name]) for name in sizes}
    with yardstick(address, **filling) as server:
        for kind in bare(site, server.host):
            results += _measure(server, kind, seconds, {})
    return results, {(result.name, result.connections): result.per_second for result in results}


def _measure(server: Server, kind: Measured, seconds: float, rates: Rates) -> list[Result]:
    results = []
    for connections in kind.connections:
        drive(server.port, kind.feeds(connections), seconds=min(1.0, seconds))
        before = server.cpu_seconds()
        timing = drive(server.port, kind.feeds(connections), seconds=seconds)
        used = server.cpu_seconds() - before
        answers = len(timing.seconds)
        rate = rates.get((kind.yardstick or "", connections))
        results.append(
            Result(
                name=kind.name,
                connections=connections,
                per_second=timing.per_second,
                p50_ms=timing.percentile(0.5),
                p99_ms=timing.percentile(0.99),
                cpu_ms=used / answers * 1000,
                kilobytes=timing.size / answers / 1000,
                errors=timing.errors,
                ratio=timing.per_second / rate if rate else None,
            )
        )
    return results


def _table(results: list[Result]) -> Table:
    table = Table(
        "what", "connections", "per second", "p50 ms", "p99 ms", "CPU ms", "KB", "errors", "of bare page"
    )
    for row in results:
        table.add_row(
            row.name, str(row.connections), f"{row.per_second:.0f}", f"{row.p50_ms:.1f}", f"{row.p99_ms:.1f}",
            f"{row.cpu_ms:.2f}", f"{row.kilobytes:.1f}", str(row.errors),
            "" if row.ratio is None else f"{row.ratio:.2f}",
        )  # fmt: skip
    return table


def _keep(results: list[Result], site: dict[str, Any]) -> None:
    RESULTS.mkdir(exist_ok=True)
    at = datetime.now(UTC)
    content = {
        "at": at.isoformat(timespec="seconds"),
        **site,
        "results": [asdict(result) for result in results],
    }
    path = RESULTS / f"{at:%Y%m%d-%H%M%S}.json"
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


main()
