"""Many rows in one statement; those that are there already stay as they are."""

from collections.abc import Callable
from datetime import datetime, time
from typing import Any, TypeAlias
from uuid import UUID

import msgspec
from asyncpg import Connection, Record

Row: TypeAlias = dict[str, Any]
# From a pack's day and time of day to the instant.
Resolve: TypeAlias = Callable[[int, time], datetime]


async def add(connection: Connection, table: str, rows: list[Row]) -> int:
    """How many were not there."""
    return len(await _insert(connection, table, rows, "1"))


async def add_new(connection: Connection, table: str, rows: list[Row]) -> set[UUID]:
    """The ids of those that were not there."""
    return {record[0] for record in await _insert(connection, table, rows, "id")}


async def _insert(
    connection: Connection, table: str, rows: list[Row], returning: str
) -> list[Record]:
    if not rows:
        return []
    columns = ", ".join(rows[0])
    sql = f"""
        INSERT INTO {table} ({columns})
        SELECT {columns} FROM jsonb_populate_recordset(NULL::{table}, $1::text::jsonb)
        ON CONFLICT DO NOTHING RETURNING {returning}
    """
    records: list[Record] = await connection.fetch(sql, msgspec.json.encode(rows).decode())
    return records
