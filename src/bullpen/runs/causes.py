"""From a message to its run: what the run answered, who else was asked, and what became of them.

Each read respects who may see a run (`SEEN`) and from which step on it is hidden (`HIDDEN_FROM`).
"""

from typing import Annotated, Literal
from uuid import UUID

import msgspec
from asyncpg import Record
from msgspec import Meta, Struct

from bullpen.kit.database import Reader, fetch_one
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import NotFound
from bullpen.kit.json_types import AgentId, MessageId, RunId, Time
from bullpen.members.access import readable
from bullpen.members.actor import Actor
from bullpen.runs.queries import SEEN
from bullpen.runs.trace_privacy import HIDDEN_FROM
from bullpen.runs.values import NoticeKind

# Of a message that is answered; the message itself is a link away.
LONGEST_TEXT = 2_000
Outcome = Literal["replied", "reacted", "silent", "waiting", "failed", "cancelled", "hidden"]

FIND = f"""
SELECT m.channel_id, m.user_id, u.kind = 'agent' AS is_of_agent,
       m.created_at <= (SELECT seeded_at FROM workspace) AS came_with_pack,
       (SELECT r.id FROM runs r WHERE r.id = p.run_id AND {SEEN}) AS run_id,
       e.call_id, n.kind AS notice
FROM messages m JOIN channels c ON c.id = m.channel_id AND {readable("c")}
LEFT JOIN users u ON u.id = m.user_id
LEFT JOIN run_posts p ON p.message_id = m.id
LEFT JOIN run_effects e ON e.message_id = m.id
LEFT JOIN run_notices n ON n.message_id = m.id
WHERE m.id = $2
"""
TRIGGERS = f"""
SELECT m.id, m.channel_id, m.parent_message_id, m.user_id, m.created_at,
       left(m.text, {LONGEST_TEXT}), char_length(m.text) > {LONGEST_TEXT}
FROM messages m JOIN channels c ON c.id = m.channel_id AND {readable("c")}
WHERE m.id IN (
    SELECT message_id FROM run_triggers WHERE run_id = $2
    UNION SELECT trigger_message_id FROM runs WHERE id = $2
)
ORDER BY m.created_at, m.id LIMIT 50
"""
# What a run that answered the same messages came to, and its reason for saying nothing, where it
# gave one before anything in it was hidden.
OTHERS = f"""
WITH asked AS (
    SELECT DISTINCT theirs.run_id FROM run_triggers mine
    JOIN run_triggers theirs ON theirs.message_id = mine.message_id AND theirs.run_id <> $2
    WHERE mine.run_id = $2 LIMIT 100
)
SELECT r.id, r.agent_id, r.status, d.problem, hidden.step_number IS NOT NULL AS is_hidden,
       ARRAY(
           SELECT m.id FROM run_posts p JOIN messages m ON m.id = p.message_id
           JOIN channels c ON c.id = m.channel_id AND {readable("c")}
           WHERE p.run_id = r.id AND NOT EXISTS (
               SELECT FROM run_notices n WHERE n.message_id = m.id
           ) ORDER BY m.created_at, m.id
       ) AS posted,
       EXISTS (
           SELECT FROM run_effects e JOIN reactions reaction ON reaction.id = e.reaction_id
           JOIN messages m ON m.id = reaction.message_id
           JOIN channels c ON c.id = m.channel_id AND {readable("c")}
           WHERE e.run_id = r.id
       ) AS has_reacted,
       (
           SELECT said.tool_input ->> 'reason' FROM run_messages said
           JOIN run_steps s ON s.id = said.step_id
           WHERE said.run_id = r.id AND said.message_type = 'tool_call_message'
             AND said.tool_name = 'do_nothing'
             AND s.step_number < COALESCE(hidden.step_number, s.step_number + 1)
           ORDER BY said.created_at DESC, said.id DESC LIMIT 1
       ) AS reason
FROM asked JOIN runs r ON r.id = asked.run_id LEFT JOIN run_details d ON d.run_id = r.id
CROSS JOIN LATERAL (SELECT {HIDDEN_FROM} AS step_number OFFSET 0) hidden
WHERE {SEEN} ORDER BY r.created_at, r.agent_id, r.id
"""
# The passages that a run was given and that the actor may read, by the call and their place.
PASSAGES = f"""
SELECT given.call_id, given.place, given.passage_id FROM run_passages given
LEFT JOIN passage_places kept ON kept.passage_id = given.passage_id
WHERE given.run_id = $2 AND given.call_id IS NOT NULL AND (
    kept.channel_id IS NULL
    OR EXISTS (SELECT FROM channels c WHERE c.id = kept.channel_id AND {readable("c")})
)
"""


class Found(Struct):
    """A message that the actor may read, and its run, if there is one that they may see."""

    channel_id: str
    user_id: str
    is_of_agent: bool | None
    came_with_pack: bool
    run_id: UUID | None
    call_id: UUID | None
    notice: NoticeKind | None


class AnsweredMessage(Struct, rename="camel"):
    """A message that a run was to answer."""

    id: MessageId
    channel_id: Annotated[str, Meta(description="Id of its channel.")]
    parent_message_id: Annotated[
        UUID | None, Meta(description="Id of the message that its thread began with, if any.")
    ]
    user_id: Annotated[str, Meta(description="Id of its author.")]
    timestamp: Annotated[Time, Meta(description="When it was written.")]
    text: Annotated[str, Meta(description="Its text, or the beginning of a long one.")]
    is_cut: Annotated[bool, Meta(description="Whether the text is longer.")]


class OtherRun(Struct, rename="camel"):
    """Another run that was to answer the same messages."""

    run_id: RunId
    agent_id: AgentId
    outcome: Annotated[
        Outcome,
        Meta(description="What came of it; `hidden` where the current user may not know."),
    ]
    reason: Annotated[
        str | None, Meta(description="Why it said nothing, in its own words, or what went wrong.")
    ]
    message_ids: Annotated[
        list[UUID],
        Meta(description="Ids of the messages that it posted and that the current user can read."),
    ]


async def find_message(reader: Reader, actor: Actor, message_id: UUID) -> Found:
    row = await fetch_one(reader, FIND, actor.user_id, message_id)
    if row is None:
        raise NotFound(ErrorCode.MESSAGE_NOT_FOUND)
    return msgspec.convert(dict(row), Found)


async def list_answered(reader: Reader, actor: Actor, run_id: UUID) -> list[AnsweredMessage]:
    rows = await reader.fetch(TRIGGERS, actor.user_id, run_id)
    return [AnsweredMessage(*row) for row in rows]


async def list_others(reader: Reader, actor: Actor, run_id: UUID) -> list[OtherRun]:
    rows = await reader.fetch(OTHERS, actor.user_id, run_id)
    return [
        OtherRun(
            row["id"],
            row["agent_id"],
            outcome := outcome_of(row),
            row["problem"] if outcome == "failed" else silence_of(row, outcome),
            row["posted"],
        )
        for row in rows
    ]


def outcome_of(row: Record) -> Outcome:
    if row["status"] in ("created", "running"):
        return "waiting"
    if row["posted"]:
        return "replied"
    if row["status"] in ("failed", "cancelled"):
        return "failed" if row["status"] == "failed" else "cancelled"
    if row["has_reacted"]:
        return "reacted"
    return "hidden" if row["is_hidden"] and row["reason"] is None else "silent"


def silence_of(row: Record, outcome: Outcome) -> str | None:
    """A run that replied ends with `do_nothing` as well, which says nothing about silence."""
    reason: str | None = row["reason"] if outcome == "silent" else None
    return reason


async def list_passages(reader: Reader, actor: Actor, run_id: UUID) -> dict[tuple[UUID, int], UUID]:
    """The passage by call and place, the first being 1."""
    rows = await reader.fetch(PASSAGES, actor.user_id, run_id)
    return {(row["call_id"], row["place"]): row["passage_id"] for row in rows}
