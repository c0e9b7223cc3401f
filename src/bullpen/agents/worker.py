"""A worker: takes runs from the mailbox, several at a time, until it is told to stop."""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from bullpen.agents.experiments.worker import TrialWorker
from bullpen.agents.external import free_overdue
from bullpen.agents.runner import Responder, execute_run
from bullpen.agents.scheduler import fire_due
from bullpen.kit.database import Database
from bullpen.kit.errors import AppError, DatabaseUnavailable
from bullpen.kit.pg_listen import listen
from bullpen.runs.mailbox import NOTIFICATIONS, Claim, claim, release, renew

# Notifications can be lost with their connection, so it looks all the same.
POLL_SECONDS = 2.0
POLL_SECONDS_UNNOTIFIED = 0.25
# Within a second of being cancelled a run has stopped, told or not.
PULSE_SECONDS = 0.5
SCHEDULE_SECONDS = 1.0
TRIAL_SECONDS = 0.5
AGAIN_SECONDS = 0.5
ANSWERED_SECONDS = 0.1
GATHER_SECONDS = 0.005
# How long a worker with runs under way waits after a claim that took all there was: most new runs
# wait for those under way. The end of one of its own runs ends this wait at once.
BLOCKED_SECONDS = 0.1
# Between two answers in a flooded conversation: what is said meanwhile is answered together, and
# the people who write have the machine.
REST_SECONDS = 0.5
# Runs that are about to end may do so; another worker continues the rest.
GRACE_SECONDS = 1.0
AT_ONCE = 16

log = logging.getLogger(__name__)


class Worker:
    def __init__(
        self,
        database: Database,
        unpooled_url: str | None,
        responder: Responder,
        now: Callable[[], datetime],
        *,
        at_once: int = AT_ONCE,
        name: str | None = None,
    ) -> None:
        self.name = name or secrets.token_hex(8)
        self._database = database
        self._url = unpooled_url
        self._responder = responder
        self._now = now
        self._at_once = at_once
        self._tasks: dict[UUID, asyncio.Task[None]] = {}
        # Runs that could not be ended, as long as this worker has them.
        self._broken_off: set[Claim] = set()
        # Flooded conversations in which this worker has just ended a run.
        self._resting: set[str] = set()
        self._news = asyncio.Event()
        # A run of this worker has ended.
        self._ended = asyncio.Event()
        self._is_listening = False
        self._trials = TrialWorker(database, responder, now, self.name)

    async def run(self, stopping: asyncio.Event) -> None:
        helpers: list[asyncio.Task[Any]] = [
            asyncio.create_task(work)
            for work in (
                self._take(),
                every(PULSE_SECONDS, self._pulse),
                every(SCHEDULE_SECONDS, self._schedule),
                every(TRIAL_SECONDS, self._trials.look),
            )
        ]
        if self._url is not None:
            listening = listen(self._url, NOTIFICATIONS, self._hear, self._set_listening)
            helpers.append(asyncio.create_task(listening))
        waiting = asyncio.create_task(stopping.wait())
        try:
            # A helper only ends by a mistake, which is not to go unseen.
            done, _ = await asyncio.wait([*helpers, waiting], return_when=asyncio.FIRST_COMPLETED)
            for helper in done:
                await helper
        finally:
            await self._stop([*helpers, waiting])

    async def _stop(self, helpers: list["asyncio.Task[Any]"]) -> None:
        for helper in helpers:
            helper.cancel()
        await asyncio.gather(*helpers, return_exceptions=True)
        await self._trials.stop()
        if self._tasks:
            await asyncio.wait(self._tasks.values(), timeout=GRACE_SECONDS)
        unfinished = list(self._tasks.values())
        for task in unfinished:
            task.cancel()
        await asyncio.gather(*unfinished, return_exceptions=True)
        # Also for what was claimed in the moment of stopping.
        with suppress(AppError, asyncpg.PostgresError):
            await release(self._database, self.name)

    async def _take(self) -> None:
        while True:
            self._news.clear()
            self._ended.clear()
            free = self._at_once - len(self._tasks)
            claims: list[Claim] = []
            try:
                if free > 0:
                    claims = await claim(self._database, self.name, free, self._resting)
            except DatabaseUnavailable:
                await asyncio.sleep(AGAIN_SECONDS)
            except (AppError, asyncpg.PostgresError):
                log.exception("could not look into the mailbox")
                await asyncio.sleep(AGAIN_SECONDS)
            for claimed in claims:
                self._begin(claimed)
            if self._tasks and len(claims) < free:
                await happens(self._ended, BLOCKED_SECONDS)
            await happens(
                self._news, POLL_SECONDS if self._is_listening else POLL_SECONDS_UNNOTIFIED
            )
            if len(self._tasks) > self._at_once // 2:
                # Who has enough to do takes several at once.
                await asyncio.sleep(GATHER_SECONDS)

    def _begin(self, claimed: Claim) -> None:
        if claimed.run_id in self._tasks:
            return
        task = asyncio.create_task(self._perform(claimed))
        self._tasks[claimed.run_id] = task

    async def _perform(self, claimed: Claim) -> None:
        try:
            await execute_run(self._database, self._responder, claimed, self._now)
        except DatabaseUnavailable:
            log.warning("run %s waits for the database", claimed.run_id)
            self._broken_off.add(claimed)
        except Exception:
            log.exception("run %s could not be ended", claimed.run_id)
            self._broken_off.add(claimed)
        finally:
            del self._tasks[claimed.run_id]
            if claimed.flooded is not None:
                self._rest(claimed.flooded)
            self._ended.set()
            self._news.set()

    def _rest(self, conversation: str) -> None:
        def go_on() -> None:
            self._resting.discard(conversation)
            self._ended.set()
            self._news.set()

        self._resting.add(conversation)
        asyncio.get_running_loop().call_later(REST_SECONDS, go_on)

    async def _pulse(self) -> None:
        known = dict(self._tasks)
        if not known and not self._broken_off:
            return
        held = await renew(self._database, self.name)
        for run_id, task in known.items():
            if run_id not in held:
                task.cancel()
        for run_id, claimed in held.items():
            if claimed in self._broken_off:
                # To be claimed once more, which is counted.
                await release(self._database, self.name, run_id)
                self._broken_off.remove(claimed)
            else:
                # What was claimed though the answer to it was lost.
                self._begin(claimed)

    async def _schedule(self) -> None:
        await fire_due(self._database)
        await free_overdue(self._database)

    def _hear(self, payload: str) -> None:
        # There is something to take; or a run has ended or was ended, and then the worker
        # that had it looks for what waited behind it.
        if not payload:
            self._news.set()
            return
        with suppress(ValueError):
            self._drop(UUID(payload))

    def _drop(self, run_id: UUID) -> None:
        task = self._tasks.get(run_id)
        if task is not None:
            # Its own end is told to it, too: that may be just about to be answered.
            asyncio.get_running_loop().call_later(ANSWERED_SECONDS, task.cancel)

    def _set_listening(self, is_listening: bool) -> None:
        self._is_listening = is_listening
        if is_listening:
            self._news.set()


async def happens(event: asyncio.Event, seconds: float) -> None:
    """Waits for the event, for so long at most."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()


async def every(seconds: float, work: Callable[[], Awaitable[None]]) -> None:
    while True:
        try:
            await work()
        except DatabaseUnavailable:
            pass
        except (AppError, asyncpg.PostgresError):
            log.exception("will try again")
        await asyncio.sleep(seconds)
