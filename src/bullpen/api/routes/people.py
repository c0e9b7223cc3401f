from typing import Annotated

from fastapi import Request
from pydantic import Field

from bullpen.api.http.dependencies import CurrentActor, DatabaseDep, IdentifiedActor, StateDep
from bullpen.api.http.fields import Id, Name, RequestBody, TimeZone, UserName
from bullpen.api.http.responses import JsonResponse, json_response
from bullpen.api.http.router import Router
from bullpen.api.http.session import start_session
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import Forbidden
from bullpen.members import people
from bullpen.members.actions import set_presence
from bullpen.members.actor import Actor
from bullpen.members.people import Person
from bullpen.workspace.people import join_workspace

INVITED = "People join this workspace by invitation. Ask an administrator for one."
router = Router(prefix="/api/people", tags=["people"])


class NewPerson(RequestBody):
    """A person who joins a demo workspace."""

    display_name: Annotated[UserName, Field(description="The name that is shown. It must be free.")]
    title: Annotated[Name | None, Field(description="Job title, shown beside the name.")] = None
    time_zone: Annotated[
        TimeZone | None, Field(description="IANA name, like `Europe/Berlin`, for their local time.")
    ] = None


@router.post("", status_code=201)
async def join(
    request: Request, body: NewPerson, state: StateDep, actor: IdentifiedActor
) -> JsonResponse[Person]:
    """Join as a person.

    In a demo workspace, creates a person and sets the session cookie, so that this client acts as
    them from now on. They join the channels that all agents are in. In team mode, people are
    invited instead.
    """
    if state.team is not None:
        raise Forbidden(ErrorCode.DEMO_MODE_ONLY, INVITED)
    async with state.database.transaction() as connection:
        person_id = await join_workspace(
            connection,
            display_name=body.display_name,
            title=body.title or "",
            role="admin",
            time_zone=body.time_zone,
        )
        await set_presence(connection, Actor(person_id), person_id, "active")
        person = await people.get_person(connection, actor, person_id)
    response = json_response(person, 201)
    start_session(request, response, (await state.workspace()).session_key, person_id)
    return response


@router.get("/{person_id}")
async def get_person(
    person_id: Id, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[Person]:
    """Get a person.

    The e-mail address is only there for administrators and for the person themselves.
    """
    return json_response(await people.get_person(database, actor, person_id))
