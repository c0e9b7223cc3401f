"""What the composition root hands to the routes, once per process."""

import time
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import cast

from fastapi import Request

from bullpen.accounts.token_cache import TokenCache
from bullpen.agents.model_settings import ModelSettings
from bullpen.api.realtime.hub import Hub
from bullpen.chat.send import MessageBatcher
from bullpen.kit.database import Database
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import DatabaseUnavailable
from bullpen.members import queries
from bullpen.members.queries import WorkspaceRow

WORKSPACE_SECONDS = 5.0


@dataclass
class State:
    database: Database
    # Where others than this machine's own users can reach the server, they bring this token.
    token: str | None
    hub: Hub
    batcher: MessageBatcher
    model_settings: ModelSettings
    zone: tzinfo
    tokens: TokenCache = field(init=False)
    _workspace: WorkspaceRow | None = field(default=None, init=False)
    _read_at: float = field(default=0.0, init=False)

    def __post_init__(self) -> None:
        self.tokens = TokenCache(self.database)

    async def known_workspace(self) -> WorkspaceRow:
        """What was read last, also while the database is away."""
        return self._workspace or await self.workspace()

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
