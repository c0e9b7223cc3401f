"""The session of a request in team mode: an opaque token in a cookie, looked up in the database.

A request acts as the person who signed in and nobody else: one whose `Bullpen-User` names somebody
else is refused, so that a window which shows another person never writes in the wrong name.
"""

from urllib.parse import unquote

from fastapi import Request, Response

from bullpen.accounts.sessions import ENDED, LIFE, Device, SignedIn
from bullpen.accounts.sign_in import Place
from bullpen.api.http.session import USER_HEADER, cookie_name
from bullpen.api.http.sources import client_address, client_network, is_secure
from bullpen.api.http.state import State, state_of
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import Conflict, SignInRequired

# Where the scope of a request has its session, once that is known.
SESSION = "bullpen.session"
NOT_SIGNED_IN = "Sign in first."
OTHER_USER = "Somebody else has signed in in this browser. Reload the page to go on as them."


async def signed_in(request: Request) -> SignedIn:
    """Whose the request is. Raises where nobody has signed in, or somebody else has."""
    found = request.scope.get(SESSION)
    if not isinstance(found, SignedIn):
        found = request.scope[SESSION] = await look_up(request, state_of(request))
    named = request.headers.get(USER_HEADER)
    if named is not None and unquote(named) != found.person_id:
        raise Conflict(ErrorCode.OTHER_USER, OTHER_USER, {"userId": found.person_id})
    return found


async def look_up(request: Request, state: State) -> SignedIn:
    token = token_of(request)
    if token is None:
        raise SignInRequired(ErrorCode.SIGN_IN_REQUIRED, NOT_SIGNED_IN)
    session = await state.sessions.find(token, client_address(request))
    if session is None:
        raise SignInRequired(ErrorCode.SESSION_ENDED, ENDED)
    return session


def token_of(request: Request) -> str | None:
    return request.cookies.get(cookie_name(request)) or None


def place_of(request: Request) -> Place:
    user_agent = request.headers.get("user-agent", "")
    printable = "".join(sign for sign in user_agent if sign.isprintable())
    device = Device(printable, client_address(request))
    return Place(device, client_network(request), token_of(request))


def set_cookie(request: Request, response: Response, token: str) -> None:
    response.set_cookie(
        cookie_name(request),
        token,
        max_age=int(LIFE.total_seconds()),
        secure=is_secure(request),
        httponly=True,
        samesite="lax",
    )


def remove_cookie(request: Request, response: Response) -> None:
    response.delete_cookie(
        cookie_name(request), secure=is_secure(request), httponly=True, samesite="lax"
    )
