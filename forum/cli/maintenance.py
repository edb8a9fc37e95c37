"""`askwell maintenance`"""

import click

from forum.cli.site import quiet_settings
from forum.core.maintenance import Maintenance


@click.group("maintenance", invoke_without_command=True)
@click.pass_context
def command(context: click.Context) -> None:
    """Close the site for a while, or open it; without a verb, tell which it is."""
    if context.invoked_subcommand is not None:
        return
    sign = _sign()
    since, text = sign.since(), sign.text()
    if since is None:
        click.echo("Maintenance is off: the site is open.")
        return
    click.echo(f"Maintenance is on since {since:%Y-%m-%d %H:%M} UTC: every page answers 503.")
    click.echo(f"Visitors read: {text}" if text else "Visitors read no text of yours.")


@command.command("on")
@click.argument("text", default="")
def begin(text: str) -> None:
    """Close the site at once, for everybody but signed-in administrators; visitors read TEXT, if any."""
    _sign().begin(text)
    click.echo("Maintenance is on: every page answers 503. To open the site: askwell maintenance off")


@command.command("off")
def end() -> None:
    """Open the site again."""
    click.echo("Maintenance is off: the site is open." if _sign().end() else "The site was open already.")


def _sign() -> Maintenance:
    return Maintenance(quiet_settings().data_dir)
