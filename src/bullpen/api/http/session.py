"""The session of a browser in demo mode: a signed cookie that says whom it acts as.

It may act as any member (decision 0011): see `dependencies.acting_as`. Those of team mode are in
`signed_in.py`.
"""

import hmac
import secrets
import time
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote

from fastapi import Request, Response
from itsdangerous import BadSignature, URLSafeTimedSerializer

from bullpen.api.http.origins import read_host
from bullpen.api.http.sources import is_secure, source_of
from bullpen.api.http.state import state_of
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import DatabaseUnavailable, SignInRequired

COOKIE = "bullpen_session"
USER_HEADER = "bullpen-user"
DAY = 24 * 3600
LIFE_SECONDS = 30 * DAY
RENEWED_AFTER_SECONDS = DAY

ENDED = "Your session has ended. Reload Bullpen's page to start a new one."


# In a session that the page started by itself: nobody has chosen this member.
GIVEN = "given"


class Session(NamedTuple):
    user_id: str
    issued_at: float
    is_given: bool


@lru_cache(maxsize=64)
def signer(key: bytes) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(hmac.digest(key, b"", "sha256"), salt="session")


@lru_cache(maxsize=4096)
def signed(cookie: str, key: bytes) -> Session | None:
    """What a cookie says, if its signature is right; its age is checked elsewhere."""
    try:
        content, issued_at = signer(key).loads(cookie, return_timestamp=True)
    except BadSignature:
        return None
    assert isinstance(issued_at, datetime)
    match content:
        case [str(user_id), str(), *kind]:
            return Session(user_id, issued_at.timestamp(), kind == [GIVEN])
    return None


def cookie_name(request: Request) -> str:
    """Cookies are shared by all ports of a host, so the name carries the port. The prefix makes
    browsers refuse one that another host of the domain, or a page without TLS, tries to set."""
    if is_secure(request):
        host = read_host(source_of(request.scope).host)
        return f"__Host-{COOKIE}" + (f"_{host.port}" if host and host.port else "")
    _, port = request.scope.get("server") or ("", None)
    return f"{COOKIE}_{port}" if port else COOKIE


def start_session(
    request: Request, response: Response, key: bytes, user_id: str, *, is_given: bool = False
) -> None:
    """Each start makes a new session; the one before it is replaced."""
    # Without a nonce, two sessions of one second would be the same.
    content = [user_id, secrets.token_urlsafe(12), *([GIVEN] if is_given else [])]
    response.set_cookie(
        cookie_name(request),
        str(signer(key).dumps(content)),
        max_age=LIFE_SECONDS,
        secure=is_secure(request),
        httponly=True,
        samesite="lax",
    )


def session_of(request: Request, key: bytes) -> Session | None:
    """None where no cookie of a session is sent. One that was made at another port of the same
    workspace is taken too, but not in the place of one that was made here."""
    name = cookie_name(request)
    others = () if is_secure(request) else sorted(request.cookies)
    cookies = [
        request.cookies[each]
        for each in (name, *others)
        if each in request.cookies and (each in {name, COOKIE} or each.startswith(f"{COOKIE}_"))
    ]
    for cookie in cookies:
        session = signed(cookie, key)
        if session and time.time() - session.issued_at < LIFE_SECONDS:
            return session
        if name in request.cookies:
            break
    if cookies:
        raise SignInRequired(ErrorCode.SESSION_ENDED, ENDED)
    return None


def describe_session(request: Request, key: bytes, default_user_id: str) -> str:
    """The value of the header `Bullpen-Session`: whose session it is, regardless of whom the
    request acts as, and whether anybody has chosen that member."""
    session = session_of(request, key)
    user_id = quote(session.user_id if session else default_user_id, safe="")
    return f"{user_id}; {GIVEN}" if session is None or session.is_given else user_id


async def keep_session(request: Request, response: Response) -> None:
    """With the page itself, so that a browser has a session of its own here: a new one where it
    has none or an unusable one, a fresh one where it grows old. In team mode, signing in does."""
    state = state_of(request)
    if state.team is not None:
        return
    try:
        workspace = await state.known_workspace()
    except DatabaseUnavailable:
        # The page says so itself.
        return
    try:
        session = session_of(request, workspace.session_key)
    except SignInRequired:
        session = None
    if session and cookie_name(request) in request.cookies and not is_old(session):
        return
    user_id = session.user_id if session else workspace.default_user_id
    is_given = session is None or session.is_given
    start_session(request, response, workspace.session_key, user_id, is_given=is_given)


def is_old(session: Session) -> bool:
    return time.time() - session.issued_at > RENEWED_AFTER_SECONDS
