"""`askwell demo`"""

import click

from forum.cli.progress import bar
from forum.cli.site import open_site, settle_in
from forum.demo import loader


@click.command("demo")
@click.option("--if-empty", is_flag=True, help="Leave a site that has questions alone, without an error.")
def command(if_empty: bool) -> None:
    """Fill an empty site with the help forum of a made-up hardware maker, to look around in."""
    with open_site() as site:
        if if_empty and not loader.is_empty(site.database):
            click.echo("The site has questions already; the demo was not added.")
            return
        with bar("demo community") as progress:
            count = loader.load(site.database, progress=progress)
        click.echo(f"Added the demo community with {count} questions.")
        settle_in(site)
