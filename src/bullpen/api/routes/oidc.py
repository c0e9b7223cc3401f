"""Signing in with an OpenID provider. Both addresses are opened by the browser itself, so they
answer with redirects."""

from typing import Annotated

from fastapi import Query, Request, Response

from bullpen.api.http.accounts import TeamDep
from bullpen.api.http.dependencies import StateDep
from bullpen.api.http.provider_sign_in import REDIRECTS, Cookie, come_back, leave
from bullpen.api.http.router import Router

router = Router(prefix="/api/oidc", tags=["sign-in"])
COOKIE = Cookie("bullpen_oidc", "/api/oidc")


@router.get("/start", status_code=303, responses=REDIRECTS)
async def start(
    request: Request,
    state: StateDep,
    _: TeamDep,
    return_to: Annotated[
        str, Query(alias="returnTo", max_length=2000, description="Where to go on afterwards.")
    ] = "/",
) -> Response:
    """Sign in with the OpenID provider.

    Leads the browser to the provider, and from there back to Bullpen. Needs no session.
    """
    return await leave(request, state, state.oidc, COOKIE, return_to)


@router.get("/callback", status_code=303, responses=REDIRECTS)
async def come_back_from_oidc(request: Request, state: StateDep, _: TeamDep) -> Response:
    """Come back from the OpenID provider.

    The provider leads the browser here. Signs in the person whose account it is, or whose verified
    e-mail address. Needs no session.
    """
    return await come_back(request, state, state.oidc, COOKIE)
