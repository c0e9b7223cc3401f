"""`bullpen db …`: each says what it did. What only some need is loaded late, for a quick start."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import typer

from bullpen.backup import marker
from bullpen.events.actions import KEPT_DAYS, KEPT_EVENTS, trim_all
from bullpen.kit.database import Database
from bullpen.kit.errors import StartupError
from bullpen.kit.progress import Progress
from bullpen.migrations import run
from bullpen.processes import bootstrap
from bullpen.settings import Settings
from bullpen.workspace import retention

app = typer.Typer(no_args_is_help=True, help="Manage the database.")


def at_place(
    context: typer.Context, work: Callable[[bootstrap.DatabaseLocation, Settings], Awaitable[Any]]
) -> None:
    at_place_of(context.obj, work)


def at_place_of(
    settings: Settings, work: Callable[[bootstrap.DatabaseLocation, Settings], Awaitable[Any]]
) -> None:
    with Progress() as progress:
        location = bootstrap.locate(settings, progress)
    try:
        asyncio.run(work(location, settings))  # type: ignore[arg-type]
    finally:
        location.stop()


@app.command()
def check(context: typer.Context) -> None:
    """Run SELECT 1, and print the server and the current migration."""

    async def work(location: bootstrap.DatabaseLocation, _: Settings) -> None:
        described = await bootstrap.check(location)
        database = await Database.open(location.url)
        try:
            await database.fetch("SELECT 1")
        finally:
            await database.close()
        revision = await run.current(location.unpooled_url)
        through = " through a pooler" if database.pooled else ""
        kind = "embedded" if location.embedded is not None else bootstrap.address(location.url)
        typer.echo(f"SELECT 1 answered: {described} ({kind}{through})")
        head = run.revisions()[-1]
        state = (
            "up to date" if revision == head else f"the newest is {head}: run 'bullpen db migrate'"
        )
        typer.echo(f"Migration: {revision or 'none'}, {state}")

    at_place(context, work)


@app.command()
def migrate(
    context: typer.Context,
    revision: Annotated[str, typer.Argument(help="A revision, 'head' or 'base'.")] = "head",
) -> None:
    """Migrate the database up or down to a revision (the newest by default)."""
    if revision not in ("head", "base", *run.revisions()):
        raise StartupError(
            f"there is no revision '{revision}'; expected head, base or one of "
            + ", ".join(run.revisions())
        )

    async def work(location: bootstrap.DatabaseLocation, _: Settings) -> None:
        await bootstrap.check(location)
        before = await run.current(location.unpooled_url)
        applied = await run.migrate(location.unpooled_url, revision, say=typer.echo)
        after = await run.current(location.unpooled_url)
        if not applied:
            typer.echo(f"Nothing to do: the database is at {after or 'base'}")
            return
        verb = "Applied" if (after or "") > (before or "") else "Took back"
        typer.echo(f"{verb} {', '.join(applied)}; the database is at {after or 'base'}")

    at_place(context, work)


@app.command()
def generate(
    context: typer.Context,
    message: Annotated[str, typer.Option("--message", "-m", help="What the migration does.")],
) -> None:
    """Write a migration for the difference between the tables and the migrations."""

    async def work(location: bootstrap.DatabaseLocation, _: Settings) -> None:
        await bootstrap.check(location)
        from bullpen.migrations import develop  # noqa: PLC0415 - see above

        path = await develop.generate(location.unpooled_url, message)
        if path is None:
            typer.echo("Nothing to generate: the models and the migrations agree")
        else:
            typer.echo(f"Wrote {path}: read it, then apply it with 'bullpen db migrate'")

    at_place(context, work)


@app.command()
def push(context: typer.Context) -> None:
    """Change a development database to match the tables, without a migration."""

    async def work(location: bootstrap.DatabaseLocation, _: Settings) -> None:
        await bootstrap.check(location)
        from bullpen.migrations import develop  # noqa: PLC0415 - see above

        changes = await develop.push(location.unpooled_url)
        for change in changes:
            typer.echo(f"  {change}")
        typer.echo(
            f"Pushed {len(changes)} changes" if changes else "Nothing to push: it is at the models"
        )

    at_place(context, work)


@app.command()
def seed(context: typer.Context) -> None:
    """Load the workspace pack in one transaction. Existing rows are kept."""

    async def work(location: bootstrap.DatabaseLocation, settings: Settings) -> None:
        await bootstrap.check(location)
        applied = await run.migrate(location.unpooled_url, say=typer.echo)
        if applied:
            typer.echo(f"Migrated the database: {', '.join(applied)}")
        added = await bootstrap.load(location, settings)
        typer.echo(f"Seeded: {bootstrap.summary(added)}")

    at_place(context, work)


@app.command()
def trim(
    context: typer.Context,
    days: Annotated[int, typer.Option(min=0, help="Keep this many days.")] = KEPT_DAYS,
    events: Annotated[int, typer.Option(min=1, help="Keep at most this many.")] = KEPT_EVENTS,
) -> None:
    """Remove old events, traces and memory versions, as the settings say."""

    async def work(location: bootstrap.DatabaseLocation, settings: Settings) -> None:
        await bootstrap.check(location)
        database = await Database.open(location.url)
        try:
            removed = {"events": await trim_all(database, days=days, events=events)}
            removed |= await retention.trim(database, settings.kept)
        finally:
            await database.close()
        parts = [f"{number:,} {what}" for what, number in removed.items() if number]
        typer.echo(f"Trimmed {', '.join(parts)}" if parts else "Nothing to trim")

    at_place(context, work)


@app.command()
def reset(
    context: typer.Context,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Erase everything and start again from the pack."""

    async def work(location: bootstrap.DatabaseLocation, settings: Settings) -> None:
        # Also of a place whose restore was interrupted.
        described = await bootstrap.check(location, restoring=True)
        if not yes:
            typer.confirm(f"Throw away everything in {described}?", abort=True)
        from bullpen.migrations import develop  # noqa: PLC0415 - see above

        await develop.empty(location.unpooled_url)
        await run.with_connection(location.unpooled_url, marker.unmark)
        applied = await run.migrate(location.unpooled_url, say=typer.echo)
        added = await bootstrap.load(location, settings)
        typer.echo(f"Reset: migrated to {applied[-1]}, seeded {bootstrap.summary(added)}")

    at_place(context, work)
