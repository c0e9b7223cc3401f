"""Who the current user is: whoever the signed cookie names, else the workspace's default."""

import hmac
from functools import lru_cache
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from itsdangerous import BadSignature, URLSafeSerializer

from bullpen.api import errors, schemas
from bullpen.api.answers import Json, answer
from bullpen.api.state import DatabaseOf, State, StateOf, state_of
from bullpen.api.values import Body, Id
from bullpen.kit.errors import Forbidden, NotFound, SignInRequired
from bullpen.members import queries
from bullpen.members.actions import INACTIVE
from bullpen.members.actor import Actor

COOKIE = "bullpen_session"
MONTH = 30 * 24 * 3600

router = APIRouter(prefix="/api/session", tags=["session"], responses=errors.DOCUMENTED)


@lru_cache(maxsize=4096)
def named_by(cookie: str, key: bytes) -> str | None:
    try:
        user_id = URLSafeSerializer(key, salt="session").loads(cookie)
    except BadSignature:
        return None
    return user_id if isinstance(user_id, str) else None


def sign_in(response: Response, key: bytes, user_id: str) -> None:
    response.set_cookie(
        COOKIE,
        str(URLSafeSerializer(key, salt="session").dumps(user_id)),
        max_age=MONTH,
        httponly=True,
        samesite="lax",
    )


async def current(request: Request) -> Actor:
    state = state_of(request)
    workspace = await state.workspace()
    cookie = request.cookies.get(COOKIE)
    user_id = named_by(cookie, workspace.session_key) if cookie else None
    if user_id is None:
        if state.token is not None:
            raise SignInRequired("Open Bullpen with the address that it printed when it started.")
        user_id = workspace.default_user_id
    return Actor(user_id)


ActorOf = Annotated[Actor, Depends(current)]


async def active(actor: ActorOf, database: DatabaseOf) -> Actor:
    if not await queries.can_act(database, actor.user_id):
        raise Forbidden(INACTIVE)
    return actor


# Of whoever changes something; the writes of chat look for themselves, as part of what they do.
ActingOf = Annotated[Actor, Depends(active)]


class SwitchUser(Body):
    user_id: Id


async def described(state: State, user_id: str) -> Json:
    workspace = await state.workspace()
    return answer({"userId": user_id, "workspace": {"name": workspace.name}})


@router.get("", response_model=schemas.Session)
async def read_session(state: StateOf, actor: ActorOf) -> Response:
    """Heals the session of somebody who has been made inactive since."""
    if await queries.can_act(state.database, actor.user_id):
        return await described(state, actor.user_id)
    workspace = await state.workspace()
    response = await described(state, workspace.default_user_id)
    sign_in(response, workspace.session_key, workspace.default_user_id)
    return response


@router.put("", response_model=schemas.Session, responses=errors.REFUSED)
async def switch_user(body: SwitchUser, state: StateOf, _: ActorOf) -> Response:
    """Acts as another member from now on; a demo workspace trusts whoever may open it."""
    if not await queries.can_act(state.database, body.user_id):
        raise NotFound("No such user")
    response = await described(state, body.user_id)
    sign_in(response, (await state.workspace()).session_key, body.user_id)
    return response


def is_token(state: State, given: str) -> bool:
    return state.token is not None and hmac.compare_digest(state.token.encode(), given.encode())
