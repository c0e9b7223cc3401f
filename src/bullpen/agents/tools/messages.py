"""send_message, react_to_message, search_messages."""

from datetime import UTC
from typing import Annotated, Self
from uuid import UUID

from asyncpg import Connection
from pydantic import Field, model_validator

from bullpen.agents import fence
from bullpen.agents.calls import told_to_the_model
from bullpen.agents.runtime import Tool, ToolContext, ToolProblem
from bullpen.agents.tools.arguments import Arguments, Emoji, Id, Query, Said
from bullpen.agents.tools.dms import dm_with
from bullpen.chat.actions import add_reaction
from bullpen.chat.asked import read
from bullpen.chat.posting import Draft, post_in
from bullpen.chat.queries import get_message
from bullpen.chat.search import search
from bullpen.runs.reaches import reach

LONGEST_FOUND = 1_000


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
    with told_to_the_model():
        if arguments.channel is not None:
            channel_id, thread_id = arguments.channel.removeprefix("#"), None
        elif arguments.to is not None:
            other = arguments.to.removeprefix("@")
            channel_id, thread_id = await dm_with(connection, context.actor, other), None
        elif arguments.thread is not None:
            thread_id = arguments.thread
        if channel_id is None:
            raise ToolProblem("This is no channel: say where with channel or to.")
        await reach(connection, context.run_id, [channel_id])
        author = context.actor.user_id
        draft = Draft(context.key, channel_id, thread_id, author, arguments.text)
        await post_in(connection, context.actor, draft)
    return f"Sent as message {context.key}."


class React(Arguments):
    message: Annotated[UUID, Field(description="The id of the message.")]
    emoji: Annotated[Emoji, Field(description="One emoji, like 👍.")]


async def react(connection: Connection, context: ToolContext, arguments: React) -> str:
    with told_to_the_model():
        message = await get_message(connection, context.actor, arguments.message)
        await reach(connection, context.run_id, [message.channel_id])
        await add_reaction(connection, context.actor, arguments.message, arguments.emoji)
    return "Done."


class SearchMessages(Arguments):
    query: Annotated[
        Query,
        Field(
            description='Words, "a phrase", -not; also from:id in:channel has:link has:thread'
            " before:2026-03-04 after:2026-03-04."
        ),
    ]
    limit: Annotated[int, Field(ge=1, le=20)] = 8


async def find(connection: Connection, context: ToolContext, arguments: SearchMessages) -> str:
    with told_to_the_model():
        asked = read(arguments.query, context.actor.user_id, context.now.tzinfo or UTC)
        found = await search(
            connection,
            context.actor,
            asked,
            sort="relevance",
            limit=arguments.limit,
            cursor=None,
        )
        await reach(connection, context.run_id, sorted({hit.channel_id for hit in found.hits}))
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
        if hit.parent_message_id is not None:
            shown["inThreadOf"] = str(hit.parent_message_id)
        lines.append(fence.line(shown))
    return "\n".join(lines) or "Nothing was found."


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
    "Looks for messages in all channels that you can read; answers them as JSON, one per line.",
    SearchMessages,
    find,
    has_effect=False,
)
