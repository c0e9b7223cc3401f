"""Ends the streams of sessions that have ended, in any process and for any reason."""

import asyncio
import random
import time
from contextlib import suppress

from bullpen.accounts.retention import trim_accounts
from bullpen.accounts.session_cache import SessionCache
from bullpen.accounts.sessions import living_sessions
from bullpen.api.realtime.streams import Streams
from bullpen.kit.database import Database
from bullpen.kit.errors import AppError

CHECK_SECONDS = 2.0
TRIM_SECONDS = 3600.0


async def end_revoked(database: Database, streams: Streams, cache: SessionCache) -> None:
    trimmed = time.monotonic() - random.uniform(0, TRIM_SECONDS)  # noqa: S311 - no secret
    while True:
        await asyncio.sleep(CHECK_SECONDS)
        with suppress(AppError):
            if open_sessions := streams.sessions():
                living = await living_sessions(database, list(open_sessions))
                cache.forget_sessions(open_sessions - living)
                streams.end_sessions(open_sessions - living)
            if time.monotonic() - trimmed > TRIM_SECONDS:
                trimmed = time.monotonic()
                await trim_accounts(database)
