"""What a worker answers with: the workspace's prompts, every tool, a runtime for each model."""

from collections.abc import Awaitable, Callable, Coroutine, Sequence
from datetime import datetime
from typing import Any

from bullpen.agents.prompt.build import Prompt, build_prompt
from bullpen.agents.prompt.conversation import MOST_FILES, Location, Trigger
from bullpen.agents.run_context import RunContext
from bullpen.agents.runtimes.base import Runtime
from bullpen.agents.tools import TOOLS
from bullpen.agents.tools.base import Tool
from bullpen.files.model_pictures import ModelPicture, pictures_of
from bullpen.files.pdf_texts import keep_texts_of
from bullpen.kit.database import Database
from bullpen.members.actor import Actor


class WorkspaceResponder:
    tools: Sequence[Tool[Any]] = TOOLS

    def __init__(
        self,
        runtime_for: Callable[[str], Coroutine[Any, Any, tuple[Runtime, str]]],
        refresh: Callable[[], Awaitable[None]] | None = None,
        sees_pictures: Callable[[str], bool] = lambda _: False,
    ) -> None:
        """`refresh`: reads which models are set up, before each run. `sees_pictures`: whether what
        answers for a model does."""
        self.runtime_for = runtime_for
        self._refresh = refresh
        self._sees_pictures = sees_pictures

    async def build_prompt(self, database: Database, run: RunContext, now: datetime) -> Prompt:
        if self._refresh is not None:
            await self._refresh()
        actor = Actor(run.agent.id)
        await keep_texts_of(database, actor, run.trigger_ids, most=MOST_FILES)
        pictures: Sequence[ModelPicture] = ()
        if self._sees_pictures(run.model_id):
            pictures = await pictures_of(database, actor, run.trigger_ids)
        return await build_prompt(
            database,
            run.agent,
            Location(run.channel_id, run.thread_id),
            Trigger(run.trigger_ids, run.prompt, run.depth, pictures),
            self.tools,
            now,
        )
