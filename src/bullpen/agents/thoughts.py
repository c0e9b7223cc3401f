"""What agents thought, used and paid for each of many messages, read at once."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from asyncpg import Record
from msgspec import Meta, Struct

from bullpen.agents.prompt.stored import memory_in, sections_of
from bullpen.kit.database import Reader
from bullpen.kit.json_types import MessageId, RunId
from bullpen.members.access import readable
from bullpen.members.actor import Actor
from bullpen.members.permissions import Permission, require
from bullpen.runs.queries import SEEN, TokenUsage, usage
from bullpen.runs.trace_privacy import HIDDEN_FROM

MOST_MESSAGES = 100
LONGEST_THOUGHT = 1_000
# `$2` the messages, `$3` whether thinking may leave the server.
THOUGHTS = f"""
SELECT p.message_id, r.id AS run_id, d.cost_usd, r.token_usage,
       (extract(epoch FROM r.completed_at - r.started_at) * 1000)::bigint AS milliseconds,
       (
           SELECT s.model_id FROM run_steps s WHERE s.run_id = r.id
           ORDER BY s.step_number DESC LIMIT 1
       ) AS model_id,
       (
           SELECT left(string_agg(said.content, E'\\n\\n' ORDER BY said.created_at, said.id),
                       {LONGEST_THOUGHT})
           FROM run_messages said JOIN run_steps s ON s.id = said.step_id
           WHERE said.run_id = r.id
             AND (said.message_type = 'assistant_message'
                  OR $3 AND said.message_type = 'thinking_message')
             AND s.step_number < COALESCE(hidden.step_number, s.step_number + 1)
       ) AS thought,
       (
           SELECT said.content FROM run_messages said
           WHERE said.run_id = r.id AND said.step_id IS NULL
             AND said.message_type = 'system_message' AND COALESCE(hidden.step_number, 1) > 0
           ORDER BY said.created_at, said.id LIMIT 1
       ) AS instructions,
       hidden.step_number IS NOT NULL AS is_hidden
FROM messages m JOIN channels c ON c.id = m.channel_id AND {readable("c")}
JOIN run_posts p ON p.message_id = m.id
JOIN runs r ON r.id = p.run_id AND {SEEN}
LEFT JOIN run_details d ON d.run_id = r.id
CROSS JOIN LATERAL (SELECT {HIDDEN_FROM} AS step_number OFFSET 0) hidden
WHERE m.id = ANY ($2::uuid[]) ORDER BY m.created_at, m.id
"""


class MessageThoughts(Struct, rename="camel"):
    """What was behind a message, in short."""

    message_id: MessageId
    run_id: RunId
    thought: Annotated[
        str | None, Meta(description="The beginning of what the model thought and wrote.")
    ]
    memory: Annotated[list[str], Meta(description="Labels of the memory in its prompt.")]
    model_id: Annotated[str | None, Meta(description="The model that answered last.")]
    milliseconds: Annotated[int | None, Meta(description="How long the run took, if it ended.")]
    token_usage: Annotated[TokenUsage | None, Meta(description="Tokens of the run, once known.")]
    cost_usd: Annotated[float | None, Meta(description="Its cost in US dollars, if known.")]
    is_hidden: Annotated[
        bool, Meta(description="Whether some of the run is hidden from the current user.")
    ]


async def list_thoughts(
    reader: Reader, actor: Actor, message_ids: Sequence[UUID], *, thinking: bool
) -> list[MessageThoughts]:
    """By one statement. Messages that nobody's run wrote, or that the actor may not see, are left
    out."""
    require(actor, Permission.READ_AGENTS)
    rows = await reader.fetch(THOUGHTS, actor.user_id, list(message_ids), thinking)
    return [thoughts(row) for row in rows]


def thoughts(row: Record) -> MessageThoughts:
    memory = memory_in(sections_of(row["instructions"], None))
    return MessageThoughts(
        message_id=row["message_id"],
        run_id=row["run_id"],
        thought=row["thought"],
        memory=list(dict.fromkeys(one.label for one in memory)),
        model_id=row["model_id"],
        milliseconds=row["milliseconds"],
        token_usage=usage(row["token_usage"]),
        cost_usd=row["cost_usd"],
        is_hidden=row["is_hidden"],
    )
