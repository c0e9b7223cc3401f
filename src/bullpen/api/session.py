"""Who makes a request: the member that `Bullpen-User` names, else the session's, else the default.

A session is a signed cookie. In a workspace without sign-in it may act as any member, so each
window of a browser names in every request whom it acts as, and the cookie, which all windows
share, decides only for those that name nobody (decision 0011).
"""

import hmac
import secrets
import time
from collections.abc import Awaitable
from datetime import datetime
from functools import lru_cache
from typing import Annotated, NamedTuple, TypeVar
from urllib.parse import quote, unquote

from fastapi import APIRouter, Depends, Request, Response
from itsdangerous import BadSignature, URLSafeTimedSerializer

from bullpen.api import errors, schemas
from bullpen.api.answers import answer
from bullpen.api.state import State, StateOf, state_of
from bullpen.api.values import Body, Id
from bullpen.kit.errors import Conflict, DatabaseUnavailable, Forbidden, NotFound, SignInRequired
from bullpen.members import queries
from bullpen.members.actions import INACTIVE
from bullpen.members.actor import Actor

COOKIE = "bullpen_session"
HEADER = "bullpen-user"
DAY = 24 * 3600
LIFE_SECONDS = 30 * DAY
RENEWED_AFTER_SECONDS = DAY

NOT_SIGNED_IN = "Open Bullpen with the address that it printed when it started."
ENDED = "This session has ended, or belongs to another Bullpen. Open Bullpen's page again."
NO_MEMBER = "The member that this request is of is not in this workspace. Act as one who is."

router = APIRouter(prefix="/api/session", tags=["session"], responses=errors.DOCUMENTED)
T = TypeVar("T")


class Session(NamedTuple):
    user_id: str
    issued_at: float


@lru_cache(maxsize=64)
def signer(key: bytes, token: str | None) -> URLSafeTimedSerializer:
    """A new start-up token ends every session that was made with another one, or with none."""
    secret = hmac.digest(key, (token or "").encode(), "sha256")
    return URLSafeTimedSerializer(secret, salt="session")


@lru_cache(maxsize=4096)
def signed(cookie: str, key: bytes, token: str | None) -> Session | None:
    """Whatever its age."""
    try:
        content, issued_at = signer(key, token).loads(cookie, return_timestamp=True)
    except BadSignature:
        return None
    assert isinstance(issued_at, datetime)
    match content:
        case [str(user_id), str()]:
            return Session(user_id, issued_at.timestamp())
    return None


def cookie_name(request: Request) -> str:
    """Cookies are shared by all ports of a host, so the name carries the port."""
    _, port = request.scope.get("server") or ("", None)
    return f"{COOKIE}_{port}" if port else COOKIE


def start_session(request: Request, response: Response, key: bytes, user_id: str) -> None:
    """Each start makes a new session; the one before it is replaced."""
    # Without a nonce, two sessions of one second would be the same.
    content = [user_id, secrets.token_urlsafe(12)]
    response.set_cookie(
        cookie_name(request),
        str(signer(key, state_of(request).token).dumps(content)),
        max_age=LIFE_SECONDS,
        httponly=True,
        samesite="lax",
    )


def session_of(request: Request, key: bytes) -> Session | None:
    """None where no cookie of a session is sent. One that was made at another port of the same
    workspace is taken too, but not in the place of one that was made here."""
    name = cookie_name(request)
    cookies = [
        request.cookies[each]
        for each in sorted(request.cookies, key=lambda each: each != name)
        if each == COOKIE or each.startswith(f"{COOKIE}_")
    ]
    for cookie in cookies:
        session = signed(cookie, key, state_of(request).token)
        if session and time.time() - session.issued_at < LIFE_SECONDS:
            return session
        if name in request.cookies:
            break
    if cookies:
        raise SignInRequired(ENDED)
    return None


async def identified(request: Request) -> Actor:
    """Of whom the request is. Whether they are active, what it asks for finds out: see `found`."""
    state = state_of(request)
    workspace = await state.workspace()
    session = session_of(request, workspace.session_key)
    if session is None and state.token is not None:
        raise SignInRequired(NOT_SIGNED_IN)
    user_id = session.user_id if session else workspace.default_user_id
    return Actor(acting_as(user_id, request.headers.get(HEADER)))


def acting_as(session_user_id: str, named: str | None) -> str:
    """The one place that decides whether a session may act as the member that a request names.

    There is no sign-in, so a session may act as any member, as it may switch to any."""
    return session_user_id if named is None else unquote(named)


async def current(request: Request) -> Actor:
    actor = await identified(request)
    await require_active(request, actor)
    return actor


async def require_active(request: Request, actor: Actor) -> None:
    database = state_of(request).database
    active = await queries.is_active(database, actor.user_id)
    if active is None:
        if HEADER not in request.headers:
            raise SignInRequired(ENDED)
        stand_in = await queries.stand_in(database)
        raise Conflict(NO_MEMBER, {"unknown": actor.user_id, "actAs": stand_in})
    if not active:
        stand_in = await queries.stand_in(database)
        raise Forbidden(INACTIVE, {"inactive": actor.user_id, "actAs": stand_in})


async def found(request: Request, actor: Actor, reading: Awaitable[T]) -> T:
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
ActorOf = Annotated[Actor, Depends(current)]
# For the few routes that answer with one statement; see `found`.
IdentifiedOf = Annotated[Actor, Depends(identified)]


class SwitchUser(Body):
    user_id: Id


async def described(state: State, user_id: str) -> Response:
    workspace = await state.workspace()
    home = await queries.home_channel(state.database, Actor(user_id))
    # Not in the body, whose shape is agreed on: where a window goes that asks for no channel.
    links = {} if home is None else {"Link": f'</c/{quote(home, safe="")}>; rel="start"'}
    return answer({"userId": user_id, "workspace": {"name": workspace.name}}, headers=links)


@router.get("", response_model=schemas.Session)
async def read_session(state: StateOf, actor: ActorOf) -> Response:
    """Whom one acts as; the `Link` with `rel="start"` is the channel to begin with."""
    return await described(state, actor.user_id)


@router.put("", response_model=schemas.Session, responses=errors.REFUSED)
async def switch_user(
    request: Request, body: SwitchUser, state: StateOf, _: IdentifiedOf
) -> Response:
    """Begins a session of another member; a demo workspace trusts whoever may open it."""
    if not await queries.can_act(state.database, body.user_id):
        raise NotFound("No such user")
    response = await described(state, body.user_id)
    start_session(request, response, (await state.workspace()).session_key, body.user_id)
    return response


def is_token(state: State, given: str) -> bool:
    return state.token is not None and hmac.compare_digest(state.token.encode(), given.encode())


async def keep_session(request: Request, response: Response) -> None:
    """With the page itself, so that a browser has a session of its own here: a new one where it
    has none or an unusable one (unless it is to sign in), a fresh one where it grows old."""
    state = state_of(request)
    try:
        workspace = await state.known_workspace()
    except DatabaseUnavailable:
        # The page says so itself.
        return
    try:
        session = session_of(request, workspace.session_key)
    except SignInRequired:
        session = None
    if session is None and state.token is not None:
        return
    if session and cookie_name(request) in request.cookies and not is_old(session):
        return
    user_id = session.user_id if session else workspace.default_user_id
    start_session(request, response, workspace.session_key, user_id)


def is_old(session: Session) -> bool:
    return time.time() - session.issued_at > RENEWED_AFTER_SECONDS
