"""Signing in with an OpenID provider. Both addresses are opened by the browser itself, so they
answer with redirects; after a failure the sign-in page says what it was."""

from typing import TYPE_CHECKING, Annotated
from urllib.parse import quote

import msgspec
from asyncpg import Connection
from fastapi import Query, Request, Response
from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.responses import RedirectResponse

from bullpen.accounts import oidc_identities
from bullpen.accounts.oidc_provider import Identity, Pending, refusal
from bullpen.accounts.sign_in import Place, start_session
from bullpen.api.http.accounts import TeamDep
from bullpen.api.http.dependencies import StateDep
from bullpen.api.http.router import Router
from bullpen.api.http.signed_in import place_of, set_cookie
from bullpen.api.http.sources import is_secure, source_of
from bullpen.api.http.state import State
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import AppError, NotFound, SignInRefused
from bullpen.members.actor import Actor
from bullpen.members.people import get_person
from bullpen.workspace.people import join_workspace

if TYPE_CHECKING:
    from bullpen.accounts.oidc import Client

router = Router(prefix="/api/oidc", tags=["sign-in"])

COOKIE = "bullpen_oidc"
PATH = "/api/oidc"
SECONDS = 600
NO_ACCOUNT = (
    "Nobody here has the verified e-mail address of that account. Ask an administrator to invite"
    " you, and accept the invitation first."
)
REDIRECTS: dict[int | str, dict[str, str]] = {303: {"description": "Go on at `Location`."}}


@router.get("/start", status_code=303, responses=REDIRECTS)
async def start(
    request: Request,
    state: StateDep,
    _: TeamDep,
    return_to: Annotated[
        str, Query(alias="returnTo", max_length=2000, description="Where to go on afterwards.")
    ] = "/",
) -> Response:
    """Sign in with the provider.

    Leads the browser to the provider, and from there back to Bullpen. Needs no session.
    """
    try:
        address, pending = await client_of(state).begin(
            redirect_uri(request), return_to if is_local(return_to) else "/"
        )
    except SignInRefused as problem:
        return failed(request, problem)
    response = RedirectResponse(address, 303)
    response.set_cookie(
        COOKIE,
        (await signer(state)).dumps(msgspec.to_builtins(pending)),
        max_age=SECONDS,
        path=PATH,
        secure=is_secure(request),
        httponly=True,
        # The provider's page sends the browser back with a plain link.
        samesite="lax",
    )
    return response


@router.get("/callback", status_code=303, responses=REDIRECTS)
async def come_back(request: Request, state: StateDep, _: TeamDep) -> Response:
    """Come back from the provider.

    The provider leads the browser here. Signs in the person whose account it is, or whose verified
    e-mail address. Needs no session.
    """
    client = client_of(state)
    try:
        pending = await pending_of(request, state)
        identity = await client.finish(pending, redirect_uri(request), dict(request.query_params))
        place = place_of(request)
        async with state.database.transaction() as connection:
            token = await sign_in(connection, client, identity, place)
    except AppError as problem:
        return failed(request, problem)
    response = RedirectResponse(pending.return_to, 303)
    set_cookie(request, response, token)
    forget_pending(request, response)
    return response


async def sign_in(
    connection: Connection, client: "Client", identity: Identity, place: Place
) -> str:
    """The token of the new session."""
    person_id = await oidc_identities.person_of(connection, identity)
    if person_id is None and oidc_identities.may_join(identity, client.provider.join_domains):
        name = identity.name or str(identity.email).partition("@")[0]
        person_id = await join_workspace(
            connection, display_name=name, role="member", email=identity.email
        )
    # In words that are the same for all, so that nobody finds out who has an account.
    no_account = SignInRefused(ErrorCode.OIDC_NO_ACCOUNT, NO_ACCOUNT)
    if person_id is None:
        raise no_account
    if not (await get_person(connection, Actor(person_id), person_id)).is_active:
        raise no_account
    await oidc_identities.link(connection, identity, person_id, place.device.address)
    return await start_session(connection, person_id, place, "provider")


def client_of(state: State) -> "Client":
    if state.oidc is None:
        raise NotFound(ErrorCode.NOT_FOUND, "No sign-in provider is set up.")
    return state.oidc


async def pending_of(request: Request, state: State) -> Pending:
    """What the browser left with. Without it, somebody else's answer may have been sent along."""
    try:
        content = (await signer(state)).loads(request.cookies.get(COOKIE, ""), max_age=SECONDS)
        return msgspec.convert(content, Pending)
    except (BadSignature, msgspec.ValidationError) as problem:
        raise refusal("cookie") from problem


async def signer(state: State) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer((await state.workspace()).session_key, salt="oidc")


def redirect_uri(request: Request) -> str:
    return f"{source_of(request.scope).origin}{PATH}/callback"


def is_local(address: str) -> bool:
    """A path of this workspace: browsers take two slashes, or a backslash, for another host."""
    elsewhere = address.startswith(("//", "/\\")) or not address.isprintable()
    return address.startswith("/") and not elsewhere


def failed(request: Request, problem: AppError) -> Response:
    response = RedirectResponse(f"/sign-in#error={quote(problem.code)}", 303)
    forget_pending(request, response)
    return response


def forget_pending(request: Request, response: Response) -> None:
    response.delete_cookie(
        COOKIE, path=PATH, secure=is_secure(request), httponly=True, samesite="lax"
    )
