from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from bullpen.api.http import errors, schemas
from bullpen.api.http.dependencies import (
    CurrentActor,
    DatabaseDep,
    IdentifiedActor,
    require_active_if_empty,
)
from bullpen.api.http.fields import Id, Name, NewId, RequestBody, Text
from bullpen.api.http.responses import json_response
from bullpen.chat import reading
from bullpen.members import actions, policies, queries
from bullpen.members.queries import Kind
from bullpen.runs import actions as runs

router = APIRouter(prefix="/api/channels", tags=["channels"], responses=errors.DOCUMENTED)

Topic = Annotated[Text, Field(max_length=250)]


class NewChannel(RequestBody):
    id: NewId
    name: Name
    kind: Kind
    topic: Topic = ""
    member_ids: Annotated[list[Id], Field(max_length=1000)] = []


class ChannelChange(RequestBody):
    name: Name = ""
    topic: Topic = ""


class NewMember(RequestBody):
    user_id: Id


class PolicyChange(RequestBody):
    policy: policies.PolicyName


@router.get("", response_model=list[schemas.Channel])
async def list_channels(
    request: Request,
    database: DatabaseDep,
    actor: IdentifiedActor,
    kind: Kind | None = None,
    user_id: Annotated[Id | None, Query(alias="userId", description="Of this member")] = None,
) -> Response:
    reading = queries.list_channels(database, actor, kind=kind, member_id=user_id)
    return json_response(await require_active_if_empty(request, actor, reading))


@router.post("", response_model=schemas.Channel, status_code=201, responses=errors.REFUSED)
async def create_channel(body: NewChannel, database: DatabaseDep, actor: CurrentActor) -> Response:
    """The current user is its first member."""
    async with database.transaction() as connection:
        await actions.create_channel(
            connection, actor, body.model_dump(exclude={"member_ids"}), body.member_ids
        )
    return json_response(await queries.get_channel(database, actor, body.id), 201)


@router.get("/{channel_id}", response_model=schemas.Channel)
async def get_channel(channel_id: Id, database: DatabaseDep, actor: CurrentActor) -> Response:
    return json_response(await queries.get_channel(database, actor, channel_id))


@router.patch("/{channel_id}", response_model=schemas.Channel, responses=errors.REFUSED)
async def change_channel(
    channel_id: Id, body: ChannelChange, database: DatabaseDep, actor: CurrentActor
) -> Response:
    await queries.get_channel(database, actor, channel_id)
    async with database.transaction() as connection:
        values = body.model_dump(exclude_unset=True)
        await actions.change_channel(connection, actor, channel_id, values)
    return json_response(await queries.get_channel(database, actor, channel_id))


@router.delete("/{channel_id}", response_model=schemas.Channel, responses=errors.REFUSED)
async def delete_channel(channel_id: Id, database: DatabaseDep, actor: CurrentActor) -> Response:
    """With all that was written in it; answers what it was."""
    channel = await queries.get_channel(database, actor, channel_id)
    async with database.transaction() as connection:
        await runs.delete_channel(connection, actor, channel_id)
    return json_response(channel)


@router.get("/{channel_id}/members", response_model=list[str], tags=["members"])
async def list_members(channel_id: Id, database: DatabaseDep, actor: CurrentActor) -> Response:
    return json_response((await queries.get_channel(database, actor, channel_id)).member_ids)


@router.post(
    "/{channel_id}/members",
    response_model=list[str],
    status_code=201,
    tags=["members"],
    responses=errors.REFUSED,
)
async def add_member(
    channel_id: Id, body: NewMember, database: DatabaseDep, actor: CurrentActor
) -> Response:
    """Joins, or brings somebody; answers all members."""
    await queries.get_channel(database, actor, channel_id)
    async with database.transaction() as connection:
        await reading.join(connection, actor, channel_id, body.user_id)
    return json_response((await queries.get_channel(database, actor, channel_id)).member_ids, 201)


@router.delete(
    "/{channel_id}/members/{user_id}",
    response_model=list[str],
    tags=["members"],
    responses=errors.REFUSED,
)
async def remove_member(
    channel_id: Id, user_id: Id, database: DatabaseDep, actor: CurrentActor
) -> Response:
    """Answers the members that remain."""
    channel = await queries.get_channel(database, actor, channel_id)
    async with database.transaction() as connection:
        await reading.leave(connection, actor, channel_id, user_id)
    return json_response([member for member in channel.member_ids if member != user_id])


@router.get("/{channel_id}/policies", response_model=list[schemas.Policy])
async def list_policies(channel_id: Id, database: DatabaseDep, actor: CurrentActor) -> Response:
    return json_response(await policies.list_policies(database, actor, channel_id))


@router.put(
    "/{channel_id}/policies/{agent_id}",
    response_model=schemas.Policy,
    responses=errors.REFUSED,
)
async def set_policy(
    channel_id: Id, agent_id: Id, body: PolicyChange, database: DatabaseDep, actor: CurrentActor
) -> Response:
    """For members of the channel."""
    async with database.transaction() as connection:
        policy = await policies.set_policy(connection, actor, channel_id, agent_id, body.policy)
    return json_response(policy)
