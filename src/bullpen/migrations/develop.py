"""For developers who change tables: writes a migration file for the difference, if there is any."""

import re
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from alembic import command
from alembic.autogenerate import produce_migrations
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.operations.ops import MigrateOperation, ModifyTableOps, OpContainer
from sqlalchemy import Connection, text

from bullpen.kit.database import connect
from bullpen.kit.errors import StartupError
from bullpen.migrations import functions, run
from bullpen.migrations.alone import alone, connection_alone, driver
from bullpen.migrations.metadata import METADATA

# Later than in any log that this database has held before: a stream that comes back with a
# number from before a reset is behind, and never seems to be ahead.
START_NUMBERS = """
SELECT setval('events_id_seq', GREATEST(
    last_value, (extract(epoch FROM clock_timestamp()) * 1000)::bigint
)) FROM events_id_seq
"""


async def generate(url: str, message: str) -> Path | None:
    """Compares with a scratch database that the migrations alone have made."""
    scratch = f"bullpen_generate_{secrets.token_hex(4)}"
    connection = await connect(url, pooled=True)
    try:
        await connection.execute(f'CREATE DATABASE "{scratch}"')
        try:
            return await generate_in(with_database(url, scratch), message)
        finally:
            await connection.execute(f'DROP DATABASE "{scratch}" WITH (FORCE)')
    finally:
        await connection.close()


def with_database(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


async def generate_in(url: str, message: str) -> Path | None:
    await run.migrate(url)
    async with connection_alone(url) as connection:
        if not await connection.run_sync(differences):
            return None
    number = f"{int(run.revisions()[-1]) + 1:04}"
    async with alone(url) as do:
        script = await do(lambda config: write(config, number, message))
        return Path(script.path)


def write(config: Config, number: str, message: str) -> Any:
    if not re.search(r"\w", message):
        raise StartupError("say what the migration does: --message 'add …'")
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    return command.revision(config, message=message, autogenerate=True, rev_id=number)


def differences(connection: Connection) -> list[MigrateOperation]:
    context = MigrationContext.configure(
        connection,
        opts={"compare_type": True, "compare_server_default": True, "target_metadata": METADATA},
    )
    script = produce_migrations(context, METADATA)
    return list(flat(script.upgrade_ops)) if script.upgrade_ops is not None else []


def flat(container: OpContainer) -> Iterator[MigrateOperation]:
    for operation in container.ops:
        if isinstance(operation, ModifyTableOps):
            yield from flat(operation)
        else:
            yield operation


async def push(url: str) -> list[str]:
    """What it changed, in words; the functions are applied again every time."""
    async with connection_alone(url) as connection:
        changes = await connection.run_sync(apply)
        await connection.execute(text(START_NUMBERS))
        await run.apply_functions(await driver(connection))
        await connection.commit()
    if changes and await run.current(url) is None:
        # The models are what the newest migration leads to, or a later `generate` says how.
        async with alone(url) as do:
            await do(lambda config: command.stamp(config, "head"))
    return changes


def apply(connection: Connection) -> list[str]:
    changes = differences(connection)
    operations = Operations(MigrationContext.configure(connection))
    for change in changes:
        operations.invoke(change)
    return [describe(change) for change in changes]


def describe(change: MigrateOperation) -> str:
    words = re.sub(r"(?<!^)(?=[A-Z])", " ", type(change).__name__.removesuffix("Op")).lower()
    table = getattr(change, "table_name", "")
    column = getattr(change, "column", None)
    name = getattr(column, "name", None) or getattr(change, "column_name", None)
    name = name or getattr(change, "index_name", None) or getattr(change, "constraint_name", None)
    return " ".join(part for part in (words, table, name) if part)


async def empty(url: str) -> None:
    """Everything that Bullpen made; an extension or another program's schema stays."""
    tables = ", ".join(f'"{table.name}"' for table in METADATA.sorted_tables)
    async with connection_alone(url) as connection:
        await connection.execute(text(f"DROP TABLE IF EXISTS {tables}, alembic_version CASCADE"))
        await functions.drop(await driver(connection))
        await connection.commit()
