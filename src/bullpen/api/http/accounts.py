"""What routes about accounts ask for by their parameters. They exist in team mode only."""

from typing import Annotated, NamedTuple

from fastapi import Depends, Request
from msgspec import Meta, Struct

from bullpen.accounts.profile import Me, get_me
from bullpen.accounts.sessions import SignedIn
from bullpen.accounts.team import Team
from bullpen.api.http.bearer import access_of
from bullpen.api.http.dependencies import current_actor
from bullpen.api.http.responses import JsonResponse, json_response
from bullpen.api.http.signed_in import set_cookie, signed_in
from bullpen.api.http.state import State, state_of
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import Forbidden
from bullpen.members.actor import Actor

IN_DEMO_MODE = (
    "There are no accounts in demo mode. Start Bullpen with --team to have people sign in."
)


NEEDS_SESSION = "This cannot be done with an API token. Sign in to do it."


class Done(Struct):
    """It is done."""

    ok: Annotated[bool, Meta(description="Always true.")] = True


class Account(NamedTuple):
    """Who makes a request, and by which session."""

    actor: Actor
    session: SignedIn


async def the_team(request: Request) -> Team:
    team = state_of(request).team
    if team is None:
        raise Forbidden(ErrorCode.TEAM_MODE_ONLY, IN_DEMO_MODE)
    return team


async def the_account(request: Request) -> Account:
    # First, so that an inactive member learns that.
    actor = await current_actor(request)
    await the_team(request)
    if access_of(request) is not None:
        raise Forbidden(ErrorCode.NOT_WITH_TOKEN, NEEDS_SESSION)
    return Account(actor, await signed_in(request))


TeamDep = Annotated[Team, Depends(the_team)]
CurrentAccount = Annotated[Account, Depends(the_account)]


async def enter(
    request: Request, state: State, person_id: str, token: str, status: int = 200
) -> JsonResponse[Me]:
    """The answer to somebody who has just signed in, with their cookie."""
    response = json_response(await get_me(state.database, Actor(person_id)), status)
    set_cookie(request, response, token)
    return response
