"""What a database holds of Bullpen, by its own catalog."""

from collections.abc import Sequence

from asyncpg import Connection
from msgspec import Struct

from bullpen.backup import manifest

# Alembic's own table says which revision the others are at; the manifest has that.
TABLES = """
SELECT c.relname, ARRAY(
    SELECT a.attname::text FROM pg_attribute a
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
    ORDER BY a.attnum
), pg_table_size(c.oid)
FROM pg_class c
WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace AND c.relname = ANY ($1)
ORDER BY c.relname
"""
SEQUENCES = """
SELECT s.relname FROM pg_class s
JOIN pg_depend d ON d.objid = s.oid AND d.classid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
JOIN pg_class c ON c.oid = d.refobjid
WHERE s.relkind = 'S' AND s.relnamespace = current_schema()::regnamespace AND c.relname = ANY ($1)
ORDER BY s.relname
"""
INDEX_COMMENTS = """
SELECT i.relname, obj_description(i.oid, 'pg_class') FROM pg_index x
JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class c ON c.oid = x.indrelid
WHERE c.relnamespace = current_schema()::regnamespace AND c.relname = ANY ($1)
  AND obj_description(i.oid, 'pg_class') IS NOT NULL
ORDER BY i.relname
"""
FOREIGN_KEYS = """
SELECT c.relname, k.conname, pg_get_constraintdef(k.oid) FROM pg_constraint k
JOIN pg_class c ON c.oid = k.conrelid
WHERE k.contype = 'f' AND c.relnamespace = current_schema()::regnamespace AND c.relname = ANY ($1)
ORDER BY c.relname, k.conname
"""


class Table(Struct, frozen=True):
    name: str
    columns: list[str]
    bytes: int


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


async def tables(connection: Connection, names: Sequence[str]) -> list[Table]:
    return [Table(*row) for row in await connection.fetch(TABLES, names)]


async def sequences(connection: Connection, names: Sequence[str]) -> dict[str, manifest.Sequence]:
    found = {}
    for (name,) in await connection.fetch(SEQUENCES, names):
        row = await connection.fetchrow(f"SELECT last_value, is_called FROM {quoted(name)}")
        found[name] = manifest.Sequence(*row)
    return found


async def index_comments(connection: Connection, names: Sequence[str]) -> dict[str, str]:
    return dict(await connection.fetch(INDEX_COMMENTS, names))


async def foreign_keys(connection: Connection, names: Sequence[str]) -> list[tuple[str, str, str]]:
    return [tuple(row) for row in await connection.fetch(FOREIGN_KEYS, names)]
