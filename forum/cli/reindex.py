"""`askwell reindex`"""

import click

from forum.cli.progress import bar
from forum.cli.site import open_site
from forum.search.indexer import Indexer


@click.command("reindex")
def command() -> None:
    """Build the search index anew beside the live one, then switch to it; searching goes on meanwhile."""
    with open_site() as site, bar("threads") as progress:
        count = Indexer(site.database, site.engine).reindex(progress)
    click.echo(f"Indexed {count:,} threads.")
