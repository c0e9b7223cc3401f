"""Answers without a model, from lines that were written for the agent.

It says that it does: its steps name the model `scripted`, use no tokens, and say why they did
what they did. What it does follows from the run's seed and from what is before it.
"""

import json
import re
from dataclasses import dataclass
from random import Random
from typing import Any

from bullpen.agents.model_ids import SCRIPTED as MODEL_ID
from bullpen.agents.prompt.build import Script
from bullpen.agents.runtimes.base import Recorder, RunRequest, RunResult, Usage
from bullpen.agents.runtimes.pieces import CallPart, Emit
from bullpen.agents.scripted.lines import Lines, interested, read_lines, words_of
from bullpen.agents.scripted.reply import Choice, choose, is_for_nobody
from bullpen.kit.database import Reader

WORD = re.compile(r"\s*\S+|\s+")


@dataclass(frozen=True, slots=True)
class Scripted:
    reader: Reader

    async def run(self, run_request: RunRequest, recorder: Recorder) -> RunResult:
        script: Script = run_request.script
        lines = await read_lines(self.reader, run_request.agent_id)
        chosen = choose(script, lines, Random(run_request.seed), await self.rivals(script, lines))  # noqa: S311 - to be the same again
        request = {
            "model": MODEL_ID,
            "instructions": run_request.instructions,
            "prompt": run_request.prompt,
            "tools": [tool.name for tool in run_request.tools],
            "seed": run_request.seed,
        }
        await recorder.turn_started(MODEL_ID, request)
        await recorder.said(chosen.because)
        for number, (tool, arguments) in enumerate(calls(chosen), start=1):
            emit_in_words(run_request.emit, number, tool, arguments)
            await recorder.call(tool, arguments, f"{MODEL_ID}-{number}")
        await recorder.turn_ended(Usage(), 0.0, None)
        return RunResult("end_turn")

    async def rivals(self, script: Script, lines: Lines) -> set[str]:
        """Who else has something to say on it. Only asked where it decides who answers."""
        trigger = is_for_nobody(script)
        if trigger is None or script.conversation is None or not lines.talkative:
            return set()
        members = [member.id for member in script.conversation.members]
        return await interested(self.reader, members, words_of(trigger.text))


def emit_in_words(emit: Emit, place: int, tool: str, arguments: dict[str, Any]) -> None:
    """As a model writes it, without waiting in between."""
    written = json.dumps(arguments, ensure_ascii=False)
    for word in WORD.findall(written):
        emit(CallPart(place, tool, word))


def calls(chosen: Choice) -> list[tuple[str, dict[str, Any]]]:
    made: list[tuple[str, dict[str, Any]]] = []
    if chosen.text is not None:
        made.append(("send_message", {"text": chosen.text}))
    if chosen.reaction is not None:
        message_id, emoji = chosen.reaction
        made.append(("react_to_message", {"message": str(message_id), "emoji": emoji}))
    if chosen.note is not None:
        label, content, version = chosen.note
        arguments = {"label": label, "content": content, "version": version}
        made.append(("update_memory", arguments))
    return made or [("do_nothing", {"reason": chosen.because})]
