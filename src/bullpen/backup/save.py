"""Saves a workspace: all tables as one transaction sees them, and the files beside them."""

from datetime import UTC, datetime
from pathlib import Path

from asyncpg import Connection

from bullpen import __version__
from bullpen.backup import catalog, files
from bullpen.backup.manifest import FileEntry, Manifest, TableEntry
from bullpen.backup.reader import PIECE
from bullpen.backup.writer import BackupWriter, writing
from bullpen.kit.byte_progress import ByteProgress
from bullpen.kit.database import connect
from bullpen.kit.errors import StartupError
from bullpen.migrations import run
from bullpen.migrations.metadata import METADATA

DAY_SECONDS = 24 * 3600
# COPY writes and reads by these, and a server may be configured otherwise.
TEXT_FORMAT = """
SELECT set_config(name, value, true) FROM (VALUES
    ('DateStyle', 'ISO, YMD'), ('IntervalStyle', 'postgres'), ('TimeZone', 'UTC'),
    ('bytea_output', 'hex'), ('extra_float_digits', '3')
) format (name, value)
"""
# However long it takes; not every version of Postgres has all of them.
NO_TIMEOUTS = """
SELECT set_config(name, '0', true) FROM pg_settings
WHERE name IN ('statement_timeout', 'idle_in_transaction_session_timeout', 'transaction_timeout')
"""


async def save(url: str, data_dir: Path, target: Path, progress: ByteProgress) -> Manifest:
    await require_newest(url)
    connection = await connect(url, pooled=True)
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            return await save_from(connection, data_dir, target, progress)
    finally:
        await connection.close()


async def require_newest(url: str) -> None:
    revision = await run.current(url)
    if revision is None:
        raise StartupError("there is no workspace to back up: the database is empty")
    newest = run.revisions()[-1]
    if revision != newest:
        raise StartupError(
            f"the database is at revision {revision}, and this version of Bullpen backs up"
            f" {newest}: use the version that served it, or run 'bullpen db migrate' first"
        )


async def save_from(
    connection: Connection, data_dir: Path, target: Path, progress: ByteProgress
) -> Manifest:
    """The connection's transaction is the snapshot that is saved."""
    await connection.execute(NO_TIMEOUTS)
    await connection.execute(TEXT_FORMAT)
    names = list(METADATA.tables)
    tables = await catalog.tables(connection, names)
    progress.begin("Backing up", sum(table.bytes for table in tables))
    # Beside the snapshot, and before it: a key without the rows that it encrypts does no harm.
    with writing(target) as backup:
        saved_files = [save_file(backup, data_dir, file) for file in files.present(data_dir)]
        saved_tables = [await save_table(connection, backup, table, progress) for table in tables]
        manifest = Manifest(
            made_by=__version__,
            made_at=datetime.now(UTC).isoformat(timespec="seconds"),
            revision=await connection.fetchval("SELECT version_num FROM alembic_version"),
            workspace=await connection.fetchval("SELECT name FROM workspace") or "",
            tables=saved_tables,
            files=saved_files,
            # No snapshot holds them; read last, they are ahead of all rows.
            sequences=await catalog.sequences(connection, names),
            index_comments=await catalog.index_comments(connection, names),
        )
        backup.finish(manifest)
    return manifest


async def save_table(
    connection: Connection, backup: BackupWriter, table: catalog.Table, progress: ByteProgress
) -> TableEntry:
    shown = 0
    with backup.member(f"tables/{table.name}.copy") as member:

        async def write(data: bytes) -> None:
            nonlocal shown
            member.write(data)
            # The text of a table is not as long as its pages.
            step = min(len(data), table.bytes - shown)
            shown += step
            progress.advance(step)

        done = await connection.copy_from_table(
            table.name, columns=table.columns, output=write, format="text", timeout=DAY_SECONDS
        )
    progress.advance(table.bytes - shown)
    rows = int(done.rpartition(" ")[2])
    return TableEntry(table.name, table.columns, rows, member.bytes, member.sha256)


def save_file(backup: BackupWriter, data_dir: Path, file: Path) -> FileEntry:
    name = files.named(data_dir, file)
    with backup.member(f"files/{name}") as member, file.open("rb") as stream:
        while piece := stream.read(PIECE):
            member.write(piece)
    return FileEntry(name, member.bytes, member.sha256)
