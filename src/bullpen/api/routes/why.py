"""Why an agent wrote or made something: from a message to its run, and from what it made back."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import AfterValidator, BaseModel, Field

from bullpen.agents import thoughts, why
from bullpen.agents.thoughts import MOST_MESSAGES, MessageThoughts
from bullpen.agents.why import Why
from bullpen.api.http.dependencies import CurrentActor, StateDep
from bullpen.api.http.fields import Id, MessageId
from bullpen.api.http.responses import JsonResponse, json_response
from bullpen.api.http.router import Router
from bullpen.kit.text import storable_problem
from bullpen.runs import origins
from bullpen.runs.origins import MOST_WANTED, Origin, Wanted

router = Router(prefix="/api", tags=["runs"])

LARGEST_VERSION = 2**31 - 1
# Of the longest that a reaction's name for itself can be: two ids and an emoji.
LONGEST_NAME = 300


@router.get("/messages/{message_id}/why")
async def get_why(message_id: MessageId, state: StateDep, actor: CurrentActor) -> JsonResponse[Why]:
    """Get why a message was written.

    Returns the run behind an agent's message: what it answered, the memory that it was given, what
    the model thought, the tools that it called, its cost, and which other agents were asked. What
    comes from a private channel that the current user cannot read is left out.
    """
    shown = state.model_settings.shows_thinking
    return json_response(await why.explain(state.database, actor, message_id, thinking=shown))


class ThoughtsQuery(BaseModel):
    message: Annotated[
        list[MessageId],
        Field(
            min_length=1,
            max_length=MOST_MESSAGES,
            description="Ids of messages; repeat the parameter.",
        ),
    ]


@router.get("/thoughts")
async def list_thoughts(
    query: Annotated[ThoughtsQuery, Query()], state: StateDep, actor: CurrentActor
) -> JsonResponse[list[MessageThoughts]]:
    """List what is behind messages.

    Returns, in short, what agents thought, used and paid for each of these messages. Messages that
    no run wrote are left out, and so are those whose run the current user cannot see.
    """
    shown = state.model_settings.shows_thinking
    found = await thoughts.list_thoughts(state.database, actor, query.message, thinking=shown)
    return json_response(found)


def versioned(text: str) -> str:
    """`<uuid>.<version>`"""
    read_version(text)
    return text


def read_version(text: str) -> tuple[UUID, int]:
    given, _, number = text.partition(".")
    try:
        found, version = UUID(given), int(number) if number.isascii() and number.isdigit() else 0
    except ValueError:
        found, version = None, 0
    if found is None or not 1 <= version <= LARGEST_VERSION:
        raise ValueError("expected an id, a dot and a version, like 0192…f3.4")
    return found, version


def reacted(text: str) -> str:
    """`<message uuid>.<emoji>.<user id>`"""
    read_reaction(text)
    return text


def read_reaction(text: str) -> tuple[UUID, str, str]:
    given, _, rest = text.partition(".")
    emoji, _, user_id = rest.partition(".")
    try:
        found = UUID(given)
    except ValueError:
        found = None
    if found is None or not emoji or not user_id or storable_problem(text):
        raise ValueError("expected a message's id, an emoji and a user's id, with dots between")
    return found, user_id, emoji


Versioned = Annotated[str, Field(max_length=LONGEST_NAME), AfterValidator(versioned)]
Reacted = Annotated[str, Field(max_length=LONGEST_NAME), AfterValidator(reacted)]


class OriginsQuery(BaseModel):
    passage: Annotated[
        list[MessageId], Field(max_length=MOST_WANTED, description="Ids of passages.")
    ] = []
    scheduled: Annotated[
        list[MessageId], Field(max_length=MOST_WANTED, description="Ids of scheduled messages.")
    ] = []
    channel: Annotated[
        list[Id], Field(max_length=MOST_WANTED, description="Ids of channels and DMs.")
    ] = []
    memory: Annotated[
        list[Versioned],
        Field(
            max_length=MOST_WANTED,
            description="Versions of memory blocks: the block's id, a dot and the version.",
        ),
    ] = []
    note: Annotated[
        list[Versioned],
        Field(
            max_length=MOST_WANTED,
            description="Versions of private notes: the note's id, a dot and the version.",
        ),
    ] = []
    reaction: Annotated[
        list[Reacted],
        Field(
            max_length=MOST_WANTED,
            description="Reactions: the message's id, the emoji and the user's id, with dots.",
        ),
    ] = []


@router.get("/origins")
async def list_origins(
    query: Annotated[OriginsQuery, Query()], state: StateDep, actor: CurrentActor
) -> JsonResponse[list[Origin]]:
    """List the runs that made things.

    Returns the run that wrote each of these versions of memory, passages, reactions, scheduled
    messages and channels, with the message that it answered. What no run made is left out, and so
    is what the current user cannot see. Each parameter can be repeated.
    """
    wanted = Wanted(
        passages=query.passage,
        scheduled=query.scheduled,
        channels=query.channel,
        memory=[read_version(one) for one in query.memory],
        notes=[read_version(one) for one in query.note],
        reactions=[read_reaction(one) for one in query.reaction],
    )
    return json_response(await origins.list_origins(state.database, actor, wanted))
