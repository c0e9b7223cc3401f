"""Brings a database to a revision; loads SQLAlchemy and Alembic when there is work for them."""

import re
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

import asyncpg

from bullpen.kit.database import connect
from bullpen.kit.errors import StartupError
from bullpen.migrations import agent_words, functions, search_words

T = TypeVar("T")
FOLDER = Path(__file__).parent


def revisions() -> list[str]:
    """In order; a revision's id begins its file's name."""
    files = (FOLDER / "versions").glob("[0-9]*.py")
    return sorted(match[1] for file in files if (match := re.match(r"(\d+)_", file.name)))


async def current(url: str) -> str | None:
    connection = await connect(url, pooled=True)
    try:
        async with connection.transaction():
            revision: str | None = await connection.fetchval(
                "SELECT version_num FROM alembic_version"
            )
    except asyncpg.UndefinedTableError:
        return None
    finally:
        await connection.close()
    if revision is not None and revision not in revisions():
        raise StartupError(
            f"the database is at revision {revision}, which this version of Bullpen does not know: "
            "install the newer Bullpen that made it"
        )
    return revision


def silent(_: str) -> None: ...


async def migrate(
    url: str,
    target: str = "head",
    beginning: Callable[[], None] = lambda: None,
    say: Callable[[str], None] = silent,
) -> list[str]:
    """The revisions it applied or took back, in that order.

    At the newest revision it applies the functions as well, where they are not today's: also to a
    database that an earlier version left without some of them. At any other there are none.
    Calls `beginning` where there is anything to do, and reports progress to `say` where that takes
    minutes.
    """
    goal = {"head": revisions()[-1], "base": None}.get(target, target)
    is_head = goal == revisions()[-1]
    if await current(url) == goal and (not is_head or await has_functions(url)):
        return []
    beginning()
    from bullpen.migrations.alone import alone, command  # noqa: PLC0415 - see above

    async with alone(url) as run:
        # Another program may have done it while this one waited for the lock.
        before = await current(url)
        names = revisions()
        start = names.index(before) + 1 if before else 0
        end = names.index(goal) + 1 if goal else 0
        if start != end:
            await with_connection(url, functions.drop)
        if end > start:
            await run(lambda config: command.upgrade(config, target))
        elif end < start:
            await run(lambda config: command.downgrade(config, target))
        if is_head and (start != end or not await has_functions(url)):
            await with_connection(url, partial(apply_functions, say=say))
    return names[start:end] if end >= start else names[end:start][::-1]


async def apply_functions(
    connection: asyncpg.Connection, say: Callable[[str], None] = silent
) -> None:
    await functions.apply(connection)
    await search_words.refresh(connection, say)
    await agent_words.refresh(connection)


async def has_functions(url: str) -> bool:
    return await with_connection(url, functions.are_current)


async def with_connection(url: str, work: Callable[[asyncpg.Connection], Awaitable[T]]) -> T:
    """In one transaction, which gives up soon where others hold what it needs."""
    connection = await connect(url, pooled=True)
    try:
        async with connection.transaction():
            await connection.execute("SET LOCAL lock_timeout = '10s'")
            return await work(connection)
    finally:
        await connection.close()
