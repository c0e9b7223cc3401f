"""Group direct messages: a set of members has one, regardless of who begins it."""

from collections.abc import Collection

from asyncpg import Connection

from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import Forbidden, Invalid
from bullpen.members.actor import Actor
from bullpen.members.kinds import DM_MEMBERS, GROUP_DM_MEMBERS

LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('group dm ' || $1::text[]::text, 0))"
# `check_dm_members` keeps the table, which holds each set of members once.
FIND = "SELECT channel_id FROM group_dms WHERE member_ids = $1"


def require_members(actor: Actor, kind: str, member_ids: Collection[str]) -> None:
    """That they can be the members of a direct message that the actor begins."""
    number = len(set(member_ids))
    if kind == "dm" and number not in DM_MEMBERS:
        raise Invalid(
            ErrorCode.VALIDATION_FAILED,
            "A DM has exactly 2 members. Send two different memberIds.",
            [{"loc": ["body", "memberIds"], "msg": "Send exactly 2 different user ids."}],
        )
    if kind == "group_dm" and number not in GROUP_DM_MEMBERS:
        raise Invalid(
            ErrorCode.VALIDATION_FAILED,
            "A group DM has 3 to 9 members, yourself included. Create a channel for more people.",
            [{"loc": ["body", "memberIds"], "msg": "Send 3 to 9 different user ids."}],
        )
    if actor.user_id not in member_ids:
        raise Forbidden(
            ErrorCode.NOT_IN_DM, "You can create only direct messages that you are a member of."
        )


async def group_dm_of(connection: Connection, member_ids: Collection[str]) -> str | None:
    """Its id. If there is none, nobody else begins it before the transaction ends."""
    members = sorted(set(member_ids))
    await connection.execute(LOCK, members)
    found: str | None = await connection.fetchval(FIND, members)
    return found
