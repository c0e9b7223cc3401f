"""Writes a pack into an empty or already seeded database, in the caller's transaction."""

import secrets
from datetime import date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from asyncpg import Connection

from bullpen.chat.inbox_actions import note_old_reactions
from bullpen.events.actions import Event, append
from bullpen.kit.errors import StartupError
from bullpen.kit.ids import new_id
from bullpen.packs.channel_rows import ChannelWriter
from bullpen.packs.insert import Row, add
from bullpen.packs.memory_rows import add_memory
from bullpen.packs.pack import Pack, PackAgent, PackPerson
from bullpen.packs.people import person_rows
from bullpen.packs.run_rows import add_runs
from bullpen.packs.schedule_rows import scheduled_rows
from bullpen.packs.times import resolve
from bullpen.packs.user_groups import user_group_member_rows, user_group_rows


async def seed(connection: Connection, pack: Pack, anchor: date, zone: ZoneInfo) -> dict[str, int]:
    """How many rows it added to each table; rows that are there already stay as they are."""
    present = await connection.fetchval("SELECT pack_id FROM workspace")
    if present not in (None, pack.id):
        raise StartupError(
            f"this database holds the workspace '{present}', not '{pack.id}': "
            "give another DATABASE_URL, or start over with 'bullpen db reset'"
        )
    resolve_here = partial(resolve, anchor=anchor, zone=zone)
    now: datetime = await connection.fetchval("SELECT now()")
    tables: dict[str, list[Row]] = {
        "workspace": [workspace_row(pack)],
        "agents": agent_rows(pack, now),
        "people": person_rows(pack, now),
        "user_states": state_rows(pack),
        "user_groups": user_group_rows(pack),
        "user_group_members": user_group_member_rows(pack),
        "channels": [
            {"id": c.id, "name": c.name, "kind": c.kind, "topic": c.topic} for c in pack.channels
        ],
        "channel_answering": [
            {"channel_id": c.id, "policy": c.policy, "host_id": c.host_id}
            for c in pack.channels
            if c.policy != "all" or c.host_id is not None
        ],
        "channel_members": member_rows(pack),
        "messages": [],
        "channel_replies": [],
        "reactions": [],
        "read_cursors": [],
    }
    for channel in pack.channels:
        writer = ChannelWriter(pack, channel, resolve_here)
        tables["messages"] += writer.messages
        tables["channel_replies"] += writer.channel_replies
        tables["reactions"] += writer.reactions
        tables["read_cursors"] += writer.cursors
    added = {table: await add(connection, table, rows) for table, rows in tables.items()}
    if added["reactions"]:
        reacted = [row["message_id"] for row in tables["reactions"]]
        await note_old_reactions(connection, reacted)
    added |= await add_memory(connection, pack, resolve_here)
    scheduled = scheduled_rows(pack, resolve_here)
    added["scheduled_messages"] = await add(connection, "scheduled_messages", scheduled)
    added |= await add_runs(connection, pack, resolve_here)
    added["agent_lines"] = await add(connection, "agent_lines", line_rows(pack))
    if any(added.values()):
        # Clients load everything again.
        await append(connection, Event("reset", {}))
    return added


def workspace_row(pack: Pack) -> Row:
    return {
        "pack_id": pack.id,
        "name": pack.name,
        "default_user_id": pack.default_user,
        "session_key": f"\\x{secrets.token_hex(32)}",
    }


def agent_rows(pack: Pack, now: datetime) -> list[Row]:
    # A microsecond apart, since agents are listed in the order in which they came.
    first = now - timedelta(microseconds=len(pack.agents))
    return [
        {
            "id": agent.id,
            "display_name": agent.display_name,
            "title": agent.title,
            "avatar_color": agent.avatar_color,
            "system_prompt": agent.system_prompt,
            "model_id": agent.model_id,
            "max_turns": agent.max_turns,
            "max_budget_usd": agent.max_budget_usd,
            "created_at": first + timedelta(microseconds=place),
        }
        for place, agent in enumerate(pack.agents)
    ]


def state_rows(pack: Pack) -> list[Row]:
    users: tuple[PackAgent | PackPerson, ...] = (*pack.agents, *pack.people)
    return [
        {
            "user_id": user.id,
            "presence": user.presence,
            "status_emoji": user.status_emoji,
            "status_text": user.status_text,
        }
        for user in users
    ]


def line_rows(pack: Pack) -> list[Row]:
    return [
        {
            "agent_id": agent_id,
            "words": sorted(word for topic in lines.topics for word in topic.words),
            "lines": lines,
        }
        for agent_id, lines in pack.lines.items()
    ]


def member_rows(pack: Pack) -> list[Row]:
    return [
        {"id": new_id(), "channel_id": channel.id, "user_id": user_id}
        for channel in pack.channels
        for user_id in channel.member_ids
    ]
