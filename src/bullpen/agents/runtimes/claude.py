"""The Claude Agent SDK: a program of its own, which keeps the session and asks the model itself.

Of its own abilities it is left none: no tools, no settings of the machine, no skills. What members
wrote reaches it verbatim; otherwise `@path` in a message would read a file of this host into the
prompt, and `/cost` would run as a command.
"""

import asyncio
import json
import shutil
from collections import defaultdict
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

import claude_agent_sdk
from claude_agent_sdk import (
    AssistantMessage,
    ClaudeAgentOptions,
    ClaudeSDKError,
    ResultMessage,
    SdkMcpTool,
    StreamEvent,
    TextBlock,
    ThinkingBlock,
    ToolUseBlock,
    create_sdk_mcp_server,
    query,
)
from genai_prices import Usage as Priced
from genai_prices import calc_price

from bullpen.agents.model_settings import ModelSettings
from bullpen.agents.runtimes import failures
from bullpen.agents.runtimes.addresses import unversioned
from bullpen.agents.runtimes.base import Recorder, RunRequest, RunResult, Usage
from bullpen.agents.runtimes.joining_anthropic import Message
from bullpen.agents.runtimes.pieces import Begun, CallPart, Piece, without_thoughts
from bullpen.agents.tools.base import Tool
from bullpen.runs.values import StopReason

SERVER = "chat"
PREFIX = f"mcp__{SERVER}__"
# A session is sent along with every request: past this many bytes a new one is begun.
LONGEST_SESSION = 200_000
WRAPPER = '#!/bin/sh\nexec setpriv --pdeathsig KILL "{program}" "$@"\n'
CUTS: dict[str | None, tuple[StopReason, str]] = {
    "max_tokens": ("max_tokens_exceeded", failures.CUT_OFF),
    "model_context_window_exceeded": ("max_tokens_exceeded", failures.FULL),
    "refusal": ("error", failures.REFUSED),
}
ENDS: dict[str, StopReason] = {
    "error_max_turns": "max_steps",
    "error_max_budget_usd": "max_tokens_exceeded",
}


def make(_: str, name: str, model_settings: ModelSettings) -> "ClaudeModel":
    return ClaudeModel(name, model_settings)


@dataclass(frozen=True, slots=True)
class ClaudeModel:
    name: str
    model_settings: ModelSettings

    @property
    def model_id(self) -> str:
        return f"claude:{self.name}"

    async def close(self) -> None:
        """Its programs end with their runs."""

    async def run(self, run_request: RunRequest, recorder: Recorder) -> RunResult:
        talk = Talk(self, run_request, recorder)
        try:
            options = self.options(run_request, talk)
        except OSError as problem:
            words = (
                f"The folder of the agent's sessions cannot be written: {problem.strerror}. Make"
                " room there, or choose the same model with anthropic: in front."
            )
            return RunResult("error", error=words)
        await talk.begin_turn(
            {"instructions": run_request.instructions, "prompt": run_request.prompt}
        )
        try:
            async with aclosing(self.messages(run_request, options)) as messages:
                async for message in messages:
                    stopped = await talk.take(message)
                    if stopped is not None:
                        return RunResult(stopped, talk.session_id)
        except TimeoutError:
            return await talk.fail(failures.NOT_IN_TIME)
        except ClaudeSDKError:
            # After a limit or an error of the API, it reports it and then raises.
            if talk.result is None:
                return await talk.fail(
                    "The Claude program ended before it had answered. Ask again; if it stays,"
                    " choose the same model with anthropic: in front."
                )
        return await talk.end()

    async def messages(
        self, run_request: RunRequest, options: ClaudeAgentOptions
    ) -> AsyncGenerator[Any, None]:
        """A stalled answer is waited for only so long."""
        async with aclosing(
            cast(Any, query(prompt=run_request.prompt, options=options))
        ) as messages:
            while True:
                async with asyncio.timeout(self.model_settings.seconds):
                    try:
                        message = await anext(messages)
                    except StopAsyncIteration:
                        return
                yield message

    def options(self, run_request: RunRequest, talk: "Talk") -> ClaudeAgentOptions:
        folder = self.folder(run_request.agent_id)
        return ClaudeAgentOptions(
            model=self.name,
            system_prompt={"type": "custom", "prompt": run_request.instructions, "snapshot": False},
            tools=[],
            allowed_tools=[f"{PREFIX}{tool.name}" for tool in run_request.tools],
            mcp_servers={SERVER: create_sdk_mcp_server(SERVER, tools=talk.served())},
            strict_mcp_config=True,
            setting_sources=[],
            skills=[],
            permission_mode="dontAsk",
            verbatim_prompts=True,
            # They show where a message of the model ends: some of its calls are made before that.
            include_partial_messages=True,
            max_turns=run_request.max_turns,
            max_budget_usd=run_request.max_budget_usd,
            resume=resumable(folder, run_request.session_id),
            cwd=folder,
            cli_path=wrapped(folder),
            env=self.environment(folder),
            stderr=lambda _: None,
        )

    def folder(self, agent_id: str) -> Path:
        """The agent's own; a full disk is found out here, before anything has been said."""
        folder = Path(self.model_settings.sessions or ".").absolute() / agent_id.replace("/", "_")
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        probe = folder / ".probe"
        probe.write_bytes(b"x" * 4096)
        probe.unlink()
        return folder

    def environment(self, folder: Path) -> dict[str, str]:
        made = {
            "ANTHROPIC_API_KEY": self.model_settings.anthropic_api_key or "",
            "CLAUDE_CONFIG_DIR": str(folder / "config"),
            "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
            "CLAUDE_CODE_MAX_RETRIES": "2",
            "CLAUDE_CODE_SIMPLE": "1",
            # It needs none of them.
            "DATABASE_URL": "",
            "DATABASE_URL_UNPOOLED": "",
            "OPENAI_API_KEY": "",
            "GOOGLE_API_KEY": "",
        }
        if (address := unversioned(self.model_settings.anthropic_base_url)) is not None:
            made["ANTHROPIC_BASE_URL"] = address
        return made


class Talk:
    """One run's messages. All is recorded here, in the order in which it was said: the program asks
    for a tool's answer by another way, and waits there until it has been recorded."""

    def __init__(self, model: ClaudeModel, run_request: RunRequest, recorder: Recorder) -> None:
        self.model = model
        self.run_request = run_request
        self.recorder = recorder
        self.result: ResultMessage | None = None
        self.session_id = run_request.session_id
        self.usage = Usage()
        self.is_open = False
        self.has_acted = False
        self.has_failed = False
        self.has_said = False
        self.ends: StopReason | None = None
        self.turns = 0
        is_shown = model.model_settings.shows_thinking
        self.emit = run_request.emit if is_shown else without_thoughts(run_request.emit)
        self.shown = Message(self.emit_piece)
        # This turn's calls with their answers.
        self.called: list[tuple[str, str]] = []
        # By call. The program refuses some by itself and never fetches their answers.
        self.answers: dict[str, asyncio.Queue[str]] = defaultdict(asyncio.Queue)

    def served(self) -> list[SdkMcpTool[Any]]:
        return [self.serve(tool) for tool in self.run_request.tools]

    def serve(self, tool: Tool[Any]) -> SdkMcpTool[Any]:
        async def handler(arguments: Any) -> dict[str, Any]:
            text = await self.answers[key_of(tool.name, arguments)].get()
            return {"content": [{"type": "text", "text": text}]}

        schema = tool.arguments.model_json_schema()
        handle: Callable[[Any], Awaitable[dict[str, Any]]] = handler
        return SdkMcpTool(tool.name, tool.description, schema, handle)

    async def begin_turn(self, request: dict[str, Any]) -> None:
        """What the program sends is its own; what it was given is known."""
        given = {
            "model": self.model.model_id,
            "session": self.session_id,
            "tools": [tool.name for tool in self.run_request.tools],
        }
        await self.recorder.turn_started(self.model.model_id, given | request)
        self.is_open = True
        self.turns += 1
        self.usage = Usage()

    async def end_turn(self) -> None:
        if self.is_open:
            self.is_open = False
            await self.recorder.turn_ended(self.usage, self.cost(), None)

    async def fail(self, words: str) -> RunResult:
        if self.is_open:
            await self.recorder.turn_failed(words)
        return RunResult("error", self.session_id, words)

    async def take(self, message: Any) -> StopReason | None:
        if isinstance(message, AssistantMessage):
            self.session_id = message.session_id or self.session_id
            # An error of the API is in the result.
            if message.error is None:
                await self.listen(message)
        elif isinstance(message, StreamEvent):
            self.count(message.event)
            self.show(message.event)
            if message.event.get("type") == "message_stop" and self.called:
                return await self.next_turn()
        elif isinstance(message, ResultMessage):
            self.result = message
            self.session_id = message.session_id or self.session_id
        return None

    def show(self, event: dict[str, Any]) -> None:
        if event.get("type") == "message_start":
            self.emit(Begun())
            self.shown = Message(self.emit_piece)
        self.shown.take(event)

    def emit_piece(self, piece: Piece) -> None:
        if isinstance(piece, CallPart):
            piece = replace(piece, tool_name=piece.tool_name.removeprefix(PREFIX))
        self.emit(piece)

    def count(self, event: dict[str, Any]) -> None:
        """Input tokens are reported at a message's beginning, output tokens at its end."""
        if event.get("type") == "message_start":
            used = event["message"].get("usage") or {}
            kinds = ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")
            self.usage = Usage(sum(int(used.get(kind) or 0) for kind in kinds))
        elif event.get("type") == "message_delta":
            used = event.get("usage") or {}
            self.usage = Usage(self.usage.input_tokens, int(used.get("output_tokens") or 0))

    async def listen(self, message: AssistantMessage) -> None:
        """One message comes as several, a block each."""
        for block in message.content:
            if isinstance(block, TextBlock) and block.text.strip():
                self.has_said = True
                await self.recorder.said(block.text)
            elif isinstance(block, ThinkingBlock):
                if self.model.model_settings.stores_thinking and block.thinking.strip():
                    await self.recorder.thought(block.thinking)
            elif isinstance(block, ToolUseBlock):
                await self.call(block)

    async def call(self, block: ToolUseBlock) -> None:
        name = block.name.removeprefix(PREFIX)
        called = await self.recorder.call(name, block.input, block.id)
        self.called.append((key_of(name, block.input), called.answer))
        self.has_acted |= called.was_made
        self.has_failed |= not called.was_made
        self.ends = self.ends or called.ends

    async def next_turn(self) -> StopReason | None:
        """The program gets its answers only now: with them it asks the model again."""
        called, self.called = self.called, []
        await self.end_turn()
        if self.ends is not None:
            return self.ends
        if self.turns == self.run_request.max_turns:
            return self.unless_broken("max_steps")
        await self.begin_turn({"results": [answer for _, answer in called]})
        for key, answer in called:
            self.answers[key].put_nowait(answer)
        return None

    async def end(self) -> RunResult:
        """The program has ended by itself: the model called nothing more, or something failed."""
        result = self.result
        limit = ENDS.get(result.subtype) if result is not None else None
        if limit is None and result is not None and result.is_error:
            return await self.fail(self.explained(result))
        await self.end_turn()
        if limit == "max_tokens_exceeded":
            words = failures.OVER_BUDGET
            return RunResult(limit, self.session_id, words, is_over_budget=True)
        if limit is None and result is not None and result.stop_reason in CUTS:
            reason, words = CUTS[result.stop_reason]
            return RunResult(reason, self.session_id, words)
        if limit is None and not self.has_acted and not self.has_failed:
            words = failures.NO_CALL if self.has_said else failures.NOTHING
            return RunResult("no_tool_call", self.session_id, words)
        return RunResult(self.unless_broken(limit or "end_turn"), self.session_id)

    def explained(self, result: ResultMessage) -> str:
        words = failures.of_status(result.api_error_status)
        text = result.result if isinstance(result.result, str) else ""
        asked = (self.run_request.prompt, self.run_request.instructions)
        return words + failures.quoted(text, self.model.model_settings.secrets, asked)

    def unless_broken(self, reason: StopReason) -> StopReason:
        return "invalid_tool_call" if self.has_failed and not self.has_acted else reason

    def cost(self) -> float | None:
        try:
            used = Priced(
                input_tokens=self.usage.input_tokens, output_tokens=self.usage.output_tokens
            )
            return float(calc_price(used, self.model.name, provider_id="anthropic").total_price)
        except LookupError:
            return None


def key_of(tool_name: str, arguments: Any) -> str:
    return f"{tool_name} {json.dumps(arguments, sort_keys=True, default=str)}"


def resumable(folder: Path, session_id: str | None) -> str | None:
    """A session of another machine, or one that has become too long, is not gone on with."""
    if session_id is None or not session_id.replace("-", "").isalnum():
        return None
    found = next((folder / "config").glob(f"projects/*/{session_id}.jsonl"), None)
    return session_id if found and found.stat().st_size <= LONGEST_SESSION else None


def wrapped(folder: Path) -> Path | None:
    """A worker that is killed takes the program along, which would go on asking the model."""
    program = Path(claude_agent_sdk.__file__).parent / "_bundled" / "claude"
    if shutil.which("setpriv") is None or not program.exists():
        return None
    wrapper = folder / "claude"
    text = WRAPPER.format(program=program)
    if not wrapper.exists() or wrapper.read_text() != text:
        wrapper.write_text(text)
        wrapper.chmod(0o700)
    return wrapper
