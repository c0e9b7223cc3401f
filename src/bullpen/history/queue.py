"""The runs that waited or were under way at a moment."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

from bullpen.kit.database import Reader
from bullpen.kit.json_types import AgentId, RunId, Time
from bullpen.members.actor import Actor
from bullpen.members.permissions import Permission, require
from bullpen.runs.queries import SEEN
from bullpen.runs.values import RunStatus

MOST = 100

# A run that waits again after a restart of its worker keeps the time of its first start.
QUEUE = f"""
SELECT r.id, r.agent_id, r.channel_id, r.trigger_message_id,
       CASE WHEN r.started_at <= $2 THEN 'running' ELSE 'waiting' END,
       r.created_at, r.started_at, r.completed_at, r.status
FROM runs r
WHERE r.created_at <= $2 AND (r.completed_at IS NULL OR r.completed_at > $2)
  AND ($3::text IS NULL OR r.channel_id = $3) AND ($4::text IS NULL OR r.agent_id = $4)
  AND {SEEN}
ORDER BY (r.started_at <= $2) IS NOT TRUE, r.created_at, r.id LIMIT {MOST}
"""


class PastRun(Struct, rename="camel"):
    """A run that waited or was under way at a moment."""

    run_id: RunId
    agent_id: AgentId
    channel_id: Annotated[str | None, Meta(description="Id of its channel, if any.")]
    trigger_message_id: Annotated[
        UUID | None, Meta(description="Id of the message that it answers, if any.")
    ]
    state: Annotated[Literal["waiting", "running"], Meta(description="What it did at that moment.")]
    created_at: Annotated[Time, Meta(description="When it was created.")]
    started_at: Annotated[Time | None, Meta(description="When a worker began; null before.")]
    completed_at: Annotated[Time | None, Meta(description="When it ended; null before.")]
    status: Annotated[RunStatus, Meta(description="Its state today.")]


class PastQueue(Struct, rename="camel"):
    """What waited and what was under way at a moment, as far as the reader can see."""

    at: Annotated[Time, Meta(description="The moment.")]
    runs: Annotated[
        list[PastRun], Meta(description="Running ones first, then in order; at most 100.")
    ]


async def queue_at(
    reader: Reader, actor: Actor, at: datetime, channel_id: str | None, agent_id: str | None
) -> PastQueue:
    """Of a channel, of an agent, of both, or of the workspace."""
    require(actor, Permission.READ_AGENTS)
    rows = await reader.fetch(QUEUE, actor.user_id, at, channel_id, agent_id)
    return PastQueue(at, [PastRun(*row) for row in rows])
