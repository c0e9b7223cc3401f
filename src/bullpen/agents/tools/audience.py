"""Asks, before a tool writes, whether all who will read it may read what the run has read.

Where some readers of the run's own place cannot read the target, a target that exists and one that
does not are refused in the same words: otherwise asking an agent would tell what there is.
"""

from asyncpg import Connection

from bullpen.agents.tools.base import ToolContext, ToolProblem
from bullpen.kit.database import Reader
from bullpen.members.readers import EVERYBODY, Readers, readers_of
from bullpen.runs.audience import keep_readers, may_reach
from bullpen.runs.trace_privacy import note_private_source

# `$1` the run, `$2` its place, `$3` its agent, `$4` the target.
JUDGE = """
SELECT c.kind = 'public' AS is_public,
       run_may_reach($1, readers_of(c.id)) AND readable_by(c.id, ARRAY[$3]) AS may_write,
       readable_by(c.id, readers_of($2)) AS is_known
FROM channels c WHERE c.id = $4
"""
REFUSED = "Refused: the run wanted to write in {channel}, which is not read by the same people."


async def readers_here(reader: Reader, context: ToolContext) -> Readers:
    """Those for whom the run reads: everybody who reads the place where it answers."""
    return await readers_of(reader, context.channel_id)


async def require_audience(
    connection: Connection, context: ToolContext, channel_id: str, not_done: str
) -> None:
    """For a write to a channel. `not_done` begins the reason, as in "Not sent"."""
    if context.run_id is None:
        return
    if await keep_readers(connection, context.run_id, channel_id):
        judged = await connection.fetchrow(
            JUDGE, context.run_id, context.channel_id, context.actor.user_id, channel_id
        )
        if judged is None or not judged["may_write"]:
            raise refusal(judged, context, channel_id, not_done)
    await note_private_source(connection, context.run_id, [channel_id], has_read=False)


def refusal(judged: object, context: ToolContext, channel_id: str, not_done: str) -> ToolProblem:
    row = dict(judged) if judged is not None else {}  # type: ignore[call-overload]
    if row.get("is_public"):
        return ToolProblem(
            f"{not_done}: everybody can read '{channel_id}', and not everybody can read this"
            " conversation. Say it here instead, or leave it."
        )
    if channel_id == context.channel_id:
        return ToolProblem(
            f"{not_done}: somebody here can no longer read what you looked up for them."
        )
    if row.get("is_known"):
        return ToolProblem(
            f"{not_done}: '{channel_id}' has readers who cannot read this conversation. Say it"
            " here instead, or leave it."
        )
    return ToolProblem(
        f"{not_done}: there is no channel '{channel_id}' whose readers can all read this"
        " conversation. Say it here instead, or leave it.",
        withheld=(channel_id, REFUSED),
    )


async def require_audience_of(
    connection: Connection, context: ToolContext, member_ids: list[str], not_done: str
) -> None:
    """For a DM that is not there yet."""
    if context.run_id is None or not await keep_readers(connection, context.run_id, None):
        return
    if not await may_reach(connection, context.run_id, Readers(member_ids)):
        others = ", ".join(one for one in member_ids if one != context.actor.user_id)
        raise ToolProblem(
            f"{not_done}: {others} cannot read this conversation. Say it here instead, or leave it."
        )


async def require_everybody(connection: Connection, context: ToolContext, not_done: str) -> None:
    """For what everybody reads: an agent's public memory, a plan without a channel."""
    if context.run_id is None or not await keep_readers(connection, context.run_id, None):
        return
    if not await may_reach(connection, context.run_id, EVERYBODY):
        raise ToolProblem(
            f"{not_done}: everybody can read it, and not everybody can read what you have read."
        )
