"""The plainest statements, also those made from column names that the program chose."""

from collections.abc import Mapping

from asyncpg import Connection


async def change(connection: Connection, sql: str, *values: object) -> int:
    """Executes one statement that changes rows, and answers how many."""
    done: str = await connection.execute(sql, *values)
    return int(done.rpartition(" ")[2])


async def insert_one(connection: Connection, table: str, values: Mapping[str, object]) -> bool:
    """False where such a row is there already."""
    columns = ", ".join(values)
    places = ", ".join(f"${number}" for number in range(1, len(values) + 1))
    sql = f"INSERT INTO {table} ({columns}) VALUES ({places}) ON CONFLICT DO NOTHING RETURNING 1"
    return await connection.fetchval(sql, *values.values()) is not None


async def update_one(
    connection: Connection,
    table: str,
    row_id: object,
    values: Mapping[str, object],
    *,
    touch: str | None = None,
) -> bool:
    """False where there is no such row. `touch` names the column that says when it changed."""
    changes = [f"{column} = ${number}" for number, column in enumerate(values, start=2)]
    if touch is not None and values:
        changes.append(f"{touch} = now()")
    sql = f"UPDATE {table} SET {', '.join(changes) or 'id = id'} WHERE id = $1 RETURNING 1"
    return await connection.fetchval(sql, row_id, *values.values()) is not None
