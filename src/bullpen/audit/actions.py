"""Adds entries to the audit log, in the transaction of what they record."""

from collections.abc import Mapping
from typing import NamedTuple

import msgspec
from asyncpg import Connection

INSERT = """
INSERT INTO audit_log (actor_id, action, target_kind, target_id, details, address)
VALUES ($1, $2, $3, $4, $5::text::jsonb, $6)
"""


class Target(NamedTuple):
    """What was changed: `kind` is a noun such as channel, agent, person, token or workspace."""

    kind: str
    id: str


async def record(
    connection: Connection,
    actor_id: str | None,
    action: str,
    target: Target | None = None,
    *,
    details: Mapping[str, object] | None = None,
    address: str | None = None,
) -> None:
    """`action`: area and verb, such as `channel.deleted`. Never put a secret into `details`."""
    kind, target_id = target or (None, None)
    text = msgspec.json.encode(details or {}).decode()
    await connection.execute(INSERT, actor_id, action, kind, target_id, text, address)
