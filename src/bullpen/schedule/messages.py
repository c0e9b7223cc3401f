"""What agents will do, and when. One that aims at a channel is there for its readers alone."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from asyncpg import Connection
from msgspec import Meta, Struct

from bullpen.kit.database import Reader
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import Conflict, Invalid, NotFound, TooMany
from bullpen.kit.ids import new_id
from bullpen.kit.json_types import AgentId, CreatedAt, Time
from bullpen.kit.pagination import Page, Window, page
from bullpen.members.access import is_guest, readable
from bullpen.members.actions import keep_channel
from bullpen.members.actor import Actor
from bullpen.members.archive import require_open
from bullpen.members.conditions import require_for
from bullpen.members.permissions import Permission, require
from bullpen.members.queries import get_agent, get_channel

Taken = Literal["fired", "cancelled"]
Status = Literal["pending", Taken]
COLUMNS = "s.id, s.agent_id, s.trigger_at, s.prompt, s.target_channel_id, s.status, s.created_at"
SEEN = f"""(s.target_channel_id IS NULL AND NOT {is_guest()} OR EXISTS (
    SELECT FROM channels c WHERE c.id = s.target_channel_id AND {readable("c")}
))"""

# Those of the latest times, so that what is still to come is among them.
LIST = f"""
WITH mark AS (
    SELECT s.trigger_at, s.id FROM scheduled_messages s WHERE {SEEN} AND s.id = $4
)
SELECT {COLUMNS} FROM scheduled_messages s
WHERE {SEEN} AND ($2::text IS NULL OR s.agent_id = $2) AND ($3::text IS NULL OR s.status = $3)
  AND ($4::uuid IS NULL OR (s.trigger_at, s.id) < (SELECT trigger_at, id FROM mark))
ORDER BY s.trigger_at DESC, s.id DESC LIMIT $5
"""
ONE = f"SELECT {COLUMNS} FROM scheduled_messages s WHERE {SEEN} AND s.id = $2"
MOST_PENDING = 200
PENDING = "SELECT count(*) FROM scheduled_messages WHERE agent_id = $1 AND status = 'pending'"
TAKE = """
UPDATE scheduled_messages SET status = $2 WHERE id = $1 AND status = 'pending' RETURNING true
"""


Prompt = Annotated[str, Meta(description="What the agent is asked to do.")]
TargetChannelId = Annotated[
    str | None, Meta(description="Id of the channel to reply in. Null: the agent decides.")
]


class ScheduledMessage(Struct, rename="camel"):
    """A prompt that an agent gets once, at a set time."""

    id: Annotated[UUID, Meta(description="Id of the scheduled message.")]
    agent_id: AgentId
    trigger_at: Annotated[Time, Meta(description="When it is due.")]
    prompt: Prompt
    target_channel_id: TargetChannelId
    status: Annotated[
        Status, Meta(description="`pending` until it is due (`fired`) or `cancelled`.")
    ]
    created_at: CreatedAt


async def list_scheduled(
    reader: Reader,
    actor: Actor,
    window: Window,
    *,
    agent_id: str | None = None,
    status: Status | None = None,
) -> Page[ScheduledMessage]:
    """In the order of their times: the last ones, or those before one."""
    require(actor, Permission.READ_AGENTS)
    rows = await reader.fetch(
        LIST, actor.user_id, agent_id, status, window.cursor, window.limit + 1
    )
    return page(rows[::-1], window, lambda row: ScheduledMessage(*row))


async def get_scheduled(reader: Reader, actor: Actor, scheduled_id: UUID) -> ScheduledMessage:
    rows = await reader.fetch(ONE, actor.user_id, scheduled_id)
    if not rows:
        raise NotFound(ErrorCode.SCHEDULED_MESSAGE_NOT_FOUND)
    return ScheduledMessage(*rows[0])


async def schedule(
    connection: Connection,
    actor: Actor,
    agent_id: str,
    trigger_at: datetime,
    prompt: str,
    target_channel_id: str | None,
) -> ScheduledMessage:
    """A time in the past is due at once."""
    await get_agent(connection, actor, agent_id)
    await require_for(connection, actor, Permission.EDIT_PLANS, agent_id=agent_id)
    # Plans of one agent wait for each other here, to be counted.
    await connection.execute("SELECT FROM agents WHERE id = $1 FOR NO KEY UPDATE", agent_id)
    if await connection.fetchval(PENDING, agent_id) >= MOST_PENDING:
        raise TooMany(
            ErrorCode.TOO_MANY_SCHEDULED,
            f"'{agent_id}' has {MOST_PENDING} pending scheduled messages, which is the limit."
            " Cancel some, or wait until they are due.",
            retry_after=60,
        )
    if target_channel_id is not None:
        await keep_channel(connection, target_channel_id)
        await get_channel(connection, actor, target_channel_id)
        await require_open(connection, target_channel_id)
        try:
            await get_channel(connection, Actor(agent_id), target_channel_id)
        except NotFound as problem:
            raise Invalid(
                ErrorCode.AGENT_CANNOT_READ,
                f"'{agent_id}' cannot read '{target_channel_id}'."
                " Choose a channel that it can read.",
            ) from problem
    scheduled_id = new_id()
    await connection.execute(
        "INSERT INTO scheduled_messages (id, agent_id, trigger_at, prompt, target_channel_id)"
        " VALUES ($1, $2, $3, $4, $5)",
        scheduled_id,
        agent_id,
        trigger_at,
        prompt,
        target_channel_id,
    )
    return await get_scheduled(connection, actor, scheduled_id)


async def cancel(connection: Connection, actor: Actor, scheduled_id: UUID) -> ScheduledMessage:
    found = await get_scheduled(connection, actor, scheduled_id)
    await require_for(connection, actor, Permission.EDIT_PLANS, agent_id=found.agent_id)
    if not await take(connection, scheduled_id, "cancelled"):
        found = await get_scheduled(connection, actor, scheduled_id)
        raise Conflict(
            ErrorCode.NOT_PENDING,
            f"This scheduled message is already {found.status}. Only pending ones can be canceled.",
        )
    return await get_scheduled(connection, actor, scheduled_id)


async def take(connection: Connection, scheduled_id: UUID, status: Taken) -> bool:
    """Whether it was still pending, and this ended it."""
    return bool(await connection.fetchval(TAKE, scheduled_id, status))
