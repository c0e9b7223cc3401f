"""What an agent remembered at a moment: of what the reader may read."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from bullpen.kit.database import Reader
from bullpen.kit.json_types import AgentId, CreatedAt, Time
from bullpen.members.access import readable_by
from bullpen.members.actor import Actor
from bullpen.members.conditions import require_reading
from bullpen.members.queries import get_agent
from bullpen.memory.archive import kept_for

MOST_PASSAGES = 50

OF_AGENT = """(owned.agent_id = $1 OR EXISTS (
    SELECT FROM shared_block_links mine WHERE mine.block_id = owned.id AND mine.agent_id = $1
))"""
BLOCKS = f"""
SELECT owned.label, owned.agent_id, past.content, past.version, past.created_at, past.user_id,
       past.run_id
FROM memory_blocks owned JOIN LATERAL (
    SELECT v.* FROM memory_block_versions v WHERE v.block_id = owned.id AND v.created_at <= $2
    ORDER BY v.version DESC LIMIT 1
) past ON true
WHERE {OF_AGENT} ORDER BY owned.agent_id <> $1, owned.label, owned.id
"""
NOTES = f"""
SELECT n.label, n.agent_id, past.content, past.version, past.created_at, past.user_id,
       past.run_id, n.channel_id
FROM private_notes n JOIN LATERAL (
    SELECT v.* FROM private_note_versions v WHERE v.note_id = n.id AND v.created_at <= $2
    ORDER BY v.version DESC LIMIT 1
) past ON true
WHERE (n.agent_id = $1 OR EXISTS (
          SELECT FROM memory_blocks owned
          WHERE owned.agent_id = n.agent_id AND owned.label = n.label AND {OF_AGENT}
      ))
  AND {readable_by("n.channel_id", "ARRAY[$3::text]")}
ORDER BY n.agent_id <> $1, n.channel_id, n.label, n.id
"""
PASSAGES = f"""
SELECT p.id, p.content, p.created_at FROM archival_passages p
WHERE p.agent_id = $1 AND p.created_at <= $2 AND {kept_for("p.id", "ARRAY[$3::text]")}
ORDER BY p.created_at DESC, p.id DESC LIMIT {MOST_PASSAGES + 1}
"""


class PastNote(Struct, rename="camel"):
    """A memory block or private note as it was at a moment."""

    label: Annotated[str, Meta(description="Its label.")]
    agent_id: Annotated[str, Meta(description="Id of the agent that owns it.")]
    content: Annotated[str, Meta(description="Its text at that moment.")]
    version: Annotated[int, Meta(description="Number of the version.")]
    created_at: Annotated[Time, Meta(description="When this version was written.")]
    user_id: Annotated[
        str | None, Meta(description="Id of its author; null if it came with a pack or by SQL.")
    ]
    run_id: Annotated[UUID | None, Meta(description="Id of the run that wrote it, if any.")]
    channel_id: Annotated[
        str | None,
        Meta(description="Of a private note: id of the channel whose readers can see it."),
    ] = None


class PastPassage(Struct, rename="camel"):
    """A passage that was in the archive at a moment."""

    id: Annotated[UUID, Meta(description="Id of the passage.")]
    content: Annotated[str, Meta(description="Its text.")]
    created_at: CreatedAt


class PastMemory(Struct, rename="camel"):
    """What an agent remembered at a moment. What was deleted since is not in it."""

    at: Annotated[Time, Meta(description="The moment.")]
    agent_id: AgentId
    blocks: Annotated[list[PastNote], Meta(description="Own memory blocks, then shared ones.")]
    notes: Annotated[list[PastNote], Meta(description="Private notes that the reader can see.")]
    passages: Annotated[
        list[PastPassage], Meta(description="The 50 newest passages of that moment, newest first.")
    ]
    has_more_passages: Annotated[bool, Meta(description="Whether there were older passages.")]


async def memory_at(reader: Reader, actor: Actor, agent_id: str, at: datetime) -> PastMemory:
    await get_agent(reader, actor, agent_id)
    await require_reading(reader, actor, agent_id)
    blocks = await reader.fetch(BLOCKS, agent_id, at)
    notes = await reader.fetch(NOTES, agent_id, at, actor.user_id)
    passages = await reader.fetch(PASSAGES, agent_id, at, actor.user_id)
    return PastMemory(
        at,
        agent_id,
        [PastNote(*row) for row in blocks],
        [PastNote(*row) for row in notes],
        [PastPassage(*row) for row in passages[:MOST_PASSAGES]],
        len(passages) > MOST_PASSAGES,
    )
