"""`askwell search-benchmark`"""

import json
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from forum import wiring
from forum.benchmark import sets
from forum.benchmark.running import Report, measure
from forum.cli.progress import bar
from forum.cli.site import quiet_settings
from forum.core import schema
from forum.core.db import open_database
from forum.core.settings import Settings

_folder = click.Path(path_type=Path, exists=True, file_okay=False)


@click.command("search-benchmark")
@click.argument("paths", nargs=-1, required=True, type=_folder, metavar="PATH...")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(paths: tuple[Path, ...], as_json: bool) -> None:
    """Measure on sets of real questions how well and how fast earlier threads are found.

    PATH is a set (docs.jsonl, queries.jsonl, qrels.tsv) or a folder of sets. Each is indexed into a scratch
    site and asked beside a plain BM25 over title and question, so that only the difference counts.
    """
    settings = quiet_settings()
    chosen = [sets.read(folder) for path in paths for folder in _folders(path)]
    report = Report()
    for benchmark_set in chosen:
        _measure(settings, benchmark_set, report)
    if as_json:
        click.echo(json.dumps(asdict(report), ensure_ascii=False))
    else:
        _print(report)


def _folders(path: Path) -> Sequence[Path]:
    if (path / "docs.jsonl").exists():
        return [path]
    return sorted(docs.parent for docs in path.glob("*/docs.jsonl")) or [path]


def _measure(settings: Settings, benchmark_set: sets.BenchmarkSet, report: Report) -> None:
    with tempfile.TemporaryDirectory(prefix="askwell-benchmark-") as folder:
        scratch = settings.model_copy(update={"data_dir": Path(folder), "database_url": None})
        database = open_database(f"sqlite:///{folder}/askwell.db")
        engine = wiring.open_engine(scratch)
        try:
            schema.upgrade(database)
            with bar(f"{benchmark_set.name}: threads to index") as progress:
                measure(
                    benchmark_set,
                    database=database,
                    engine=engine,
                    name="whoosh",
                    report=report,
                    progress=progress,
                )
        finally:
            engine.close()
            database.dispose()


def _print(report: Report) -> None:
    console = Console(width=140, highlight=False)
    indexed = Table("engine", "set", "threads", "seconds", "CPU s", title="Indexing")
    for row in report.indexed:
        figures = (f"{row.threads:,}", f"{row.seconds:.1f}", f"{row.processor_seconds:.1f}")
        indexed.add_row(row.engine, row.set_name, *figures)
    console.print(indexed)
    measured = Table(title="Finding (in brackets: plain BM25 over title and question)")
    names = ("nDCG@10", "gain", "MRR", "success@1", "recall@10", "recall@100", "p50 ms", "p95 ms", "first ms")
    for name in ("engine", "query", "set", "queries", *names):
        measured.add_column(name, justify="left" if name in {"engine", "query", "set"} else "right")
    for found in sorted(report.measured, key=lambda row: (row.engine, row.kind, row.set_name)):
        ours, plain = found.quality, found.yardstick
        measured.add_row(
            *(found.engine, found.kind.value, found.set_name, f"{ours.queries:,}"),
            *(f"{ours.ndcg_10:.3f} ({plain.ndcg_10:.3f})", f"{found.gain:+.0%}"),
            *(f"{ours.mrr:.3f}", f"{ours.success_1:.3f}", f"{ours.recall_10:.3f}", f"{ours.recall_100:.3f}"),
            *(f"{found.p50_ms:.1f}", f"{found.p95_ms:.1f}", f"{found.first_ms:.1f}"),
        )
    console.print(measured)
    for (engine, kind), (ours_mean, plain_mean) in report.means().items():
        gain = ours_mean / plain_mean - 1 if plain_mean else 0.0
        console.print(
            f"{engine}, {kind.value}: mean nDCG@10 {ours_mean:.3f}, plain BM25 {plain_mean:.3f}: {gain:+.1%}"
        )
