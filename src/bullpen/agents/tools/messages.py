"""send_message, react_to_message, search_messages."""

from datetime import UTC
from typing import Annotated, Self
from uuid import UUID

from asyncpg import Connection
from pydantic import Field, model_validator

from bullpen.agents import prompt_escaping
from bullpen.agents.tools.arguments import Arguments, Emoji, Id, Query, Said
from bullpen.agents.tools.audience import readers_here, require_audience
from bullpen.agents.tools.base import Tool, ToolContext, ToolProblem
from bullpen.agents.tools.dms import dm_with
from bullpen.agents.tools.validation import as_failed_call
from bullpen.chat.actions import add_reaction
from bullpen.chat.queries import get_message
from bullpen.chat.search import Hits, search
from bullpen.chat.search_query import parse_query
from bullpen.chat.send import NewMessage, refused, send_in_transaction
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import NotFound
from bullpen.members.readers import Readers
from bullpen.runs.trace_privacy import note_private_source, withhold

LONGEST_FOUND = 1_000
WITHHELD = (
    "Withheld: the search also matched in {channel}, which not everybody can read who reads what"
    " the agent answers here."
)


class SendMessage(Arguments):
    text: Annotated[Said, Field(description="What you say, in Markdown.")]
    channel: Annotated[
        Id | None, Field(description="The id of a channel, to say it there and in no thread.")
    ] = None
    thread: Annotated[
        UUID | None, Field(description="The id of a message of this channel, to answer below it.")
    ] = None
    to: Annotated[Id | None, Field(description="The id of a member, to say it to them alone.")] = (
        None
    )

    @model_validator(mode="after")
    def one_address(self) -> Self:
        if sum(address is not None for address in (self.channel, self.thread, self.to)) > 1:
            raise ValueError("give one of channel, thread and to, or none of them")
        return self


async def send(connection: Connection, context: ToolContext, arguments: SendMessage) -> str:
    channel_id, thread_id = context.channel_id, context.thread_id
    with as_failed_call():
        if arguments.channel is not None:
            channel_id, thread_id = arguments.channel.removeprefix("#"), None
        elif arguments.to is not None:
            other = arguments.to.removeprefix("@")
            channel_id, thread_id = await dm_with(connection, context, other), None
        elif arguments.thread is not None:
            thread_id = arguments.thread
        if channel_id is None:
            raise ToolProblem("You are not in a channel. Pass `channel` or `to`.")
        await require_audience(connection, context, channel_id, "Not sent")
        author = context.actor.user_id
        draft = NewMessage(context.key, channel_id, thread_id, author, arguments.text)
        refusal = await send_in_transaction(connection, draft, run_id=context.run_id, asks=True)
        if refusal is not None:
            raise refused(refusal)
    return f"Sent as message {context.key}."


class React(Arguments):
    message: Annotated[UUID, Field(description="The id of the message.")]
    emoji: Annotated[Emoji, Field(description="One emoji, like 👍.")]


async def react(connection: Connection, context: ToolContext, arguments: React) -> str:
    with as_failed_call():
        message = await get_message(connection, context.actor, arguments.message)
        await require_reaction(connection, context, message.channel_id)
        await add_reaction(connection, context.actor, arguments.message, arguments.emoji)
    return "Done."


async def require_reaction(connection: Connection, context: ToolContext, channel_id: str) -> None:
    try:
        await require_audience(connection, context, channel_id, "Not done")
    except ToolProblem as problem:
        if problem.withheld is None:
            raise
        # As for a message that does not exist.
        unknown = NotFound(ErrorCode.MESSAGE_NOT_FOUND)
        raise ToolProblem(unknown.message, withheld=problem.withheld) from None


class SearchMessages(Arguments):
    query: Annotated[
        Query,
        Field(
            description='Words, "a phrase", -not; also from:id in:channel has:link has:thread'
            " before:2026-03-04 after:2026-03-04."
        ),
    ]
    limit: Annotated[int, Field(ge=1, le=20)] = 8


async def hits(
    connection: Connection,
    context: ToolContext,
    arguments: SearchMessages,
    *,
    within: Readers | None = None,
    beyond: Readers | None = None,
) -> Hits:
    query = parse_query(arguments.query, context.actor.user_id, context.now.tzinfo or UTC)
    return await search(
        connection,
        context.actor,
        query,
        sort="relevance",
        limit=arguments.limit,
        cursor=None,
        within=within,
        beyond=beyond,
    )


def channels_of(found: Hits) -> list[str]:
    return sorted({hit.channel_id for hit in found.hits})


async def find(connection: Connection, context: ToolContext, arguments: SearchMessages) -> str:
    with as_failed_call():
        readers = await readers_here(connection, context)
        found = await hits(connection, context, arguments, within=readers)
        await note_private_source(connection, context.run_id, channels_of(found))
        beyond = await hits(connection, context, arguments, beyond=readers)
        await withhold(connection, context.run_id, channels_of(beyond), WITHHELD)
    lines = []
    for hit in found.hits:
        message = hit.message
        shown = {
            "id": str(message.id),
            "channel": hit.channel_id,
            "from": message.user_id,
            "at": message.timestamp,
            "text": message.text[:LONGEST_FOUND],
        }
        if message.files:
            shown["files"] = [
                {"id": str(file.id), "name": file.name, "mediaType": file.media_type}
                for file in message.files
            ]
        if hit.parent_message_id is not None:
            shown["inThreadOf"] = str(hit.parent_message_id)
        lines.append(prompt_escaping.line(shown))
    return "\n".join(lines) or " ".join(["Nothing was found.", *found.notes])


SEND_MESSAGE = Tool(
    "send_message",
    "Says something in the chat. Without an address it goes where you were asked.",
    SendMessage,
    send,
)
REACT_TO_MESSAGE = Tool(
    "react_to_message", "Puts an emoji below a message, where a word is too much.", React, react
)
SEARCH_MESSAGES = Tool(
    "search_messages",
    "Looks for messages in the channels that everybody who reads your answer here can read, too;"
    " answers them as JSON, one per line.",
    SearchMessages,
    find,
    has_effect=False,
)
