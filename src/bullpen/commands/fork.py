"""`bullpen fork`: a copy of the workspace in a place of its own, for experiments."""

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bullpen.commands.backup import end_as_interrupted, require_data
from bullpen.commands.database import at_place, at_place_of
from bullpen.kit.byte_progress import ByteProgress
from bullpen.kit.errors import StartupError
from bullpen.processes import bootstrap
from bullpen.settings import Settings

# Removed at the end; a fork that was killed leaves it, and its folder is not empty.
BACKUP = "fork.backup"


def fork(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="A new folder for the copy and its database.")],
    at: Annotated[
        str | None,
        typer.Option(help="The moment to go back to, such as 2026-03-04T12:00Z. Now by default."),
    ] = None,
) -> None:
    """Copy the workspace, as it is or as it was, into a folder with a Postgres of its own.

    The workspace itself is not changed and may be in use. Nobody is signed in to the copy.
    """
    moment = None if at is None else read_moment(at)
    settings: Settings = context.obj
    target = folder.expanduser().absolute()
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise StartupError(f"{target} is not empty: choose another folder")
    require_data(settings)
    from bullpen.backup.place import Place  # noqa: PLC0415 - loads the table classes
    from bullpen.backup.reader import reading  # noqa: PLC0415 - as above
    from bullpen.backup.restore import restore  # noqa: PLC0415 - as above
    from bullpen.backup.save import save  # noqa: PLC0415 - as above

    end_as_interrupted()
    is_new = not target.exists()
    target.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = target / BACKUP

    async def copy(location: bootstrap.DatabaseLocation, source: Settings) -> None:
        await bootstrap.check(location)
        with ByteProgress() as progress:
            await save(location.unpooled_url, source.data_dir, file, progress)

    async def load(location: bootstrap.DatabaseLocation, copied: Settings) -> None:
        await bootstrap.check(location, restoring=True)
        with ByteProgress() as progress, reading(file, progress) as content:
            await restore(
                Place(location.unpooled_url, copied.data_dir),
                content,
                replace=False,
                keep_sessions=False,
                rewind_to=moment,
                say=lambda _: None,
                progress=progress,
            )

    try:
        at_place(context, copy)
        own = settings.model_copy(
            update={"data_dir": target, "database_url": None, "database_url_unpooled": None}
        )
        at_place_of(own, load)
    except BaseException:
        # The embedded Postgres of the copy has stopped.
        shutil.rmtree(target, ignore_errors=True)
        if not is_new:
            target.mkdir(mode=0o700)
        raise
    file.unlink()
    shown = "as it is" if moment is None else f"as of {moment.isoformat(timespec='seconds')}"
    typer.echo(f"Copied the workspace {shown} to {target}")
    typer.echo(f"Serve it with: bullpen --data-dir {target} --port 8001")


def read_moment(text: str) -> datetime:
    """In the past, with its time zone."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise StartupError(
            f"'{text}' is not a moment: give date, time and time zone, such as 2026-03-04T12:00Z"
        )
    if moment > datetime.now(UTC):
        raise StartupError(f"{text} is in the future: leave out --at for a copy as of now")
    return moment.astimezone(UTC)
