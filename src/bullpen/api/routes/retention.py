from typing import Annotated

from pydantic import Field

from bullpen.api.http.dependencies import CurrentActor, DatabaseDep
from bullpen.api.http.fields import Id, RequestBody
from bullpen.api.http.responses import JsonResponse, json_response
from bullpen.api.http.router import Router
from bullpen.chat import retention
from bullpen.chat.retention import ChannelRetention, WorkspaceRetention
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import Invalid
from bullpen.members.queries import get_channel
from bullpen.workspace.retention import change_channel_retention, change_workspace_retention

router = Router(prefix="/api", tags=["channels", "retention"])
Days = Annotated[
    int | None,
    Field(
        ge=1,
        le=retention.LONGEST_DAYS,
        strict=True,
        description="Messages older than this many days are deleted. Null: none are.",
    ),
]


class WorkspaceRetentionChange(RequestBody):
    """How long messages are kept from now on."""

    days: Days


class ChannelRetentionChange(RequestBody):
    """How long a channel's messages are kept from now on."""

    days: Days = None
    inherited: Annotated[
        bool, Field(description="Whether the workspace's setting applies. Send it without `days`.")
    ] = False


@router.get("/workspace/retention")
async def get_workspace_retention(
    database: DatabaseDep, _: CurrentActor
) -> JsonResponse[WorkspaceRetention]:
    """Get the workspace's message retention.

    It applies to channels and direct messages that have no setting of their own.
    """
    return json_response(await retention.get_workspace_retention(database))


@router.put("/workspace/retention")
async def set_workspace_retention(
    body: WorkspaceRetentionChange, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[WorkspaceRetention]:
    """Set the workspace's message retention.

    Older messages are deleted within about an hour, a thread when its newest message is older.
    """
    async with database.transaction() as connection:
        await change_workspace_retention(connection, actor, body.days)
    return json_response(await retention.get_workspace_retention(database))


@router.get("/channels/{channel_id}/retention")
async def get_channel_retention(
    channel_id: Id, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[ChannelRetention]:
    """Get a channel's message retention.

    The field `inherited` says that `days` is the workspace's setting.
    """
    await get_channel(database, actor, channel_id)
    return json_response(await retention.get_channel_retention(database, channel_id))


@router.put("/channels/{channel_id}/retention")
async def set_channel_retention(
    channel_id: Id, body: ChannelRetentionChange, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[ChannelRetention]:
    """Set a channel's message retention.

    Send `days`, null for keeping messages forever, or `inherited` for the workspace's setting.
    """
    if body.inherited and body.days is not None:
        raise Invalid(
            ErrorCode.FIELDS_CONFLICT,
            "The channel has a number of days of its own or the workspace's. Send days or"
            " inherited, not both.",
        )
    async with database.transaction() as connection:
        await change_channel_retention(
            connection, actor, channel_id, body.days, inherited=body.inherited
        )
    return json_response(await retention.get_channel_retention(database, channel_id))
