"""The moments at which something changed, so that a reader can step from one to the next."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from bullpen.kit.database import Reader, fetch_one
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import NotFound
from bullpen.kit.json_types import Time
from bullpen.members.access import readable
from bullpen.members.actor import Actor
from bullpen.members.permissions import Permission, may

# Each table by its own index, one row of each side: `{side}` is `<` or `>`.
OF_MESSAGES = """
(SELECT m.created_at AS at FROM messages m
 WHERE m.channel_id = c.id AND m.created_at {side} $3::timestamptz
 ORDER BY m.created_at {direction} LIMIT 1)
"""
OF_MEMORY = """
(SELECT v.created_at AS at FROM memory_block_versions v JOIN memory_blocks b ON b.id = v.block_id
 WHERE $5::boolean AND b.agent_id = $4::text AND v.created_at {side} $3::timestamptz
 ORDER BY v.created_at {direction} LIMIT 1)
"""


def step(side: str, direction: str, pick: str) -> str:
    parts = [part.format(side=side, direction=direction) for part in (OF_MESSAGES, OF_MEMORY)]
    return f"(SELECT {pick}(step.at) FROM ({' UNION ALL '.join(parts)}) step)"


MOMENTS = f"""
SELECT (SELECT min(m.created_at) FROM messages m WHERE m.channel_id = c.id), now(),
       {step("<", "DESC", "max")}, {step(">", "ASC", "min")}
FROM channels c WHERE c.id = $2 AND {readable("c")}
"""


class Moments(Struct, rename="camel"):
    """Where the history of a channel begins and ends, and the changes before and after a moment."""

    earliest: Annotated[
        Time | None, Meta(description="When the first message was written; null without messages.")
    ]
    latest: Annotated[Time, Meta(description="Now.")]
    previous: Annotated[Time | None, Meta(description="The change before the moment, if any.")]
    next: Annotated[Time | None, Meta(description="The change after the moment, if any.")]


async def moments(
    reader: Reader, actor: Actor, channel_id: str, at: datetime, agent_id: str | None
) -> Moments:
    """`agent_id`: whose memory counts, too."""
    reads_memory = may(actor, Permission.READ_AGENTS)
    row = await fetch_one(reader, MOMENTS, actor.user_id, channel_id, at, agent_id, reads_memory)
    if row is None:
        raise NotFound(ErrorCode.CHANNEL_NOT_FOUND)
    return Moments(*row)
