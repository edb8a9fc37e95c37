"""The tables of the index in PostgreSQL, of which each rebuild makes new ones, with a number in their names.

They lie in a schema of their own, apart from what the site can't lose: everything here is made from it.
"""

import re
from dataclasses import dataclass

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Connection,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    inspect,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSVECTOR
from sqlalchemy.schema import CreateSchema

from forum.search.records import ANSWER, CODE, QUESTION, TEXT, TITLE

VERSION = 2
"""Of the tables and of what is written into them; an index of another one is built anew."""

FIELDS = (TEXT, TITLE, QUESTION, ANSWER, CODE)
WORD = "word"
"""In the table of terms: words as threads write them, with the number of threads that have each."""
HEADING = "heading"
"""The same for the words of titles."""
WHOLE = ""
"""The term under which a field's number of records and summed length stand."""

_NUMBERED = re.compile(r"(?:thread|record|term|learned)_(\d+)")

# Whether a word is there is looked up in the index, so the long lists of terms lie outside the row: counting
# thousands of results then reads few pages. What is short, and wanted of each candidate, lies in it.
_ROWS = (
    "ALTER TABLE {table} SET (toast_tuple_target = 128)",
    *(f"ALTER TABLE {{table}} ALTER COLUMN {field}_counts SET STORAGE EXTERNAL" for field in FIELDS),
    *(
        f"ALTER TABLE {{table}} ALTER COLUMN {name} SET STORAGE MAIN"
        for name in (TITLE, f"{TITLE}_counts", "tags", "author", "people", "heading", "meaning")
    ),
)


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables of one generation of the index."""

    generation: int
    thread: Table
    record: Table
    term: Table
    learned: Table
    """One row, of what `forum.search.meaning` has learned, if anything was."""
    filters: Index
    """Finds records by words, tags and people; built when the records are there."""

    @property
    def all(self) -> tuple[Table, ...]:
        """Return the tables."""
        return self.thread, self.record, self.term, self.learned

    def create(self, connection: Connection) -> None:
        """Make the tables, without the index that finds by words."""
        for table in self.all:
            table.create(connection)
        for statement in _ROWS:
            connection.execute(text(statement.format(table=self.record.fullname)))

    def finish(self, connection: Connection) -> None:
        """Build what finds by words, and tell the planner what there is."""
        self.filters.create(connection)
        for table in self.all:
            connection.execute(text(f"ANALYZE {table.fullname}"))

    def drop(self, connection: Connection) -> None:
        """Remove the tables that are there."""
        for table in self.all:
            table.drop(connection, checkfirst=True)


def tables_of(schema: str, generation: int) -> Tables:
    """Return the tables of a generation, which need not be there."""
    metadata = MetaData(schema=schema)
    thread = Table(
        f"thread_{generation}",
        metadata,
        Column("thread_id", BigInteger, primary_key=True, autoincrement=False),
        Column("fingerprint", Text, nullable=False),
        Column("document", LargeBinary, nullable=False),
    )
    term = Table(
        f"term_{generation}",
        metadata,
        Column("field", Text(collation="C"), primary_key=True),
        Column("term", Text(collation="C"), primary_key=True),
        Column("records", BigInteger, nullable=False),
        Column("length", BigInteger, nullable=False),
    )
    learned = Table(
        f"learned_{generation}",
        metadata,
        Column("is_only", Boolean, CheckConstraint("is_only"), primary_key=True),
        Column("mark", Text, nullable=False),
        Column("content", LargeBinary, nullable=False),
    )
    record, filters = _record(metadata, generation)
    return Tables(generation, thread, record, term, learned, filters)


def _record(metadata: MetaData, generation: int) -> tuple[Table, Index]:
    record = Table(
        f"record_{generation}",
        metadata,
        Column("thread_id", BigInteger, primary_key=True, autoincrement=False),
        Column("ordinal", Integer, primary_key=True, autoincrement=False),
        Column("post_id", BigInteger),
        Column("author_id", BigInteger),
        Column("score", Integer, nullable=False),
        Column("answer_count", Integer, nullable=False),
        Column("created_at", DateTime(timezone=True), nullable=False),
        Column("active_at", DateTime(timezone=True), nullable=False),
        Column("has_accepted", Boolean, nullable=False),
        Column("is_accepted", Boolean, nullable=False),
        Column("is_solved", Boolean, nullable=False),
        *(Column(name, ARRAY(Text), nullable=False) for name in ("tags", "author", "people")),
        # A thread's title as it is written, and the direction of its meaning; empty for answers.
        Column("heading", Text, nullable=False),
        Column("meaning", LargeBinary, nullable=False),
        *(Column(field, TSVECTOR, nullable=False) for field in FIELDS),
        *(Column(f"{field}_counts", LargeBinary, nullable=False) for field in FIELDS),
    )
    found_by = [record.c[name] for name in (*FIELDS, "tags", "author", "people")]
    # New entries go straight into the index: a list of pending ones would slow down every search.
    filters = Index(
        f"found_{generation}", *found_by, postgresql_using="gin", postgresql_with={"fastupdate": "off"}
    )
    # Made when the records are there, which takes a third of the time; the table does not know it until then.
    record.indexes.discard(filters)
    return record, filters


def live_of(schema: str) -> Table:
    """Return the table whose only row says which generation is live, and what it was made with."""
    return Table(
        "live",
        MetaData(schema=schema),
        Column("is_only", Boolean, CheckConstraint("is_only"), primary_key=True),
        Column("generation", Integer, nullable=False),
        Column("made_by", Text, nullable=False),
    )


def create_schema(connection: Connection, schema: str) -> None:
    """Make the schema and the table that names the live generation, if they are missing."""
    if connection.scalar(text("SELECT to_regnamespace(:name)"), {"name": schema}) is None:
        connection.execute(CreateSchema(schema))
    live_of(schema).create(connection, checkfirst=True)


def generations(connection: Connection, schema: str) -> frozenset[int]:
    """Return the numbers of the generations of which there is any table."""
    names = inspect(connection).get_table_names(schema)
    return frozenset(int(found[1]) for name in names if (found := _NUMBERED.fullmatch(name)))
