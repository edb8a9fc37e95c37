"""What most verbs need: the settings, the database in the schema of this version, the search engine."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import click
from sqlalchemy.exc import DatabaseError, DBAPIError, InterfaceError, OperationalError

from forum import wiring
from forum.cli.progress import bar
from forum.core import logs, schema
from forum.core.db import Database, open_database
from forum.core.errors import Misconfigured
from forum.core.settings import Settings, load_settings
from forum.search.engine import SearchEngine
from forum.worker.catching_up import catch_up

_OBJECTS_BETWEEN_COLLECTIONS = 20_000
"""After so many new objects is garbage looked for that counting references leaves, also in processes forked
from this one. There is next to none, ten objects of a page; by Python's own 700 looking for it took 15 % of a
page made anew and a seventh of building an index."""


@dataclass(frozen=True, slots=True)
class Site:
    """The parts of the site that a command works on."""

    settings: Settings
    database: Database
    engine: SearchEngine


@contextmanager
def open_site(settings: Settings | None = None, *, migrate: bool = True) -> Iterator[Site]:
    """Give the site's parts and close them; an embedded database that is new or behind is migrated first.

    Raise Misconfigured when a PostgreSQL database is behind, or when the database can't be used.
    """
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS, *gc.get_threshold()[1:])
    settings = settings or quiet_settings()
    schema.ensure_folder(settings.database_address)
    try:
        database = open_database(settings.database_address)
        engine = wiring.open_engine(settings)
        try:
            if migrate:
                _migrate(settings, database)
            yield Site(settings, database, engine)
        finally:
            engine.close()
            database.dispose()
    except DBAPIError as error:
        # Its subclasses for wrong statements and values would be defects of ours.
        if type(error) not in {DatabaseError, InterfaceError, OperationalError}:
            raise
        reason = str(error.orig).strip().splitlines()[0]
        raise Misconfigured(f"The database can't be used: {reason}") from error


def quiet_settings() -> Settings:
    """Return the settings, with log lines set up for a command whose output somebody reads."""
    settings = load_settings()
    logs.configure(form="text", level="warning")
    return settings


def settle_in(site: Site) -> None:
    """Do what a command that has just added much leaves to do: statistics of the tables, and the index."""
    site.database.gather_statistics()
    if not bring_index_up_to_date(site):
        click.echo("The worker that is running brings it into the search index.", err=True)


def bring_index_up_to_date(site: Site) -> bool:
    """Index what waits, with a progress bar; return False when a running worker does it by itself."""
    with bar("threads to index") as progress:
        return catch_up(site.database, site.engine, data_dir=site.settings.data_dir, progress=progress)


def _migrate(settings: Settings, database: Database) -> None:
    if schema.is_current(database):
        return
    if not settings.is_embedded:
        raise Misconfigured("The database's schema is not that of this version; run: askwell db upgrade")
    schema.upgrade(database)
