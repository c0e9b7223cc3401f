"""`bullpen agent …`: agents as files."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from asyncpg import Connection

from bullpen.commands.workspace import Lines, find_user, in_workspace
from bullpen.kit.errors import AppError, StartupError
from bullpen.members.actor import Actor
from bullpen.members.owners import first_owner

app = typer.Typer(no_args_is_help=True, help="Export and import agents.")

As = Annotated[
    str | None,
    typer.Option(
        "--as", metavar="USER", help="Id or e-mail address of who does it. [the first owner]"
    ),
]


async def acting(connection: Connection, named: str | None) -> Actor:
    """What the file has of private places depends on who exports it."""
    if named is None:
        named = await first_owner(connection)
        if named is None:
            raise StartupError("nobody is an owner here; name somebody with --as")
    user_id = await find_user(connection, named)
    role = await connection.fetchval("SELECT role FROM people WHERE id = $1", user_id)
    return Actor(user_id, role or "owner")


@app.command("export")
def export_(
    context: typer.Context,
    agent: Annotated[str, typer.Argument(metavar="ID", help="Id of the agent.")],
    to: Annotated[
        Path | None, typer.Option(help="The file. One that is there is not replaced. [ID.zip]")
    ] = None,
    letta: Annotated[bool, typer.Option("--letta", help="Write a Letta agent file (.af).")] = False,
    user: As = None,
) -> None:
    """Write an agent to a file: settings, memory with its history, archive, plans."""
    from bullpen.agents.files import formats  # noqa: PLC0415 - other commands need none
    from bullpen.agents.files.collecting import collect  # noqa: PLC0415

    form: formats.Format = "letta" if letta else "folder"
    path = to or Path(f"{agent}.{formats.SUFFIXES[form]}")

    async def work(connection: Connection) -> Lines:
        file = await collect(connection, await acting(connection, user), agent)
        try:
            with path.open("xb") as written:
                written.write(formats.pack(file, form))
        except OSError as problem:
            raise StartupError(f"cannot write {path}: {problem.strerror}") from problem
        return [f"Exported '{agent}' to {path}"]

    in_workspace(context, work)


@app.command("import")
def import_(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A zip file or a Letta agent file.")],
    agent_id: Annotated[str | None, typer.Option("--id", help="Another id for the agent.")] = None,
    name: Annotated[str | None, typer.Option(help="Another name for the agent.")] = None,
    user: As = None,
) -> None:
    """Make an agent from a file that was exported: all of it, or nothing."""
    from bullpen.agents.files import formats  # noqa: PLC0415 - other commands need none
    from bullpen.agents.files.restoring import restore  # noqa: PLC0415

    try:
        if file.stat().st_size > formats.LARGEST:
            raise StartupError(f"{file} is larger than {formats.LARGEST // 1_000_000} MB")
        read, left_out = formats.unpack(file.read_bytes())
        renamed = formats.renamed(read, agent_id, name)
    except OSError as problem:
        raise StartupError(f"cannot read {file}: {problem.strerror}") from problem
    except AppError as problem:
        raise StartupError(problem.message.removesuffix(".")) from problem

    async def work(connection: Connection) -> Lines:
        made = await restore(connection, await acting(connection, user), renamed)
        for words in (*left_out, *made.left_out):
            sys.stderr.write(f"bullpen: {words}\n")
        return [f"Imported '{made.agent_id}'"]

    in_workspace(context, work)
