"""Restores a workspace into a place of its own.

The database is loaded in one transaction. The mark of the place is set before and removed after
everything else, so that a place whose restore was killed is never served.
"""

from collections.abc import AsyncIterator, Callable
from datetime import datetime

from alembic import command
from asyncpg import Connection
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bullpen.backup import catalog, files, marker, objects, sessions
from bullpen.backup.manifest import TableEntry
from bullpen.backup.place import Place, claimed
from bullpen.backup.reader import NEWER, BackupReader
from bullpen.backup.rewind import rewind
from bullpen.backup.save import DAY_SECONDS, NO_TIMEOUTS, TEXT_FORMAT
from bullpen.kit.byte_progress import ByteProgress
from bullpen.kit.errors import StartupError
from bullpen.migrations import functions, run
from bullpen.migrations.alone import config_for, connection_alone, driver
from bullpen.migrations.metadata import METADATA

Say = Callable[[str], None]


async def restore(  # noqa: PLR0913 - each is a choice of the command line
    place: Place,
    backup: BackupReader,
    *,
    replace: bool,
    keep_sessions: bool,
    say: Say,
    progress: ByteProgress,
    rewind_to: datetime | None = None,
) -> None:
    """`rewind_to`: the moment to set the restored workspace back to."""
    require_known(backup)
    manifest = backup.manifest
    async with claimed(place, str(backup.path), replace=replace, say=say):
        progress.begin("Restoring", manifest.bytes)
        try:
            for entry in manifest.files:
                files.stage(place.data_dir, entry.name, backup.pieces(entry))
            await load_tables(
                place.url,
                backup,
                keep_sessions=keep_sessions,
                rewind_to=rewind_to,
                progress=progress,
            )
        except BaseException:
            # The transaction took everything back, so this place is what it was.
            files.drop_staged(place.data_dir)
            raise
    files.put_in_place(place.data_dir, [entry.name for entry in manifest.files])
    await run.migrate(place.url, say=say)
    await run.with_connection(place.url, analyze)
    await run.with_connection(place.url, marker.unmark)


def require_known(backup: BackupReader) -> None:
    if backup.manifest.revision not in run.revisions():
        raise StartupError(
            f"{backup.path} is at revision {backup.manifest.revision}, which this version of"
            f" Bullpen does not know: {NEWER}"
        )
    for entry in backup.manifest.files:
        files.require_known(entry.name)


async def load_tables(
    url: str,
    backup: BackupReader,
    *,
    keep_sessions: bool,
    rewind_to: datetime | None,
    progress: ByteProgress,
) -> None:
    async with connection_alone(url) as connection:
        # Begins the transaction that everything below is part of, the migrations too.
        await connection.execute(text("SELECT 1"))
        raw = await driver(connection)
        await raw.execute(NO_TIMEOUTS)
        await raw.execute(TEXT_FORMAT)
        await make_tables(connection, backup.manifest.revision)
        entries = backup.manifest.tables
        names = [entry.name for entry in entries]
        await require_tables(raw, entries)
        # Rows come in no order that foreign keys would accept. Added again, they check all rows.
        keys = await catalog.foreign_keys(raw, names)
        for table, key, _ in keys:
            await raw.execute(
                f"ALTER TABLE {catalog.quoted(table)} DROP CONSTRAINT {catalog.quoted(key)}"
            )
        await raw.execute(f"TRUNCATE {', '.join(map(catalog.quoted, names))}")
        for entry in entries:
            await load_table(raw, backup, entry, progress)
        for table, key, definition in keys:
            await raw.execute(
                f"ALTER TABLE {catalog.quoted(table)}"
                f" ADD CONSTRAINT {catalog.quoted(key)} {definition}",
                timeout=DAY_SECONDS,
            )
        await set_rest(raw, backup)
        await objects.share(raw)
        if not keep_sessions:
            await sessions.end(raw)
        if rewind_to is not None:
            await rewind(raw, rewind_to)
        await connection.commit()


async def make_tables(connection: AsyncConnection, revision: str) -> None:
    """Empty ones of that revision, without functions and triggers, in place of those there are."""
    listed = ", ".join(catalog.quoted(name) for name in METADATA.tables)
    await connection.execute(text(f"DROP TABLE IF EXISTS {listed}, alembic_version CASCADE"))
    raw = await driver(connection)
    await functions.drop(raw)
    await connection.run_sync(lambda sync: command.upgrade(config_for(sync), revision))
    # A row is loaded as it was; triggers would add to it.
    await functions.drop(raw)


async def require_tables(connection: Connection, entries: list[TableEntry]) -> None:
    names = [entry.name for entry in entries]
    there = {table.name: set(table.columns) for table in await catalog.tables(connection, names)}
    for entry in entries:
        if there.get(entry.name) != set(entry.columns):
            raise StartupError(
                f"the backup's table '{entry.name}' is not as its revision has it: {NEWER}"
            )


async def load_table(
    connection: Connection, backup: BackupReader, entry: TableEntry, progress: ByteProgress
) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for piece in backup.pieces(entry):
            yield piece
            progress.advance(len(piece))

    done = await connection.copy_to_table(
        entry.name, source=pieces(), columns=entry.columns, format="text", timeout=DAY_SECONDS
    )
    rows = int(done.rpartition(" ")[2])
    if rows != entry.rows:
        raise StartupError(f"{backup.path} is damaged: {entry.member} has {rows} rows")


async def set_rest(connection: Connection, backup: BackupReader) -> None:
    for name, sequence in backup.manifest.sequences.items():
        await connection.execute(
            "SELECT setval($1::text::regclass, $2, $3)",
            catalog.quoted(name),
            sequence.last_value,
            sequence.is_called,
        )
    for index, comment in backup.manifest.index_comments.items():
        statement = "SELECT format('COMMENT ON INDEX %I IS %L', $1::text, $2::text)"
        await connection.execute(await connection.fetchval(statement, index, comment))


async def analyze(connection: Connection) -> None:
    """For the planner, which knows nothing of what was loaded."""
    names = [table.name for table in await catalog.tables(connection, list(METADATA.tables))]
    await connection.execute(
        f"ANALYZE {', '.join(map(catalog.quoted, names))}", timeout=DAY_SECONDS
    )
