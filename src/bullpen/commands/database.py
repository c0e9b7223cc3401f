"""`bullpen db …`: each says what it did. What only some need is loaded late, for a quick start."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import typer

from bullpen import start
from bullpen.events.actions import KEPT_DAYS, KEPT_EVENTS, trim_all
from bullpen.kit.database import Database
from bullpen.kit.errors import StartupError
from bullpen.kit.progress import Progress
from bullpen.migrations import run
from bullpen.settings import Settings
from bullpen.workspace import retention

app = typer.Typer(no_args_is_help=True, help="Look after the database.")


def at_place(
    context: typer.Context, work: Callable[[start.Place, Settings], Awaitable[Any]]
) -> None:
    settings: Settings = context.obj
    with Progress() as progress:
        place = start.locate(settings, progress)
    try:
        asyncio.run(work(place, settings))  # type: ignore[arg-type]
    finally:
        place.stop()


@app.command()
def check(context: typer.Context) -> None:
    """Run SELECT 1, and say what answered and at which migration it is."""

    async def work(place: start.Place, _: Settings) -> None:
        described = await start.check(place)
        database = await Database.open(place.url)
        try:
            await database.fetch("SELECT 1")
        finally:
            await database.close()
        revision = await run.current(place.unpooled_url)
        through = " through a pooler" if database.pooled else ""
        kind = "embedded" if place.embedded is not None else start.address(place.url)
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
    """Bring the database to a revision, up or down: by default the newest."""
    if revision not in ("head", "base", *run.revisions()):
        raise StartupError(
            f"there is no revision '{revision}'; expected head, base or one of "
            + ", ".join(run.revisions())
        )

    async def work(place: start.Place, _: Settings) -> None:
        await start.check(place)
        before = await run.current(place.unpooled_url)
        applied = await run.migrate(place.unpooled_url, revision)
        after = await run.current(place.unpooled_url)
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
    """Write a migration for what the models have and the migrations do not."""

    async def work(place: start.Place, _: Settings) -> None:
        await start.check(place)
        from bullpen.migrations import develop  # noqa: PLC0415 - see above

        path = await develop.generate(place.unpooled_url, message)
        if path is None:
            typer.echo("Nothing to generate: the models and the migrations agree")
        else:
            typer.echo(f"Wrote {path}: read it, then apply it with 'bullpen db migrate'")

    at_place(context, work)


@app.command()
def push(context: typer.Context) -> None:
    """Bring a development database to the models, with no migration file."""

    async def work(place: start.Place, _: Settings) -> None:
        await start.check(place)
        from bullpen.migrations import develop  # noqa: PLC0415 - see above

        changes = await develop.push(place.unpooled_url)
        for change in changes:
            typer.echo(f"  {change}")
        typer.echo(
            f"Pushed {len(changes)} changes" if changes else "Nothing to push: it is at the models"
        )

    at_place(context, work)


@app.command()
def seed(context: typer.Context) -> None:
    """Load the workspace pack in one transaction; what is there already stays as it is."""

    async def work(place: start.Place, settings: Settings) -> None:
        await start.check(place)
        applied = await run.migrate(place.unpooled_url)
        if applied:
            typer.echo(f"Migrated the database: {', '.join(applied)}")
        added = await start.load(place, settings)
        typer.echo(f"Seeded: {start.summary(added)}")

    at_place(context, work)


@app.command()
def trim(
    context: typer.Context,
    days: Annotated[int, typer.Option(min=0, help="Keep this many days.")] = KEPT_DAYS,
    events: Annotated[int, typer.Option(min=1, help="Keep at most this many.")] = KEPT_EVENTS,
) -> None:
    """Remove old events, and what the settings do not keep of traces and memory."""

    async def work(place: start.Place, settings: Settings) -> None:
        await start.check(place)
        database = await Database.open(place.url)
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
    """Throw everything in the database away, migrate it and seed it again."""

    async def work(place: start.Place, settings: Settings) -> None:
        described = await start.check(place)
        if not yes:
            typer.confirm(f"Throw away everything in {described}?", abort=True)
        from bullpen.migrations import develop  # noqa: PLC0415 - see above

        await develop.empty(place.unpooled_url)
        applied = await run.migrate(place.unpooled_url)
        added = await start.load(place, settings)
        typer.echo(f"Reset: migrated to {applied[-1]}, seeded {start.summary(added)}")

    at_place(context, work)
