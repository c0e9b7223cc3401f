"""Alembic's commands on a connection whose work no other migrating program shares the time with."""

import io
from argparse import Namespace
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, event, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bullpen.kit.engine import make_engine

__all__ = ["alone", "command"]

# Any constant will do that no other program on the same database takes.
LOCK = 0x62756C6C

Run = Callable[[Callable[[Config], Any]], Awaitable[Any]]


@asynccontextmanager
async def alone(url: str) -> AsyncIterator[Run]:
    async with connection_alone(url) as connection:

        async def run(work: Callable[[Config], Any]) -> Any:
            result = await connection.run_sync(lambda sync: work(config_for(sync)))
            await connection.commit()
            return result

        yield run


@asynccontextmanager
async def connection_alone(url: str) -> AsyncIterator[AsyncConnection]:
    engine = await make_engine(url)
    event.listen(engine.sync_engine, "begin", limit_waiting)
    try:
        async with engine.connect() as guard, engine.connect() as connection:
            # Until the guard's transaction ends; a session's lock would be lost behind a pooler.
            await guard.execute(text("SET LOCAL lock_timeout = 0"))
            await guard.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
            yield connection
    finally:
        await engine.dispose()


async def driver(connection: AsyncConnection) -> Any:
    """asyncpg's own connection, in the same transaction."""
    return (await connection.get_raw_connection()).driver_connection


def limit_waiting(connection: Connection) -> None:
    """A migration that cannot have a table soon must not make every reader queue behind it."""
    connection.exec_driver_sql("SET LOCAL lock_timeout = '10s'")


def config_for(connection: Connection) -> Config:
    config = Config(
        stdout=io.StringIO(),
        attributes={"connection": connection},
        # What was done is the commands' to say.
        cmd_opts=Namespace(quiet=True),
    )
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    return config
