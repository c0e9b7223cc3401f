"""What a message said before it was edited, and which of its texts agents answered."""

from typing import Annotated
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from bullpen.chat.queries import Text
from bullpen.kit.database import Reader
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import NotFound
from bullpen.kit.instants import instant_json
from bullpen.kit.json_types import AgentId, RawTime, RunId
from bullpen.members.access import readable
from bullpen.members.actor import Actor
from bullpen.runs.queries import SEEN

# Each text stood from the edit before it until `replaced_at`; the last one has no end.
# A run read the text that stood when its prompt was recorded. Agents that were asked and wrote
# nothing have not answered.
VERSIONS = f"""
WITH message AS (
    SELECT m.id, m.text, m.created_at FROM messages m JOIN channels c ON c.id = m.channel_id
    WHERE m.id = $2 AND {readable("c")}
), texts AS (
    SELECT e.text, e.replaced_at, e.id
    FROM message JOIN earlier_texts e ON e.message_id = message.id
    UNION ALL SELECT message.text, 'infinity', NULL FROM message
), versions AS (
    SELECT t.text, t.replaced_at, t.id,
           COALESCE(lag(t.replaced_at) OVER earlier, message.created_at) AS written_at
    FROM texts t CROSS JOIN message
    WINDOW earlier AS (ORDER BY t.replaced_at, t.id NULLS LAST)
), answers AS (
    SELECT r.id, r.agent_id, COALESCE(
        (SELECT min(p.created_at) FROM run_messages p WHERE p.run_id = r.id AND p.step_id IS NULL),
        r.started_at
    ) AS read_at
    FROM message JOIN run_triggers t ON t.message_id = message.id
    JOIN runs r ON r.id = t.run_id AND {SEEN}
    WHERE EXISTS (
        SELECT FROM run_posts p WHERE p.run_id = r.id AND NOT EXISTS (
            SELECT FROM run_notices n WHERE n.message_id = p.message_id
        )
    )
)
SELECT v.text, instant(v.written_at), answered.run_ids, answered.agent_ids
FROM versions v CROSS JOIN LATERAL (
    SELECT array_agg(a.id ORDER BY a.read_at, a.id) AS run_ids,
           array_agg(a.agent_id ORDER BY a.read_at, a.id) AS agent_ids
    FROM answers a
    WHERE a.read_at < v.replaced_at
      AND (a.read_at >= v.written_at OR v.written_at = (SELECT created_at FROM message))
) answered
ORDER BY v.replaced_at, v.id NULLS LAST
"""


class AnsweringRun(Struct, rename="camel"):
    """A run that read this text of the message and wrote an answer."""

    run_id: RunId
    agent_id: AgentId


class MessageVersion(Struct, rename="camel"):
    """One text of a message."""

    text: Text
    timestamp: Annotated[RawTime, Meta(description="When it was posted or edited to say this.")]
    answered_by: (
        Annotated[
            list[AnsweringRun],
            Meta(
                description="The runs that answered the message while it said this. Left out if"
                " there are none."
            ),
        ]
        | UnsetType
    ) = UNSET


async def list_versions(reader: Reader, actor: Actor, message_id: UUID) -> list[MessageVersion]:
    """Oldest first; the last one is what it says now."""
    rows = await reader.fetch(VERSIONS, actor.user_id, message_id)
    if not rows:
        raise NotFound(ErrorCode.MESSAGE_NOT_FOUND)
    return [version(*row) for row in rows]


def version(
    text: str, time: str, run_ids: list[UUID] | None, agent_ids: list[str] | None
) -> MessageVersion:
    made = MessageVersion(text, instant_json(time))
    if run_ids is not None:
        runs = zip(run_ids, agent_ids or (), strict=True)
        made.answered_by = [AnsweringRun(run_id, agent_id) for run_id, agent_id in runs]
    return made
