from typing import Annotated

from fastapi import Query, Request, Response
from fastapi.exceptions import RequestValidationError
from msgspec import UNSET
from pydantic import Field, ValidationError, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from bullpen.api.http.bearer import access_of
from bullpen.api.http.dependencies import (
    CurrentActor,
    DatabaseDep,
    IdentifiedActor,
    StateDep,
    identified_actor,
    require_active_if_empty,
)
from bullpen.api.http.fast_path import FastHandler, FastRoute
from bullpen.api.http.fields import (
    NOTHING_SEEN,
    AnyMessageText,
    Emoji,
    FileId,
    Id,
    MessageId,
    RequestBody,
    StoredEmoji,
    visible,
)
from bullpen.api.http.pagination import (
    PageQuery,
    PageRoute,
    newest_page_response,
    page_response,
)
from bullpen.api.http.responses import JsonResponse, json_response
from bullpen.api.http.router import Router
from bullpen.api.http.state import state_of
from bullpen.chat import actions, newest_pages, queries, send, undoing, versions
from bullpen.chat.queries import Message, ThreadReply
from bullpen.chat.versions import MessageVersion
from bullpen.kit.database import Database
from bullpen.kit.ids import new_id
from bullpen.kit.text import is_visible
from bullpen.members.actor import Actor

PageQueryOf = Annotated[PageQuery, Query()]

router = Router(prefix="/api", tags=["messages"])
NAMED_TWICE = "name each file once"
NO_REPLY = "only a reply can also be sent to the channel; name its parentMessageId"

pages = Router(prefix="/api", tags=["messages"], route_class=PageRoute)


MOST_FILES = 20
MarkdownText = Annotated[
    AnyMessageText, Field(description="Markdown. Only a message with files can have none.")
]


class NewMessage(RequestBody):
    """A message to post."""

    channel_id: Annotated[Id, Field(description="Id of the channel or DM to post in.")]
    # Before the text, which may be left out where there are files.
    file_ids: Annotated[
        list[FileId],
        Field(
            max_length=MOST_FILES,
            description="Ids of files that the current user has uploaded, in the order in which"
            " the message shows them.",
        ),
    ] = []
    text: Annotated[MarkdownText, Field(validate_default=True)] = ""
    parent_message_id: Annotated[
        MessageId | None, Field(description="Id of the message to reply to, in its thread.")
    ] = None
    also_in_channel: Annotated[
        bool,
        Field(
            description="Of a reply: whether the channel's list shows it, too. It stays one"
            " message.",
        ),
    ] = False
    id: Annotated[
        MessageId | None,
        Field(description="A new UUID, so that the message can be sent again if no answer came."),
    ] = None

    @field_validator("file_ids")
    @classmethod
    def each_once(cls, ids: list[FileId]) -> list[FileId]:
        if len(set(ids)) < len(ids):
            raise ValueError(NAMED_TWICE)
        return ids

    @field_validator("also_in_channel")
    @classmethod
    def only_of_replies(cls, also: bool, info: ValidationInfo) -> bool:
        if also and info.data.get("parent_message_id") is None:
            raise ValueError(NO_REPLY)
        return also

    @field_validator("text")
    @classmethod
    def says_something(cls, text: str, info: ValidationInfo) -> str:
        if info.data.get("file_ids"):
            return text
        if not text:
            raise PydanticCustomError("missing", "Field required")
        return visible(text)


class PostRoute(FastRoute):
    def make_fast_handler(self) -> FastHandler:
        async def handle(request: Request) -> Response:
            try:
                body = NewMessage.model_validate_json(await request.body())
            except ValidationError as problem:
                problems = [error | {"loc": ("body", *error["loc"])} for error in problem.errors()]
                raise RequestValidationError(problems) from problem
            return await post_message(
                body, request, state_of(request), await identified_actor(request)
            )

        return handle


sending = Router(prefix="/api", tags=["messages"], route_class=PostRoute)


@sending.post(
    "/messages",
    status_code=201,
    responses={200: {"description": "The message was stored already."}},
)
async def post_message(
    body: NewMessage, request: Request, state: StateDep, actor: IdentifiedActor
) -> JsonResponse[Message]:
    """Post a message.

    The current user must be a member of the channel. To retry safely, choose the `id` yourself:
    if the message was stored already, it is returned with status 200 instead of being posted
    twice. Files are uploaded first (`POST /api/files`), and named in `fileIds`.
    """
    draft = send.NewMessage(
        body.id or new_id(),
        body.channel_id,
        body.parent_message_id,
        actor.user_id,
        body.text,
        tuple(body.file_ids),
        body.also_in_channel,
    )
    access = access_of(request)
    by_program = access is not None and access.role is None
    posted = send.send_message(state.batcher, state.database, actor, draft, by_program=by_program)
    message, made = await require_active_if_empty(request, actor, posted)
    return json_response(message, 201 if made else 200)


class MessageChange(RequestBody):
    """The new text of a message."""

    text: MarkdownText


class Use(RequestBody):
    """A reaction to add."""

    emoji: Annotated[Emoji, Field(description="One emoji.")]


class StoredUse(RequestBody):
    """A reaction to remove."""

    emoji: Annotated[StoredEmoji, Field(description="The emoji of the reaction.")]


@pages.get("/channels/{channel_id}/messages")
async def list_messages(
    channel_id: Id,
    request: Request,
    query: PageQueryOf,
    database: DatabaseDep,
    actor: IdentifiedActor,
) -> JsonResponse[list[Message]]:
    """List the messages of a channel.

    Messages outside of threads, and replies that were also sent to the channel, oldest first.
    Without a cursor: the newest ones. Pass the id of a message as `before`, `after` or `around` to
    page; the `Link` header has the addresses of the previous and the next page.
    """
    if query.window() == newest_pages.WINDOW:
        hub = state_of(request).hub
        kept = hub.pages.read(actor, channel_id, hub.subscriber.known)
        return newest_page_response(request, await require_active_if_empty(request, actor, kept))
    reading = queries.channel_messages(database, actor, channel_id, query.window())
    page = await require_active_if_empty(request, actor, reading)
    return page_response(request, page, query.limit)


@router.get("/messages/{message_id}")
async def get_message(
    message_id: MessageId, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[Message]:
    """Get a message.

    Returns a message or a reply.
    """
    return json_response(await queries.get_message(database, actor, message_id))


@router.get("/messages/{message_id}/versions")
async def list_versions(
    message_id: MessageId, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[list[MessageVersion]]:
    """List the versions of a message.

    Returns what the message said, oldest first; the last one is what it says now. Each names the
    runs that answered the message while it said this.
    """
    return json_response(await versions.list_versions(database, actor, message_id))


@router.patch("/messages/{message_id}")
async def edit_message(
    message_id: MessageId, body: MessageChange, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[Message]:
    """Edit a message.

    Only the author can do this. The message gets `editedAt`.
    """
    if not is_visible(body.text):
        await require_files(database, actor, message_id)
    async with database.transaction() as connection:
        message = await actions.edit_message(connection, actor, message_id, body.text)
    return json_response(message)


async def require_files(database: Database, actor: Actor, message_id: MessageId) -> None:
    """Of a message that is to have no text."""
    message = await queries.get_message(database, actor, message_id)
    if message.files is UNSET:
        raise RequestValidationError(
            [
                {
                    "loc": ("body", "text"),
                    "msg": f"Value error, {NOTHING_SEEN}",
                    "type": "value_error",
                }
            ]
        )


@router.delete("/messages/{message_id}")
async def delete_message(
    message_id: MessageId, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[Message]:
    """Delete a message.

    Only the author can do this. Replies to it are deleted, too. Returns the deleted message.
    """
    async with database.transaction() as connection:
        message = await actions.delete_message(connection, actor, message_id)
    return json_response(message)


@router.post("/messages/{message_id}/restore")
async def restore_message(
    message_id: MessageId, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[Message]:
    """Restore a message.

    Undoes a deletion, for 30 seconds: the message comes back with its thread, reactions and files.
    Only who deleted the message can do this. Returns the message.
    """
    async with database.transaction() as connection:
        message = await undoing.restore_message(connection, actor, message_id)
    return json_response(message)


@router.post("/messages/{message_id}/reactions")
async def add_reaction(
    message_id: MessageId, body: Use, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[Message]:
    """Add a reaction.

    Adding the same emoji twice changes nothing. Returns the message.
    """
    async with database.transaction() as connection:
        message = await actions.add_reaction(connection, actor, message_id, body.emoji)
    return json_response(message)


@router.delete("/messages/{message_id}/reactions")
async def remove_reaction(
    message_id: MessageId, body: StoredUse, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[Message]:
    """Remove a reaction.

    Removes the current user's own reaction. If there is none, nothing changes. Returns the
    message.
    """
    async with database.transaction() as connection:
        message = await actions.remove_reaction(connection, actor, message_id, body.emoji)
    return json_response(message)


@pages.get("/messages/{message_id}/replies")
async def list_replies(
    message_id: MessageId,
    request: Request,
    query: PageQueryOf,
    database: DatabaseDep,
    actor: IdentifiedActor,
) -> JsonResponse[list[ThreadReply]]:
    """List the replies of a thread.

    Oldest first. Without a cursor: the newest ones. Pass the id of a reply as `before`, `after`
    or `around` to page; the `Link` header has the addresses of the previous and the next page.
    """
    reading = queries.thread_replies(database, actor, message_id, query.window())
    page = await require_active_if_empty(request, actor, reading)
    return page_response(request, page, query.limit)
