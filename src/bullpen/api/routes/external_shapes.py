"""What a program that answers for an external agent sends and gets."""

from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta, Struct
from pydantic import Field

from bullpen.api.http.fields import Id, MessageText, RequestBody, Text
from bullpen.kit.json_types import CreatedAt, RunId, Time
from bullpen.memory.blocks import MemoryBlock


class GivenMessage(Struct, rename="camel"):
    """A message of the conversation that an external agent is asked in."""

    id: Annotated[UUID, Meta(description="Id of the message.")]
    thread_id: Annotated[UUID | None, Meta(description="The message it replies to, if any.")]
    user_id: Annotated[str, Meta(description="Id of its author.")]
    name: Annotated[str, Meta(description="Name of its author.")]
    text: Annotated[str, Meta(description="Markdown, up to 4,000 characters.")]
    timestamp: Annotated[Time, Meta(description="When it was written.")]
    is_cut: Annotated[bool, Meta(description="Whether the text goes on.")]
    is_new: Annotated[bool, Meta(description="Whether the agent is asked to answer it.")]


class GivenMember(Struct, rename="camel"):
    """A member of the conversation that an external agent is asked in."""

    id: Annotated[str, Meta(description="Id of the user.")]
    name: Annotated[str, Meta(description="Name that is shown.")]
    title: Annotated[str, Meta(description="Job title.")]
    kind: Annotated[str, Meta(description="`person` or `agent`.")]


class GivenChannel(Struct, rename="camel"):
    """Where an external agent is asked."""

    id: Annotated[str, Meta(description="Id of the channel or direct message.")]
    name: Annotated[str, Meta(description="Its name.")]
    kind: Annotated[str, Meta(description="`public`, `private` or `dm`.")]
    topic: Annotated[str, Meta(description="What it is about; may be empty.")]
    members: Annotated[list[GivenMember], Meta(description="Its first 50 members.")]


class GivenRun(Struct, rename="camel"):
    """A run of an external agent: what it is asked, and what it is given to answer."""

    id: RunId
    kind: Annotated[
        str, Meta(description="`message`: answers messages; `schedule`: a plan; `again`.")
    ]
    created_at: CreatedAt
    channel: Annotated[GivenChannel | None, Meta(description="Null: the run is in no channel.")]
    thread_id: Annotated[UUID | None, Meta(description="The thread to answer in, if any.")]
    plan: Annotated[str | None, Meta(description="For `schedule`: what the agent planned to do.")]
    messages: Annotated[list[GivenMessage], Meta(description="The conversation, oldest first.")]
    memory: Annotated[list[MemoryBlock], Meta(description="The agent's memory blocks.")]


class WaitingRun(Struct, rename="camel"):
    """The next run of an external agent that can be claimed."""

    run: Annotated[GivenRun | None, Meta(description="Null: nothing waits.")]


class ClaimedRun(GivenRun, rename="camel", kw_only=True):
    """A claimed run, with the prompt that a resident agent would get."""

    attempt: Annotated[int, Meta(description="How often the run has been claimed.")]
    lease_until: Annotated[Time, Meta(description="Until then, send an answer or a heartbeat.")]
    instructions: Annotated[str, Meta(description="The agent's persona, rules and memory.")]
    prompt: Annotated[str, Meta(description="The time, the conversation and the task.")]


class Lease(Struct, rename="camel"):
    """How long a claimed run stays claimed."""

    lease_until: Annotated[Time, Meta(description="Until then, send an answer or a heartbeat.")]


class Answered(Struct, rename="camel"):
    """How an external agent's run ended."""

    run_id: RunId
    message_id: Annotated[UUID | None, Meta(description="The message; null: silence.")]


class TakenStep(RequestBody):
    """Something that the agent did before it answered, for the trace."""

    text: Annotated[
        Text, Field(max_length=20_000, description="What it wrote, or what the tool returned.")
    ]
    tool: Annotated[
        Text | None, Field(min_length=1, max_length=80, description="The tool that it used.")
    ] = None
    input: Annotated[dict[str, Any] | None, Field(description="What the tool was given.")] = None


Tokens = Annotated[int, Field(ge=0, le=1_000_000_000)]


class TokensUsed(RequestBody):
    """What an answer used."""

    input_tokens: Annotated[Tokens, Field(description="Tokens that the model read.")] = 0
    output_tokens: Annotated[Tokens, Field(description="Tokens that the model wrote.")] = 0
    cost_usd: Annotated[
        float,
        Field(ge=0, le=1_000_000, allow_inf_nan=False, description="Its cost, in US dollars."),
    ] = 0.0


class RunAnswer(RequestBody):
    """The answer to a run: a text, or silence."""

    text: Annotated[MessageText | None, Field(description="Markdown. Sent where it was asked.")] = (
        None
    )
    silent: Annotated[bool, Field(description="True: nothing needs to be said.")] = False
    reason: Annotated[
        Text, Field(max_length=500, description="With `silent`: why, for the trace.")
    ] = ""
    channel_id: Annotated[
        Id | None, Field(description="Another channel to write in, such as for a plan.")
    ] = None
    model: Annotated[
        Text | None, Field(min_length=1, max_length=200, description="The model that answered.")
    ] = None
    usage: Annotated[TokensUsed, Field(description="What it used.")] = TokensUsed()
    steps: Annotated[
        list[TakenStep], Field(max_length=50, description="What it did before, for the trace.")
    ] = []


class RunFailure(RequestBody):
    """Why an external agent cannot answer."""

    reason: Annotated[
        MessageText, Field(max_length=400, description="One sentence, shown in the channel.")
    ]
