"""Puts a person without a name in the place of one who is erased."""

import secrets

from asyncpg import Connection

from bullpen.kit.sql import insert_one

FORMER = {
    "display_name": "Former member",
    "avatar_color": "#6B7280",
    "role": "guest",
    "is_active": False,
}
# A direct message keeps its number of members; all other channels are left.
KEEP_DMS = """
UPDATE channel_members m SET user_id = $2 FROM channels c
WHERE m.user_id = $1 AND c.id = m.channel_id AND c.kind IN ('dm', 'group_dm')
"""
STATEMENTS = (
    "DELETE FROM channel_members WHERE user_id = $1",
    "DELETE FROM user_states WHERE user_id = $1",
    # With everything that belongs to the person alone: password, sessions, tokens, identities.
    "DELETE FROM people WHERE id = $1",
)
HAND_OVER = (
    "UPDATE archived_channels SET archived_by = $2 WHERE archived_by = $1",
    "UPDATE deleted_agents SET deleted_by = $2 WHERE deleted_by = $1",
    "UPDATE pauses SET paused_by = $2 WHERE paused_by = $1",
)
# What is theirs of a membership, which the other one takes over.
FORGET = (
    "DELETE FROM channel_preferences WHERE user_id = $1",
    "DELETE FROM channel_notifications WHERE user_id = $1",
)
# For triggers of rooms above, which hand over what they have.
FORMER_ID = "SELECT set_config('bullpen.former_id', $1, true)"
OTHER_DEFAULT = """
UPDATE workspace SET default_user_id = (
    SELECT id FROM users WHERE is_active ORDER BY created_at, id LIMIT 1
) WHERE default_user_id = $1
"""


async def replace_person(connection: Connection, person_id: str) -> str:
    """The id of who stands in their place, which says nothing about them."""
    former_id = f"former-{secrets.token_hex(6)}"
    await insert_one(connection, "people", {"id": former_id, **FORMER})
    for forgotten in FORGET:
        await connection.execute(forgotten, person_id)
    await connection.execute(KEEP_DMS, person_id, former_id)
    for statement in HAND_OVER:
        await connection.execute(statement, person_id, former_id)
    await connection.execute(FORMER_ID, former_id)
    for statement in STATEMENTS:
        await connection.execute(statement, person_id)
    await connection.execute(OTHER_DEFAULT, person_id)
    return former_id
