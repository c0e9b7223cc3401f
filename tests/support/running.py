"""Runs whose model is a test: with the prompts that agents really get, and the tools they call."""

from datetime import datetime

from tests.support.asking import ask_only_who_is_mentioned, post, settled
from tests.support.minds import SmallMind, working
from tests.support.program import until

from bullpen.agents.prompt.build import Prompt
from bullpen.agents.responder import WorkspaceResponder
from bullpen.agents.run_context import RunContext
from bullpen.agents.runtimes.base import RunResult, Usage
from bullpen.agents.tools import TOOLS
from bullpen.kit.database import Database


class Mind(SmallMind):
    async def build_prompt(self, database: Database, work: RunContext, now: datetime) -> Prompt:
        return await WorkspaceResponder(self.runtime_for).build_prompt(database, work, now)


def doing(*calls, thinking=None, agent="kevin"):
    """One step for each call; other agents do nothing. A call is a tool with its arguments."""

    async def act(request, recorder):
        made = calls if request.agent_id == agent else [("do_nothing", {"reason": "Not for me."})]
        for number, (tool, arguments) in enumerate(made, start=1):
            await recorder.turn_started(request.model_id, {"asked": number})
            if thinking is not None:
                await recorder.thought(thinking)
            await recorder.said(f"Turn {number}")
            await recorder.call(tool, arguments, str(number))
            await recorder.turn_ended(Usage(100, 10), 0.002, None)
        return RunResult("end_turn")

    return Mind(act, tools=TOOLS)


def ran(run_sql, url, mind, channel="general", text="@kevin how is it going?", agent="kevin"):
    """As below, by Michael, or by somebody who is there."""
    author = {"general": "michael", "accounting": "angela"}[channel]
    return run_of(run_sql, url, mind, author, channel, text, agent=agent)


def run_of(run_sql, url, mind, author, channel, text, *, agent="kevin"):
    """Asks an agent, whom the text mentions; the ids of the question and of the run."""
    ask_only_who_is_mentioned(run_sql)
    # Before anybody works, so that what was posted earlier is answered together with it.
    asked = post(run_sql, author, channel, text)
    with working(url, mind):
        until(lambda: settled(run_sql))
    [(run_id,)] = run_sql(
        "SELECT r.id FROM runs r JOIN run_triggers t ON t.run_id = r.id"
        " WHERE t.message_id = $1 AND r.agent_id = $2",
        asked,
        agent,
    )
    return str(asked), str(run_id)
