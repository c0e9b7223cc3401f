"""Reads of runs. One that took place in a channel is there for that channel's readers alone."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

import msgspec
from asyncpg import Record
from msgspec import UNSET, Meta, Raw, Struct, UnsetType

from bullpen.kit.database import Reader
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import NotFound
from bullpen.kit.json_types import AgentId, CreatedAt, RunId, TextTime, Time
from bullpen.kit.pagination import Page, Window, page
from bullpen.members.access import ACTIVE, is_guest, readable
from bullpen.members.actor import Actor
from bullpen.members.permissions import Permission, require
from bullpen.runs.trace_privacy import HIDDEN, HIDDEN_FROM
from bullpen.runs.values import RunStatus, StepStatus

NULL = Raw(b"null")


class TokenUsage(Struct, rename="camel"):
    """How many tokens model calls have used."""

    input_tokens: Annotated[int, Meta(description="Tokens sent to the model.")] = 0
    output_tokens: Annotated[int, Meta(description="Tokens that the model returned.")] = 0


Usage = Annotated[
    TokenUsage | None, Meta(description="Null until known, and where the content is hidden.")
]


class RunMessage(Struct, rename="camel"):
    """One entry of a trace: a prompt, a piece of model output, a tool call or its result."""

    id: Annotated[UUID, Meta(description="Id of the entry.")]
    run_id: RunId
    step_id: Annotated[UUID | None, Meta(description="Id of its step; null outside steps.")]
    message_type: Annotated[str, Meta(description="What the entry is, such as `tool_call`.")]
    content: Annotated[
        str, Meta(description="Its text, or a placeholder if it comes from a hidden channel.")
    ]
    tool_name: Annotated[str | None, Meta(description="The tool that was called, if any.")]
    tool_input: Annotated[
        Raw, Meta(description="Arguments of the tool call: any JSON that the model wrote, or null.")
    ]
    created_at: CreatedAt


class RunStep(Struct, rename="camel"):
    """One call of the model, with the tools that it called."""

    id: Annotated[UUID, Meta(description="Id of the step.")]
    run_id: RunId
    step_number: Annotated[int, Meta(description="1 for the first step of the run.")]
    status: Annotated[StepStatus, Meta(description="Where the step is in its life.")]
    model_id: Annotated[str, Meta(description="The model that answered.")]
    token_usage: Usage
    created_at: CreatedAt
    completed_at: Annotated[Time | None, Meta(description="When it ended; null before.")]
    messages: Annotated[list[RunMessage], Meta(description="Its entries, oldest first.")]


class Run(Struct, rename="camel"):
    """One piece of an agent's work: from what triggered it to its last step."""

    id: RunId
    agent_id: AgentId
    status: Annotated[RunStatus, Meta(description="Where the run is in its life.")]
    stop_reason: Annotated[
        str | None, Meta(description="Why it ended, such as `end_turn`; null before.")
    ]
    trigger_message_id: Annotated[
        UUID | None, Meta(description="Id of the message that it answers, if any.")
    ]
    channel_id: Annotated[
        str | None, Meta(description="Id of the channel that it takes place in, if any.")
    ]
    created_at: Annotated[TextTime, Meta(description="When it was created.")]
    started_at: Annotated[TextTime | None, Meta(description="When a worker began; null before.")]
    completed_at: Annotated[TextTime | None, Meta(description="When it ended; null before.")]
    token_usage: Usage
    has_answered: (
        Annotated[
            bool,
            Meta(description="True of a canceled run that had posted an answer. Else left out."),
        ]
        | UnsetType
    ) = UNSET


class Trace(Run):
    """A run with everything that happened in it."""

    steps: Annotated[list[RunStep], Meta(description="Its steps, first to last.")] = []
    messages: Annotated[
        list[RunMessage], Meta(description="Its entries that belong to no step, oldest first.")
    ] = []


# As the database's function `run_json` makes them, for answers and events alike.
_run = msgspec.json.Decoder(Run)
_trace = msgspec.json.Decoder(Trace)


def seen(run: str) -> str:
    return f"""({ACTIVE} AND ({run}.channel_id IS NULL AND NOT {is_guest()} OR EXISTS (
        SELECT FROM channels c WHERE c.id = {run}.channel_id AND {readable("c")}
    )))"""


SEEN = seen("r")
RUN = "run_json(r)"
# A cursor that may not be seen is as one that does not exist.
MARK = f"""JOIN runs mark ON mark.id = $4 AND {seen("mark")}
    AND (r.created_at, r.id) {{comparison}} (mark.created_at, mark.id)"""
LIST = f"""
SELECT {RUN} FROM runs r {{mark}}
WHERE {SEEN} AND ($2::text IS NULL OR r.agent_id = $2) AND ($3::text IS NULL OR r.status = $3)
ORDER BY r.created_at {{direction}}, r.id {{direction}} LIMIT {{limit}}
"""
# A run, each of its steps with each of their messages, and the messages that belong to no step.
# What was withheld from it is a message too, for those who may read that channel.
TRACE = f"""
SELECT r.id, r.shown, hidden.step_number AS hidden_from,
       s.id AS step_id, s.step_number, s.status AS step_status, s.model_id,
       s.token_usage AS step_usage, s.created_at AS step_created_at,
       s.completed_at AS step_completed_at,
       m.id AS message_id, m.message_type, m.content, m.tool_name, m.tool_input,
       m.created_at AS message_created_at
FROM (
    -- Its JSON is made once, however many rows there are.
    SELECT r.id, {RUN} AS shown FROM runs r WHERE r.id = $2 AND {SEEN} OFFSET 0
) r
CROSS JOIN LATERAL (SELECT {HIDDEN_FROM} AS step_number OFFSET 0) hidden
LEFT JOIN (
    SELECT s.*, s.id AS key FROM run_steps s WHERE s.run_id = $2
    UNION ALL
    SELECT (NULL::run_steps).*, NULL::uuid
    WHERE EXISTS (SELECT FROM run_messages WHERE run_id = $2 AND step_id IS NULL)
) s ON true
LEFT JOIN (
    SELECT id, step_id, message_type, content, tool_name, tool_input, created_at
    FROM run_messages WHERE run_id = $2 AND ($3 OR message_type <> 'thinking_message')
    UNION ALL
    SELECT w.id, w.step_id, 'system_message', w.content, NULL, NULL, w.created_at
    FROM run_withheld w JOIN channels c ON c.id = w.channel_id
    WHERE w.run_id = $2 AND {readable("c")}
) m ON m.step_id IS NOT DISTINCT FROM s.key
ORDER BY s.step_number NULLS FIRST, m.created_at, m.id
"""


def usage(json: str | None) -> TokenUsage | None:
    if json is None:
        return None
    found = msgspec.json.decode(json)
    return TokenUsage(int(found.get("input_tokens") or 0), int(found.get("output_tokens") or 0))


def run(row: Record) -> Run:
    return _run.decode(row[0])


async def list_runs(
    reader: Reader,
    actor: Actor,
    window: Window,
    *,
    agent_id: str | None = None,
    status: RunStatus | None = None,
) -> Page[Run]:
    """Newest first: `older` ones come after these, `newer` ones before."""
    newest_first = window.side != "after"
    mark = MARK.format(comparison="<" if newest_first else ">") if window.cursor else ""
    direction = "DESC" if newest_first else "ASC"
    sql = LIST.format(mark=mark, direction=direction, limit=window.limit + 1)
    cursor = (window.cursor,) if window.cursor else ()
    rows = list(await reader.fetch(sql, actor.user_id, agent_id, status, *cursor))
    found = page(rows if window.side == "after" else rows[::-1], window, run)
    return Page(found.items[::-1], found.older, found.newer)


async def get_trace(reader: Reader, actor: Actor, run_id: UUID, *, thinking: bool) -> Trace:
    """By one statement, however many steps and messages it has.

    `thinking`: whether what models thought may leave the server.
    """
    rows = await reader.fetch(TRACE, actor.user_id, run_id, thinking)
    if not rows:
        raise NotFound(ErrorCode.RUN_NOT_FOUND)
    # It shows what the agent remembers and has read elsewhere.
    require(actor, Permission.READ_AGENTS)
    return traced(rows)


def traced(rows: Sequence[Record]) -> Trace:
    trace = _trace.decode(rows[0]["shown"])
    steps: dict[UUID, RunStep] = {}
    for row in rows:
        messages = trace.messages
        since = row["hidden_from"]
        hides = since is not None and (row["step_number"] or 0) >= since
        if (step_id := row["step_id"]) is not None:
            if step_id not in steps:
                steps[step_id] = step(row, hides=hides)
            messages = steps[step_id].messages
        if row["message_id"] is not None:
            messages.append(message(row, hides=hides))
    trace.steps = list(steps.values())
    return trace


def step(row: Record, *, hides: bool) -> RunStep:
    return RunStep(
        row["step_id"],
        row["id"],
        row["step_number"],
        row["step_status"],
        row["model_id"],
        # How long the hidden texts are.
        None if hides else usage(row["step_usage"]),
        row["step_created_at"],
        row["step_completed_at"],
        [],
    )


def message(row: Record, *, hides: bool) -> RunMessage:
    tool_input = None if hides else row["tool_input"]
    return RunMessage(
        row["message_id"],
        row["id"],
        row["step_id"],
        row["message_type"],
        HIDDEN if hides else row["content"],
        # As the model wrote it, which may be anything.
        None if hides else row["tool_name"],
        NULL if tool_input is None else Raw(tool_input),
        row["message_created_at"],
    )


async def get_run(reader: Reader, actor: Actor, run_id: UUID) -> Run:
    rows = await reader.fetch(
        f"SELECT {RUN} FROM runs r WHERE r.id = $2 AND {SEEN}", actor.user_id, run_id
    )
    if not rows:
        raise NotFound(ErrorCode.RUN_NOT_FOUND)
    return run(rows[0])
