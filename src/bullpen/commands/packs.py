"""`bullpen pack …`: workspace packs."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from asyncpg import Connection

from bullpen.commands.workspace import Lines, in_workspace
from bullpen.kit.errors import StartupError

app = typer.Typer(no_args_is_help=True, help="Manage workspace packs.")


@app.command("export")
def export_(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="A new folder, or an empty one.")],
) -> None:
    """Write the whole workspace as a pack: agents, people, channels, messages, memory, plans.

    It has private channels as well, so keep it as you keep a backup.
    """
    from bullpen.packs.problems import PackError  # noqa: PLC0415 - other commands need none of it
    from bullpen.packs.reader import read_pack  # noqa: PLC0415
    from bullpen.packs.writing import files_of, write  # noqa: PLC0415

    async def work(connection: Connection) -> Lines:
        files, left_out = await files_of(connection, datetime.now(UTC).date())
        write(folder, files)
        for words in left_out:
            sys.stderr.write(f"bullpen: left out of {words}\n")
        try:
            read_pack(folder)
        except PackError as problem:
            raise StartupError(
                f"exported to {folder}, but a pack may not have all of it; correct this before you"
                f" start from it:\n{problem}"
            ) from problem
        return [f"Exported the workspace to {folder}"]

    in_workspace(context, work)
