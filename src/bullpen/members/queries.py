"""Reads of users, agents and channels: one statement each."""

from typing import Annotated, Any, Literal
from urllib.parse import quote

import asyncpg
from msgspec import UNSET, Meta, Raw, Struct, UnsetType, json

from bullpen.kit.database import Database, Reader, fetch_one
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import NotFound
from bullpen.kit.json_types import AgentId, ChannelId, CreatedAt, UpdatedAt, UserId
from bullpen.members.access import ACTIVE, readable, sees
from bullpen.members.actor import Actor
from bullpen.members.kinds import Kind
from bullpen.members.name_order import name_key
from bullpen.members.permissions import Permission, require

Icon = (
    Annotated[str, Meta(description="Path of the workspace's icon. Left out if there is none.")]
    | UnsetType
)
Presence = Literal["active", "away", "offline"]
UserKind = Literal["agent", "person"]


DisplayName = Annotated[str, Meta(description="The name that is shown.")]
Title = Annotated[str, Meta(description="Job title, shown beside the name.")]
AvatarColor = Annotated[str, Meta(description="Background of the avatar, like `#4A90D9`.")]
Picture = (
    Annotated[str, Meta(description="Path of the profile picture. Left out if there is none.")]
    | UnsetType
)


class Status(Struct):
    """What a user has said they are doing."""

    emoji: Annotated[str, Meta(description="One emoji.")]
    text: Annotated[str, Meta(description="A few words; may be empty.")]


class AgentCommand(Struct):
    """Something that an agent can be asked for by a word behind a slash."""

    name: Annotated[str, Meta(description="The word behind the slash, like `deploy`.")]
    description: Annotated[str, Meta(description="What the agent does then.")]
    hint: Annotated[
        str, Meta(description="What is written after the name, like `branch`; may be empty.")
    ] = ""


class User(Struct, rename="camel"):
    """A member of the workspace as others see it: a person or an agent."""

    id: UserId
    display_name: DisplayName
    title: Title
    avatar_color: AvatarColor
    presence: Annotated[Presence, Meta(description="The availability that the user has set.")]
    kind: Annotated[UserKind, Meta(description="Agents answer by themselves; people do not.")]
    status: Annotated[Status, Meta(description="Left out if no status is set.")] | UnsetType = UNSET
    picture: Picture = UNSET
    commands: (
        Annotated[
            list[AgentCommand],
            Meta(description="Commands that the agent offers, in its order. Left out if none."),
        ]
        | UnsetType
    ) = UNSET


class Agent(Struct, rename="camel"):
    """A member with the settings that decide how it answers."""

    id: AgentId
    display_name: DisplayName
    title: Title
    avatar_color: AvatarColor
    system_prompt: Annotated[
        str, Meta(description="Instructions sent to the model at the start of every step.")
    ]
    model_id: Annotated[
        str, Meta(description="The model that answers, as `provider:model` or `scripted`.")
    ]
    max_turns: Annotated[int, Meta(description="Maximum number of model calls in one run.")]
    max_budget_usd: Annotated[float, Meta(description="Maximum cost of one run, in US dollars.")]
    session_id: Annotated[
        str | None, Meta(description="Session of an external agent runtime, if one is stored.")
    ]
    is_active: Annotated[bool, Meta(description="Inactive agents neither read nor reply.")]
    created_at: CreatedAt
    updated_at: UpdatedAt
    picture: Picture = UNSET


class Channel(Struct, rename="camel"):
    """A public or private channel, or a direct message: of two members (DM) or of a group."""

    id: ChannelId
    name: Annotated[str, Meta(description="The name that is shown.")]
    kind: Annotated[
        Kind,
        Meta(
            description="`public` for everybody, `private` for its members; `dm` of two and"
            " `group_dm` of three to nine, who stay the same."
        ),
    ]
    topic: Annotated[str, Meta(description="What it is about; may be empty.")]
    member_ids: Annotated[list[str], Meta(description="Ids of its members, in order of joining.")]
    is_archived: (
        Annotated[
            bool, Meta(description="True if nobody can write in it any more. Left out otherwise.")
        ]
        | UnsetType
    ) = UNSET


class WorkspaceRow(Struct):
    name: str
    default_user_id: str
    session_key: bytes
    icon: str | None
    shows_link_previews: bool


COMMANDS_OF = """
SELECT json_agg(json_build_object(
    'name', o.name, 'description', o.description, 'hint', o.hint
) ORDER BY o.place)::text
FROM agent_commands o WHERE o.agent_id = {}
"""
SHOWN = f"""
SELECT u.id, u.display_name, u.title, u.avatar_color,
       COALESCE(s.presence, 'offline') AS presence, u.kind, s.status_emoji, s.status_text,
       p.version AS picture, CASE u.kind WHEN 'agent' THEN ({COMMANDS_OF.format("u.id")}) END
FROM users u LEFT JOIN user_states s ON s.user_id = u.id
LEFT JOIN user_pictures p ON p.user_id = u.id
"""
USERS = f"""
{SHOWN}
WHERE {{where}}
ORDER BY u.created_at, u.id
"""

AGENT_COLUMNS = """
id, display_name, title, avatar_color, system_prompt, model_id, max_turns,
-- A real holds about six digits; as text it is what was written (0.1, not 0.10000000149).
max_budget_usd::text::float8 AS max_budget_usd,
session_id, is_active, created_at, updated_at,
(SELECT p.version FROM user_pictures p WHERE p.user_id = agents.id) AS picture
"""
# Deleted ones are inactive.
IS_THERE = "NOT EXISTS (SELECT FROM deleted_agents gone WHERE gone.agent_id = agents.id)"
AGENTS = f"""
SELECT {AGENT_COLUMNS} FROM agents
WHERE is_active = $2 AND {ACTIVE} AND (is_active OR {IS_THERE}) ORDER BY created_at, id
"""
AGENT = f"""
SELECT {AGENT_COLUMNS} FROM agents
WHERE id = $2 AND {sees("agents.id")} AND (is_active OR {IS_THERE})
"""

MEMBER_IDS = "SELECT m.user_id FROM channel_members m WHERE m.channel_id = c.id ORDER BY m.id"
CHANNELS = f"""
SELECT c.id, c.name, c.kind, c.topic, {{member_ids}} AS member_ids,
       archived.channel_id IS NOT NULL AS is_archived
FROM channels c LEFT JOIN archived_channels archived ON archived.channel_id = c.id
WHERE {readable("c")}
  AND ($2::text IS NULL OR c.id = $2)
  AND ($3::text IS NULL OR c.kind = $3)
  AND ($4::text IS NULL OR EXISTS (
      SELECT FROM channel_members m WHERE m.channel_id = c.id AND m.user_id = $4
  ))
  AND ($5::boolean IS NULL OR $5 = (archived.channel_id IS NOT NULL))
"""
CHANNEL = CHANNELS.format(member_ids=f"ARRAY({MEMBER_IDS})")
# As JSON: lists have thousands of members, which only the client looks at.
LISTED_CHANNELS = CHANNELS.format(member_ids=f"array_to_json(ARRAY({MEMBER_IDS}))::text")

STAND_IN = f"""
{SHOWN}
WHERE u.is_active
ORDER BY u.id = (SELECT default_user_id FROM workspace) DESC, u.created_at, u.id
LIMIT 1
"""
# The channel that was made first, of those that the actor may read: its first membership tells.
HOME = f"""
SELECT c.id FROM channels c
WHERE c.kind IN ('public', 'private') AND {readable("c")}
  AND NOT EXISTS (SELECT FROM archived_channels archived WHERE archived.channel_id = c.id)
ORDER BY (
    SELECT m.id FROM channel_members m WHERE m.channel_id = c.id ORDER BY m.id LIMIT 1
) NULLS LAST, c.id
LIMIT 1
"""

WORKSPACE = """
SELECT w.name, w.default_user_id, w.session_key, i.version, EXISTS (
    SELECT FROM workspace_link_previews p WHERE p.workspace_id = w.id
)
FROM workspace w LEFT JOIN workspace_icon i ON i.workspace_id = w.id
"""


def user(row: asyncpg.Record) -> User:
    user_id, display_name, title, avatar_color, presence, kind, emoji, text, version, offered = row
    status = UNSET if emoji is None else Status(emoji, text)
    picture = picture_path(user_id, version)
    commands = UNSET if offered is None else commands_from(offered)
    return User(
        user_id, display_name, title, avatar_color, presence, kind, status, picture, commands
    )


def commands_from(offered: str | None) -> list[AgentCommand]:
    return json.decode(offered or "[]", type=list[AgentCommand])


def picture_path(user_id: str, version: str | None) -> str | UnsetType:
    """What a path has changes with the picture, so that browsers may keep what is there."""
    return UNSET if version is None else f"/api/users/{quote(user_id, safe='')}/picture/{version}"


def icon_path(version: str | None) -> str | UnsetType:
    return UNSET if version is None else f"/api/workspace/icon/{version}"


async def list_users(database: Database, actor: Actor) -> list[User]:
    sql = USERS.format(where=f"u.is_active AND {ACTIVE} AND {sees('u.id')}")
    return [user(row) for row in await database.fetch(sql, actor.user_id)]


async def get_user(reader: Reader, actor: Actor, user_id: str) -> User:
    """Inactive ones, too: their messages stay, and somebody has written them."""
    sql = USERS.format(where=f"u.id = $2 AND {sees('u.id')}")
    row = await fetch_one(reader, sql, actor.user_id, user_id)
    if row is None:
        raise NotFound(ErrorCode.USER_NOT_FOUND)
    return user(row)


async def can_act(reader: Reader, user_id: str) -> bool:
    return await is_active(reader, user_id) is True


async def is_active(reader: Reader, user_id: str) -> bool | None:
    """None: there is no such member."""
    row = await fetch_one(reader, "SELECT is_active FROM users WHERE id = $1", user_id)
    return None if row is None else bool(row[0])


async def active_ids(reader: Reader) -> set[str]:
    return {row[0] for row in await reader.fetch("SELECT id FROM users WHERE is_active")}


async def stand_in(reader: Reader) -> User | None:
    """Whom a person can act as instead of an inactive member: the pack's default member, else the
    first active one; None where nobody is active."""
    row = await fetch_one(reader, STAND_IN)
    return None if row is None else user(row)


async def list_agents(database: Database, actor: Actor, *, active: bool) -> list[Agent]:
    require(actor, Permission.READ_AGENTS)
    return [agent(row) for row in await database.fetch(AGENTS, actor.user_id, active)]


def agent(row: asyncpg.Record) -> Agent:
    *stored, version = row
    values: list[Any] = [*stored, picture_path(row["id"], version)]
    return Agent(*values)


async def get_agent(reader: Reader, actor: Actor, agent_id: str) -> Agent:
    """For users who can see it; its instructions and memory are not for guests."""
    row = await fetch_one(reader, AGENT, actor.user_id, agent_id)
    if row is None:
        raise NotFound(ErrorCode.AGENT_NOT_FOUND)
    return agent(row)


def channel(row: asyncpg.Record) -> Channel:
    *stored, is_archived = row
    values: list[Any] = [*stored, True if is_archived else UNSET]
    return Channel(*values)


def listed_channel(row: asyncpg.Record) -> Channel:
    """To be answered, and not to be read: its members are JSON already."""
    *stored, member_ids, is_archived = row
    values: list[Any] = [*stored, Raw(member_ids), True if is_archived else UNSET]
    return Channel(*values)


async def list_channels(
    database: Database,
    actor: Actor,
    *,
    kind: Kind | None = None,
    member_id: str | None = None,
    archived: bool = False,
) -> list[Channel]:
    rows = await database.fetch(LISTED_CHANNELS, actor.user_id, None, kind, member_id, archived)
    channels = [listed_channel(row) for row in rows]
    channels.sort(key=lambda channel: (name_key(channel.name), channel.id))
    return channels


async def get_channel(reader: Reader, actor: Actor, channel_id: str) -> Channel:
    row = await fetch_one(reader, CHANNEL, actor.user_id, channel_id, None, None, None)
    if row is None:
        raise NotFound(ErrorCode.CHANNEL_NOT_FOUND)
    return channel(row)


async def home_channel(reader: Reader, actor: Actor) -> str | None:
    """Where a member arrives who asked for no channel."""
    row = await fetch_one(reader, HOME, actor.user_id)
    return None if row is None else str(row[0])


async def get_workspace(database: Database) -> WorkspaceRow | None:
    row = await database.fetch_one(WORKSPACE)
    return None if row is None else WorkspaceRow(*row)
