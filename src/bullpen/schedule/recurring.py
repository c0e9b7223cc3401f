"""Plans that come again, by a cron expression in a time zone."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from asyncpg import Connection
from cronsim import CronSim, CronSimError
from msgspec import Meta, Struct

from bullpen.kit.database import Reader
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import Invalid, NotFound
from bullpen.kit.ids import new_id
from bullpen.kit.json_types import AgentId, CreatedAt, Time
from bullpen.kit.zones import find_zone
from bullpen.members.access import is_guest, readable
from bullpen.members.actor import Actor
from bullpen.members.conditions import require_for
from bullpen.members.permissions import Permission, require
from bullpen.schedule.messages import Prompt, TargetChannelId, schedule

FIELDS = 5
LONGEST_CRON = 200
LONGEST_ZONE = 100
# An agent has at most as many plans as `schedule` allows; this is for all agents together.
MOST = 1000
COLUMNS = """
m.id, m.agent_id, m.cron, m.time_zone, m.prompt, m.target_channel_id, s.trigger_at, m.created_at
"""
SELECT = f"""
SELECT {COLUMNS} FROM recurring_messages m LEFT JOIN scheduled_messages s ON s.id = m.next_id
WHERE (m.target_channel_id IS NULL AND NOT {is_guest()} OR EXISTS (
    SELECT FROM channels c WHERE c.id = m.target_channel_id AND {readable("c")}
))
"""
LIST = (
    f"{SELECT} AND ($2::text IS NULL OR m.agent_id = $2) ORDER BY m.created_at, m.id LIMIT {MOST}"
)
ONE = f"{SELECT} AND m.id = $2"
# Also where the next one was cancelled by itself, or fired.
WITHOUT_NEXT = """
SELECT m.id, m.agent_id, m.cron, m.time_zone, m.prompt, m.target_channel_id,
       GREATEST(now(), s.trigger_at)
FROM recurring_messages m LEFT JOIN scheduled_messages s ON s.id = m.next_id
WHERE s.status IS DISTINCT FROM 'pending' ORDER BY m.id FOR NO KEY UPDATE OF m SKIP LOCKED
"""
PLAN = """
WITH made AS (
    INSERT INTO scheduled_messages (id, agent_id, trigger_at, prompt, target_channel_id)
    VALUES ($2, $3, $4, $5, $6) RETURNING id
)
UPDATE recurring_messages SET next_id = made.id FROM made WHERE recurring_messages.id = $1
"""


class RecurringMessage(Struct, rename="camel"):
    """A prompt that an agent gets again and again, by a cron expression."""

    id: Annotated[UUID, Meta(description="Id of the recurring message.")]
    agent_id: AgentId
    cron: Annotated[str, Meta(description="When it is due, as a cron expression of five fields.")]
    time_zone: Annotated[str, Meta(description="Time zone of the expression, by its IANA name.")]
    prompt: Prompt
    target_channel_id: TargetChannelId
    next_at: Annotated[Time | None, Meta(description="When it is due next, if that is planned.")]
    created_at: CreatedAt


class Pattern(Struct):
    cron: str
    time_zone: str


def next_time(pattern: Pattern, after: datetime) -> datetime:
    """The first one after that; an hour that a change of clocks skips or repeats counts once."""
    if len(pattern.cron) > LONGEST_CRON:
        raise misunderstood(pattern.cron[:LONGEST_CRON], f"more than {LONGEST_CRON} characters")
    shown = pattern.time_zone[:LONGEST_ZONE]
    zone = find_zone(pattern.time_zone) if shown == pattern.time_zone else None
    if zone is None:
        raise Invalid(
            ErrorCode.INVALID_TIME_ZONE,
            f"'{shown}' is not a time zone. Use a name like Europe/Berlin.",
        )
    try:
        times = CronSim(pattern.cron, after.astimezone(zone))
    except CronSimError as problem:
        raise misunderstood(pattern.cron, str(problem)) from problem
    # With a sixth it would be about seconds.
    if len(pattern.cron.split()) != FIELDS:
        raise misunderstood(pattern.cron, "Wrong number of fields")
    for at in times:
        # From within the second of two equal hours, they begin in the first.
        if at.astimezone(UTC) > after:
            return at.astimezone(UTC)
    raise Invalid(
        ErrorCode.INVALID_CRON, f"'{pattern.cron}' never comes due. Choose a date that exists."
    )


def misunderstood(cron: str, why: str) -> Invalid:
    return Invalid(
        ErrorCode.INVALID_CRON,
        f"'{cron}' is not a cron expression ({why}). Use minute, hour, day of the month, month"
        " and day of the week, like '30 9 * * mon-fri'.",
    )


async def list_recurring(
    reader: Reader, actor: Actor, agent_id: str | None
) -> list[RecurringMessage]:
    require(actor, Permission.READ_AGENTS)
    rows = await reader.fetch(LIST, actor.user_id, agent_id)
    return [RecurringMessage(*row) for row in rows]


async def get_recurring(reader: Reader, actor: Actor, recurring_id: UUID) -> RecurringMessage:
    rows = await reader.fetch(ONE, actor.user_id, recurring_id)
    if not rows:
        raise NotFound(ErrorCode.RECURRING_MESSAGE_NOT_FOUND)
    return RecurringMessage(*rows[0])


async def repeat(
    connection: Connection,
    actor: Actor,
    agent_id: str,
    pattern: Pattern,
    prompt: str,
    target_channel_id: str | None,
) -> RecurringMessage:
    first = next_time(pattern, datetime.now(UTC))
    planned = await schedule(connection, actor, agent_id, first, prompt, target_channel_id)
    recurring_id = new_id()
    await connection.execute(
        "INSERT INTO recurring_messages"
        " (id, agent_id, cron, time_zone, prompt, target_channel_id, next_id)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7)",
        recurring_id,
        agent_id,
        pattern.cron,
        pattern.time_zone,
        prompt,
        target_channel_id,
        planned.id,
    )
    return await get_recurring(connection, actor, recurring_id)


async def stop(connection: Connection, actor: Actor, recurring_id: UUID) -> RecurringMessage:
    """Deletes the plan and cancels its pending scheduled message; past ones stay."""
    found = await get_recurring(connection, actor, recurring_id)
    await require_for(connection, actor, Permission.EDIT_PLANS, agent_id=found.agent_id)
    next_id = await connection.fetchval(
        "DELETE FROM recurring_messages WHERE id = $1 RETURNING next_id", recurring_id
    )
    await connection.execute(
        "UPDATE scheduled_messages SET status = 'cancelled' WHERE id = $1 AND status = 'pending'",
        next_id,
    )
    return found


async def plan_next(connection: Connection) -> None:
    """Schedules the next of each plan that fired, from now on; missed ones are not made up for."""
    for row in await connection.fetch(WITHOUT_NEXT):
        recurring_id, agent_id, cron, time_zone, prompt, channel_id, after = row
        try:
            at = next_time(Pattern(cron, time_zone), after)
        except Invalid:
            # Say, a time zone that this machine does not know: it is listed without a next time,
            # and holds up nobody else's plans.
            continue
        await connection.execute(PLAN, recurring_id, new_id(), agent_id, at, prompt, channel_id)
