"""What an agent would answer, before it joins: nothing is posted, and nothing is stored.

The prompt is the one that it would get. To build it, the agent is made in a transaction that is
taken back before its model is asked.
"""

import asyncio
import secrets
from datetime import datetime
from typing import Annotated
from uuid import uuid4

import msgspec
from msgspec import Meta, Struct

from bullpen.agents.model_settings import ModelSettings
from bullpen.agents.prompt.build import Prompt, build_prompt
from bullpen.agents.prompt.conversation import Location, Trigger
from bullpen.agents.providers import Providers
from bullpen.agents.runtimes import failures
from bullpen.agents.runtimes.base import RunRequest, RunResult, StopRun
from bullpen.agents.sandbox import SandboxRecorder, stopped
from bullpen.agents.tools import TOOLS
from bullpen.chat.send import NewMessage, refused, send_in_transaction
from bullpen.kit.database import Database
from bullpen.kit.ids import new_id
from bullpen.members.actions import create_agent, create_channel
from bullpen.members.actor import Actor
from bullpen.members.queries import get_agent

SECONDS = 60.0
MOST_TURNS = 3
MOST_USD = 0.10
COLOR = "#4A90D9"


class Draft(Struct):
    """The agent as it is typed so far."""

    display_name: str
    title: str
    system_prompt: str
    model_id: str


class AgentPreview(Struct, rename="camel"):
    """What an agent would do with a message."""

    model_id: Annotated[str, Meta(description="The model that answered.")]
    messages: Annotated[list[str], Meta(description="What it would write.")]
    calls: Annotated[list[str], Meta(description="Names of other tools that it would call.")]
    problem: Annotated[
        str | None, Meta(description="Why it would not answer, in sentences; null if it would.")
    ]
    cost_usd: Annotated[float, Meta(description="What the preview cost, in US dollars.")]


class TakenBack(Exception):
    """Ends the transaction in which the prompt was built."""

    def __init__(self, prompt: Prompt) -> None:
        super().__init__()
        self.prompt = prompt


async def preview(
    database: Database, actor: Actor, draft: Draft, text: str, settings: ModelSettings,
    now: datetime,
) -> AgentPreview:  # fmt: skip
    agent_id = f"preview-{secrets.token_hex(8)}"
    prompt = await prompt_for(database, actor, agent_id, draft, text, now)
    providers = Providers(settings, database)
    recorder = SandboxRecorder(TOOLS, MOST_USD)
    runtime, model_id = await providers.runtime_for(draft.model_id)
    request = RunRequest(
        run_id=uuid4(),
        agent_id=agent_id,
        model_id=model_id,
        instructions=prompt.instructions,
        prompt=prompt.user,
        tools=TOOLS,
        max_turns=MOST_TURNS,
        max_budget_usd=MOST_USD,
        history=None,
        session_id=None,
        seed=1,
        script=prompt.script,
    )
    try:
        async with asyncio.timeout(SECONDS):
            result = await runtime.run(request, recorder)
    except TimeoutError:
        result = RunResult("error", error=failures.NOT_IN_TIME)
    except StopRun as stop:
        result = RunResult(stop.reason, error=stopped(stop))
    finally:
        await providers.close()
    return shown(model_id, result, recorder)


async def prompt_for(
    database: Database, actor: Actor, agent_id: str, draft: Draft, text: str, now: datetime
) -> Prompt:  # fmt: skip
    channel_id, message_id = f"{agent_id}-dm", new_id()
    try:
        async with database.transaction() as connection:
            columns = msgspec.structs.asdict(draft)
            await create_agent(
                connection, actor, {"id": agent_id, "avatar_color": COLOR, **columns}
            )
            dm = {"id": channel_id, "name": draft.display_name, "kind": "dm"}
            await create_channel(connection, actor, dm, [actor.user_id, agent_id])
            message = NewMessage(message_id, channel_id, None, actor.user_id, text)
            refusal = await send_in_transaction(connection, message, run_id=None, asks=False)
            if refusal is not None:
                raise refused(refusal)
            agent = await get_agent(connection, actor, agent_id)
            place, trigger = Location(channel_id), Trigger([message_id])
            prompt = await build_prompt(connection, agent, place, trigger, TOOLS, now)
            raise TakenBack(prompt)  # noqa: TRY301 - so that nothing of it stays
    except TakenBack as taken:
        return taken.prompt


def shown(model_id: str, result: RunResult, recorder: SandboxRecorder) -> AgentPreview:
    made = [call for call in recorder.calls if call.problem is None]
    messages = [
        str(msgspec.json.decode(call.arguments)["text"])
        for call in made
        if call.tool_name == "send_message"
    ]
    others = [
        call.tool_name for call in made if call.tool_name not in ("send_message", "do_nothing")
    ]
    problem = result.error
    if problem is None and not made and result.stop_reason != "end_turn":
        problem = failures.NO_CALL if recorder.said_texts else failures.NOTHING
    return AgentPreview(model_id, messages, others, problem, recorder.cost_usd)
