"""What the composition root hands to the routes, once per process."""

import asyncio
import time
from collections.abc import Coroutine
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import TYPE_CHECKING, Any, cast

from fastapi import Request

from bullpen.accounts.session_cache import SessionCache
from bullpen.accounts.team import Team
from bullpen.accounts.token_cache import TokenCache
from bullpen.agents.connections import Secret, Stored
from bullpen.agents.model_lists import ModelLists
from bullpen.agents.model_settings import ModelSettings
from bullpen.api.http.figures import Process
from bullpen.api.realtime.hub import Hub
from bullpen.chat.send import MessageBatcher
from bullpen.files.storage import FileStorage
from bullpen.kit.database import Database
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import Conflict, DatabaseUnavailable
from bullpen.members import queries
from bullpen.members.queries import WorkspaceRow

if TYPE_CHECKING:
    # Where no provider is set up, its libraries are not loaded.
    from bullpen.accounts import oauth, oidc

WORKSPACE_SECONDS = 5.0
FINISH_SECONDS = 0.3


@dataclass
class State:
    database: Database
    # None in demo mode, where nobody signs in.
    team: Team | None
    hub: Hub
    batcher: MessageBatcher
    # What the environment says: see `current_models`.
    model_settings: ModelSettings
    zone: tzinfo
    process: Process
    # Whether anybody who reaches the server may read its metrics.
    open_metrics: bool = False
    oidc: "oidc.Client | None" = None
    # The key that encrypts keys of model providers.
    secret: Secret | None = None
    oauth: "oauth.Client | None" = None
    largest_file: int = 0
    files: FileStorage = field(init=False)
    stored_models: Stored = field(init=False)
    model_lists: ModelLists = field(init=False)
    tokens: TokenCache = field(init=False)
    sessions: SessionCache = field(init=False)
    _tasks: set[asyncio.Task[Any]] = field(default_factory=set, init=False)
    _workspace: WorkspaceRow | None = field(default=None, init=False)
    _read_at: float = field(default=0.0, init=False)

    def __post_init__(self) -> None:
        self.files = FileStorage(self.database)
        self.tokens = TokenCache(self.database)
        self.sessions = SessionCache(self.database)
        self.stored_models = Stored(self.model_settings, self.secret)
        self.model_lists = ModelLists()

    def read_secret(self) -> str:
        if self.secret is None:
            raise Conflict(
                ErrorCode.SECRET_KEY_MISSING,
                "There is no secret key. Start Bullpen with BULLPEN_SECRET_KEY.",
            )
        return self.secret()

    def start(self, work: Coroutine[Any, Any, Any]) -> None:
        """Does something after the answer, so that its time tells nothing."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def current_models(self) -> ModelSettings:
        """What is set up for models now, also by administrators in the browser."""
        return await self.stored_models.settings(self.database)

    async def finish(self) -> None:
        """Waits a moment for what was started, then ends it."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=FINISH_SECONDS)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def known_workspace(self) -> WorkspaceRow:
        """What was read last, also while the database is away."""
        return self._workspace or await self.workspace()

    async def read_workspace(self) -> WorkspaceRow:
        """As it is now, after a change."""
        self._workspace = None
        return await self.workspace()

    async def workspace(self) -> WorkspaceRow:
        """Read again every few seconds: `db reset` may replace it under a running server."""
        now = time.monotonic()
        if self._workspace is None or now - self._read_at > WORKSPACE_SECONDS:
            row = await queries.get_workspace(self.database)
            if row is None:
                raise DatabaseUnavailable(
                    ErrorCode.DATABASE_EMPTY, "The database is empty. Run 'bullpen db seed'."
                )
            self._workspace, self._read_at = row, now
        return self._workspace


def state_of(request: Request) -> State:
    return cast(State, request.app.state.bullpen)
