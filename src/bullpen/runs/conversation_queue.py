"""Who answers in a conversation, and who waits to: what is said above the text box."""

from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from bullpen.kit.database import Reader
from bullpen.kit.json_types import AgentId, RunId
from bullpen.members.actor import Actor
from bullpen.members.queries import get_channel

MOST = 50
QUEUE = f"""
SELECT b.run_id, b.agent_id, b.worker IS NOT NULL, count(*) FILTER (WHERE b.worker IS NULL) OVER ()
FROM mailbox b
WHERE b.channel_id = $1 AND b.thread_id IS NOT DISTINCT FROM $2::uuid
ORDER BY b.worker IS NULL, b.priority, b.queued_at, b.run_id LIMIT {MOST}
"""


class QueuedRun(Struct, rename="camel"):
    """A run of a conversation that waits or is under way."""

    run_id: RunId
    agent_id: AgentId


class ConversationQueue(Struct, rename="camel"):
    """Who is answering in a channel or thread, and who answers after them."""

    running: Annotated[
        list[QueuedRun], Meta(description="Runs that are under way; one at a time, at most.")
    ]
    waiting: Annotated[list[QueuedRun], Meta(description="The next waiting runs, in order.")]
    waiting_count: Annotated[int, Meta(description="Number of waiting runs.")]


async def get_conversation_queue(
    reader: Reader, actor: Actor, channel_id: str, thread_id: UUID | None
) -> ConversationQueue:
    await get_channel(reader, actor, channel_id)
    rows = await reader.fetch(QUEUE, channel_id, thread_id)
    found = [(QueuedRun(run_id, agent_id), is_running) for run_id, agent_id, is_running, _ in rows]
    return ConversationQueue(
        [run for run, is_running in found if is_running],
        [run for run, is_running in found if not is_running],
        rows[0][3] if rows else 0,
    )
