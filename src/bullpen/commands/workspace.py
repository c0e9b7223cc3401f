"""What commands share that change a workspace: the place, and errors in one line."""

from collections.abc import Awaitable, Callable, Sequence

import typer
from asyncpg import Connection

from bullpen.commands.database import at_place
from bullpen.kit.database import Database
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import AppError, NotFound, StartupError
from bullpen.kit.progress import Progress
from bullpen.members.people import BY_EMAIL
from bullpen.processes import bootstrap
from bullpen.settings import Settings

FIND = "SELECT id FROM users WHERE id = $1"


Lines = Sequence[str]


def in_workspace(context: typer.Context, work: Callable[[Connection], Awaitable[Lines]]) -> None:
    """Does it in one transaction, also beside a server that runs, and then prints the lines. A new
    place gets its workspace first."""

    async def prepared(location: bootstrap.DatabaseLocation, settings: Settings) -> None:
        with Progress() as progress:
            await bootstrap.prepare(location, settings, progress)
        database = await Database.open(location.url)
        try:
            async with database.transaction() as connection:
                lines = await work(connection)
        except AppError as problem:
            raise StartupError(sentence(problem.message)) from problem
        finally:
            await database.close()
        for line in lines:
            typer.echo(line)

    at_place(context, prepared)


def sentence(message: str) -> str:
    """As errors of commands are written: after `bullpen: `, without a full stop."""
    return f"{message[:1].lower()}{message[1:]}".removesuffix(".")


async def find_user(connection: Connection, named: str) -> str:
    """The id of a user who is named by id or e-mail address."""
    for sql in (FIND, BY_EMAIL):
        found: str | None = await connection.fetchval(sql, named)
        if found is not None:
            return found
    raise NotFound(ErrorCode.USER_NOT_FOUND, f"There is no user '{named}'.")
