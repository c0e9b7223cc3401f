"""Connecting model providers: keys and addresses, one real call, and lists of models."""

from typing import Annotated

from asyncpg import Connection
from pydantic import Field

from bullpen.agents import connections
from bullpen.agents.connections import Entered, ProviderConnection
from bullpen.agents.model_ids import PROVIDER_IDS
from bullpen.agents.model_lists import ModelList
from bullpen.agents.trying import ModelTest, try_provider
from bullpen.api.http.dependencies import CurrentActor, StateDep
from bullpen.api.http.fields import Id, RequestBody, Text
from bullpen.api.http.responses import JsonResponse, json_response
from bullpen.api.http.router import Router
from bullpen.audit.actions import Target
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import NotFound
from bullpen.members.actor import Actor
from bullpen.members.audit_trail import audit
from bullpen.members.permissions import Permission, require

router = Router(prefix="/api/provider-connections", tags=["administration"])
lists = Router(prefix="/api/providers", tags=["agents"])

Key = Annotated[
    Text | None,
    Field(max_length=1000, description="The key. White space and quotes around it are left out."),
]
Address = Annotated[
    Text | None,
    Field(max_length=1000, description="The server's address, like `http://localhost:11434`."),
]


class ConnectionChange(RequestBody):
    """A provider's key and address, which replace what was entered before."""

    key: Key = None
    base_url: Address = None


class ConnectionTest(ConnectionChange):
    """What to test: what is entered, or, without key and address, what is set up."""

    model: Annotated[
        Text | None,
        Field(max_length=200, description="Name of the model to ask. Left out: a usual one."),
    ] = None


@router.get("")
async def list_connections(
    state: StateDep, actor: CurrentActor
) -> JsonResponse[list[ProviderConnection]]:
    """List provider connections.

    Returns where each model provider's key and address come from. Keys are never returned. For
    owners and admins.
    """
    found = await connections.list_connections(state.database, actor, state.stored_models)
    return json_response(found)


@router.put("/{provider_id}")
async def set_connection(
    provider_id: Id, body: ConnectionChange, state: StateDep, actor: CurrentActor
) -> JsonResponse[list[ProviderConnection]]:
    """Enter a provider's key or address.

    The key is stored encrypted. Agents use it from their next run on. For owners and admins.
    """
    require(actor, Permission.CONNECT_MODELS)
    given = await connections.entered(provider_id, body.key, body.base_url)
    async with state.database.transaction() as connection:
        await connections.set_connection(connection, actor, state.stored_models, provider_id, given)
    return await list_connections(state, actor)


@router.delete("/{provider_id}")
async def remove_connection(
    provider_id: Id, state: StateDep, actor: CurrentActor
) -> JsonResponse[list[ProviderConnection]]:
    """Remove a provider's key and address.

    Removes what was entered. What the environment sets stays. For owners and admins.
    """
    async with state.database.transaction() as connection:
        await connections.remove_connection(connection, actor, provider_id)
    return await list_connections(state, actor)


@router.post("/{provider_id}/test")
async def test_connection(
    provider_id: Id, body: ConnectionTest, state: StateDep, actor: CurrentActor
) -> JsonResponse[ModelTest]:
    """Test a provider.

    Asks one of its models for one word and returns what is wrong, if anything. Nothing is stored.
    For owners and admins.
    """
    require(actor, Permission.CONNECT_MODELS)
    connections.provider_of(provider_id)
    settings = await state.current_models()
    if body.key or body.base_url:
        given: Entered = await connections.entered(provider_id, body.key, body.base_url)
        settings = state.stored_models.trying(settings, provider_id, given)
    async with state.database.transaction() as connection:
        await note_test(connection, actor, provider_id)
    name = None if body.model is None else body.model.removeprefix(f"{provider_id}:").strip()
    return json_response(await try_provider(provider_id, name or None, settings, state.model_lists))


async def note_test(connection: Connection, actor: Actor, provider_id: str) -> None:
    await audit(connection, actor, "models.tested", Target("provider", provider_id))


@lists.get("/{provider_id}/models")
async def list_models(
    provider_id: Id, state: StateDep, actor: CurrentActor
) -> JsonResponse[ModelList]:
    """List a provider's models.

    Returns what the provider's own list names, at most some minutes old. A list that does not
    come within five seconds is not waited for: `problem` says so.
    """
    require(actor, Permission.READ_AGENTS)
    if provider_id not in PROVIDER_IDS:
        raise NotFound(ErrorCode.PROVIDER_NOT_FOUND)
    found = await state.model_lists.get(provider_id, await state.current_models())
    return json_response(found)
