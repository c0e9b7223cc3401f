"""`bullpen backup` and `bullpen restore`."""

import signal
from pathlib import Path
from typing import Annotated

import typer

from bullpen.backup.manifest import Manifest
from bullpen.backup.reader import reading
from bullpen.commands.database import at_place
from bullpen.kit.byte_progress import ByteProgress
from bullpen.kit.errors import StartupError
from bullpen.kit.new_file import refuse_taken
from bullpen.processes import bootstrap
from bullpen.settings import Settings


def backup(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="The file to write; there must be none yet.")],
) -> None:
    """Write the whole workspace to one file, also while a server runs."""
    target = file.expanduser().absolute()
    refuse_taken(target)
    if not target.parent.is_dir():
        raise StartupError(f"there is no folder {target.parent}: make it, or choose another")
    require_data(context.obj)
    from bullpen.backup.save import save  # noqa: PLC0415 - loads the table classes

    end_as_interrupted()

    async def work(location: bootstrap.DatabaseLocation, settings: Settings) -> None:
        await bootstrap.check(location)
        with ByteProgress() as progress:
            manifest = await save(location.unpooled_url, settings.data_dir, target, progress)
        typer.echo(f"Backed up {described(manifest)} to {target}")
        if in_bucket := manifest.rows("file_objects"):
            files = "1 file" if in_bucket == 1 else f"{in_bucket:,} files"
            typer.echo(f"The content of {files} is in the bucket: back the bucket up, too")

    at_place(context, work)


def restore(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A file that 'bullpen backup' wrote.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Lose what this place holds now.")
    ] = False,
    keep_sessions: Annotated[
        bool, typer.Option("--keep-sessions", help="Let browsers stay signed in.")
    ] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Only read the file and say what it holds.")
    ] = False,
) -> None:
    """Restore a workspace from a backup into an empty place, or into the place of another."""
    path = file.expanduser().absolute()
    end_as_interrupted()
    with ByteProgress() as progress, reading(path, progress) as content:
        if check:
            typer.echo(f"{path} is whole: {described(content.manifest)}")
            return

        from bullpen.backup.place import Place  # noqa: PLC0415 - as above
        from bullpen.backup.restore import restore as restore_into  # noqa: PLC0415 - as above

        async def work(location: bootstrap.DatabaseLocation, settings: Settings) -> None:
            await bootstrap.check(location, restoring=True)
            await restore_into(
                Place(location.unpooled_url, settings.data_dir),
                content,
                replace=replace,
                keep_sessions=keep_sessions,
                say=typer.echo,
                progress=progress,
            )
            progress.close()
            typer.echo(f"Restored {described(content.manifest)} from {path}")
            if not keep_sessions:
                typer.echo("Everybody has to sign in again")

        at_place(context, work)


def require_data(settings: Settings) -> None:
    """Looking for a workspace must not make an empty one."""
    has_address = settings.database_url or settings.database_url_unpooled
    if not has_address and not any(settings.data_dir.glob("postgres-*")):
        raise StartupError(
            f"there is no workspace in {settings.data_dir}: set BULLPEN_DATA_DIR or DATABASE_URL"
            " to where it is"
        )


def end_as_interrupted() -> None:
    """SIGTERM as Ctrl-C: what was begun is taken back."""
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))


def described(manifest: Manifest) -> str:
    rows = sum(entry.rows for entry in manifest.tables)
    number = len(manifest.files)
    files = f" and {number} {'file' if number == 1 else 'files'}" if number else ""
    return (
        f"the workspace {manifest.workspace} at revision {manifest.revision}"
        f" ({manifest.rows('messages'):,} messages, {rows:,} rows in all{files})"
    )
