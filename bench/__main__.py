"""Generate a site, start its server and the yardstick, measure both, print a table and keep it as JSON."""

import json
import tempfile
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.request import urlopen

import click
from rich.console import Console
from rich.table import Table

from bench.load import Next, drive, get
from bench.pages import CONNECTIONS, Measured, measured, sign_in
from bench.servers import Server, askwell, yardstick
from bench.site import generate
from forum.core.db import open_database
from forum.core.schema import ensure_folder, upgrade
from forum.core.settings import Settings
from forum.search.indexer import Indexer
from forum.wiring import open_engine

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True, slots=True)
class Result:
    """What one kind of request cost; `ratio` is its rate by that of the yardstick on as many connections."""

    name: str
    connections: int
    per_second: float
    p50_ms: float
    p99_ms: float
    cpu_ms: float
    kilobytes: float
    errors: int
    ratio: float


@click.command()
@click.option("--questions", default=10_000, show_default=True, help="Size of the generated site.")
@click.option("--seconds", default=5.0, show_default=True, help="How long each kind of request is sent.")
@click.option("--database-url", help="Measure on this PostgreSQL database, which must be empty.")
def main(questions: int, seconds: float, database_url: str | None) -> None:
    """Measure requests per second, latency and processor time of each kind of page."""
    console = Console(width=110)
    with tempfile.TemporaryDirectory(prefix="askwell-bench-") as folder:
        settings = Settings(data_dir=Path(folder) / "data", database_url=database_url)
        ensure_folder(settings.database_address)
        database = open_database(settings.database_address)
        upgrade(database)
        console.print(f"Generating a site of {questions:,} questions.")
        site = generate(database, questions=questions, say=lambda step: console.print(f"  {step}"))
        console.print("  the index")
        Indexer(database, open_engine(settings)).reindex()
        database.dispose()
        with askwell(settings.data_dir, database_url=database_url) as server:
            with urlopen(f"http://{server.host}/questions/{site.questions[0][0]}") as page:
                bare = Path(folder) / "page.html"
                bare.write_bytes(page.read())
            rates, results = _measure_yardstick(bare, seconds)
            people = [sign_in(server.host, name) for name in site.voters]
            for kind in measured(site, server.host, people):
                console.print(f"Measuring: {kind.name}")
                results += _measure(server, kind, seconds, rates)
            memory = server.memory_megabytes()
    console.print(_table(results))
    console.print(f"Memory of all processes of the server: {memory:.0f} MB (shared pages counted in each).")
    _keep(results, questions=questions, memory=memory, on_postgresql=database_url is not None)


def _measure_yardstick(page: Path, seconds: float) -> tuple[dict[int, float], list[Result]]:
    with yardstick(page) as server:
        request = get("/page", host=server.host)

        def feeds(connections: int) -> list[Next]:
            return [lambda _number: request] * connections

        kind = Measured("bare Flask page", feeds, (1, 4, CONNECTIONS))
        results = _measure(server, kind, seconds, {})
    return {result.connections: result.per_second for result in results}, results


def _measure(server: Server, kind: Measured, seconds: float, rates: dict[int, float]) -> list[Result]:
    results = []
    for connections in kind.connections:
        drive(server.port, kind.feeds(connections), seconds=min(1.0, seconds))
        before = server.cpu_seconds()
        timing = drive(server.port, kind.feeds(connections), seconds=seconds)
        used = server.cpu_seconds() - before
        answers = len(timing.seconds)
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
                ratio=timing.per_second / rates.get(connections, timing.per_second),
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
            f"{row.cpu_ms:.2f}", f"{row.kilobytes:.1f}", str(row.errors), f"{row.ratio:.2f}",
        )  # fmt: skip
    return table


def _keep(results: list[Result], *, questions: int, memory: float, on_postgresql: bool) -> None:
    RESULTS.mkdir(exist_ok=True)
    at = datetime.now(UTC)
    content = {
        "at": at.isoformat(timespec="seconds"),
        "questions": questions,
        "database": "postgresql" if on_postgresql else "sqlite",
        "memory_megabytes": memory,
        "results": [asdict(result) for result in results],
    }
    path = RESULTS / f"{at:%Y%m%d-%H%M%S}.json"
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


main()
