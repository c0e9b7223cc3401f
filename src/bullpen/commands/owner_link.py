"""`bullpen owner-link`: for an owner who cannot sign in any more."""

import asyncio

import typer

from bullpen.kit.database import connect
from bullpen.kit.progress import Progress
from bullpen.processes import bootstrap
from bullpen.processes.addresses import base_url
from bullpen.settings import Settings


def print_owner_link(context: typer.Context) -> None:
    """Print a link that makes an owner; the one before stops working. Valid for 24 hours."""
    settings: Settings = context.obj
    with Progress() as progress:
        location = bootstrap.locate(settings, progress)
    try:
        typer.echo(asyncio.run(make(location, settings)))
    finally:
        location.stop()


async def make(location: bootstrap.DatabaseLocation, settings: Settings) -> str:
    from bullpen.accounts.joining import make_owner_link  # noqa: PLC0415 - others need not load it
    from bullpen.accounts.links import address_of  # noqa: PLC0415 - see above

    await bootstrap.check(location)
    connection = await connect(location.unpooled_url, pooled=True)
    try:
        async with connection.transaction():
            link = await make_owner_link(connection)
    finally:
        await connection.close()
    return address_of(base_url(settings, settings.port), "owner", link.token)
