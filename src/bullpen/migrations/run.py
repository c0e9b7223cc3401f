"""Brings a database to a revision; loads SQLAlchemy and Alembic when there is work for them."""

import re
from pathlib import Path

import asyncpg

from bullpen.kit.database import connect
from bullpen.kit.errors import StartupError

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


async def migrate(url: str, target: str = "head") -> list[str]:
    """The revisions it applied or took back, in that order."""
    goal = {"head": revisions()[-1], "base": None}.get(target, target)
    if await current(url) == goal:
        return []
    from bullpen.migrations.alone import alone, command  # noqa: PLC0415 - see above

    async with alone(url) as run:
        # Another program may have done it while this one waited for its turn.
        before = await current(url)
        names = revisions()
        start = names.index(before) + 1 if before else 0
        end = names.index(goal) + 1 if goal else 0
        if end > start:
            await run(lambda config: command.upgrade(config, target))
            return names[start:end]
        if end < start:
            await run(lambda config: command.downgrade(config, target))
            return names[end:start][::-1]
    return []
