"""What a route asks for by its parameters: the database, the state, and who makes the request.

In team mode that is the person who signed in (`signed_in.py`). In demo mode it is the member that
`Bullpen-User` names, else the session's, else the default: a session may act as any member, so each
window of a browser names in every request whom it acts as, and the cookie, which all windows share,
decides only for those that name nobody (decision 0011).
"""

from collections.abc import Awaitable
from typing import Annotated, TypeVar
from urllib.parse import unquote

from fastapi import Depends, Request

from bullpen.api.http.bearer import access_of
from bullpen.api.http.session import ENDED, USER_HEADER, session_of
from bullpen.api.http.signed_in import signed_in
from bullpen.api.http.sources import client_address
from bullpen.api.http.state import State, state_of
from bullpen.api.http.uploads import FILES
from bullpen.kit.database import Database
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import Conflict, Forbidden, NotFound, SignInRequired
from bullpen.members import queries
from bullpen.members.actions import INACTIVE
from bullpen.members.actor import Actor

ACTOR = "bullpen.actor"
NO_MEMBER = "This member is not in this workspace. Switch to another member."

T = TypeVar("T")


# As dependencies they are coroutines: plain functions would each be sent to a thread.
async def the_state(request: Request) -> State:
    return state_of(request)


async def the_database(request: Request) -> Database:
    return state_of(request).database


StateDep = Annotated[State, Depends(the_state)]
DatabaseDep = Annotated[Database, Depends(the_database)]


async def identified_actor(request: Request) -> Actor:
    """Of whom the request is. Whether they are active, what it asks for finds out: see `found`.
    It is found out once: the limits ask before the route does."""
    known = request.scope.get(ACTOR)
    if isinstance(known, Actor):
        return known
    actor = request.scope[ACTOR] = await identify(request)
    return actor


async def identify(request: Request) -> Actor:
    if (access := access_of(request)) is not None:
        return Actor(access.user_id, access.role, client_address(request))
    state = state_of(request)
    if state.team is not None:
        person = await signed_in(request)
        return Actor(person.person_id, person.role, client_address(request))
    workspace = await state.workspace()
    session = session_of(request, workspace.session_key)
    user_id = session.user_id if session else workspace.default_user_id
    # Without sign-in, everybody at this machine may do everything.
    named = request.headers.get(USER_HEADER, named_for_file(request))
    return Actor(acting_as(user_id, named), role="owner", address=client_address(request))


def named_for_file(request: Request) -> str | None:
    """Browsers request pictures, audio and video without the header."""
    is_file = request.method == "GET" and request.url.path.startswith(f"{FILES}/")
    return request.query_params.get("as") if is_file else None


def acting_as(session_user_id: str, named: str | None) -> str:
    """In demo mode a session may act as any member, as it may switch to any."""
    return session_user_id if named is None else unquote(named)


async def current_actor(request: Request) -> Actor:
    actor = await identified_actor(request)
    await require_active(request, actor)
    return actor


async def require_active(request: Request, actor: Actor) -> None:
    database = state_of(request).database
    active = await queries.is_active(database, actor.user_id)
    if not active and state_of(request).team is not None:
        raise SignInRequired(ErrorCode.SESSION_ENDED, ENDED)
    if active is None:
        if USER_HEADER not in request.headers:
            raise SignInRequired(ErrorCode.SESSION_ENDED, ENDED)
        stand_in = await queries.stand_in(database)
        details = {"unknown": actor.user_id, "actAs": stand_in}
        raise Conflict(ErrorCode.UNKNOWN_ACTOR, NO_MEMBER, details)
    if not active:
        stand_in = await queries.stand_in(database)
        details = {"inactive": actor.user_id, "actAs": stand_in}
        raise Forbidden(ErrorCode.MEMBER_INACTIVE, INACTIVE, details)


async def require_active_if_empty(request: Request, actor: Actor, reading: Awaitable[T]) -> T:
    """For statements that look by themselves whether the actor is active: where they find nothing,
    that may be why."""
    try:
        answered = await reading
    except (NotFound, Forbidden):
        await require_active(request, actor)
        raise
    if not answered:
        await require_active(request, actor)
    return answered


# An active member: what reads and changes take.
CurrentActor = Annotated[Actor, Depends(current_actor)]
# For the few routes that answer with one statement; see `found`.
IdentifiedActor = Annotated[Actor, Depends(identified_actor)]
