from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Request
from pydantic import AwareDatetime, Field

from bullpen.accounts import tokens
from bullpen.accounts.tokens import ApiToken, CreatedToken, Scope
from bullpen.api.http.bearer import access_of
from bullpen.api.http.dependencies import CurrentActor, DatabaseDep, StateDep
from bullpen.api.http.fields import Id, Name, RequestBody
from bullpen.api.http.notices import notify
from bullpen.api.http.responses import JsonResponse, json_response
from bullpen.api.http.router import Router
from bullpen.api.http.state import State
from bullpen.kit.database import Database
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import Forbidden
from bullpen.members.actor import Actor
from bullpen.members.conditions import require_for
from bullpen.members.people import get_person
from bullpen.members.permissions import BELOW, NEVER, OWN, Permission, is_below, require
from bullpen.members.queries import get_agent

router = Router(prefix="/api/tokens", tags=["tokens"])
of_agents = Router(prefix="/api/agents/{agent_id}/tokens", tags=["tokens"])

of_all = Router(prefix="/api/workspace/tokens", tags=["tokens"])
of_people = Router(prefix="/api/people/{person_id}/tokens", tags=["tokens"])


class NewToken(RequestBody):
    """An API token to create."""

    name: Annotated[Name, Field(description="What it is for, such as the program that has it.")]
    scopes: Annotated[list[Scope], Field(min_length=1, max_length=4, description="What it allows.")]
    expires_at: Annotated[
        AwareDatetime | None,
        Field(
            description="From then on it is refused. Left out: in one year. Null: never, which"
            " only owners and administrators can choose."
        ),
    ] = None


async def create(
    request: Request, body: NewToken, state: State, actor: Actor, user_id: str
) -> JsonResponse[CreatedToken]:
    # A token cannot make another one that may do more.
    if (access := access_of(request)) is not None:
        require_no_more(access, body.scopes)
    expires_at = body.expires_at
    if "expires_at" not in body.model_fields_set:
        expires_at = datetime.now(UTC) + tokens.DEFAULT_LIFE
    tokens.require_allowed_life(actor, expires_at)
    async with state.database.transaction() as connection:
        created = await tokens.create_token(
            connection,
            actor,
            user_id=user_id,
            name=body.name,
            scopes=body.scopes,
            expires_at=expires_at,
        )
    # It is the person who made it that somebody else may have acted as.
    notify(request, state, actor.user_id, "token")
    return json_response(created, 201)


async def require_manager(database: Database, actor: Actor, agent_id: str) -> None:
    await get_agent(database, actor, agent_id)
    await require_for(database, actor, Permission.EDIT_AGENT, agent_id=agent_id)


def require_no_more(access: tokens.Access, scopes: list[Scope]) -> None:
    if missing := [scope for scope in scopes if scope not in access.scopes]:
        raise Forbidden(
            ErrorCode.MISSING_SCOPE,
            f"A token that lacks the scope '{missing[0]}' cannot create one that has it.",
            {"scope": missing[0], "scopes": sorted(access.scopes)},
        )


@router.get("")
async def list_tokens(database: DatabaseDep, actor: CurrentActor) -> JsonResponse[list[ApiToken]]:
    """List your API tokens.

    Without the tokens themselves, which are shown only when they are created. Expired ones are
    listed, revoked ones are not.
    """
    return json_response(await tokens.list_tokens(database, actor.user_id))


@router.post("", status_code=201)
async def create_token(
    request: Request, body: NewToken, state: StateDep, actor: CurrentActor
) -> JsonResponse[CreatedToken]:
    """Create an API token.

    The answer has the token in `token`. It is not stored and cannot be shown again.
    """
    return await create(request, body, state, actor, actor.user_id)


@router.delete("/{token_id}")
async def revoke_token(
    token_id: UUID, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[list[ApiToken]]:
    """Revoke one of your API tokens.

    Within two seconds it is refused everywhere, and event streams opened with it end. Returns the
    tokens that are left.
    """
    async with database.transaction() as connection:
        await tokens.revoke_token(connection, actor, token_id, user_id=actor.user_id)
        left = await tokens.list_tokens(connection, actor.user_id)
    return json_response(left)


@of_agents.get("")
async def list_agent_tokens(
    agent_id: Id, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[list[ApiToken]]:
    """List an agent's API tokens.

    For administrators and the agent's manager.
    """
    await require_manager(database, actor, agent_id)
    return json_response(await tokens.list_tokens(database, agent_id))


@of_agents.post("", status_code=201)
async def create_agent_token(
    agent_id: Id, request: Request, body: NewToken, state: StateDep, actor: CurrentActor
) -> JsonResponse[CreatedToken]:
    """Create an API token for an agent.

    With it, a program acts as the agent. For administrators and the agent's manager.
    """
    await require_manager(state.database, actor, agent_id)
    return await create(request, body, state, actor, agent_id)


@of_agents.delete("/{token_id}")
async def revoke_agent_token(
    agent_id: Id, token_id: UUID, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[list[ApiToken]]:
    """Revoke an API token of an agent.

    For administrators and the agent's manager. Returns the tokens that are left.
    """
    await require_manager(database, actor, agent_id)
    async with database.transaction() as connection:
        await tokens.revoke_token(connection, actor, token_id, user_id=agent_id)
        left = await tokens.list_tokens(connection, agent_id)
    return json_response(left)


@of_people.get("")
async def list_tokens_of_person(
    person_id: Id, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[list[ApiToken]]:
    """List a person's API tokens.

    For the person themselves and administrators. Without the tokens themselves.
    """
    await require_tokens_of(database, actor, person_id)
    return json_response(await tokens.list_tokens(database, person_id))


@of_people.delete("/{token_id}")
async def revoke_token_of_person(
    person_id: Id, token_id: UUID, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[list[ApiToken]]:
    """Revoke an API token of a person.

    For the person themselves and administrators. Returns the tokens that are left.
    """
    await require_tokens_of(database, actor, person_id)
    async with database.transaction() as connection:
        await tokens.revoke_token(connection, actor, token_id, user_id=person_id)
        left = await tokens.list_tokens(connection, person_id)
    return json_response(left)


@of_all.get("")
async def list_all_tokens(
    database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[list[ApiToken]]:
    """List the API tokens of everybody.

    The newest first: those of agents, and of people whose tokens the current user may revoke.
    Only owners and admins can do this.
    """
    return json_response(await tokens.list_all_tokens(database, actor))


async def require_tokens_of(database: Database, actor: Actor, person_id: str) -> None:
    person = await get_person(database, actor, person_id)
    own = OWN if actor.user_id == person_id else NEVER
    below = BELOW if is_below(person.role, actor) else NEVER
    require(actor, Permission.MANAGE_TOKENS, own | below)
