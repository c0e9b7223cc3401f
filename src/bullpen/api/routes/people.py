from typing import Annotated

from fastapi import Request
from pydantic import Field

from bullpen.accounts.sessions import end_sessions
from bullpen.api.http.dependencies import CurrentActor, DatabaseDep, IdentifiedActor, StateDep
from bullpen.api.http.fields import Color, Id, Name, RequestBody, TimeZone, UserName
from bullpen.api.http.responses import JsonResponse, json_response
from bullpen.api.http.router import Router
from bullpen.api.http.session import start_session
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import Forbidden
from bullpen.members import administration, people
from bullpen.members.actions import set_presence
from bullpen.members.actor import Actor, Role
from bullpen.members.people import Person
from bullpen.members.permissions import Permission
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


class PersonChange(RequestBody):
    """Fields of a person to change."""

    display_name: Annotated[
        UserName, Field(description="The name that is shown. It must be free.")
    ] = ""
    title: Annotated[Name, Field(min_length=0, description="Job title, shown beside the name.")] = (
        ""
    )
    avatar_color: Annotated[
        Color, Field(description="Background of the avatar, like `#4A90D9`.")
    ] = ""
    time_zone: Annotated[
        TimeZone | None, Field(description="IANA name, like `Europe/Berlin`, for their local time.")
    ] = None
    role: Annotated[Role, Field(description="What they may do.")] = "member"
    is_active: Annotated[bool, Field(description="Inactive people cannot sign in.")] = True


@router.get("")
async def list_people(database: DatabaseDep, actor: CurrentActor) -> JsonResponse[list[Person]]:
    """List people.

    Returns all people with their roles and e-mail addresses, inactive ones, too. Only owners and
    admins can do this.
    """
    return json_response(await people.list_people(database, actor))


@router.patch("/{person_id}")
async def change_person(
    person_id: Id, body: PersonChange, state: StateDep, actor: CurrentActor
) -> JsonResponse[Person]:
    """Change a person.

    Changes the fields that are sent and keeps the others. People change their own profile.
    Admins change members and guests, and owners change everybody. There is always an active
    owner.
    """
    async with state.database.transaction() as connection:
        values = body.model_dump(exclude_unset=True)
        await administration.change_person(connection, actor, person_id, values)
    state.sessions.forget(person_id)
    return json_response(await people.get_person(state.database, actor, person_id))


@router.post("/{person_id}/sign-out")
async def sign_out_person(
    person_id: Id, state: StateDep, actor: CurrentActor
) -> JsonResponse[Person]:
    """Sign a person out everywhere.

    Ends all their sessions. People can do this for themselves, admins for members and guests,
    and owners for everybody.
    """
    async with state.database.transaction() as connection:
        await administration.require_over(connection, actor, Permission.SIGN_OUT_PERSON, person_id)
        await end_sessions(connection, actor, person_id)
    state.sessions.forget(person_id)
    return json_response(await people.get_person(state.database, actor, person_id))


@router.get("/{person_id}")
async def get_person(
    person_id: Id, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[Person]:
    """Get a person.

    The e-mail address is only there for administrators and for the person themselves.
    """
    return json_response(await people.get_person(database, actor, person_id))
