"""Requests with an API token: whom they act as, and whether the token is enough for the route.

The token decides before session cookie and `Bullpen-User` header, and one that is not valid is
refused: such a request never acts as somebody else.
"""

import base64
import binascii
from collections.abc import Iterable
from urllib.parse import parse_qsl, unquote

from fastapi import Request
from starlette.datastructures import Headers
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from bullpen.accounts.tokens import BEGINNING, Access, hash_of
from bullpen.api.http import errors
from bullpen.api.http.admission import drop_body
from bullpen.api.http.bearer import ACCESS, is_bearer
from bullpen.api.http.limits import Usage
from bullpen.api.http.methods import CHANGING
from bullpen.api.http.scopes import ScopeTable
from bullpen.api.http.sources import client_network, source_of
from bullpen.api.http.state import State
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import AppError, Conflict, Forbidden, Invalid, SignInRequired

USER_HEADER = "bullpen-user"
# Query parameters that could be meant to carry a token. Addresses are kept in logs and histories.
IN_URL = frozenset({"token", "access_token", "api_key", "apikey", "bearer"})
# What a reverse proxy in front of Bullpen may ask browsers for.
OF_PROXIES = frozenset({"basic", "digest", "negotiate", "ntlm"})

IN_URL_REFUSED = (
    "Never send a token in the query of a URL, where logs and browsers keep it. Send an API token"
    " in the header 'Authorization: Bearer …'. If this was a real token, revoke it."
)
INVALID = "The API token is not valid: it is unknown, expired or revoked. Create another one."
MALFORMED = "Send the API token as 'Authorization: Bearer bp_…', in one header."
INACTIVE = "The user that this API token belongs to is inactive."
SIGN_IN = "This cannot be done with an API token. Sign in to do it."


class Tokens:
    def __init__(self, app: ASGIApp, routes: Iterable[BaseRoute], usage: Usage) -> None:
        self.app = app
        self.usage = usage
        self.table = ScopeTable(routes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            try:
                await self.check(scope)
            except AppError as problem:
                refused = await errors.app_error(Request(scope), problem)
                if scope["method"] in CHANGING and not await drop_body(receive):
                    # The rest of the body is not read, so the connection cannot be used again.
                    refused.headers["Connection"] = "close"
                await refused(scope, receive, send)
                return
        await self.app(scope, receive, send)

    async def check(self, scope: Scope) -> None:
        refuse_in_url(scope["path"], scope["query_string"])
        try:
            if (token := token_of(Headers(scope=scope))) is not None:
                scope[ACCESS] = await self.admit(scope, token)
        except SignInRequired:
            # Who tries many tokens is refused by their address.
            self.usage.charge(client_network(Request(scope)), "anonymous")
            raise

    async def admit(self, scope: Scope, token: str) -> Access:
        state: State = scope["app"].state.bullpen
        token_hash = hash_of(token)
        access = None if token_hash is None else await state.tokens.find(token_hash)
        if access is None:
            raise SignInRequired(ErrorCode.INVALID_TOKEN, INVALID)
        if not access.is_active:
            raise Forbidden(ErrorCode.MEMBER_INACTIVE, INACTIVE)
        self.require_scope(access, scope["method"], scope["path"])
        require_same_user(access, Headers(scope=scope).get(USER_HEADER))
        await state.tokens.note_use(access, source_of(scope).address)
        return access

    def require_scope(self, access: Access, method: str, path: str) -> None:
        route = self.table.find(method, path)
        if route is None:
            return
        if route.scope is None:
            raise Forbidden(ErrorCode.NOT_WITH_TOKEN, SIGN_IN)
        if route.scope not in access.scopes:
            raise Forbidden(
                ErrorCode.MISSING_SCOPE,
                f"This needs an API token with the scope '{route.scope}'.",
                {"scope": route.scope, "scopes": sorted(access.scopes)},
            )


def token_of(headers: Headers) -> str | None:
    """None where none is sent. What looks like one but cannot be read is refused."""
    given = headers.getlist("authorization")
    if not given:
        return None
    method, _, token = given[0].strip().partition(" ")
    token = token.strip()
    if len(given) == 1 and method.lower() == "bearer" and token and " " not in token:
        return token
    if method.lower() in OF_PROXIES and not any(map(is_bearer, given)) and not hides_token(token):
        return None
    raise SignInRequired(ErrorCode.INVALID_TOKEN, MALFORMED)


def hides_token(credentials: str) -> bool:
    """As of `curl --user`, which encodes it."""
    try:
        return BEGINNING.encode() in base64.b64decode(credentials, validate=True)
    except (binascii.Error, ValueError):
        return False


def refuse_in_url(path: str, query: bytes) -> None:
    if not query:
        return
    for name, value in parse_qsl(query.decode("latin-1"), keep_blank_values=True):
        # The token of a link is behind its `#`, where no server and no log sees it.
        is_named = name.lower() in IN_URL and not path.startswith("/static/")
        if is_named or hash_of(value) is not None:
            raise Invalid(ErrorCode.TOKEN_IN_URL, IN_URL_REFUSED)


def require_same_user(access: Access, named: str | None) -> None:
    if named is not None and unquote(named) != access.user_id:
        raise Conflict(
            ErrorCode.OTHER_USER,
            f"The API token belongs to '{access.user_id}', and the header Bullpen-User names"
            " somebody else. Leave the header out, or use another token.",
            {"userId": access.user_id},
        )
