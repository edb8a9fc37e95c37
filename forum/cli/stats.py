"""`askwell stats`"""

import dataclasses
import json

import click

from forum.cli.site import open_site
from forum.pages import statistics
from forum.search.engine import SearchUnavailable


@click.command("stats")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(as_json: bool) -> None:
    """Count what the site holds."""
    with open_site() as site:
        with site.database.reading() as session:
            figures: dict[str, int | None] = dataclasses.asdict(statistics.load(session))
        try:
            figures["index_documents"] = site.engine.count()
        except SearchUnavailable:
            figures["index_documents"] = None
    if as_json:
        click.echo(json.dumps(figures))
        return
    for name, figure in figures.items():
        shown = "no index yet" if figure is None else f"{figure:,}"
        click.echo(f"{name.replace('_', ' '):<16} {shown:>12}")
