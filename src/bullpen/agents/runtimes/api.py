"""Models behind an API: one request after the other, until the model has done what it wants.

The requests are pydantic-ai's; the loop is ours, since a trace, a budget and a run that goes on
after a crash need a say between any two of them.
"""

import asyncio
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

import msgspec
from genai_prices import Usage as Priced
from genai_prices import calc_price
from pydantic_ai.direct import model_request
from pydantic_ai.exceptions import (
    AgentRunError,
    ModelAuthenticationError,
    ModelConnectionError,
    ModelContextWindowExceededError,
    ModelHTTPError,
    ModelNotFoundError,
    ModelQuotaExceededError,
    ModelRateLimitError,
    UserError,
)
from pydantic_ai.messages import (
    ModelMessage,
    ModelMessagesTypeAdapter,
    ModelRequest,
    ModelRequestPart,
    ModelResponse,
    TextPart,
    ToolCallPart,
    ToolReturnPart,
    UserPromptPart,
)
from pydantic_ai.models import Model, ModelRequestParameters
from pydantic_ai.settings import ModelSettings
from pydantic_ai.tools import ToolDefinition

from bullpen.agents.keys import Keys
from bullpen.agents.runtime import Recorder, Result, Spec, StopReason, Usage

# An answer in a chat is far shorter; thinking counts, too.
MOST_TOKENS = 8_192
SERVER_FAULT = 500


def make(provider: str, name: str, keys: Keys) -> "ApiModel":
    return ApiModel(provider, name, keys)


@dataclass(frozen=True)
class ApiModel:
    provider: str
    name: str
    keys: Keys

    @property
    def model_id(self) -> str:
        return f"{self.provider}:{self.name}"

    @cached_property
    def model(self) -> Model:
        return build(self.provider, self.name, self.keys)

    async def run(self, spec: Spec, recorder: Recorder) -> Result:
        if "model" not in self.__dict__:
            # Loading a provider's SDK takes seconds, which other runs must not wait for.
            await asyncio.to_thread(getattr, self, "model")
        talk = Talk(spec)
        for _ in range(spec.max_turns):
            request = talk.request(self.model_id)
            await recorder.turn_started(self.model_id, request, self.most_usd(request))
            try:
                async with asyncio.timeout(self.keys.seconds):
                    answer = await model_request(
                        self.model,
                        talk.messages,
                        model_settings=talk.settings,
                        model_request_parameters=talk.parameters,
                    )
            except (AgentRunError, UserError, TimeoutError) as problem:
                words = explained(problem)
                await recorder.turn_failed(words)
                return Result(reason(problem), error=words)
            stopped = await talk.take(answer, recorder)
            usage = Usage(answer.usage.input_tokens, answer.usage.output_tokens)
            await recorder.turn_ended(usage, cost(answer), talk.history())
            if stopped is not None:
                return Result(stopped)
        return Result("max_steps" if talk.has_acted else "invalid_tool_call")

    def most_usd(self, request: Any) -> float:
        """A token has a byte at least, and the answer may be as long as is allowed.

        Nothing where nobody has told what it costs, as for a model on one's own machine.
        """
        length = len(msgspec.json.encode(request, enc_hook=str))
        used = Priced(input_tokens=length, output_tokens=MOST_TOKENS)
        try:
            return float(calc_price(used, self.name, provider_id=self.provider).total_price)
        except LookupError:
            return 0.0

    async def close(self) -> None:
        if "model" in self.__dict__:
            # Whoever leaves last closes the connections.
            async with self.model:
                pass


class Talk:
    """What has been said between the run and its model."""

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        self.settings = ModelSettings(max_tokens=MOST_TOKENS)
        self.parameters = ModelRequestParameters(
            function_tools=[
                ToolDefinition(
                    name=tool.name,
                    description=tool.description,
                    parameters_json_schema=tool.arguments.model_json_schema(),
                )
                for tool in spec.tools
            ]
        )
        first = ModelRequest([UserPromptPart(spec.prompt)], instructions=spec.instructions)
        self.messages: list[ModelMessage] = (
            ModelMessagesTypeAdapter.validate_json(spec.history) if spec.history else [first]
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
        """All that the model is given, whoever's format it is then sent in."""
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
            "messages": ModelMessagesTypeAdapter.dump_python(self.messages, mode="json"),
        }

    def history(self) -> bytes:
        return ModelMessagesTypeAdapter.dump_json(self.messages)

    async def take(self, answer: ModelResponse, recorder: Recorder) -> StopReason | None:
        """Does what the answer asks for, in its order; why the run ends, where it does."""
        self.messages.append(answer)
        returns: list[ModelRequestPart] = []
        ends: StopReason | None = None
        for part in answer.parts:
            if isinstance(part, TextPart) and part.content.strip():
                await recorder.said(part.content)
            elif isinstance(part, ToolCallPart):
                arguments = cast(dict[str, Any] | str, part.args or {})
                called = await recorder.call(part.tool_name, arguments, part.tool_call_id)
                returns.append(
                    ToolReturnPart(
                        part.tool_name,
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
        if not returns:
            return self.without_calls(answer)
        self.messages.append(ModelRequest(returns, instructions=self.spec.instructions))
        return ends

    def without_calls(self, answer: ModelResponse) -> StopReason:
        if answer.finish_reason == "length":
            return "max_tokens_exceeded"
        if answer.finish_reason in ("content_filter", "error"):
            return "error"
        if self.has_acted:
            return "end_turn"
        return "invalid_tool_call" if self.has_failed else "no_tool_call"


def cost(answer: ModelResponse) -> float | None:
    """None where nobody has told what it costs: its tokens are counted all the same."""
    try:
        return float(answer.cost().total_price)
    except (LookupError, ValueError, AssertionError):
        return None


def reason(problem: Exception) -> StopReason:
    is_full = isinstance(problem, ModelContextWindowExceededError)
    return "max_tokens_exceeded" if is_full else "error"


def explained(problem: Exception) -> str:
    """Short, and without what the provider's answer may repeat of the request."""
    status = f" ({problem.status_code})" if isinstance(problem, ModelHTTPError) else ""
    match problem:
        case TimeoutError():
            return "The model did not answer in time."
        case ModelAuthenticationError():
            return f"The provider does not accept the key{status}."
        case ModelNotFoundError():
            return f"The provider has no such model{status}."
        case ModelContextWindowExceededError():
            return "The prompt is longer than the model can read."
        case ModelQuotaExceededError():
            return f"The account's quota is used up{status}."
        case ModelRateLimitError():
            after = problem.retry_after
            when = f"; it asks to wait {after:.0f} seconds" if after else ""
            return f"The provider is being asked too often{status}{when}."
        case ModelHTTPError() if problem.status_code >= SERVER_FAULT:
            return f"The provider failed{status}."
        case ModelHTTPError():
            return f"The provider refused the request{status}."
        case ModelConnectionError():
            return "The provider cannot be reached, or broke off its answer."
    return "The provider's answer cannot be read."


def build(provider: str, name: str, keys: Keys) -> Model:
    """With the SDK's own two further tries, which heed a provider's retry-after."""
    match provider:
        case "anthropic":
            from pydantic_ai.models.anthropic import AnthropicModel  # noqa: PLC0415 - one of many
            from pydantic_ai.providers.anthropic import AnthropicProvider  # noqa: PLC0415

            url = keys.anthropic_base_url
            return AnthropicModel(
                name, provider=AnthropicProvider(api_key=keys.anthropic_api_key, base_url=url)
            )
        case "google":
            from pydantic_ai.models.google import GoogleModel  # noqa: PLC0415
            from pydantic_ai.providers.google import GoogleProvider  # noqa: PLC0415

            assert keys.google_api_key is not None
            return GoogleModel(name, provider=GoogleProvider(api_key=keys.google_api_key))
    from pydantic_ai.models.openai import OpenAIChatModel  # noqa: PLC0415
    from pydantic_ai.providers.ollama import OllamaProvider  # noqa: PLC0415
    from pydantic_ai.providers.openai import OpenAIProvider  # noqa: PLC0415
    from pydantic_ai.providers.vllm import VLLMProvider  # noqa: PLC0415

    match provider:
        case "openai":
            openai = OpenAIProvider(api_key=keys.openai_api_key, base_url=keys.openai_base_url)
            return OpenAIChatModel(name, provider=openai)
        case "ollama":
            ollama = OllamaProvider(base_url=versioned(keys.ollama_base_url))
            return OpenAIChatModel(name, provider=ollama)
        case "vllm":
            vllm = VLLMProvider(base_url=versioned(keys.vllm_base_url))
            return OpenAIChatModel(name, provider=vllm)
    # A server of one's own often wants no key, and the SDK one in any case.
    key = keys.compatible_api_key or "none"
    other = OpenAIProvider(api_key=key, base_url=versioned(keys.compatible_base_url))
    return OpenAIChatModel(name, provider=other)


def versioned(url: str | None) -> str:
    """As the servers' own pages give it, with or without the version."""
    assert url is not None
    bare = url.rstrip("/")
    return bare if bare.rpartition("/")[2].startswith("v") else f"{bare}/v1"
