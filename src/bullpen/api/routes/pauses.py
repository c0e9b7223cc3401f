from typing import Annotated

from pydantic import Field

from bullpen.api.http.dependencies import CurrentActor, DatabaseDep
from bullpen.api.http.fields import Id, MessageId, RequestBody, Text
from bullpen.api.http.responses import JsonResponse, json_response
from bullpen.api.http.router import Router
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import Invalid
from bullpen.members import pauses
from bullpen.workspace import pauses as workspace

router = Router(prefix="/api/pauses", tags=["runs"])


class NewPause(RequestBody):
    """What to pause: an agent, a channel or, with neither, the whole workspace."""

    agent_id: Annotated[Id | None, Field(description="Id of the agent to pause.")] = None
    channel_id: Annotated[
        Id | None, Field(description="Id of the channel in which all agents pause.")
    ] = None
    reason: Annotated[
        Text, Field(max_length=200, description="Why, for everybody who sees the pause.")
    ] = ""


@router.get("")
async def list_pauses(
    database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[list[pauses.Pause]]:
    """List pauses.

    Returns where agents are paused, as far as the current user can see it. The oldest comes first.
    """
    return json_response(await pauses.list_pauses(database, actor))


@router.post("", status_code=201, responses={200: {"description": "It was paused already."}})
async def add_pause(
    body: NewPause, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[pauses.Pause]:
    """Pause an agent, a channel or the workspace.

    No run of it begins until the pause is deleted, and runs that are under way stop and wait. What
    is asked meanwhile waits as well. Returns the pause; if it was paused already, the one that is
    there, with 200.
    """
    if body.agent_id is not None and body.channel_id is not None:
        raise Invalid(
            ErrorCode.FIELDS_CONFLICT,
            "A pause is of an agent or of a channel. Send agentId or channelId, not both.",
        )
    place = pauses.Place(body.agent_id, body.channel_id)
    async with database.transaction() as connection:
        made, is_new = await workspace.pause(connection, actor, place, body.reason.strip())
    return json_response(made, 201 if is_new else 200)


@router.delete("/{pause_id}")
async def remove_pause(
    pause_id: MessageId, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[pauses.Pause]:
    """Resume what was paused.

    Deletes the pause: what waited goes on in its order. Returns the pause that has ended.
    """
    async with database.transaction() as connection:
        removed = await workspace.resume(connection, actor, pause_id)
    return json_response(removed)
