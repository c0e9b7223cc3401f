"""What a claimed run is about, read at once."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from bullpen.kit.database import Reader
from bullpen.members.queries import Agent

RUN_CONTEXT = """
SELECT r.id, r.agent_id, r.channel_id, r.trigger_message_id, r.created_at,
       d.kind, d.thread_id, d.prompt, d.depth, d.started_by, d.model_id, d.history, d.cost_usd,
       (SELECT session_key FROM workspace) AS secret,
       c.kind AS channel_kind,
       ARRAY(
           SELECT t.message_id FROM run_triggers t JOIN messages m ON m.id = t.message_id
           WHERE t.run_id = r.id ORDER BY m.created_at, m.id
       ) AS trigger_ids,
       (SELECT count(*) FROM run_steps WHERE run_id = r.id AND status = 'completed') AS turns,
       COALESCE((r.token_usage ->> 'input_tokens')::bigint, 0)
           + COALESCE((r.token_usage ->> 'output_tokens')::bigint, 0) AS tokens,
       EXISTS (SELECT FROM run_messages WHERE run_id = r.id AND step_id IS NULL) AS introduced,
       COALESCE((SELECT times FROM parked_runs WHERE run_id = r.id), 0) AS times_paused,
       a.display_name, a.title, a.avatar_color, a.system_prompt, a.model_id AS agent_model_id,
       a.max_turns, a.max_budget_usd, a.session_id, a.is_active,
       a.created_at AS agent_created_at, a.updated_at AS agent_updated_at
FROM runs r JOIN run_details d ON d.run_id = r.id JOIN agents a ON a.id = r.agent_id
LEFT JOIN channels c ON c.id = r.channel_id
WHERE r.id = $1
"""


class RunContext(Struct):
    run_id: UUID
    agent: Agent
    channel_id: str | None
    channel_kind: str | None
    thread_id: UUID | None
    trigger_message_id: UUID | None
    trigger_ids: list[UUID]
    kind: str
    prompt: str | None
    depth: int
    started_by: str | None
    model_id: str
    history: bytes | None
    # Of an earlier attempt at the same run.
    turns: int
    tokens: int
    cost_usd: float
    # Message ids are derived from it. A guessable id could be taken by somebody else first.
    secret: bytes | None
    introduced: bool
    # Attempts that a pause has ended.
    times_paused: int
    created_at: datetime

    @property
    def is_public(self) -> bool:
        """Whether everybody reads what the run does where it takes place."""
        return self.channel_id is None or self.channel_kind == "public"


async def read_run_context(reader: Reader, run_id: UUID) -> RunContext | None:
    rows = await reader.fetch(RUN_CONTEXT, run_id)
    if not rows:
        return None
    row = rows[0]
    agent = Agent(
        row["agent_id"],
        row["display_name"],
        row["title"],
        row["avatar_color"],
        row["system_prompt"],
        row["agent_model_id"],
        row["max_turns"],
        row["max_budget_usd"],
        row["session_id"],
        row["is_active"],
        row["agent_created_at"],
        row["agent_updated_at"],
    )
    return RunContext(
        run_id=row["id"],
        agent=agent,
        channel_id=row["channel_id"],
        channel_kind=row["channel_kind"],
        thread_id=row["thread_id"],
        trigger_message_id=row["trigger_message_id"],
        trigger_ids=row["trigger_ids"],
        kind=row["kind"],
        prompt=row["prompt"],
        depth=row["depth"],
        started_by=row["started_by"],
        model_id=row["model_id"] or agent.model_id,
        history=row["history"],
        turns=row["turns"],
        tokens=row["tokens"],
        cost_usd=row["cost_usd"] or 0.0,
        secret=row["secret"],
        introduced=row["introduced"],
        times_paused=row["times_paused"],
        created_at=row["created_at"],
    )
