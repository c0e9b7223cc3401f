"""What a worker answers with: the workspace's prompts, every tool, a runtime for each model."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from bullpen.agents.loop import Briefing
from bullpen.agents.prompt import build_prompt
from bullpen.agents.runtime import Runtime, Tool
from bullpen.agents.scene import Occasion, Place
from bullpen.agents.tools import TOOLS
from bullpen.agents.work import Work
from bullpen.kit.database import Database


class WorkspaceMind:
    tools: Sequence[Tool[Any]] = TOOLS

    def __init__(self, runtime_for: Callable[[str], tuple[Runtime, str]]) -> None:
        self._runtime_for = runtime_for

    def runtime_for(self, model_id: str) -> tuple[Runtime, str]:
        return self._runtime_for(model_id)

    async def brief(self, database: Database, work: Work, now: datetime) -> Briefing:
        prompt = await build_prompt(
            database,
            work.agent,
            Place(work.channel_id, work.thread_id),
            Occasion(work.trigger_ids, work.prompt, work.depth),
            self.tools,
            now,
        )
        return Briefing(
            prompt.instructions, prompt.user, prompt.script, prompt.sources, prompt.withheld
        )
