"""The place that a backup is restored into: what it holds, and whether that may be replaced."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from asyncpg import Connection
from msgspec import Struct

from bullpen.backup import catalog, files, marker
from bullpen.backup.in_use import require_unused
from bullpen.kit.database import connect
from bullpen.kit.errors import StartupError
from bullpen.migrations import run
from bullpen.migrations.metadata import METADATA

COUNTED = ("messages", "agents", "people")
VERSION_TABLE = "SELECT to_regclass('alembic_version') IS NOT NULL"


class Place(Struct, frozen=True):
    url: str
    data_dir: Path


@asynccontextmanager
async def claimed(
    place: Place, file: str, *, replace: bool, say: Callable[[str], None]
) -> AsyncIterator[None]:
    """Marks the place as one that is being restored, and says what the restore replaces.

    The mark goes if what is done meanwhile fails, unless an earlier restore has left it.
    """
    is_again = await require_free(place, replace=replace, say=say)
    try:
        connection = await connect(place.url, pooled=True)
        try:
            await marker.mark(connection, file)
            # One that started just now has not seen the mark.
            await require_unused(place.url, connection)
        finally:
            await connection.close()
        yield
    except BaseException:
        if not is_again:
            await run.with_connection(place.url, marker.unmark)
        raise


async def require_free(place: Place, *, replace: bool, say: Callable[[str], None]) -> bool:
    """Whether it is marked, by a restore that was killed."""
    # Refuses one of a newer version.
    await run.current(place.url)
    connection = await connect(place.url, pooled=True)
    try:
        await require_unused(place.url, connection)
        is_again = await marker.is_marked(connection)
        held = await contents(connection, place.data_dir)
        if held and not replace and not is_again:
            raise StartupError(
                f"this place is not empty: it holds {held}. To lose that and have the backup in"
                " its place, add --replace"
            )
        if held:
            say(f"Replacing {held}")
        return is_again
    finally:
        await connection.close()


async def contents(connection: Connection, data_dir: Path) -> str:
    """What would be lost, in words; nothing for an empty place."""
    tables = [table.name for table in await catalog.tables(connection, list(METADATA.tables))]
    if tables and not await connection.fetchval(VERSION_TABLE):
        raise StartupError(
            f"the database holds a table '{tables[0]}' of another program:"
            " restore into a database of Bullpen's own"
        )
    counts = {
        name: await connection.fetchval(f"SELECT count(*) FROM {catalog.quoted(name)}")
        for name in tables
    }
    found = []
    if any(counts.values()):
        name = (
            await connection.fetchval("SELECT name FROM workspace")
            if "workspace" in counts
            else None
        )
        numbers = [f"{counts[each]:,} {each}" for each in COUNTED if counts.get(each)]
        rows = f"{sum(counts.values()):,} rows"
        found.append(f"the workspace {name or 'without a name'} ({', '.join([*numbers, rows])})")
    if kept := [files.named(data_dir, file) for file in files.present(data_dir)]:
        found.append(f"{len(kept)} of its files in {data_dir} (such as {kept[0]})")
    return " and ".join(found)
