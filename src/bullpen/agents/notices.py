"""A short word in the channel, in the agent's name, about why it does not answer: once."""

import re

from asyncpg import Connection

from bullpen.agents.run_context import RunContext
from bullpen.agents.runtimes.base import RunResult
from bullpen.kit.ids import new_id

LONGEST = 400
MARKUP = re.compile(r"[\\`*_\[\]<>@#~|]")

# Once a day for each agent where money ran out; where something fails, it mostly fails for all:
# once in ten minutes in each channel, and only where nothing was said.
GIVEN = """
SELECT EXISTS (
    SELECT FROM run_notices n JOIN messages m ON m.id = n.message_id
    WHERE n.kind = $3 AND m.channel_id = $2 AND CASE $3
        WHEN 'budget' THEN m.user_id = $1 AND m.created_at > now() - interval '1 day'
            AND (m.created_at AT TIME ZONE 'UTC')::date = (now() AT TIME ZONE 'UTC')::date
        ELSE m.created_at > now() - interval '10 minutes' END
) OR EXISTS (SELECT FROM run_posts WHERE run_id = $4)
  -- Somebody who reads the channel can no longer read what the run has read.
  OR NOT run_may_tell($4, readers_of($2))
"""
POST = """
WITH posted AS (
    SELECT message_id FROM post_messages(
        ARRAY[$1::uuid], ARRAY[$2::text], ARRAY[$3::uuid], ARRAY[$4::text], ARRAY[$5::text]
    )
), noted AS (
    INSERT INTO run_posts (message_id, run_id) SELECT message_id, $6 FROM posted
)
INSERT INTO run_notices (message_id, kind) SELECT message_id, $7 FROM posted
"""


async def give_notice(
    connection: Connection, run: RunContext, result: RunResult, problem: str
) -> None:
    kind = kind_of(run, result)
    if kind is None or run.channel_id is None:
        return
    values = (run.agent.id, run.channel_id, kind, run.run_id)
    if await connection.fetchval(GIVEN, *values):
        return
    await connection.execute(
        POST,
        new_id(),
        run.channel_id,
        run.thread_id,
        run.agent.id,
        f"_I cannot answer now: {as_text(problem)}_",
        run.run_id,
        kind,
    )


def kind_of(run: RunContext, result: RunResult) -> str | None:
    """None: nobody waits for it, or silence is an answer."""
    if result.is_over_budget:
        return "budget"
    # Talk between agents need not be interrupted by one that cannot take part in it.
    if result.stop_reason in ("end_turn", "cancelled") or run.depth > 0:
        return None
    # Where others answer, too, text without a call may be meant as silence.
    if result.stop_reason == "no_tool_call" and run.channel_kind != "dm":
        return None
    return "failure"


def as_text(problem: str) -> str:
    """A provider's words are no Markdown, and mention nobody."""
    shown = problem if len(problem) <= LONGEST else f"{problem[:LONGEST].rstrip()}…"
    ending = "" if shown.endswith((".", "!", "?", "…", '"')) else "."
    return MARKUP.sub(r"\\\g<0>", shown) + ending
