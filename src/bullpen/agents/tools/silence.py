"""do_nothing: silence, as a choice that a trace shows."""

from typing import Annotated

from asyncpg import Connection
from pydantic import Field

from bullpen.agents.tools.arguments import Arguments, Text
from bullpen.agents.tools.base import Tool, ToolContext


class DoNothing(Arguments):
    reason: Annotated[
        Text, Field(max_length=500, description="For the trace; nobody is notified.")
    ] = ""


async def do_nothing(_: Connection, __: ToolContext, ___: DoNothing) -> str:
    return "Nothing more is done."


DO_NOTHING = Tool(
    "do_nothing",
    "Ends your turn: nothing needs to be said or done, or all of it is done.",
    DoNothing,
    do_nothing,
    ends_turn=True,
    has_effect=False,
)
