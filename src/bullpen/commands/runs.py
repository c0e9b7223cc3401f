"""`bullpen runs …`: what agents did, in a terminal."""

from typing import Annotated
from uuid import UUID

import typer

from bullpen.commands.database import at_place
from bullpen.kit.database import Database
from bullpen.kit.errors import NotFound, StartupError
from bullpen.members.actor import Actor
from bullpen.processes import bootstrap
from bullpen.runs.queries import RunMessage, Trace, get_trace
from bullpen.settings import Settings

app = typer.Typer(no_args_is_help=True, help="Show what agents did.")
LONGEST_LINE = 100


# Alone in its group, a command would take the group's location.
@app.callback()
def group() -> None:
    pass


@app.command()
def show(context: typer.Context, run_id: Annotated[UUID, typer.Argument(metavar="ID")]) -> None:
    """Print a run with its steps, each with its messages."""

    async def work(location: bootstrap.DatabaseLocation, settings: Settings) -> None:
        await bootstrap.check(location)
        database = await Database.open(location.url)
        try:
            # The operator, who has the database, sees what the agent itself may see.
            row = await database.fetch_one("SELECT agent_id FROM runs WHERE id = $1", run_id)
            actor = Actor(row[0]) if row else Actor("")
            shows_thinking = settings.model_settings.shows_thinking
            trace = await get_trace(database, actor, run_id, thinking=shows_thinking)
        except NotFound as problem:
            raise StartupError(f"there is no run {run_id}") from problem
        finally:
            await database.close()
        typer.echo("\n".join(lines(trace)))

    at_place(context, work)


def lines(trace: Trace) -> list[str]:
    where = f" in {trace.channel_id}" if trace.channel_id else ""
    shown = [f"Run {trace.id} of {trace.agent_id}{where}: {outcome(trace)}"]
    shown += [f"  {line(message)}" for message in trace.messages]
    for step in trace.steps:
        usage = step.token_usage
        tokens = f", {usage.input_tokens} + {usage.output_tokens} tokens" if usage else ""
        shown.append(f"  Step {step.step_number}: {step.status}, {step.model_id}{tokens}")
        shown += [f"    {line(message)}" for message in step.messages]
    return shown


def outcome(trace: Trace) -> str:
    reason = f" ({trace.stop_reason})" if trace.stop_reason else ""
    return f"{trace.status}{reason}"


def line(message: RunMessage) -> str:
    tool = f" {message.tool_name}" if message.tool_name else ""
    given = bytes(message.tool_input).decode() if message.tool_name else ""
    text = " ".join(f"{given if given != 'null' else ''} {message.content}".split())
    printable = "".join(c if c.isprintable() else "�" for c in text)
    short = printable if len(printable) <= LONGEST_LINE else f"{printable[: LONGEST_LINE - 1]}…"
    return f"{message.message_type}{tool}: {short}"
