from typing import Annotated

from fastapi import Query, Request
from pydantic import Field

from bullpen.agents.reach import ReachedAgent, reached_agents
from bullpen.api.http.dependencies import (
    CurrentActor,
    DatabaseDep,
    IdentifiedActor,
    StateDep,
    require_active_if_empty,
)
from bullpen.api.http.fields import Id, Name, NewId, RequestBody, Text
from bullpen.api.http.lists import ListRoute
from bullpen.api.http.responses import JsonResponse, json_response
from bullpen.api.http.router import Router
from bullpen.members import actions, answering, policies, queries
from bullpen.members.kinds import Kind
from bullpen.members.policy_names import MEANING, PolicyName
from bullpen.members.preferences import ChannelPreferences, Choice, set_preferences
from bullpen.members.queries import Channel
from bullpen.workspace import channels as workspace

router = Router(prefix="/api/channels", tags=["channels"])
lists = Router(prefix="/api/channels", tags=["channels"], route_class=ListRoute)

ChannelName = Annotated[
    Name, Field(description="The name that is shown. It must be free, except for DMs.")
]
Topic = Annotated[Text, Field(max_length=250, description="What the channel is about.")]


class NewChannel(RequestBody):
    """A channel or direct message to create."""

    id: Annotated[NewId, Field(description="Id of the channel. It cannot be changed later.")]
    name: ChannelName
    kind: Annotated[
        Kind,
        Field(
            description="Who can read it: everyone (`public`), its members (`private`), or those"
            " who stay its only members: two (`dm`) or three to nine (`group_dm`)."
        ),
    ]
    topic: Topic = ""
    member_ids: Annotated[
        list[Id], Field(max_length=1000, description="Ids of the users to add as members.")
    ] = []


class ChannelChange(RequestBody):
    """Fields of a channel to change."""

    name: ChannelName = ""
    topic: Topic = ""


class PreferencesChange(RequestBody):
    """What to change about how the current user sees a channel."""

    is_muted: Annotated[
        bool | None,
        Field(description="Whether only mentions of you make it stand out. Left out: as it is."),
    ] = None
    is_starred: Annotated[
        bool | None,
        Field(description="Whether it is in the section Starred. Left out: as it is."),
    ] = None
    notifies: Annotated[
        Choice | None,
        Field(
            description="The messages of which to be notified; `default`: of mentions, and of all"
            " in a direct message that is not muted. Left out: as it is."
        ),
    ] = None


class NewMember(RequestBody):
    """A user to add to a channel."""

    user_id: Annotated[Id, Field(description="Id of the user.")]


class PolicyChange(RequestBody):
    """Which messages an agent replies to from now on."""

    policy: Annotated[
        PolicyName | None,
        Field(description=f"{MEANING} Null: what the channel says."),
    ]


class ReplyPolicyChange(RequestBody):
    """Which agents of a channel reply from now on. What is left out stays as it is."""

    policy: Annotated[
        PolicyName,
        Field(description="For agents without a policy of their own in the channel."),
    ] = "best_fit"
    host_id: Annotated[
        Id | None,
        Field(
            description="The agent that replies with `best_fit` when no other fits. Null: the one"
            " that has been in the channel longest."
        ),
    ] = None


@lists.get("")
async def list_channels(
    request: Request,
    database: DatabaseDep,
    actor: IdentifiedActor,
    kind: Annotated[Kind | None, Query(description="Only channels of this kind.")] = None,
    user_id: Annotated[
        Id | None, Query(alias="userId", description="Only channels that this user is a member of.")
    ] = None,
    *,
    archived: Annotated[bool, Query(description="True: the archived channels instead.")] = False,
) -> JsonResponse[list[Channel]]:
    """List channels.

    Returns the channels and direct messages that the current user can read, by name. Archived
    channels are left out, or listed instead with `archived=true`.
    """
    reading = queries.list_channels(
        database, actor, kind=kind, member_id=user_id, archived=archived
    )
    return json_response(await require_active_if_empty(request, actor, reading))


@router.post("", status_code=201)
async def create_channel(
    body: NewChannel, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[Channel]:
    """Create a channel or direct message.

    The current user becomes a member. A direct message (`kind` is `dm`) needs exactly two
    `memberIds`, one of them the current user's; one of a group (`group_dm`) needs three to nine. A
    group has one: if there is one with the same members, it is returned, with its own id.
    """
    async with database.transaction() as connection:
        channel_id = await actions.create_channel(
            connection, actor, body.model_dump(exclude={"member_ids"}), body.member_ids
        )
    return json_response(await queries.get_channel(database, actor, channel_id), 201)


@router.get("/{channel_id}")
async def get_channel(
    channel_id: Id, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[Channel]:
    """Get a channel.

    Returns a channel or direct message that the current user can read.
    """
    return json_response(await queries.get_channel(database, actor, channel_id))


@router.patch("/{channel_id}")
async def change_channel(
    channel_id: Id, body: ChannelChange, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[Channel]:
    """Change a channel.

    Changes the fields that are sent and keeps the others. Only members can do this.
    """
    await queries.get_channel(database, actor, channel_id)
    async with database.transaction() as connection:
        values = body.model_dump(exclude_unset=True)
        await actions.change_channel(connection, actor, channel_id, values)
    return json_response(await queries.get_channel(database, actor, channel_id))


@router.patch("/{channel_id}/preferences")
async def change_preferences(
    channel_id: Id, body: PreferencesChange, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[ChannelPreferences]:
    """Star or mute a channel, or choose what it notifies of.

    A starred channel is at the top of the sidebar. A muted one stands out only for mentions of
    the current user. Only members can do this, each for themselves. Leaving a channel forgets it.
    """
    await queries.get_channel(database, actor, channel_id)
    async with database.transaction() as connection:
        set_now = await set_preferences(
            connection,
            actor,
            channel_id,
            is_muted=body.is_muted,
            is_starred=body.is_starred,
            notifies=body.notifies,
        )
    return json_response(set_now)


@router.delete("/{channel_id}")
async def delete_channel(
    channel_id: Id, state: StateDep, actor: CurrentActor
) -> JsonResponse[Channel]:
    """Delete a channel.

    Deletes the channel with all its messages. Where people sign in, only an archived channel can
    be deleted, by owners and admins. In demo mode its members can delete it at once. Returns the
    deleted channel.
    """
    channel = await queries.get_channel(state.database, actor, channel_id)
    at_once = state.team is None
    async with state.database.transaction() as connection:
        await workspace.delete_channel(connection, actor, channel_id, at_once=at_once)
    return json_response(channel)


@router.post("/{channel_id}/archive")
async def archive_channel(
    channel_id: Id, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[Channel]:
    """Archive a channel.

    Its messages stay, and nobody can write in it any more. Its waiting runs are canceled. Only
    owners and admins can do this. Archiving it twice changes nothing.
    """
    await queries.get_channel(database, actor, channel_id)
    async with database.transaction() as connection:
        await workspace.archive_channel(connection, actor, channel_id)
    return json_response(await queries.get_channel(database, actor, channel_id))


@router.post("/{channel_id}/restore")
async def restore_channel(
    channel_id: Id, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[Channel]:
    """Restore an archived channel.

    Its members can write in it again. Only owners and admins can do this.
    """
    await queries.get_channel(database, actor, channel_id)
    async with database.transaction() as connection:
        await workspace.restore_channel(connection, actor, channel_id)
    return json_response(await queries.get_channel(database, actor, channel_id))


@router.get("/{channel_id}/members", tags=["members"])
async def list_members(
    channel_id: Id, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[list[str]]:
    """List the members of a channel.

    Returns user ids in the order of joining.
    """
    return json_response((await queries.get_channel(database, actor, channel_id)).member_ids)


@router.post("/{channel_id}/members", status_code=201, tags=["members"])
async def add_member(
    channel_id: Id, body: NewMember, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[list[str]]:
    """Add a member to a channel.

    Anyone can join a public channel. Members can add others. Returns the ids of all members.
    """
    await queries.get_channel(database, actor, channel_id)
    async with database.transaction() as connection:
        await workspace.join_channel(connection, actor, channel_id, body.user_id)
    return json_response((await queries.get_channel(database, actor, channel_id)).member_ids, 201)


@router.delete("/{channel_id}/members/{user_id}", tags=["members"])
async def remove_member(
    channel_id: Id, user_id: Id, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[list[str]]:
    """Remove a member from a channel.

    Members can leave, and remove others. Returns the ids of the remaining members.
    """
    channel = await queries.get_channel(database, actor, channel_id)
    async with database.transaction() as connection:
        await workspace.leave_channel(connection, actor, channel_id, user_id)
    return json_response([member for member in channel.member_ids if member != user_id])


@router.get("/{channel_id}/policies")
async def list_policies(
    channel_id: Id, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[list[policies.Policy]]:
    """List reply policies of a channel.

    Returns which messages each agent in the channel replies to.
    """
    return json_response(await policies.list_policies(database, actor, channel_id))


@router.put("/{channel_id}/policies/{agent_id}")
async def set_policy(
    channel_id: Id, agent_id: Id, body: PolicyChange, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[policies.Policy]:
    """Set an agent's reply policy in a channel.

    It holds instead of the channel's own. Only members of the channel can do this.
    """
    async with database.transaction() as connection:
        policy = await policies.set_policy(connection, actor, channel_id, agent_id, body.policy)
    return json_response(policy)


@router.get("/{channel_id}/answering")
async def get_answering(
    channel_id: Id, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[answering.ReplyPolicy]:
    """Get the reply policy of a channel.

    Returns which of its agents reply to a message, and its host.
    """
    return json_response(await answering.get_answering(database, actor, channel_id))


@router.put("/{channel_id}/answering")
async def set_answering(
    channel_id: Id, body: ReplyPolicyChange, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[answering.ReplyPolicy]:
    """Set the reply policy of a channel.

    Changes the fields that are sent and keeps the others. Policies of single agents in the channel
    take precedence. Only members can do this.
    """
    async with database.transaction() as connection:
        change = body.model_dump(exclude_unset=True)
        changed = await answering.set_answering(connection, actor, channel_id, change)
    return json_response(changed)


@router.get("/{channel_id}/reach")
async def get_reach(
    channel_id: Id, state: StateDep, actor: CurrentActor
) -> JsonResponse[list[ReachedAgent]]:
    """List whom a message in a channel can reach.

    Returns the active agents of the channel, when each is asked to reply, and what its answer is
    likely to cost.
    """
    return json_response(
        await reached_agents(state.database, actor, channel_id, await state.current_models())
    )
