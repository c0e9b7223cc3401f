"""What has been said between a run and its model behind an API."""

import re
from dataclasses import replace
from typing import Any, cast

import msgspec
from pydantic_ai.messages import (
    ModelMessage,
    ModelMessagesTypeAdapter,
    ModelRequest,
    ModelRequestPart,
    ModelResponse,
    ModelResponsePart,
    TextPart,
    ThinkingPart,
    ToolCallPart,
    ToolReturnPart,
)
from pydantic_ai.models import ModelRequestParameters
from pydantic_ai.settings import ModelSettings
from pydantic_ai.tools import ToolDefinition

from bullpen.agents.runtimes.base import Recorder, RunRequest
from bullpen.agents.runtimes.talk_pictures import first_message, with_pictures, with_references
from bullpen.agents.tools.validation import read, storable, stored_text
from bullpen.runs.values import StopReason

# An answer in a chat is far shorter; thinking counts, too.
MOST_TOKENS = 8_192
# What every provider takes as a tool's name, and what of a name none of them does.
LONGEST_NAME = 64
FOREIGN_SIGNS = re.compile(r"[^a-zA-Z0-9_-]")


class Talk:
    def __init__(self, run_request: RunRequest, *, stores_thinking: bool = True) -> None:
        self.run_request = run_request
        self.stores_thinking = stores_thinking
        self.settings = ModelSettings(max_tokens=MOST_TOKENS)
        self.parameters = ModelRequestParameters(
            function_tools=[
                ToolDefinition(
                    name=tool.name,
                    description=tool.description,
                    parameters_json_schema=tool.arguments.model_json_schema(),
                )
                for tool in run_request.tools
            ]
        )
        self.messages: list[ModelMessage] = (
            with_pictures(
                ModelMessagesTypeAdapter.validate_json(run_request.history), run_request.pictures
            )
            if run_request.history
            else [first_message(run_request)]
        )
        outcomes = {
            part.outcome
            for message in self.messages
            for part in message.parts
            if isinstance(part, ToolReturnPart)
        }
        self.has_acted = "success" in outcomes
        self.has_failed = "failed" in outcomes

    def request(self, model_id: str) -> dict[str, Any]:
        """All that the model is given, before it is put into a provider's format."""
        return {
            "model": model_id,
            "settings": dict(self.settings),
            "tools": [
                {
                    "name": tool.name,
                    "description": tool.description,
                    "parameters": tool.parameters_json_schema,
                }
                for tool in self.parameters.function_tools
            ],
            "messages": ModelMessagesTypeAdapter.dump_python(self.stored(), mode="json"),
        }

    def history(self) -> bytes:
        return ModelMessagesTypeAdapter.dump_json(self.stored())

    def stored(self) -> list[ModelMessage]:
        """What was said, with references to pictures, and without what the model thought where
        that is not to be stored."""
        messages = with_references(self.messages)
        if self.stores_thinking:
            return messages
        return [
            replace(
                message,
                parts=[part for part in message.parts if not isinstance(part, ThinkingPart)],
            )
            if isinstance(message, ModelResponse)
            else message
            for message in messages
        ]

    async def take(self, answer: ModelResponse, recorder: Recorder) -> StopReason | None:
        """Does what the answer asks for, in its order; why the run ends, where it does."""
        returns: list[ModelRequestPart] = []
        ends: StopReason | None = None
        for part in answer.parts:
            if isinstance(part, TextPart) and part.content.strip():
                await recorder.said(part.content)
            elif isinstance(part, ThinkingPart):
                if self.stores_thinking and part.content.strip():
                    await recorder.thought(part.content)
            elif isinstance(part, ToolCallPart):
                arguments = cast(dict[str, Any] | str, part.args or {})
                called = await recorder.call(part.tool_name, arguments, part.tool_call_id)
                returns.append(
                    ToolReturnPart(
                        accepted_name(part.tool_name),
                        called.answer,
                        part.tool_call_id,
                        outcome="success" if called.was_made else "failed",
                    )
                )
                self.has_acted |= called.was_made
                self.has_failed |= not called.was_made
                ends = ends or called.ends
                if ends == "invalid_tool_call":
                    break
        if refusal := refusal_of(answer):
            await recorder.said(refusal)
        self.messages.append(replace(answer, parts=accepted(answer.parts)))
        if returns:
            self.messages.append(ModelRequest(returns, instructions=self.run_request.instructions))
        return ends if returns else self.without_calls(answer)

    def texts(self) -> list[str]:
        """What its model has been given to read."""
        read = [
            str(part.content)
            for message in self.messages
            for part in message.parts
            if isinstance(part, ToolReturnPart)
        ]
        return [self.run_request.prompt, self.run_request.instructions, *read]

    def without_calls(self, answer: ModelResponse) -> StopReason:
        if answer.finish_reason == "length":
            return "max_tokens_exceeded"
        if answer.finish_reason == "content_filter" or finish_of(answer) == "error":
            return "error"
        if self.has_acted:
            return "end_turn"
        return "invalid_tool_call" if self.has_failed else "no_tool_call"


def refusal_of(answer: ModelResponse) -> str:
    """In the model's words, where its provider tells them apart from text."""
    details = answer.provider_details or {}
    said = details.get("refusal") or details.get("explanation")
    return said if isinstance(said, str) else ""


def finish_of(answer: ModelResponse) -> str:
    """In the provider's words."""
    return str((answer.provider_details or {}).get("finish_reason") or "")


def accepted(parts: Any) -> list[ModelResponsePart]:
    """What providers take back: Anthropic refuses text that is only white space, and all refuse
    names that no tool can have; some parse arguments as JSON, also those of their own models."""
    kept: list[ModelResponsePart] = []
    for part in parts:
        if isinstance(part, TextPart):
            if part.content.strip():
                kept.append(replace(part, content=stored_text(part.content)))
        elif isinstance(part, ToolCallPart):
            kept.append(
                replace(
                    part, tool_name=accepted_name(part.tool_name), args=accepted_input(part.args)
                )
            )
        elif not isinstance(part, ThinkingPart) or part.content.strip() or part.signature:
            kept.append(part)
    return kept


def accepted_name(name: str) -> str:
    return FOREIGN_SIGNS.sub("_", name)[:LONGEST_NAME] or "_"


def accepted_input(arguments: Any) -> str:
    """What is no object is left out: the answer to the call says what was wrong with it."""
    try:
        given = storable(read(arguments))
    except (ValueError, RecursionError):
        return "{}"
    return msgspec.json.encode(given).decode() if isinstance(given, dict) else "{}"
