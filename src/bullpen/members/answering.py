"""Which of a channel's agents answer where nothing else holds for one of them, and its host."""

from collections.abc import Mapping
from typing import Annotated

from asyncpg import Connection
from msgspec import Meta, Struct, json

from bullpen.kit.database import Reader, fetch_one
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import Invalid
from bullpen.members.actions import lock_channel, require_membership
from bullpen.members.actor import Actor
from bullpen.members.archive import require_open
from bullpen.members.permissions import MEMBER, Permission, require
from bullpen.members.policy_names import PolicyName
from bullpen.members.queries import get_channel

GET = """
SELECT COALESCE(answering.policy, 'all'), answering.host_id, COALESCE((
    SELECT json_object_agg(p.agent_id, p.policy ORDER BY p.agent_id) FROM channel_policies p
    WHERE p.channel_id = $1
), '{}')::text
FROM (SELECT $1::text AS id) c LEFT JOIN channel_answering answering ON answering.channel_id = c.id
"""
SET = """
INSERT INTO channel_answering (channel_id, policy, host_id) VALUES ($1, $2, $3)
ON CONFLICT (channel_id) DO UPDATE SET policy = EXCLUDED.policy, host_id = EXCLUDED.host_id
"""
IS_HOST = """
SELECT EXISTS (
    SELECT FROM channel_members m JOIN agents a ON a.id = m.user_id AND a.is_active
    WHERE m.channel_id = $1 AND m.user_id = $2
)
"""


class ReplyPolicy(Struct, rename="camel"):
    """Which agents of a channel reply to a message."""

    policy: Annotated[
        PolicyName,
        Meta(
            description="What holds for agents without a policy of their own in this channel:"
            " `all` of them reply, the `best_fit` and those that are mentioned, only those that a"
            " message `mentions`, or `none`."
        ),
    ]
    host_id: Annotated[
        str | None,
        Meta(
            description="The agent that replies with `best_fit` when no other fits. Null: the one"
            " that has been in the channel longest."
        ),
    ]
    policies: Annotated[
        dict[str, PolicyName],
        Meta(description="What holds instead for single agents, by their ids."),
    ]


async def get_answering(reader: Reader, actor: Actor, channel_id: str) -> ReplyPolicy:
    await get_channel(reader, actor, channel_id)
    return await read_answering(reader, channel_id)


async def read_answering(reader: Reader, channel_id: str) -> ReplyPolicy:
    row = await fetch_one(reader, GET, channel_id)
    assert row is not None
    policy, host_id, policies = row
    return ReplyPolicy(policy, host_id, json.decode(policies))


async def set_answering(
    connection: Connection, actor: Actor, channel_id: str, change: Mapping[str, object]
) -> ReplyPolicy:
    """Changes the fields that are given."""
    channel = await get_channel(connection, actor, channel_id)
    await require_membership(connection, actor, channel_id)
    require(actor, Permission.CHANGE_CHANNEL, MEMBER)
    if channel.kind == "dm":
        raise Invalid(
            ErrorCode.VALIDATION_FAILED,
            "In a direct message the other member always replies. Set a policy for the agent"
            " instead.",
        )
    await require_open(connection, channel_id)
    await lock_channel(connection, channel_id)
    now = await read_answering(connection, channel_id)
    host_id = change.get("host_id", now.host_id)
    if "host_id" in change and host_id is not None:
        await require_host(connection, channel_id, str(host_id))
    policy = change.get("policy", now.policy)
    await connection.execute(SET, channel_id, policy, host_id)
    return await read_answering(connection, channel_id)


async def require_host(connection: Connection, channel_id: str, host_id: str) -> None:
    if not await connection.fetchval(IS_HOST, channel_id, host_id):
        words = f"'{host_id}' is no active agent in this channel. Choose one of its agents."
        details = [{"loc": ["body", "hostId"], "msg": words, "type": "unknown_host"}]
        raise Invalid(ErrorCode.UNKNOWN_MEMBER, words, details)
