"""`askwell insight`"""

import json

import click

from forum.cli.site import open_site
from forum.pages import insight, insight_tables
from forum.pages.insight_periods import Span
from forum.pages.insight_tables import Table


@click.command("insight")
@click.option(
    "--days", type=click.Choice([span.value for span in Span]), default="30", help="How far to look back."
)
@click.option("--json", "as_json", is_flag=True, help="Print the figures and all tables as one JSON object.")
@click.option(
    "--csv",
    "table",
    type=click.Choice([table.value for table in Table]),
    help="Print one of the tables as CSV.",
)
def command(days: str, as_json: bool, table: str | None) -> None:
    """Tell what the community searches for and does not find, and how often asking was avoided."""
    if as_json and table:
        raise click.UsageError("Choose --json or --csv, not both.")
    with open_site() as site, site.database.reading() as session:
        page = insight.load(session, Span(days))
    figures = insight_tables.figures(page)
    if table:
        click.echo(insight_tables.as_csv(page, Table(table)), nl=False)
    elif as_json:
        click.echo(json.dumps({**figures, **insight_tables.as_objects(page)}, ensure_ascii=False))
    else:
        for name, figure in figures.items():
            shown = "-" if figure is None else figure
            click.echo(f"{name.replace('_', ' '):<32} {shown:>12}")
