"""`askwell search-benchmark`"""

import json
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from forum.benchmark import sets, speed
from forum.benchmark.growing import grown
from forum.benchmark.running import Report, ask, index
from forum.benchmark.scratch import ENGINES, scratch_engine
from forum.cli.progress import bar
from forum.cli.site import quiet_settings
from forum.core import schema
from forum.core.db import open_database
from forum.core.settings import Settings

_folder = click.Path(path_type=Path, exists=True, file_okay=False)


@click.command("search-benchmark")
@click.argument("paths", nargs=-1, required=True, type=_folder, metavar="PATH...")
@click.option(
    "--threads",
    type=click.IntRange(min=1),
    help="Grow each set to so many threads by mixing its own, and measure speed alone.",
)
@click.option(
    "--engine",
    "engines",
    multiple=True,
    default=["whoosh"],
    show_default=True,
    type=click.Choice(ENGINES),
    help="Engine to measure; more than once for several. Postgres takes the database of "
    "ASKWELL_DATABASE_URL, opensearch the cluster of ASKWELL_OPENSEARCH_URL.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(paths: tuple[Path, ...], threads: int | None, engines: tuple[str, ...], as_json: bool) -> None:
    """Measure on sets of real questions how well and how fast earlier threads are found.

    PATH is a set (docs.jsonl, queries.jsonl, qrels.tsv) or a folder of sets. Each is indexed into a scratch
    site and asked beside a plain BM25 over title and question, so that only the difference counts.
    """
    settings = quiet_settings()
    if "postgres" in engines and not settings.database_address.startswith("postgres"):
        raise click.UsageError("--engine postgres needs ASKWELL_DATABASE_URL to name a PostgreSQL database.")
    chosen = [sets.read(folder) for path in paths for folder in _folders(path)]
    report = Report()
    for benchmark_set in chosen:
        larger = grown(benchmark_set, threads) if threads else benchmark_set
        for name in dict.fromkeys(engines):
            _measure(settings, larger, name, report, with_quality=threads is None)
    if as_json:
        click.echo(json.dumps(asdict(report), ensure_ascii=False))
    else:
        _print(report)


def _folders(path: Path) -> Sequence[Path]:
    if (path / "docs.jsonl").exists():
        return [path]
    return sorted(docs.parent for docs in path.glob("*/docs.jsonl")) or [path]


def _measure(
    settings: Settings, benchmark_set: sets.BenchmarkSet, name: str, report: Report, *, with_quality: bool
) -> None:
    with (
        tempfile.TemporaryDirectory(prefix="askwell-benchmark-") as folder,
        scratch_engine(settings, name, Path(folder)) as (engine, open_engine),
    ):
        database = open_database(f"sqlite:///{folder}/askwell.db")
        try:
            schema.upgrade(database)
            with bar(f"{benchmark_set.name}: threads to index") as progress:
                index(
                    benchmark_set,
                    database=database,
                    engine=engine,
                    name=name,
                    report=report,
                    progress=progress,
                )
            if with_quality:
                ask(benchmark_set, engine=engine, name=name, report=report)
            report.speeds += speed.measure(benchmark_set, open_engine=open_engine, name=name)
        finally:
            database.dispose()


def _print(report: Report) -> None:
    console = Console(width=120, highlight=False)
    console.print(_indexing(report), _speeds(report), sep="\n")
    if report.measured:
        console.print(_quality(report))
    for (engine, kind), (ours, plain) in report.means().items():
        gain = ours / plain - 1 if plain else 0.0
        console.print(f"{engine}, {kind.value}: mean nDCG@10 {ours:.3f}, plain BM25 {plain:.3f}: {gain:+.1%}")


def _table(title: str, names: str, numbers: str) -> Table:
    table = Table(title=title)
    for name in names.split(","):
        table.add_column(name, no_wrap=True)
    for name in numbers.split(","):
        table.add_column(name, justify="right", no_wrap=True)
    return table


def _indexing(report: Report) -> Table:
    table = _table("Indexing", "engine,set", "threads,seconds,CPU seconds")
    for row in report.indexed:
        figures = (f"{row.threads:,}", f"{row.seconds:.1f}", f"{row.processor_seconds:.1f}")
        table.add_row(row.engine, row.set_name, *figures)
    return table


def _speeds(report: Report) -> Table:
    table = _table(
        f"Milliseconds for {speed.SHOWN} threads with passages, in a new process",
        "engine,set,query",
        "threads,first,cold p95,p50,p95,peak MB",
    )
    for row in report.speeds:
        times = (row.first_ms, row.cold_p95_ms, row.p50_ms, row.p95_ms)
        figures = (f"{row.threads:,}", *(f"{time:.1f}" for time in times), f"{row.peak_megabytes:.0f}")
        table.add_row(row.engine, row.set_name, row.kind.value, *figures)
    return table


def _quality(report: Report) -> Table:
    table = _table(
        "Finding earlier threads, beside plain BM25 over title and question",
        "engine,query,set",
        "queries,nDCG@10,plain,gain,MRR,success@1,recall@10,recall@100",
    )
    for row in sorted(report.measured, key=lambda row: (row.engine, row.kind, row.set_name)):
        ours, plain = row.quality, row.yardstick
        means = (ours.mrr, ours.success_1, ours.recall_10, ours.recall_100)
        table.add_row(
            *(row.engine, row.kind.value, row.set_name, f"{ours.queries:,}"),
            *(f"{ours.ndcg_10:.3f}", f"{plain.ndcg_10:.3f}", f"{row.gain:+.0%}"),
            *(f"{mean:.3f}" for mean in means),
        )
    return table
