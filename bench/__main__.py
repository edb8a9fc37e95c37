"""Generate sites, start their servers and the yardstick, measure both, print tables and keep them as JSON."""

import tempfile
from contextlib import ExitStack
from pathlib import Path

import click
from rich.console import Console

from bench.report import all_verdicts, keep, results_table, verdicts_table
from bench.running import WORKERS, Measurement, Plan, measure_site
from bench.targets import BASE


@click.command()
@click.option(
    "--sizes", default=str(BASE), show_default=True, help="Questions of the generated sites: 1000,10000"
)
@click.option("--seconds", default=5.0, show_default=True, help="How long each kind of request is sent.")
@click.option("--workers", default=WORKERS, show_default=True, help="Web server processes.")
@click.option("--only", default="", help="Measure only what has this word in its name.")
@click.option(
    "--import-posts", default=10_000, show_default=True, help="Posts of the dump to import; 0: none."
)
@click.option("--database-url", help="Measure on this PostgreSQL database, which must be empty, in one size.")
@click.option(
    "--keep-in",
    type=click.Path(file_okay=False, path_type=Path),
    help="Keep the generated sites in this folder, and take those that are there.",
)
@click.option(
    "--index-at-most", type=int, help="Index only so many threads, as indexing a million takes hours."
)
def main(
    sizes: str,
    seconds: float,
    workers: int,
    only: str,
    import_posts: int,
    database_url: str | None,
    keep_in: Path | None,
    index_at_most: int | None,
) -> None:
    """Measure requests per second, latency and processor time of each kind of page."""
    console = Console(width=150, soft_wrap=False)
    plan = Plan(
        seconds=seconds,
        workers=workers,
        only=only,
        import_posts=0 if only and only != "import" else import_posts,
        database_url=database_url,
        index_at_most=index_at_most,
    )
    numbers = [int(size) for size in sizes.split(",")]
    if database_url and len(numbers) > 1:
        raise click.UsageError("--database-url holds one site; give one of --sizes.")
    sites: dict[int, Measurement] = {}
    with ExitStack() as stack:
        root = keep_in or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="askwell-bench-")))
        for questions in numbers:
            folder = root / str(questions)
            folder.mkdir(parents=True, exist_ok=True)
            sites[questions] = measure_site(folder, questions, plan, console.print)
            console.print(results_table(questions, sites[questions].results))
            for name, value in sites[questions].figures.items():
                console.print(f"{name.replace('_', ' ')}: {value:,.1f}", highlight=False)
    found = all_verdicts(sites, judged=BASE if BASE in sites else numbers[0])
    console.print(verdicts_table(found))
    console.print(f"Kept in {keep(sites, found, plan)}")


main()
