"""`bullpen user export` and `bullpen user erase`."""

import zipfile
from pathlib import Path
from typing import Annotated

import typer
from asyncpg import Connection

from bullpen.audit.actions import Target, record
from bullpen.commands.database import at_place
from bullpen.commands.users import OPERATOR, User, find_person
from bullpen.commands.workspace import Lines, in_workspace, sentence
from bullpen.files import bucket
from bullpen.kit.database import connect
from bullpen.kit.errors import AppError, StartupError
from bullpen.kit.new_file import new_file, refuse_taken
from bullpen.members.owners import require_other_owner
from bullpen.members.people import update_person
from bullpen.processes import bootstrap
from bullpen.settings import Settings
from bullpen.workspace.personal_data import erase_person, parts_of


def export(
    context: typer.Context,
    user: User,
    file: Annotated[Path, typer.Argument(help="ZIP file to write; there must be none yet.")],
) -> None:
    """Write everything that is stored about a person to a ZIP file of JSON lines."""
    target = file.expanduser().absolute()
    refuse_taken(target)

    async def work(location: bootstrap.DatabaseLocation, settings: Settings) -> None:
        await bootstrap.check(location)
        bucket.connect(settings.bucket)
        connection = await connect(location.url, pooled=True)
        try:
            async with connection.transaction(isolation="repeatable_read"):
                person = await find_person(connection, user)
                await write_export(connection, person.id, target)
                # Only a file that is there has been exported.
                noted = Target("person", person.id)
                await record(connection, None, "person.exported", noted)
        except AppError as problem:
            raise StartupError(sentence(problem.message)) from problem
        finally:
            await connection.close()
        typer.echo(f"Wrote everything about {person.display_name} to {target}")

    at_place(context, work)


async def write_export(connection: Connection, person_id: str, target: Path) -> None:
    with (
        new_file(target) as file,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        async for part, rows in parts_of(connection, person_id):
            with archive.open(f"{part}.jsonl", "w", force_zip64=True) as stream:
                async for row in rows:
                    stream.write(row.encode() + b"\n")


def erase(
    context: typer.Context,
    user: User,
    messages: Annotated[
        bool, typer.Option("--messages", help="Delete what they wrote, too.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Erase who a person was: their messages stay, as those of a former member."""
    if not yes:
        typer.confirm(f"Erase {user}? This cannot be undone", abort=True)

    async def deactivate(connection: Connection) -> Lines:
        """Ends their streams, in a transaction before they are gone."""
        person = await find_person(connection, user)
        if person.is_active:
            await require_other_owner(connection, person.id)
            await update_person(connection, OPERATOR, person.id, {"is_active": False})
        return []

    async def work(connection: Connection) -> Lines:
        person = await find_person(connection, user)
        former_id = await erase_person(connection, person.id, messages=messages)
        return [f"Erased {person.display_name}, who is now {former_id}"]

    in_workspace(context, deactivate)
    in_workspace(context, work)
