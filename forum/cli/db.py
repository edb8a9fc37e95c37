"""`askwell db`"""

import click

from forum.cli.site import open_site
from forum.core import schema


@click.group("db")
def command() -> None:
    """Look after the database's schema."""


@command.command("upgrade")
@click.argument("revision", default="head")
def upgrade(revision: str) -> None:
    """Migrate the database up to REVISION, by default to the one of this version.

    An embedded database needs no call: every command migrates it.
    """
    with open_site(migrate=False) as site:
        changed = schema.upgrade(site.database, revision=revision)
        click.echo(f"Migrated to {_name(schema.revision(site.database))}." if changed else "Nothing to do.")


@command.command("downgrade")
@click.argument("revision")
@click.option("--yes", is_flag=True, help="Don't ask.")
def downgrade(revision: str, yes: bool) -> None:
    """Migrate the database down to REVISION; "base" removes every table with all that is in it."""
    with open_site(migrate=False) as site:
        if not yes:
            click.confirm("What the older schema has no place for is lost. Go on?", abort=True)
        changed = schema.downgrade(site.database, revision=revision)
        click.echo(f"Migrated to {_name(schema.revision(site.database))}." if changed else "Nothing to do.")


@command.command("status")
def status() -> None:
    """Tell which revision the database has; exit with 1 unless it is that of this version."""
    with open_site(migrate=False) as site:
        present, wanted = schema.revision(site.database), schema.newest_revision()
        click.echo(f"database: {_name(present)}\nprogram:  {_name(wanted)}")
    if present != wanted:
        raise SystemExit(1)


def _name(revision: str | None) -> str:
    return revision or "base (no tables)"
