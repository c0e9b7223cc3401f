"""Why a run was, what came of it, and what each of its steps sent to the model."""

from typing import Annotated, Literal
from uuid import UUID

import msgspec
from asyncpg import Record
from msgspec import Meta, Raw, Struct

from bullpen.kit.database import Reader
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import NotFound
from bullpen.kit.json_types import RunId
from bullpen.members.access import readable
from bullpen.members.actor import Actor
from bullpen.members.permissions import Permission, require
from bullpen.runs.decisions import Decision
from bullpen.runs.queries import SEEN
from bullpen.runs.requests import restored
from bullpen.runs.trace_privacy import HIDDEN_FROM

SUMMARY = f"""
SELECT d.kind, d.again_of, d.model_id, d.depth, d.cost_usd, d.problem,
       chosen.decision::text AS decision,
       ARRAY(
           SELECT t.message_id FROM run_triggers t JOIN messages m ON m.id = t.message_id
           WHERE t.run_id = r.id ORDER BY m.created_at, m.id
       ) AS trigger_message_ids,
       ARRAY(
           SELECT p.message_id FROM run_posts p
           JOIN messages m ON m.id = p.message_id JOIN channels c ON c.id = m.channel_id
           WHERE p.run_id = r.id AND {readable("c")} ORDER BY m.created_at, m.id
       ) AS posted_message_ids,
       ARRAY(
           SELECT CASE WHEN s.step_number < COALESCE(hidden.step_number, s.step_number + 1)
                  THEN detail.cost_usd END
           FROM run_steps s LEFT JOIN step_details detail ON detail.step_id = s.id
           WHERE s.run_id = r.id ORDER BY s.step_number
       ) AS step_costs
FROM runs r CROSS JOIN LATERAL (SELECT {HIDDEN_FROM} AS step_number OFFSET 0) hidden
LEFT JOIN run_details d ON d.run_id = r.id
LEFT JOIN run_decisions chosen ON chosen.run_id = r.id
WHERE r.id = $2 AND {SEEN}
"""
REQUEST = f"""
SELECT d.request, (
    SELECT json_object_agg(m.message_type, m.content) FROM run_messages m
    WHERE m.run_id = r.id AND m.step_id IS NULL
)::text FROM runs r
JOIN run_steps s ON s.run_id = r.id JOIN step_details d ON d.step_id = s.id
WHERE r.id = $2 AND s.step_number = $3 AND {SEEN}
  AND s.step_number <= COALESCE({HIDDEN_FROM}, s.step_number)
"""


class RunSummary(Struct, rename="camel"):
    """Why a run was started and what came of it. Runs that came with a pack have nulls."""

    run_id: RunId
    kind: Annotated[
        Literal["message", "schedule", "again"] | None, Meta(description="What started it.")
    ]
    again_of: Annotated[UUID | None, Meta(description="Id of the run that it repeats, if any.")]
    model_id: Annotated[
        str | None, Meta(description="The model that it was made to use, if not the agent's own.")
    ]
    depth: Annotated[
        int | None,
        Meta(description="Number of runs between a person's message or a schedule and this one."),
    ]
    cost_usd: Annotated[float | None, Meta(description="Its cost in US dollars, if known.")]
    problem: Annotated[str | None, Meta(description="What went wrong, in a sentence, if it did.")]
    decision: Annotated[
        Decision | None,
        Meta(
            description="Why this agent was asked and no other. Null where all were asked, and for"
            " runs that no message started."
        ),
    ]
    trigger_message_ids: Annotated[
        list[UUID], Meta(description="Ids of the messages that it answers, oldest first.")
    ]
    posted_message_ids: Annotated[
        list[UUID],
        Meta(description="Ids of the messages that it posted and that the current user can read."),
    ]
    step_costs: Annotated[
        list[float | None],
        Meta(
            description="The cost of each step in US dollars, first to last. Null where it is not"
            " known, or where the step is hidden."
        ),
    ]


async def get_summary(reader: Reader, actor: Actor, run_id: UUID) -> RunSummary:
    """A run that came with a pack has no more to tell than its trace."""
    rows: list[Record] = list(await reader.fetch(SUMMARY, actor.user_id, run_id))
    if not rows:
        raise NotFound(ErrorCode.RUN_NOT_FOUND)
    require(actor, Permission.READ_AGENTS)
    values = dict(rows[0])
    if values["decision"] is not None:
        values["decision"] = msgspec.json.decode(values["decision"], type=Decision)
    return RunSummary(run_id, **values)


async def get_request(
    reader: Reader, actor: Actor, run_id: UUID, step_number: int, *, thinking: bool
) -> Raw:
    """`thinking`: whether what models thought may leave the server. A request repeats it."""
    rows = await reader.fetch(REQUEST, actor.user_id, run_id, step_number)
    if not rows:
        raise NotFound(ErrorCode.REQUEST_NOT_FOUND, "No model request is stored for this step.")
    require(actor, Permission.READ_AGENTS)
    request, stored = rows[0]
    texts = msgspec.json.decode(stored, type=dict[str, str]) if stored else {}
    request = restored(request, texts)
    return Raw((request if thinking else without_thinking(request)).encode())


def without_thinking(request: str) -> str:
    """The request without the parts of earlier answers that are thoughts."""
    found = msgspec.json.decode(request)
    messages = found.get("messages") if isinstance(found, dict) else None
    for message in messages if isinstance(messages, list) else []:
        if isinstance(message, dict) and isinstance(message.get("parts"), list):
            message["parts"] = [part for part in message["parts"] if not is_thought(part)]
    return msgspec.json.encode(found).decode()


def is_thought(part: object) -> bool:
    return isinstance(part, dict) and part.get("part_kind") == "thinking"
