"""What a database's own catalog says about its schema, and every row that its tables hold."""

import asyncpg
from tests.support.fixtures import complete

from bullpen.kit.database import connect

TABLES = """
SELECT relname FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname
"""

# Name, type, NOT NULL and default, in the order in which they were drawn.
COLUMNS = """
SELECT attname, format_type(atttypid, atttypmod), attnotnull, pg_get_expr(adbin, adrelid)
FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
WHERE attrelid = $1::text::regclass AND attnum > 0 AND NOT attisdropped
ORDER BY attnum
"""

CONSTRAINTS = """
SELECT contype::text, pg_get_constraintdef(oid) FROM pg_constraint
WHERE conrelid = $1::text::regclass AND contype <> 'n' ORDER BY 1, 2
"""

# The columns of each index that covers every row.
INDEXES = """
SELECT ARRAY(
    SELECT attname::text FROM unnest(indkey) WITH ORDINALITY key (attnum, place)
    JOIN pg_attribute ON attrelid = indrelid AND pg_attribute.attnum = key.attnum
    ORDER BY place
)
FROM pg_index WHERE indrelid = $1::text::regclass AND indpred IS NULL
"""

WHOLE = """
SELECT 'column', attrelid::regclass::text, attname::text, concat_ws(
    ' ', format_type(atttypid, atttypmod), attnotnull, pg_get_expr(adbin, adrelid), attnum
)
FROM pg_attribute
JOIN pg_class ON pg_class.oid = attrelid AND relkind = 'r'
LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
WHERE relnamespace = 'public'::regnamespace AND attnum > 0 AND NOT attisdropped
UNION ALL
SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid)
FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL
SELECT 'index', tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL
SELECT 'trigger', tgrelid::regclass::text, tgname, pg_get_triggerdef(oid)
FROM pg_trigger WHERE NOT tgisinternal
UNION ALL
SELECT 'function', '', proname, pg_get_functiondef(oid)
FROM pg_proc WHERE pronamespace = 'public'::regnamespace
ORDER BY 1, 2, 3
"""

ROWS = """SELECT '{0}', t::text FROM "{0}" t"""


def fetch(url: str, sql: str, *args: object) -> list[asyncpg.Record]:
    async def work() -> list[asyncpg.Record]:
        connection = await connect(url, pooled=False)
        try:
            return await connection.fetch(sql, *args)
        finally:
            await connection.close()

    return complete(work())


def tables(url: str) -> list[str]:
    return [name for (name,) in fetch(url, TABLES)]


def columns(url: str, table: str) -> list[tuple[object, ...]]:
    return [tuple(row) for row in fetch(url, COLUMNS, table)]


def constraints(url: str, table: str, kind: str) -> list[str]:
    """Of the kind: p, primary key; f, foreign key; u, unique; c, check."""
    return [text for found, text in fetch(url, CONSTRAINTS, table) if found == kind]


def indexes(url: str, table: str) -> list[list[str]]:
    return [names for (names,) in fetch(url, INDEXES, table)]


def schema(url: str) -> list[tuple[str, ...]]:
    """Everything that a migration makes, in the words of the database."""
    return [tuple(row) for row in fetch(url, WHOLE) if row[1] != "alembic_version"]


def contents(url: str, names: list[str] | None = None) -> dict[str, list[str]]:
    """Every row, as text and sorted: of the tables named, else of all."""

    async def work() -> dict[str, list[str]]:
        connection = await connect(url, pooled=False)
        try:
            wanted = [row[0] for row in await connection.fetch(TABLES)] if names is None else names
            found: dict[str, list[str]] = {name: [] for name in wanted}
            if found:
                # One statement: of a hundred, each would be prepared and described first.
                every = " UNION ALL ".join(map(ROWS.format, found))
                for name, row in await connection.fetch(f"{every} ORDER BY 1, 2"):
                    found[name].append(row)
            return found
        finally:
            await connection.close()

    return complete(work())
