"""Writes a workspace as a pack: agents, people, user groups, channels, messages, memory, plans.

What a pack has no place for is left out, and said: versions of memory, private notes, pictures,
recurring plans, runs, and what a pack's limits do not allow.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import yaml
from asyncpg import Connection, Record

from bullpen.kit.errors import StartupError
from bullpen.members.kinds import is_direct

MOST_DAYS = 3650
USERS = """
SELECT u.*, s.presence, s.status_emoji, s.status_text FROM users u
LEFT JOIN user_states s ON s.user_id = u.id WHERE u.is_active ORDER BY u.created_at, u.id
"""
AGENTS = """
SELECT id, system_prompt, model_id, max_turns, max_budget_usd::text AS max_budget_usd FROM agents
WHERE is_active
"""
PEOPLE = "SELECT id, role, email, time_zone FROM people WHERE is_active"
CHANNELS = """
SELECT c.id, c.name, c.kind, c.topic, ARRAY(
    SELECT m.user_id FROM channel_members m JOIN users u ON u.id = m.user_id AND u.is_active
    WHERE m.channel_id = c.id ORDER BY m.id
) AS members, (SELECT count(*) FROM channel_members m WHERE m.channel_id = c.id) AS member_count
FROM channels c
WHERE NOT EXISTS (SELECT FROM archived_channels a WHERE a.channel_id = c.id) ORDER BY c.id
"""
USER_GROUPS = """
SELECT g.handle, g.description, ARRAY(
    SELECT m.user_id FROM user_group_members m JOIN users u ON u.id = m.user_id AND u.is_active
    WHERE m.group_id = g.id ORDER BY m.user_id
) FROM user_groups g ORDER BY g.id
"""
MESSAGES = """
SELECT m.id, m.user_id, m.text, m.parent_message_id, m.created_at,
       EXISTS (SELECT FROM channel_replies also WHERE also.message_id = m.id) AS also_in_channel
FROM messages m
JOIN users u ON u.id = m.user_id AND u.is_active
WHERE m.channel_id = $1 ORDER BY m.created_at, m.id
"""
REACTIONS = """
SELECT r.message_id, r.emoji, r.user_id FROM reactions r
JOIN messages m ON m.id = r.message_id JOIN users u ON u.id = r.user_id AND u.is_active
WHERE m.channel_id = $1 ORDER BY r.created_at, r.id
"""
BLOCKS = """
SELECT b.agent_id, b.label, b.content, b.is_shared, ARRAY(
    SELECT l.agent_id FROM shared_block_links l JOIN agents a ON a.id = l.agent_id AND a.is_active
    WHERE l.block_id = b.id ORDER BY l.id
) AS readers
FROM memory_blocks b ORDER BY b.agent_id, b.label
"""
PASSAGES = """
SELECT p.agent_id, p.content, p.tags, p.created_at FROM archival_passages p
WHERE NOT EXISTS (SELECT FROM passage_places k WHERE k.passage_id = p.id)
ORDER BY p.agent_id, p.created_at, p.id
"""
PLANS = """
SELECT agent_id, trigger_at, prompt, target_channel_id, status, created_at
FROM scheduled_messages ORDER BY agent_id, trigger_at, id
"""
LINES = "SELECT agent_id, lines::text FROM agent_lines"
WORKSPACE = "SELECT pack_id, name, default_user_id FROM workspace"


class Times:
    """Days before the newest day, and times to the second: no two of a list at the same one."""

    def __init__(self, anchor: date) -> None:
        self._anchor = anchor
        self._last: datetime | None = None

    def next(self, at: datetime) -> dict[str, str] | None:
        wanted = at.astimezone(UTC).replace(microsecond=0)
        if self._last is not None and wanted <= self._last:
            wanted = self._last + timedelta(seconds=1)
        day = (wanted.date() - self._anchor).days
        if not -MOST_DAYS <= day <= MOST_DAYS:
            return None
        self._last = wanted
        return {"day": str(day), "at": f"{wanted:%H:%M:%S}"}


async def files_of(connection: Connection, anchor: date) -> tuple[dict[str, str], list[str]]:
    """The pack's files by name, and what was left out, in sentences. Times are in UTC."""
    users = {row["id"]: row for row in await connection.fetch(USERS)}
    head = await connection.fetchrow(WORKSPACE)
    if head is None:
        raise StartupError("the database is empty")
    left_out: list[str] = []
    files: dict[str, str] = {}
    agents = {row["id"]: row for row in await connection.fetch(AGENTS)}
    people = await connection.fetch(PEOPLE)
    index = {
        "format": "1",
        "id": head["pack_id"],
        "name": head["name"],
        "default_user": head["default_user_id"],
        "agents": [user_id for user_id in users if user_id in agents],
    }
    if people:
        index["people"] = [person(row, users[row["id"]]) for row in people]
    files["pack.yaml"] = dumped(index)
    for agent_id, agent in agents.items():
        files[f"agents/{agent_id}.md"] = persona(agent, users[agent_id])
    await add_channels(connection, anchor, files, left_out)
    await add_user_groups(connection, files, left_out)
    await add_memory(connection, anchor, set(agents), files, left_out)
    await add_plans(connection, anchor, set(agents), files)
    for agent_id, lines in await connection.fetch(LINES):
        if agent_id in agents:
            files[f"lines/{agent_id}.yaml"] = dumped(texts(msgspec.json.decode(lines)))
    return files, left_out


def texts(value: Any) -> Any:
    """Every value of a pack is text until its place says what it is."""
    match value:
        case dict():
            return {key: texts(each) for key, each in value.items()}
        case list():
            return [texts(each) for each in value]
    return value if isinstance(value, str) else str(value)


def dumped(data: Any) -> str:
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=100)


def state(user: Record) -> dict[str, Any]:
    found: dict[str, Any] = {"presence": user["presence"] or "offline"}
    if user["status_emoji"] is not None:
        found["status"] = {"emoji": user["status_emoji"], "text": user["status_text"]}
    return found


def person(row: Record, user: Record) -> dict[str, Any]:
    given = {
        "id": row["id"],
        "display_name": user["display_name"],
        "title": user["title"],
        "avatar_color": user["avatar_color"],
        "role": row["role"],
        "email": row["email"],
        "time_zone": row["time_zone"],
    }
    return {key: value for key, value in given.items() if value} | state(user)


def persona(agent: Record, user: Record) -> str:
    head = {
        "display_name": user["display_name"],
        "title": user["title"],
        "avatar_color": user["avatar_color"],
        "model_id": agent["model_id"],
        "max_turns": str(agent["max_turns"]),
        "max_budget_usd": agent["max_budget_usd"],
        **state(user),
    }
    return f"---\n{dumped(head)}---\n\n{agent['system_prompt'].strip()}\n"


async def add_channels(
    connection: Connection, anchor: date, files: dict[str, str], left_out: list[str]
) -> None:
    channels, dms = [], []
    for row in await connection.fetch(CHANNELS):
        if is_direct(row["kind"]):
            # Inactive users are not in a pack, and without them it would be another conversation.
            if len(row["members"]) != row["member_count"]:
                continue
            dms.append({"members": row["members"], "id": row["id"]})
        elif not row["members"]:
            left_out.append(f"#{row['name']}: it has no active member.")
            continue
        else:
            channels.append(
                {
                    "id": row["id"],
                    "kind": row["kind"],
                    "name": row["name"],
                    "topic": row["topic"],
                    "members": row["members"],
                }
            )
        messages = await messages_of(connection, row, anchor, left_out)
        if messages:
            files[f"messages/{row['id']}.yaml"] = dumped(messages)
    files["channels.yaml"] = dumped(channels)
    if dms:
        files["dms.yaml"] = dumped(dms)


async def add_user_groups(
    connection: Connection, files: dict[str, str], left_out: list[str]
) -> None:
    groups = []
    for handle, description, members in await connection.fetch(USER_GROUPS):
        if not members:
            left_out.append(f"@{handle}: it has no active member.")
            continue
        about = {"description": description} if description else {}
        groups.append({"handle": handle, **about, "members": members})
    if groups:
        files["user_groups.yaml"] = dumped(groups)


async def messages_of(
    connection: Connection, channel: Record, anchor: date, left_out: list[str]
) -> list[dict[str, Any]]:
    members = None if channel["kind"] == "public" else set(channel["members"])
    reactions: dict[Any, dict[str, list[str]]] = defaultdict(dict)
    for message_id, emoji, user_id in await connection.fetch(REACTIONS, channel["id"]):
        if members is None or user_id in members:
            reactions[message_id].setdefault(emoji, []).append(user_id)
    rows = await connection.fetch(MESSAGES, channel["id"])
    kept = [row for row in rows if members is None or row["user_id"] in members]
    if len(kept) < len(rows):
        left_out.append(f"{channel['id']}: messages of people who are no members any more.")
    replies: dict[Any, list[Record]] = defaultdict(list)
    for row in kept:
        if row["parent_message_id"] is not None:
            replies[row["parent_message_id"]].append(row)
    times, made = Times(anchor), []
    for row in kept:
        if row["parent_message_id"] is not None:
            continue
        message = shown(row, times, reactions)
        if message is None:
            left_out.append(f"{channel['id']}: messages of more than ten years ago.")
            continue
        below = Times(anchor)
        below.next(row["created_at"])
        answers = [shown(reply, below, reactions) for reply in replies[row["id"]]]
        if answers:
            message["replies"] = [answer for answer in answers if answer is not None]
        made.append(message)
    return made


def shown(
    row: Record, times: Times, reactions: Mapping[Any, dict[str, list[str]]]
) -> dict[str, Any] | None:
    moment = times.next(row["created_at"])
    if moment is None:
        return None
    message: dict[str, Any] = {**moment, "from": row["user_id"], "text": row["text"]}
    if row["id"] in reactions:
        message["reactions"] = reactions[row["id"]]
    if row["also_in_channel"]:
        message["also_in_channel"] = "true"
    return message


async def add_memory(
    connection: Connection,
    anchor: date,
    agents: set[str],
    files: dict[str, str],
    left_out: list[str],
) -> None:
    memory: dict[str, dict[str, Any]] = defaultdict(dict)
    for row in await connection.fetch(BLOCKS):
        if row["agent_id"] not in agents:
            continue
        mine = memory[row["agent_id"]]
        mine.setdefault("blocks", {})[row["label"]] = row["content"]
        if row["readers"]:
            mine.setdefault("shared", {})[row["label"]] = row["readers"]
    times: dict[str, Times] = {}
    for row in await connection.fetch(PASSAGES):
        if row["agent_id"] not in agents:
            continue
        moment = times.setdefault(row["agent_id"], Times(anchor)).next(row["created_at"])
        if moment is None:
            left_out.append(f"{row['agent_id']}: passages of more than ten years ago.")
            continue
        passage = {**moment, "text": row["content"]}
        if row["tags"]:
            passage["tags"] = row["tags"]
        memory[row["agent_id"]].setdefault("archive", []).append(passage)
    for agent_id, content in memory.items():
        files[f"memory/{agent_id}.yaml"] = dumped(content)


async def add_plans(
    connection: Connection, anchor: date, agents: set[str], files: dict[str, str]
) -> None:
    times: dict[str, Times] = {}
    plans = []
    for row in await connection.fetch(PLANS):
        if row["agent_id"] not in agents:
            continue
        moment = times.setdefault(row["agent_id"], Times(anchor)).next(row["trigger_at"])
        made = min(row["created_at"], row["trigger_at"] - timedelta(seconds=1))
        created = Times(anchor).next(made)
        if moment is None or created is None or int(created["day"]) > 0:
            continue
        plan = {"agent": row["agent_id"], **moment, "prompt": row["prompt"]}
        if row["target_channel_id"] is not None:
            plan["channel"] = row["target_channel_id"]
        plans.append(plan | {"status": row["status"], "created": created})
    if plans:
        files["schedule.yaml"] = dumped(plans)


def write(folder: Path, files: Mapping[str, str]) -> None:
    """Into a new folder, or an empty one."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise StartupError(f"{folder} is not empty; name a new folder")
        for name, text in files.items():
            path = folder / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
    except OSError as problem:
        raise StartupError(f"cannot write {folder}: {problem.strerror}") from problem
