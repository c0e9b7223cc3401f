"""A line in the channel about why an agent does not answer: once, and marked as a notice."""

import re

from asyncpg import Connection

from bullpen.agents.run_context import RunContext
from bullpen.agents.runtimes.base import RunResult
from bullpen.chat.queries import Notice
from bullpen.chat.send import NewMessage, send_in_transaction
from bullpen.kit.ids import new_id
from bullpen.runs.notices import is_given
from bullpen.runs.values import NoticeKind

LONGEST = 400
MARKUP = re.compile(r"[\\`*_\[\]<>@#~|]")
ESCAPED = r"\\\g<0>"


async def give_notice(
    connection: Connection, run: RunContext, result: RunResult, problem: str
) -> None:
    kind = kind_of(run, result)
    if kind is None or run.channel_id is None:
        return
    if await is_given(connection, run.run_id, run.agent.id, run.channel_id, kind):
        return
    text = f"_{MARKUP.sub(ESCAPED, run.agent.display_name)} could not answer: {as_text(problem)}_"
    draft = NewMessage(new_id(), run.channel_id, run.thread_id, run.agent.id, text)
    # Nobody is to answer it. Where it is refused, nobody is left to read it.
    notice = Notice(kind, run.run_id, problem)
    await send_in_transaction(connection, draft, run_id=run.run_id, asks=False, notice=notice)


def kind_of(run: RunContext, result: RunResult) -> NoticeKind | None:
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
    return MARKUP.sub(ESCAPED, shown) + ending
