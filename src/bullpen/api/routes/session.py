from urllib.parse import quote

from fastapi import APIRouter, Request, Response

from bullpen.api.http import errors, schemas
from bullpen.api.http.dependencies import CurrentActor, IdentifiedActor, StateDep
from bullpen.api.http.fields import Id, RequestBody
from bullpen.api.http.responses import json_response
from bullpen.api.http.session import start_session
from bullpen.api.http.state import State
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import NotFound
from bullpen.members import queries
from bullpen.members.actor import Actor

router = APIRouter(prefix="/api/session", tags=["session"], responses=errors.DOCUMENTED)


class SwitchUser(RequestBody):
    user_id: Id


async def described(state: State, user_id: str) -> Response:
    workspace = await state.workspace()
    home = await queries.home_channel(state.database, Actor(user_id))
    # Not in the body, whose shape is agreed on: where a window goes that asks for no channel.
    links = {} if home is None else {"Link": f'</c/{quote(home, safe="")}>; rel="start"'}
    return json_response({"userId": user_id, "workspace": {"name": workspace.name}}, headers=links)


@router.get("", response_model=schemas.Session)
async def read_session(state: StateDep, actor: CurrentActor) -> Response:
    """Whom one acts as; the `Link` with `rel="start"` is the channel to begin with."""
    return await described(state, actor.user_id)


@router.put("", response_model=schemas.Session, responses=errors.REFUSED)
async def switch_user(
    request: Request, body: SwitchUser, state: StateDep, _: IdentifiedActor
) -> Response:
    """Begins a session of another member; a demo workspace trusts whoever may open it."""
    if not await queries.can_act(state.database, body.user_id):
        raise NotFound(ErrorCode.USER_NOT_FOUND)
    response = await described(state, body.user_id)
    start_session(request, response, (await state.workspace()).session_key, body.user_id)
    return response
