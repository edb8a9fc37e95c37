"""The day of a moment, in the words of each database."""

from datetime import date
from typing import Any

from sqlalchemy import Date
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class UtcDay(FunctionElement[date]):
    """The day in UTC of a column of moments, whatever time zone the connection has."""

    name = "utc_day"
    type = Date()
    inherit_cache = True


@compiles(UtcDay, "sqlite")
def _in_sqlite(element: UtcDay, compiler: SQLCompiler, **options: Any) -> str:
    return f"date({compiler.process(element.clauses, **options)})"


@compiles(UtcDay, "postgresql")
def _in_postgresql(element: UtcDay, compiler: SQLCompiler, **options: Any) -> str:
    return f"CAST(timezone('UTC', {compiler.process(element.clauses, **options)}) AS date)"
