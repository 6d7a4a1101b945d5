"""Which transaction a row comes from, and the oldest one that still runs, in each database's words.

Source: https://www.postgresql.org/docs/15/functions-info.html#FUNCTIONS-PG-SNAPSHOT"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class transaction(FunctionElement[int]):
    """The number of the transaction that writes; SQLite has one writer and needs none: 0."""

    type = BigInteger()
    inherit_cache = True


class horizon(FunctionElement[int]):
    """Every transaction below this number has ended."""

    type = BigInteger()
    inherit_cache = True


@compiles(transaction, "sqlite")
def _nothing(element: Any, compiler: Any, **options: Any) -> str:
    return "0"


@compiles(transaction, "postgresql")
def _own(element: Any, compiler: Any, **options: Any) -> str:
    return "(pg_current_xact_id()::text::bigint)"


@compiles(horizon, "sqlite")
def _no_end(element: Any, compiler: Any, **options: Any) -> str:
    return "1"


@compiles(horizon, "postgresql")
def _oldest(element: Any, compiler: Any, **options: Any) -> str:
    return "pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
