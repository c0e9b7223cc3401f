"""Writes a pack into an empty or already seeded database, in the caller's transaction."""

import secrets
from datetime import date, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5
from zoneinfo import ZoneInfo

import msgspec
from asyncpg import Connection

from bullpen.kit.errors import StartupError
from bullpen.kit.ids import new_id
from bullpen.packs.pack import Pack, PackChannel, PackMessage, message_id
from bullpen.packs.timestamps import resolve

Row = dict[str, Any]


async def seed(connection: Connection, pack: Pack, anchor: date, zone: ZoneInfo) -> dict[str, int]:
    """How many rows it added to each table; rows that are there already stay as they are."""
    present = await connection.fetchval("SELECT pack_id FROM workspace")
    if present not in (None, pack.id):
        raise StartupError(
            f"this database holds the workspace '{present}', not '{pack.id}': "
            "give another DATABASE_URL, or start over with 'bullpen db reset'"
        )
    now: datetime = await connection.fetchval("SELECT now()")
    tables: dict[str, list[Row]] = {
        "workspace": [workspace_row(pack)],
        "agents": agent_rows(pack, now),
        "user_states": state_rows(pack),
        "channels": [
            {"id": c.id, "name": c.name, "kind": c.kind, "topic": c.topic} for c in pack.channels
        ],
        "channel_members": member_rows(pack),
        "messages": [],
        "reactions": [],
        "read_cursors": [],
    }
    for channel in pack.channels:
        writer = ChannelWriter(pack, channel, anchor, zone)
        tables["messages"] += writer.messages
        tables["reactions"] += writer.reactions
        tables["read_cursors"] += writer.cursors
    return {table: await add(connection, table, rows) for table, rows in tables.items()}


async def add(connection: Connection, table: str, rows: list[Row]) -> int:
    if not rows:
        return 0
    columns = ", ".join(rows[0])
    sql = f"""
        INSERT INTO {table} ({columns})
        SELECT {columns} FROM jsonb_populate_recordset(NULL::{table}, $1::text::jsonb)
        ON CONFLICT DO NOTHING
    """
    done: str = await connection.execute(sql, msgspec.json.encode(rows).decode())
    return int(done.rsplit(maxsplit=1)[-1])


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
    return [
        {
            "user_id": agent.id,
            "presence": agent.presence,
            "status_emoji": agent.status_emoji,
            "status_text": agent.status_text,
        }
        for agent in pack.agents
    ]


def member_rows(pack: Pack) -> list[Row]:
    return [
        {"id": new_id(), "channel_id": channel.id, "user_id": user_id}
        for channel in pack.channels
        for user_id in channel.member_ids
    ]


class ChannelWriter:
    """Collects one channel's rows, so that each message's instant is resolved once."""

    def __init__(self, pack: Pack, channel: PackChannel, anchor: date, zone: ZoneInfo) -> None:
        self.pack = pack
        self.channel = channel
        self.anchor = anchor
        self.zone = zone
        self.messages: list[Row] = []
        self.reactions: list[Row] = []
        self.cursors: list[Row] = []
        for root in channel.messages:
            root_id = self.write(root, None)
            for reply in root.replies:
                self.write(reply, root_id)
        self.mark_read()

    def write(self, message: PackMessage, parent_id: UUID | None) -> UUID:
        written_id = message_id(self.pack.id, message.key)
        written_at = resolve(message.day, message.at, self.anchor, self.zone)
        self.messages.append(
            {
                "id": written_id,
                "channel_id": self.channel.id,
                "parent_message_id": parent_id,
                "user_id": message.user_id,
                "text": message.text,
                "created_at": written_at,
            }
        )
        uses = [(r.emoji, user_id) for r in message.reactions for user_id in r.user_ids]
        self.reactions += [
            {
                "id": uuid5(NAMESPACE_URL, f"bullpen:reaction/{written_id}/{user_id}/{emoji}"),
                "message_id": written_id,
                "user_id": user_id,
                "emoji": emoji,
                # The pack gives the order alone.
                "created_at": written_at + timedelta(seconds=place),
            }
            for place, (emoji, user_id) in enumerate(uses, start=1)
        ]
        return written_id

    def mark_read(self) -> None:
        """Members have read everything but what the pack's unread counts say."""
        counts = {
            user: unread.get(self.channel.id, 0) for user, unread in self.pack.unreads.items()
        }
        readers = {user: counts.get(user, 0) for user in self.channel.member_ids}
        readers |= {user: count for user, count in counts.items() if count}
        self.cursors = [
            {
                "user_id": user,
                "channel_id": self.channel.id,
                "created_at": last["created_at"],
                "message_id": last["id"],
            }
            for user, count in readers.items()
            if (last := self.last_read(user, count)) is not None
        ]

    def last_read(self, user_id: str, unread: int) -> Row | None:
        top = [row for row in self.messages if row["parent_message_id"] is None]
        if not top:
            return None
        for row in reversed(top):
            if unread == 0:
                return row
            unread -= row["user_id"] != user_id
        before = top[0]["created_at"] - timedelta(microseconds=1)
        return {"created_at": before, "id": UUID(int=0)}
