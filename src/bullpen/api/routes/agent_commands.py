import re
from collections import Counter
from typing import Annotated

from pydantic import AfterValidator, Field

from bullpen.api.http.dependencies import CurrentActor, DatabaseDep
from bullpen.api.http.fields import Id, RequestBody, storable
from bullpen.api.http.responses import JsonResponse, json_response
from bullpen.api.http.router import Router
from bullpen.kit.text import name_of
from bullpen.members import agent_commands
from bullpen.members.agent_commands import BUILT_IN, MOST
from bullpen.members.queries import AgentCommand

router = Router(prefix="/api/agents/{agent_id}/commands", tags=["commands"])


NAME = re.compile("[a-z][a-z0-9_-]*")


def command_name(name: str) -> str:
    if not NAME.fullmatch(name):
        message = "begin with a letter, and use lowercase letters a to z, digits, - and _ alone"
        raise ValueError(message)
    if name in BUILT_IN:
        message = f"/{name} is a command of the composer itself; choose another name"
        raise ValueError(message)
    return name


def line_or_nothing(text: str) -> str:
    return text and name_of(text)


Described = Annotated[str, AfterValidator(storable), AfterValidator(name_of), Field(max_length=200)]
Hint = Annotated[
    str, AfterValidator(storable), AfterValidator(line_or_nothing), Field(max_length=80)
]


class NewCommand(RequestBody):
    """A command that the agent is to offer."""

    name: Annotated[
        str,
        Field(
            min_length=1,
            max_length=32,
            description="The word behind the slash: lowercase letters, digits, `-` and `_`. None"
            f" of {', '.join(sorted(BUILT_IN))}.",
        ),
        AfterValidator(command_name),
    ]
    description: Annotated[Described, Field(description="What the agent does then, in a line.")]
    hint: Annotated[Hint, Field(description="What is written after the name, like `branch`.")] = ""


def named_once(commands: list[NewCommand]) -> list[NewCommand]:
    for name, times in Counter(command.name for command in commands).items():
        if times > 1:
            message = f"/{name} is there {times} times; give each command a name of its own"
            raise ValueError(message)
    return commands


class CommandsChange(RequestBody):
    """All commands that an agent is to offer, in their order."""

    commands: Annotated[
        list[NewCommand],
        Field(max_length=MOST, description="Those that it offers from now on."),
        AfterValidator(named_once),
    ]


@router.get("")
async def list_commands(
    agent_id: Id, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[list[AgentCommand]]:
    """List an agent's commands.

    Everybody who sees the agent can ask. They are part of the agent as a user, too.
    """
    return json_response(await agent_commands.list_commands(database, actor, agent_id))


@router.put("")
async def set_commands(
    agent_id: Id, body: CommandsChange, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[list[AgentCommand]]:
    """Set an agent's commands.

    Replaces all commands that the agent offers; an empty list removes them. The composer offers
    them in channels that the agent is a member of. Choosing one posts a message that mentions the
    agent. For the agent itself, administrators and its manager.
    """
    wanted = [AgentCommand(one.name, one.description, one.hint) for one in body.commands]
    async with database.transaction() as connection:
        await agent_commands.set_commands(connection, actor, agent_id, wanted)
    return json_response(wanted)
