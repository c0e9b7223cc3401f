"""Signing in with a provider: the browser leaves for it and comes back, and Bullpen decides whose
account it is. After a failure the sign-in page says what it was."""

from typing import TYPE_CHECKING, NamedTuple, TypeVar
from urllib.parse import quote

import msgspec
from asyncpg import Connection
from fastapi import Request, Response
from itsdangerous import BadSignature, URLSafeTimedSerializer
from msgspec.structs import replace
from pydantic import TypeAdapter, ValidationError
from starlette.responses import RedirectResponse

from bullpen.accounts import oidc_identities
from bullpen.accounts.oidc_provider import Identity, Pending, refusal
from bullpen.accounts.sign_in import Place, start_session
from bullpen.api.http.fields import UserName
from bullpen.api.http.signed_in import place_of, set_cookie
from bullpen.api.http.sources import is_secure, source_of
from bullpen.api.http.state import State
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import AppError, Conflict, NotFound, SignInRefused
from bullpen.members.actor import Actor
from bullpen.members.people import get_person
from bullpen.workspace.people import join_workspace

if TYPE_CHECKING:
    from bullpen.accounts import oauth, oidc

SECONDS = 600
NO_ACCOUNT = (
    "Nobody here has the verified e-mail address of that account. Ask an administrator to invite"
    " you, and accept the invitation first."
)
REDIRECTS: dict[int | str, dict[str, str]] = {303: {"description": "Go on at `Location`."}}
NAME: TypeAdapter[str] = TypeAdapter(UserName)

T = TypeVar("T", bound=msgspec.Struct)


class Cookie(NamedTuple):
    """What a browser keeps while somebody signs in; `path`: for which addresses."""

    name: str
    path: str


class Joining(msgspec.Struct):
    """Somebody who has signed in at a provider and may join, once they have a name."""

    identity: Identity
    return_to: str


JOINING = Cookie("bullpen_joining", "/api/sign-in")


async def leave(
    request: Request,
    state: State,
    client: "oidc.Client | oauth.Client | None",
    cookie: Cookie,
    return_to: str,
) -> Response:
    """To the provider."""
    try:
        address, pending = await require_client(client).begin(
            redirect_uri(request, cookie), return_to if is_local(return_to) else "/"
        )
    except SignInRefused as problem:
        return failed(request, cookie, problem)
    response = RedirectResponse(address, 303)
    await keep(request, response, state, cookie, pending)
    return response


async def come_back(
    request: Request,
    state: State,
    client: "oidc.Client | oauth.Client | None",
    cookie: Cookie,
) -> Response:
    """From the provider."""
    client = require_client(client)
    try:
        pending = await kept(request, state, cookie, Pending)
        identity = await client.finish(
            pending, redirect_uri(request, cookie), dict(request.query_params)
        )
        place = place_of(request)
        async with state.database.transaction() as connection:
            joins = oidc_identities.may_join(identity, client.provider.join_domains)
            _, token = await sign_in(connection, identity, place, joins=joins)
    except Conflict as problem:
        if problem.code != ErrorCode.NAME_TAKEN:
            raise
        return await ask_for_name(request, state, cookie, Joining(identity, pending.return_to))
    except AppError as problem:
        return failed(request, cookie, problem)
    response = RedirectResponse(pending.return_to, 303)
    set_cookie(request, response, token)
    forget(request, response, cookie)
    return response


async def ask_for_name(
    request: Request, state: State, cookie: Cookie, joining: Joining
) -> Response:
    """Somebody else has the name that the provider gives: the person chooses another one, and what
    they proved at the provider is kept meanwhile."""
    fragment = f"name={quote(name_of(joining.identity))}&next={quote(joining.return_to, safe='')}"
    response = RedirectResponse(f"/sign-in#{fragment}", 303)
    forget(request, response, cookie)
    await keep(request, response, state, JOINING, joining)
    return response


async def join(request: Request, state: State, display_name: str) -> tuple[str, str]:
    """With another name. The person and the token of their session."""
    joining = await kept(request, state, JOINING, Joining)
    identity = replace(joining.identity, name=display_name)
    clients = [client for client in (state.oidc, state.oauth) if client is not None]
    domains = {client.provider.issuer: client.provider.join_domains for client in clients}
    joins = oidc_identities.may_join(identity, domains.get(identity.issuer, frozenset()))
    async with state.database.transaction() as connection:
        # A cookie that somebody kept does not sign in once more.
        if await oidc_identities.linked_person(connection, identity) is not None:
            raise refusal("cookie")
        return await sign_in(connection, identity, place_of(request), joins=joins)


async def sign_in(
    connection: Connection, identity: Identity, place: Place, *, joins: bool
) -> tuple[str, str]:
    """The person and the token of their session. `joins`: whether a stranger becomes a member."""
    person_id = await oidc_identities.person_of(connection, identity)
    if person_id is None and joins:
        person_id = await join_workspace(
            connection, display_name=name_of(identity), role="member", email=identity.email
        )
    # In words that are the same for all, so that nobody finds out who has an account.
    no_account = SignInRefused(ErrorCode.OIDC_NO_ACCOUNT, NO_ACCOUNT)
    if person_id is None:
        raise no_account
    if not (await get_person(connection, Actor(person_id), person_id)).is_active:
        raise no_account
    await oidc_identities.link(connection, identity, person_id, place.device.address)
    return person_id, await start_session(connection, person_id, place, "provider")


def name_of(identity: Identity) -> str:
    """What a new member is called: the provider's name if it can be one here."""
    for name in (identity.name, str(identity.email).partition("@")[0]):
        try:
            return NAME.validate_python(name)
        except ValidationError:
            continue
    return "New member"


def require_client(
    client: "oidc.Client | oauth.Client | None",
) -> "oidc.Client | oauth.Client":
    if client is None:
        raise NotFound(ErrorCode.NOT_FOUND, "No sign-in provider is set up.")
    return client


async def keep(
    request: Request, response: Response, state: State, cookie: Cookie, content: msgspec.Struct
) -> None:
    response.set_cookie(
        cookie.name,
        (await signer(state, cookie)).dumps(msgspec.to_builtins(content)),
        max_age=SECONDS,
        path=cookie.path,
        secure=is_secure(request),
        httponly=True,
        # The provider's page sends the browser back with a plain link.
        samesite="lax",
    )


async def kept(request: Request, state: State, cookie: Cookie, kind: type[T]) -> T:
    """What the browser left with. Without it, somebody else's answer may have been sent along."""
    try:
        content = (await signer(state, cookie)).loads(
            request.cookies.get(cookie.name, ""), max_age=SECONDS
        )
        return msgspec.convert(content, kind)
    except (BadSignature, msgspec.ValidationError) as problem:
        raise refusal("cookie") from problem


def forget(request: Request, response: Response, cookie: Cookie) -> None:
    response.delete_cookie(
        cookie.name, path=cookie.path, secure=is_secure(request), httponly=True, samesite="lax"
    )


async def signer(state: State, cookie: Cookie) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer((await state.workspace()).session_key, salt=cookie.name)


def redirect_uri(request: Request, cookie: Cookie) -> str:
    return f"{source_of(request.scope).origin}{cookie.path}/callback"


def is_local(address: str) -> bool:
    """A path of this workspace: browsers take two slashes, or a backslash, for another host."""
    elsewhere = address.startswith(("//", "/\\")) or not address.isprintable()
    return address.startswith("/") and not elsewhere


def failed(request: Request, cookie: Cookie, problem: AppError) -> Response:
    response = RedirectResponse(f"/sign-in#error={quote(problem.code)}", 303)
    forget(request, response, cookie)
    return response
