"""schedule_message: a note to oneself, for a later time."""

from datetime import datetime, timedelta
from typing import Annotated

from asyncpg import Connection
from pydantic import AfterValidator, Field

from bullpen.agents.tools.arguments import Arguments, Id, Text, visible
from bullpen.agents.tools.audience import require_audience, require_everybody
from bullpen.agents.tools.base import Tool, ToolContext, ToolProblem
from bullpen.agents.tools.validation import as_failed_call
from bullpen.schedule.messages import schedule

# An agent that plans without end would have a run for each.
MOST_PENDING = 50
FARTHEST = timedelta(days=366)
COUNT = "SELECT count(*) FROM scheduled_messages WHERE agent_id = $1 AND status = 'pending'"


class ScheduleMessage(Arguments):
    at: Annotated[
        datetime,
        Field(description="Like 2026-03-04T09:00, in the workspace's zone unless it names one."),
    ]
    note: Annotated[
        Text,
        Field(min_length=1, max_length=10_000, description="What you want to do then."),
        AfterValidator(visible),
    ]
    channel: Annotated[Id | None, Field(description="Where; without one, where you are now.")] = (
        None
    )


async def plan(connection: Connection, context: ToolContext, arguments: ScheduleMessage) -> str:
    at = arguments.at
    if at.tzinfo is None:
        at = at.replace(tzinfo=context.now.tzinfo)
    if at <= context.now:
        raise ToolProblem(f"That has passed: it is {context.now.isoformat('T', 'minutes')} now.")
    if at - context.now > FARTHEST:
        raise ToolProblem("That is more than a year away: choose a time before that.")
    actor = context.actor
    if await connection.fetchval(COUNT, actor.user_id) >= MOST_PENDING:
        raise ToolProblem(f"You have planned {MOST_PENDING} things already: let some happen first.")
    channel = (arguments.channel or context.channel_id or "").removeprefix("#") or None
    with as_failed_call():
        if channel is not None:
            await require_audience(connection, context, channel, "Not planned")
        else:
            await require_everybody(connection, context, "Not planned")
        await schedule(connection, actor, actor.user_id, at, arguments.note, channel)
    where = f" in {channel}" if channel else ""
    return f"Planned for {at.isoformat('T', 'minutes')}{where}."


SCHEDULE_MESSAGE = Tool(
    "schedule_message",
    "Leaves a note to yourself: at that time you are asked again, with the note.",
    ScheduleMessage,
    plan,
)
