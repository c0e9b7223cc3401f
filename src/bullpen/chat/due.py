"""Sends scheduled messages and shows reminders when they are due, and forgets deleted messages.

Workers do it besides answering; where none runs, the server's main process does. Any number of
them may look at the same time.
"""

import asyncio
from contextlib import suppress

from asyncpg import PostgresError

from bullpen.chat import saved, scheduled_posts, undoing
from bullpen.kit.database import Database
from bullpen.kit.errors import AppError

POLL_SECONDS = 1.0
ANY = f"""
SELECT EXISTS (SELECT FROM saved_messages WHERE {saved.IS_UNTOLD}) AS reminders,
    EXISTS (SELECT FROM scheduled_posts WHERE {scheduled_posts.IS_DUE}) AS posts,
    EXISTS (SELECT FROM deleted_messages WHERE {undoing.IS_OVER}) AS deleted
"""


async def keep_sending(database: Database) -> None:
    """As long as the server runs; asks no agents."""
    while True:
        await asyncio.sleep(POLL_SECONDS)
        # Looked for again: a database that is away comes back.
        with suppress(AppError, PostgresError):
            await send_due(database, asks=False)


async def send_due(database: Database, *, asks: bool) -> None:
    """`asks`: whether the messages ask agents."""
    [due] = await database.fetch(ANY)
    if due["reminders"]:
        async with database.transaction() as connection:
            await saved.remind(connection)
    if due["deleted"]:
        async with database.transaction() as connection:
            await undoing.forget_deleted(connection)
    if due["posts"]:
        await send_posts(database, asks=asks)


async def send_posts(database: Database, *, asks: bool) -> None:
    """Each in a transaction of its own: what one waits for is not the others' concern."""
    for _ in range(scheduled_posts.AT_ONCE):
        async with database.transaction() as connection:
            if not await scheduled_posts.send_next(connection, asks=asks):
                return
