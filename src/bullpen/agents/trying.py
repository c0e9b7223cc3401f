"""Asks a model for one word, to find out whether it can answer for agents."""

import asyncio
import time
from dataclasses import replace
from typing import Annotated
from uuid import uuid4

from msgspec import Meta, Struct

from bullpen.agents.model_ids import parse_model_id
from bullpen.agents.model_lists import ModelList, ModelLists, is_listed
from bullpen.agents.model_settings import ModelSettings
from bullpen.agents.providers import BY_ID, make_runtime, missing
from bullpen.agents.retired_models import current_name
from bullpen.agents.runtimes import failures
from bullpen.agents.runtimes.base import RunRequest, RunResult, StopRun
from bullpen.agents.sandbox import SandboxRecorder, stopped
from bullpen.agents.tools.messages import SEND_MESSAGE

SECONDS = 30.0
MOST_USD = 0.05
INSTRUCTIONS = "This is a test of the connection. Answer by calling send_message once."
PROMPT = 'Call send_message with the text "Hello".'
WITHOUT_TOOL = (
    "The model answers, but it did not call the tool that it was given. Agents need a model that"
    " calls tools."
)


class ModelTest(Struct, rename="camel"):
    """What came of one real call."""

    ok: Annotated[bool, Meta(description="Whether the model answered.")]
    model_id: Annotated[
        str | None, Meta(description="The model that was asked; null if none could be.")
    ]
    problem: Annotated[
        str | None, Meta(description="What is wrong, in sentences; null if nothing is.")
    ]
    seconds: Annotated[float, Meta(description="How long it took.")]
    models: Annotated[
        list[str], Meta(description="The provider's models, by its own list, if it came.")
    ]


async def try_provider(
    provider_id: str, name: str | None, settings: ModelSettings, lists: ModelLists
) -> ModelTest:
    """`name`: the model to ask; None for one of the provider's list."""
    began = time.monotonic()
    lacking = missing(BY_ID[provider_id], settings)
    if lacking:
        words = "; ".join(lacking)
        return ModelTest(False, None, f"{words[:1].upper()}{words[1:]}.", 0.0, [])
    listed = await lists.get(provider_id, settings)
    asked = name or usual_model(provider_id, listed)
    if asked is None:
        problem = listed.problem or "The server lists no models. Load one there first."
        return ModelTest(False, None, problem, passed(began), [])
    model_id = f"{provider_id}:{current_name(provider_id, asked)}"
    failure, ok = await try_model(model_id, settings)
    if failure is not None and not ok and listed.models:
        failure = explained(failure, asked, listed)
    return ModelTest(ok, model_id, failure, passed(began), listed.models)


def passed(began: float) -> float:
    return round(time.monotonic() - began, 2)


def explained(problem: str, name: str, listed: ModelList) -> str:
    """What the list adds: that it came, the server is there and takes the key."""
    if not is_listed(name, listed.models):
        return f"The provider's list has no model '{name}'. {problem}"
    return f"The provider answers and lists its models, but the model call fails: {problem}"


def usual_model(provider_id: str, listed: ModelList) -> str | None:
    _, example = parse_model_id(BY_ID[provider_id].example)
    if is_listed(example, listed.models):
        return example
    if provider_id in ("anthropic", "openai", "google", "claude"):
        return example
    return listed.models[0] if listed.models else None


async def try_model(model_id: str, settings: ModelSettings) -> tuple[str | None, bool]:
    """What is wrong, if anything, and whether the model answered."""
    limited = replace(settings, seconds=min(settings.seconds, SECONDS))
    recorder = SandboxRecorder([SEND_MESSAGE], MOST_USD)
    request = RunRequest(
        run_id=uuid4(),
        agent_id="model-test",
        model_id=model_id,
        instructions=INSTRUCTIONS,
        prompt=PROMPT,
        tools=[SEND_MESSAGE],
        max_turns=1,
        max_budget_usd=MOST_USD,
        history=None,
        session_id=None,
        seed=1,
    )
    runtime = await asyncio.to_thread(make_runtime, model_id, limited)
    try:
        async with asyncio.timeout(SECONDS + 5):
            result = await runtime.run(request, recorder)
    except TimeoutError:
        return failures.NOT_IN_TIME, False
    except StopRun as stop:
        return stopped(stop), False
    finally:
        await runtime.close()
    return judged(result, recorder)


def judged(result: RunResult, recorder: SandboxRecorder) -> tuple[str | None, bool]:
    if any(call.problem is None for call in recorder.calls):
        return None, True
    if recorder.calls or (result.stop_reason == "no_tool_call" and recorder.said_texts):
        return WITHOUT_TOOL, True
    return result.error or failures.NOTHING, False
