"""The rows of runs, their steps and messages. A run's token usage is the database's to add up."""

from datetime import datetime, timedelta
from uuid import UUID

from asyncpg import Connection

from bullpen.packs.insert import Resolve, Row, add, add_new
from bullpen.packs.pack import Pack, PackRun, PackRunMessage, PackStep, message_id, row_id

_STATUS = {"error": "failed", "invalid_tool_call": "failed", "cancelled": "cancelled"}


async def add_runs(connection: Connection, pack: Pack, resolve: Resolve) -> dict[str, int]:
    writers = [RunWriter(pack, run, resolve) for run in pack.runs]
    new = await add_new(connection, "runs", [writer.run for writer in writers])
    # A run comes as a whole: one that is there already stays as it is.
    of_new = [writer for writer in writers if writer.id in new]
    steps = [row for writer in of_new for row in writer.steps]
    messages = [row for writer in of_new for row in writer.messages]
    return {
        "runs": len(new),
        "run_steps": await add(connection, "run_steps", steps),
        "run_messages": await add(connection, "run_messages", messages),
    }


class RunWriter:
    """Collects one run's rows, each step from the moment on at which the one before it ended."""

    def __init__(self, pack: Pack, run: PackRun, resolve: Resolve) -> None:
        self.pack = pack
        self.key = run.key
        self.id = row_id(pack.id, "runs", run.key)
        self.steps: list[Row] = []
        self.messages: list[Row] = []
        created_at = resolve(run.day, run.at)
        started_at = created_at + run.waited
        # Before the first step there is only what it was given, which takes no time.
        self.write_messages(run.messages, None, started_at, timedelta())
        ended_at = started_at
        for number, step in enumerate(run.steps, start=1):
            ended_at = self.write_step(number, step, ended_at)
        self.run: Row = {
            "id": self.id,
            "agent_id": run.agent_id,
            "status": _STATUS.get(run.stop_reason, "completed"),
            "stop_reason": run.stop_reason,
            "trigger_message_id": run.trigger and message_id(pack.id, run.trigger),
            "channel_id": run.channel_id,
            "created_at": created_at,
            "started_at": started_at if run.steps else None,
            "completed_at": ended_at,
        }

    def write_step(self, number: int, step: PackStep, started_at: datetime) -> datetime:
        """When it ended."""
        step_id = row_id(self.pack.id, "run_steps", f"{self.key}/{number}")
        ended_at = started_at + step.lasted
        usage = step.tokens and dict(
            zip(("input_tokens", "output_tokens"), step.tokens, strict=True)
        )
        self.steps.append(
            {
                "id": step_id,
                "run_id": self.id,
                "step_number": number,
                "status": step.status,
                "model_id": step.model_id,
                "token_usage": usage,
                "created_at": started_at,
                "completed_at": ended_at,
            }
        )
        self.write_messages(step.messages, step_id, started_at, step.lasted)
        return ended_at

    def write_messages(
        self,
        messages: tuple[PackRunMessage, ...],
        step_id: UUID | None,
        first: datetime,
        lasted: timedelta,
    ) -> None:
        for place, message in enumerate(messages):
            number = len(self.messages) + 1
            # Spread over the step; a microsecond apart at least, since they are listed by time.
            passed = lasted * (place + 1) / (len(messages) + 1) + timedelta(microseconds=number)
            self.messages.append(
                {
                    "id": row_id(self.pack.id, "run_messages", f"{self.key}/{number}"),
                    "run_id": self.id,
                    "step_id": step_id,
                    "message_type": message.type,
                    "content": message.text,
                    "tool_name": message.tool_name,
                    "tool_input": message.tool_input,
                    "created_at": first + passed,
                }
            )
