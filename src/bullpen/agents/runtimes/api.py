"""Models behind an API: one request after the other, until the model has done what it wants.

The requests are pydantic-ai's; the loop is ours, since a trace, a budget and a run that goes on
after a crash need a say between any two of them.
"""

import asyncio
import logging
import threading
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

import msgspec
from genai_prices import Usage as Priced
from genai_prices import calc_price
from pydantic_ai.direct import model_request
from pydantic_ai.exceptions import (
    AgentRunError,
    ModelAPIError,
    ModelConnectionError,
    ModelContextWindowExceededError,
    ModelHTTPError,
    ModelQuotaExceededError,
    ModelTimeoutError,
)
from pydantic_ai.messages import ModelResponse
from pydantic_ai.models import Model

from bullpen.agents.model_settings import ModelSettings
from bullpen.agents.runtimes import failures
from bullpen.agents.runtimes.base import Recorder, RunRequest, RunResult, Usage
from bullpen.agents.runtimes.building import build
from bullpen.agents.runtimes.client import TROUBLE, UNREADABLE, ReadingClient, Trouble
from bullpen.agents.runtimes.pieces import EMIT, without_thoughts
from bullpen.agents.runtimes.talk import MOST_TOKENS, Talk, finish_of, refusal_of
from bullpen.agents.runtimes.talk_pictures import picture_tokens
from bullpen.runs.values import StopReason

BUILDING = threading.Lock()
log = logging.getLogger(__name__)


def make(provider: str, name: str, model_settings: ModelSettings) -> "ApiModel":
    return ApiModel(provider, name, model_settings)


@dataclass(frozen=True)
class ApiModel:
    provider: str
    name: str
    model_settings: ModelSettings

    @property
    def model_id(self) -> str:
        return f"{self.provider}:{self.name}"

    @cached_property
    def made(self) -> tuple[Model, ReadingClient]:
        with BUILDING:
            # Several runs may begin at once; they share the connections of one client.
            if "made" not in self.__dict__:
                self.__dict__["made"] = build(self.provider, self.name, self.model_settings)
            return cast(tuple[Model, ReadingClient], self.__dict__["made"])

    async def run(self, run_request: RunRequest, recorder: Recorder) -> RunResult:
        if "made" not in self.__dict__:
            try:
                # Loading a provider's SDK takes seconds, which other runs must not wait for.
                await asyncio.to_thread(getattr, self, "made")
            except Exception as problem:  # noqa: BLE001 - settings can fail in any way
                return RunResult("error", error=self.not_made(problem))
        talk = Talk(run_request, stores_thinking=self.model_settings.stores_thinking)
        for _ in range(run_request.max_turns):
            request = talk.request(self.model_id)
            most_usd = self.most_usd(request, len(run_request.pictures))
            await recorder.turn_started(self.model_id, request, most_usd)
            answer = await self.ask(talk)
            if isinstance(answer, RunResult):
                await recorder.turn_failed(answer.error or "")
                return answer
            stopped = await talk.take(answer, recorder)
            usage = Usage(answer.usage.input_tokens, answer.usage.output_tokens)
            await recorder.turn_ended(usage, cost(answer), talk.history())
            if stopped is not None:
                return RunResult(stopped, error=self.why(stopped, answer, talk))
        return RunResult("max_steps" if talk.has_acted else "invalid_tool_call")

    async def ask(self, talk: Talk) -> ModelResponse | RunResult:
        trouble: list[Trouble] = []
        token = TROUBLE.set(trouble)
        emit = talk.run_request.emit
        heard = EMIT.set(emit if self.model_settings.shows_thinking else without_thoughts(emit))
        try:
            async with asyncio.timeout(self.model_settings.seconds):
                return await model_request(
                    self.made[0],
                    talk.messages,
                    model_settings=talk.settings,
                    model_request_parameters=talk.parameters,
                )
        except TimeoutError:
            if not trouble:
                return RunResult("error", error=failures.NOT_IN_TIME)
            # It waited to ask again, as the provider wished.
            last = trouble[-1]
            return self.failed(failures.of_status(last.status), last.message, talk)
        except AgentRunError as problem:
            return self.explained(problem, talk)
        except Exception:
            log.exception("an answer of %s could not be read", self.model_id)
            return RunResult("error", error=failures.UNREADABLE)
        finally:
            TROUBLE.reset(token)
            EMIT.reset(heard)

    def explained(self, problem: AgentRunError, talk: Talk) -> RunResult:
        if not isinstance(problem, ModelAPIError):
            return RunResult("error", error=failures.UNREADABLE)
        message = message_of(problem)
        if UNREADABLE in str(problem.body):
            return RunResult("error", error=failures.unreadable(message))
        match problem:
            case ModelContextWindowExceededError():
                words = failures.FULL
            case ModelTimeoutError():
                words = failures.NOT_IN_TIME
            case ModelConnectionError():
                return RunResult("error", error=failures.UNREACHABLE)
            case ModelQuotaExceededError():
                words = failures.of_status(failures.NO_MONEY)
            case ModelHTTPError() if failures.is_out_of_credit(message):
                words = failures.of_status(failures.NO_MONEY)
            case ModelHTTPError():
                words = failures.of_status(problem.status_code, problem.retry_after)
            case _:
                words = failures.UNREADABLE
        is_full = isinstance(problem, ModelContextWindowExceededError)
        reason: StopReason = "max_tokens_exceeded" if is_full else "error"
        return self.failed(words, message, talk, reason)

    def failed(
        self, words: str, message: str, talk: Talk, reason: StopReason = "error"
    ) -> RunResult:
        return RunResult(reason, error=words + self.quoted(message, talk))

    def quoted(self, message: str, talk: Talk) -> str:
        return failures.quoted(message, self.model_settings.secrets, talk.texts())

    def why(self, stopped: StopReason, answer: ModelResponse, talk: Talk) -> str | None:
        """Words for an end that a person would otherwise have to guess."""
        if stopped == "max_tokens_exceeded":
            is_full = finish_of(answer) == "model_context_window_exceeded"
            return failures.FULL if is_full else failures.CUT_OFF
        if stopped == "no_tool_call":
            return failures.NO_CALL if answer.text else failures.NOTHING
        if stopped != "error":
            return None
        if finish_of(answer) == "error":
            return failures.BROKE_OFF
        is_refusal = bool(refusal_of(answer)) or finish_of(answer) == "refusal"
        words = failures.REFUSED if is_refusal else failures.FILTERED
        # Once it has called tools, it may know what not everybody here may read.
        said = "" if talk.has_acted or talk.has_failed else refusal_of(answer)
        return words + self.quoted(said, talk)

    def not_made(self, problem: Exception) -> str:
        what = failures.quoted(str(problem), self.model_settings.secrets, ())
        return (
            "The connection to the provider cannot be made with the settings that Bullpen was"
            f" started with ({type(problem).__name__}). Check proxies, certificates, keys and"
            f" addresses.{what}"
        )

    def most_usd(self, request: Any, pictures: int) -> float:
        """A token has a byte at least, and the answer may be as long as is allowed. The request
        has references in place of the pictures.

        Nothing where its price is unknown, as for a model on one's own machine.
        """
        length = len(msgspec.json.encode(request, enc_hook=str))
        tokens = length + pictures * picture_tokens(self.name)
        used = Priced(input_tokens=tokens, output_tokens=MOST_TOKENS)
        try:
            return float(calc_price(used, self.name, provider_id=self.provider).total_price)
        except LookupError:
            return 0.0

    async def close(self) -> None:
        if "made" in self.__dict__:
            await self.made[1].aclose()


def message_of(problem: ModelAPIError) -> str:
    """What the provider said, from wherever its SDK puts it."""
    body = problem.body
    if isinstance(body, dict) and isinstance(body.get("error"), dict):
        body = body["error"]
    message = body.get("message") if isinstance(body, dict) else body
    return message if isinstance(message, str) else ""


def cost(answer: ModelResponse) -> float | None:
    """None where its price is unknown: its tokens are counted all the same."""
    try:
        return float(answer.cost().total_price)
    except (LookupError, ValueError, AssertionError):
        return None
