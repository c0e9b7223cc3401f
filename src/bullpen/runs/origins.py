"""From what an agent's run made back to the run, and to the messages that it answered and wrote."""

from collections.abc import Sequence
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

from bullpen.kit.database import Reader
from bullpen.kit.json_types import AgentId, RunId
from bullpen.members.access import readable
from bullpen.members.actor import Actor
from bullpen.members.permissions import Permission, require
from bullpen.runs.queries import SEEN

MOST_WANTED = 100
Kind = Literal["memory", "note", "passage", "reaction", "scheduled", "channel"]


def is_readable(channel_id: str) -> str:
    return f"EXISTS (SELECT FROM channels c WHERE c.id = {channel_id} AND {readable('c')})"


# What was made, by whom it may be known, and the run and call that made it. `$2` to `$7`: the ids
# of passages, scheduled messages, channels, and of blocks, notes and messages with `$8` to `$11`:
# their versions, users and emoji.
MADE = f"""
SELECT 'passage' AS kind, e.passage_id::text AS id, NULL::int AS version, NULL AS user_id,
       NULL AS emoji, e.run_id, e.call_id
FROM run_effects e LEFT JOIN passage_places kept ON kept.passage_id = e.passage_id
WHERE e.passage_id = ANY ($2::uuid[])
  AND (kept.channel_id IS NULL OR {is_readable("kept.channel_id")})
UNION ALL
SELECT 'scheduled', s.id::text, NULL, NULL, NULL, e.run_id, e.call_id
FROM run_effects e JOIN scheduled_messages s ON s.id = e.scheduled_id
WHERE s.id = ANY ($3::uuid[])
  AND (s.target_channel_id IS NULL OR {is_readable("s.target_channel_id")})
UNION ALL
SELECT 'channel', e.channel_id, NULL, NULL, NULL, e.run_id, e.call_id
FROM run_effects e WHERE e.channel_id = ANY ($4::text[]) AND {is_readable("e.channel_id")}
UNION ALL
SELECT 'memory', v.block_id::text, v.version, NULL, NULL, v.run_id, e.call_id
FROM unnest($5::uuid[], $8::int[]) wanted (block_id, version)
JOIN memory_block_versions v USING (block_id, version)
LEFT JOIN run_effects e ON e.block_version_id = v.id
UNION ALL
SELECT 'note', v.note_id::text, v.version, NULL, NULL, v.run_id, e.call_id
FROM unnest($6::uuid[], $9::int[]) wanted (note_id, version)
JOIN private_note_versions v USING (note_id, version)
JOIN private_notes n ON n.id = v.note_id
LEFT JOIN run_effects e ON e.note_version_id = v.id
WHERE {is_readable("n.channel_id")}
UNION ALL
SELECT 'reaction', one.message_id::text, NULL, one.user_id, one.emoji, e.run_id, e.call_id
FROM unnest($7::uuid[], $10::text[], $11::text[]) wanted (message_id, user_id, emoji)
JOIN reactions one USING (message_id, user_id, emoji)
JOIN messages m ON m.id = one.message_id
JOIN run_effects e ON e.reaction_id = one.id
WHERE {is_readable("m.channel_id")}
"""
LEADING_BACK = f"""
SELECT made.kind, made.id, made.version, made.user_id, made.emoji, r.id AS run_id, r.agent_id,
       made.call_id, s.step_number,
       answered.id AS answered_id, answered.channel_id, answered.parent_message_id,
       ARRAY(
           SELECT m.id FROM run_posts p JOIN messages m ON m.id = p.message_id
           WHERE p.run_id = r.id AND {is_readable("m.channel_id")} ORDER BY m.created_at, m.id
       ) AS message_ids
FROM ({{made}}) made JOIN runs r ON r.id = made.run_id AND {SEEN}
LEFT JOIN run_messages call ON call.id = made.call_id
LEFT JOIN run_steps s ON s.id = call.step_id
LEFT JOIN LATERAL (
    SELECT m.id, m.channel_id, m.parent_message_id FROM messages m
    WHERE m.id IN (
        SELECT t.message_id FROM run_triggers t WHERE t.run_id = r.id
        UNION SELECT r.trigger_message_id
    ) AND {is_readable("m.channel_id")}
    ORDER BY m.created_at DESC, m.id DESC LIMIT 1
) answered ON true
"""
ORIGINS = LEADING_BACK.format(made=MADE)
REACTIONS = (
    LEADING_BACK.format(
        made="""
SELECT 'reaction' AS kind, one.message_id::text AS id, NULL::int AS version, one.user_id,
       one.emoji, e.run_id, e.call_id
FROM reactions one JOIN run_effects e ON e.reaction_id = one.id WHERE one.message_id = $2
"""
    )
    + "ORDER BY r.created_at, r.id"
)


class Origin(Struct, rename="camel"):
    """The run that made something, and the messages around it."""

    kind: Annotated[Kind, Meta(description="What was made.")]
    id: Annotated[
        str, Meta(description="Its id: of the block, note, passage, message, plan or channel.")
    ]
    version: Annotated[int | None, Meta(description="The version, of a block or a note.")]
    user_id: Annotated[str | None, Meta(description="Who reacted, if it is a reaction.")]
    emoji: Annotated[str | None, Meta(description="The emoji, if it is a reaction.")]
    run_id: RunId
    agent_id: AgentId
    call_id: Annotated[
        UUID | None, Meta(description="Id of the tool call in the trace, if it is known.")
    ]
    step_number: Annotated[int | None, Meta(description="The step of that call.")]
    answered_message_id: Annotated[
        UUID | None, Meta(description="Id of the last message that the run was to answer, if any.")
    ]
    answered_channel_id: Annotated[str | None, Meta(description="Id of that message's channel.")]
    answered_parent_id: Annotated[
        UUID | None, Meta(description="Id of the message that its thread began with, if any.")
    ]
    message_ids: Annotated[
        list[UUID],
        Meta(description="Ids of the messages that the run posted and the user can read."),
    ]


class Wanted(Struct):
    passages: Sequence[UUID] = ()
    scheduled: Sequence[UUID] = ()
    channels: Sequence[str] = ()
    memory: Sequence[tuple[UUID, int]] = ()
    notes: Sequence[tuple[UUID, int]] = ()
    reactions: Sequence[tuple[UUID, str, str]] = ()


async def list_origins(reader: Reader, actor: Actor, wanted: Wanted) -> list[Origin]:
    """By one statement. What no run made, or what the actor may not see, is left out."""
    require(actor, Permission.READ_AGENTS)
    blocks, block_versions = columns(wanted.memory, 2)
    notes, note_versions = columns(wanted.notes, 2)
    messages, users, emoji = columns(wanted.reactions, 3)
    rows = await reader.fetch(
        ORIGINS,
        actor.user_id,
        *(list(wanted.passages), list(wanted.scheduled), list(wanted.channels)),
        *(blocks, notes, messages, block_versions, note_versions, users, emoji),
    )
    return [Origin(*row) for row in rows]


async def list_reactions(reader: Reader, actor: Actor, message_id: UUID) -> list[Origin]:
    """The reactions of agents to a message that the actor may read."""
    return [Origin(*row) for row in await reader.fetch(REACTIONS, actor.user_id, message_id)]


def columns(rows: Sequence[Sequence[object]], width: int) -> list[list[object]]:
    return [[row[at] for row in rows] for at in range(width)]
