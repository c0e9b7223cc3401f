"""Takes trials that wait, a few at a time, beside the runs of the mailbox."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from uuid import UUID

import asyncpg

from bullpen.agents.experiments.trial import CLAIM, RELEASE, execute_trial
from bullpen.agents.runner import Responder
from bullpen.kit.database import Database
from bullpen.kit.errors import AppError, DatabaseUnavailable

AT_ONCE = 4
WANTED = """
SELECT id FROM experiment_trials WHERE id = ANY ($1) AND worker = $2 AND status = 'running'
"""
ANY = "SELECT 1 FROM experiment_trials WHERE status IN ('created', 'running') LIMIT 1"

log = logging.getLogger(__name__)


class TrialWorker:
    def __init__(
        self,
        database: Database,
        responder: Responder,
        now: Callable[[], datetime],
        name: str,
    ) -> None:
        self._database = database
        self._responder = responder
        self._now = now
        self._name = name
        self._tasks: dict[UUID, asyncio.Task[None]] = {}

    async def look(self) -> None:
        """Begins what waits, and breaks off what nobody wants any more."""
        if self._tasks:
            rows = await self._database.fetch(WANTED, list(self._tasks), self._name)
            for trial_id in self._tasks.keys() - {row[0] for row in rows}:
                self._tasks[trial_id].cancel()
        free = AT_ONCE - len(self._tasks)
        if free > 0 and await self._database.fetch(ANY):
            for row in await self._database.write(CLAIM, self._name, free):
                self._tasks[row[0]] = asyncio.create_task(self._perform(row[0]))

    async def _perform(self, trial_id: UUID) -> None:
        try:
            await execute_trial(self._database, self._responder, trial_id, self._name, self._now)
        except DatabaseUnavailable:
            log.warning("trial %s waits for the database", trial_id)
        except Exception:
            log.exception("trial %s could not be ended", trial_id)
        finally:
            del self._tasks[trial_id]

    async def stop(self) -> None:
        """What is unfinished is left to another worker."""
        unfinished = list(self._tasks.values())
        for task in unfinished:
            task.cancel()
        await asyncio.gather(*unfinished, return_exceptions=True)
        if unfinished:
            with suppress(AppError, asyncpg.PostgresError):
                await self._database.write(RELEASE, self._name)
