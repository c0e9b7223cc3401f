"""Reads one agent for a file: what the actor may read of it, and nothing else."""

from datetime import UTC, datetime
from uuid import UUID

from asyncpg import Connection, Record

from bullpen.agents.files.shape import (
    AgentFile,
    FileBlock,
    FileChannel,
    FileLines,
    FileNote,
    FilePassage,
    FilePattern,
    FilePlan,
    FileSettings,
    FileVersion,
    SharedBlock,
)
from bullpen.agents.lines import get_lines
from bullpen.agents.tools import TOOLS
from bullpen.members.access import readable
from bullpen.members.actor import Actor
from bullpen.members.conditions import require_for
from bullpen.members.managers import get_manager
from bullpen.members.permissions import Permission
from bullpen.members.queries import get_agent
from bullpen.memory.archive import kept_for
from bullpen.memory.blocks import list_blocks
from bullpen.memory.notes import list_notes
from bullpen.runs.external_runs import get_mind

CHANNELS = f"""
SELECT c.id, p.policy FROM channel_members m JOIN channels c ON c.id = m.channel_id
LEFT JOIN channel_policies p ON p.channel_id = c.id AND p.agent_id = m.user_id
WHERE m.user_id = $2 AND c.kind IN ('public', 'private') AND {readable("c")} ORDER BY m.id
"""
BLOCK_VERSIONS = """
SELECT version, content, created_at, user_id FROM memory_block_versions
WHERE block_id = $1 ORDER BY version
"""
NOTE_VERSIONS = """
SELECT version, content, created_at, user_id FROM private_note_versions
WHERE note_id = $1 ORDER BY version
"""
PASSAGES = f"""
SELECT p.content, p.id, COALESCE(p.tags, '{{}}'), p.created_at,
       (SELECT channel_id FROM passage_places kept WHERE kept.passage_id = p.id)
FROM archival_passages p
WHERE p.agent_id = $2 AND {kept_for("p.id", "ARRAY[$1::text]")} ORDER BY p.created_at, p.id
"""
IN_READABLE = f"""(m.target_channel_id IS NULL OR EXISTS (
    SELECT FROM channels c WHERE c.id = m.target_channel_id AND {readable("c")}
))"""
SCHEDULED = f"""
SELECT m.trigger_at, m.prompt, m.id, m.status, m.target_channel_id, m.created_at
FROM scheduled_messages m WHERE m.agent_id = $2 AND {IN_READABLE} ORDER BY m.trigger_at, m.id
"""
RECURRING = f"""
SELECT m.cron, m.time_zone, m.prompt, m.id, m.target_channel_id, m.next_id, m.created_at
FROM recurring_messages m WHERE m.agent_id = $2 AND {IN_READABLE} ORDER BY m.created_at, m.id
"""
PICTURE = "SELECT content FROM user_pictures WHERE user_id = $1"
DAILY = "SELECT daily_usd FROM budgets WHERE agent_id = $1 AND channel_id IS NULL"


async def collect(connection: Connection, actor: Actor, agent_id: str) -> AgentFile:
    """Private notes, passages and plans of places that the actor cannot read are left out.

    Call this in a transaction that sees one moment.
    """
    agent = await get_agent(connection, actor, agent_id)
    await require_for(connection, actor, Permission.EXPORT_AGENT, agent_id=agent_id)
    manager = await get_manager(connection, actor, agent_id)
    blocks = await list_blocks(connection, actor, agent_id)
    notes = [
        note for note in await list_notes(connection, actor, agent_id) if note.agent_id == agent_id
    ]

    lines = await get_lines(connection, agent_id)

    async def rows(sql: str) -> list[Record]:
        return list(await connection.fetch(sql, actor.user_id, agent_id))

    async def versions(sql: str, owner: UUID) -> list[FileVersion]:
        return [
            FileVersion(version=row[0], content=row[1], created_at=utc(row[2]), user_id=row[3])
            for row in await connection.fetch(sql, owner)
        ]

    return AgentFile(
        settings=FileSettings(
            id=agent.id,
            display_name=agent.display_name,
            title=agent.title,
            avatar_color=agent.avatar_color,
            model_id=agent.model_id,
            max_turns=agent.max_turns,
            max_budget_usd=agent.max_budget_usd,
            daily_usd=await connection.fetchval(DAILY, agent_id),
            is_active=agent.is_active,
            mind=await get_mind(connection, agent_id),
            manager_id=manager.person_id,
            created_at=utc(agent.created_at),
        ),
        system_prompt=agent.system_prompt,
        channels=[FileChannel(id=row[0], policy=row[1]) for row in await rows(CHANNELS)],
        blocks=[
            FileBlock(
                label=block.label,
                content=block.content,
                id=block.id,
                is_shared=block.is_shared,
                shared_with=block.shared_with,
                updated_at=utc(block.updated_at),
                versions=await versions(BLOCK_VERSIONS, block.id),
            )
            for block in blocks
            if block.agent_id == agent_id
        ],
        shared_blocks=[
            SharedBlock(agent_id=block.agent_id, label=block.label)
            for block in blocks
            if block.agent_id != agent_id
        ],
        notes=[
            FileNote(
                label=note.label,
                content=note.content,
                id=note.id,
                channel_id=note.channel_id,
                updated_at=utc(note.updated_at),
                versions=await versions(NOTE_VERSIONS, note.id),
            )
            for note in notes
        ],
        passages=[
            FilePassage(
                content=row[0], id=row[1], tags=row[2], created_at=utc(row[3]), channel_id=row[4]
            )
            for row in await rows(PASSAGES)
        ],
        scheduled=[
            FilePlan(
                trigger_at=utc(row[0]),
                prompt=row[1],
                id=row[2],
                status=row[3],
                channel_id=row[4],
                created_at=utc(row[5]),
            )
            for row in await rows(SCHEDULED)
        ],
        recurring=[
            FilePattern(
                cron=row[0],
                time_zone=row[1],
                prompt=row[2],
                id=row[3],
                channel_id=row[4],
                next_id=row[5],
                created_at=utc(row[6]),
            )
            for row in await rows(RECURRING)
        ],
        lines=None if lines is None else FileLines(words=lines[0], lines=lines[1]),
        tools=[tool.name for tool in TOOLS],
        picture=await connection.fetchval(PICTURE, agent_id),
    )


def utc(at: datetime) -> datetime:
    return at.astimezone(UTC)
