from typing import Annotated
from urllib.parse import quote

from fastapi import Request
from msgspec import Struct
from pydantic import Field

from bullpen.api.http.dependencies import CurrentActor, IdentifiedActor, StateDep
from bullpen.api.http.fields import Id, RequestBody
from bullpen.api.http.responses import JsonResponse, json_response
from bullpen.api.http.router import Router
from bullpen.api.http.session import describe_session, start_session
from bullpen.api.http.state import State
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import Forbidden, NotFound
from bullpen.kit.json_types import UserId
from bullpen.members import queries
from bullpen.members.actor import Actor, Role
from bullpen.members.workspace import WorkspaceShown, shown

NO_SWITCHING = "Everybody acts as themselves here. To act as somebody else, sign in as them."
router = Router(prefix="/api/session", tags=["session"])


class Session(Struct, rename="camel"):
    """Whom the requests of a client act as, and where."""

    user_id: UserId
    workspace: WorkspaceShown


class SwitchUser(RequestBody):
    """The member to act as."""

    user_id: Annotated[Id, Field(description="Id of an active member.")]


async def described(
    state: State, user_id: str, session: str, role: Role | None = None
) -> JsonResponse[Session]:
    workspace = await state.workspace()
    home = await queries.home_channel(state.database, Actor(user_id))
    # Not in the body, whose shape is agreed on: where a window goes that asks for no channel.
    links = {} if home is None else {"Link": f'</c/{quote(home, safe="")}>; rel="start"'}
    headers = {"Bullpen-Session": session} | links
    if role is not None:
        headers["Bullpen-Role"] = role
    return json_response(Session(user_id, shown(workspace)), headers=headers)


@router.get("")
async def read_session(
    request: Request, state: StateDep, actor: CurrentActor
) -> JsonResponse[Session]:
    """Get the current user.

    Returns the member that this request acts as. The `Link` header with `rel="start"` is the
    channel to show first. The `Bullpen-Session` header is the member that the session is of, which
    differs where the request names another one in `Bullpen-User`; `; given` after it says that
    nobody has chosen this member yet. In team mode, the `Bullpen-Role` header is their role.
    """
    if state.team is not None:
        own = quote(actor.user_id, safe="")
        return await described(state, actor.user_id, own, actor.role)
    workspace = await state.workspace()
    session = describe_session(request, workspace.session_key, workspace.default_user_id)
    return await described(state, actor.user_id, session)


@router.put("")
async def switch_user(
    request: Request, body: SwitchUser, state: StateDep, _: IdentifiedActor
) -> JsonResponse[Session]:
    """Switch to another member.

    Sets the session cookie. In demo mode, anyone who can open the workspace may act as any active
    member. In team mode, people sign in instead.
    """
    if state.team is not None:
        raise Forbidden(ErrorCode.DEMO_MODE_ONLY, NO_SWITCHING)
    if not await queries.can_act(state.database, body.user_id):
        raise NotFound(ErrorCode.USER_NOT_FOUND)
    response = await described(state, body.user_id, quote(body.user_id, safe=""))
    start_session(request, response, (await state.workspace()).session_key, body.user_id)
    return response
