"""What a generation of the index in PostgreSQL has learned of the site's words, and where it is kept."""

import secrets
from threading import Lock

from sqlalchemy import Connection, insert, select

from forum.search.analysis import TextModel
from forum.search.engines.postgres_tables import Tables
from forum.search.meaning import Meaning


def keep(connection: Connection, tables: Tables, meaning: Meaning) -> None:
    """Write down what a generation has learned, once, before any thread is put into it."""
    mark = secrets.token_hex(8)
    connection.execute(insert(tables.learned).values(is_only=True, mark=mark, content=meaning.to_bytes()))


class Learned:
    """What was read last: some ten megabytes, which would take longer to fetch than a search takes."""

    def __init__(self, model: TextModel | None) -> None:
        self._model = model
        self._reading = Lock()
        self._mark: str | None = None
        self._meaning = Meaning.none()

    def of(self, connection: Connection, tables: Tables) -> Meaning:
        """Return what this generation has learned; nothing, if it was filled without."""
        learned = tables.learned.c
        mark = connection.scalar(select(learned.mark))
        if mark is None:
            return Meaning.none()
        with self._reading:
            if mark != self._mark:
                content = connection.execute(select(learned.content)).scalar_one()
                self._meaning = Meaning.from_bytes(content).with_model(self._model)
                self._mark = mark
            return self._meaning
