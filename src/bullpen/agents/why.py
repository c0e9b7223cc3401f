"""Why an agent wrote a message: the run, what it read and thought, what it did and what it cost."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta, Raw, Struct

from bullpen.agents.prompt.stored import MemoryKind, ReadMemory, memory_in, sections_of
from bullpen.kit.database import Reader
from bullpen.kit.json_types import MessageId
from bullpen.members.actor import Actor
from bullpen.members.permissions import Permission, require
from bullpen.memory.blocks import MemoryBlock, list_blocks
from bullpen.memory.notes import list_notes
from bullpen.runs import causes
from bullpen.runs.causes import AnsweredMessage, OtherRun
from bullpen.runs.origins import Origin, list_reactions
from bullpen.runs.queries import Run, RunMessage, RunStep, Trace, get_trace
from bullpen.runs.summary import RunSummary, get_summary
from bullpen.runs.trace_privacy import HIDDEN
from bullpen.runs.values import NoticeKind

FAILED = "Error: "
LONGEST_ANSWER = 1_000
BY_A_PERSON = "A person wrote this message, so there is no run behind it."
FROM_THE_PACK = (
    "This message came with the workspace when it was set up. No agent wrote it here, so there is"
    " no run behind it."
)
UNKNOWN = (
    "No run is linked to this message. It was written before Bullpen linked messages to runs, or by"
    " a program that acted as the agent, or in a run that you cannot see."
)


class UsedMemory(Struct, rename="camel"):
    """A memory block or private note that the run was given, as it was then."""

    kind: Annotated[
        MemoryKind,
        Meta(description="The agent's own `block`, one `shared` with it, or a private `note`."),
    ]
    label: Annotated[str, Meta(description="Its label.")]
    version: Annotated[int, Meta(description="The version that the run was given.")]
    content: Annotated[str, Meta(description="The text that the run was given.")]
    owner_id: Annotated[
        str | None, Meta(description="Id of the agent that owns it today; null if it is gone.")
    ]
    channel_id: Annotated[
        str | None, Meta(description="Id of the private channel or DM of a note. Null for others.")
    ]
    current_version: Annotated[
        int | None, Meta(description="Its version today; null if it is gone.")
    ]


class UsedPassage(Struct, rename="camel"):
    """A passage of the archive that the run was given, as it was then."""

    content: Annotated[str, Meta(description="The text that the run was given.")]
    tags: Annotated[list[str], Meta(description="Its tags then.")]
    step_number: Annotated[int, Meta(description="The step that looked it up.")]
    passage_id: Annotated[UUID | None, Meta(description="Id of the passage, if it is still there.")]


class Thought(Struct, rename="camel"):
    """What the model wrote beside its calls, or its thinking."""

    text: Annotated[str, Meta(description="The text.")]
    is_thinking: Annotated[
        bool, Meta(description="Whether it is the model's thinking, which it marks as such.")
    ]
    step_number: Annotated[int, Meta(description="The step that it was written in.")]


class ToolCall(Struct, rename="camel"):
    """A call of a tool."""

    id: Annotated[UUID, Meta(description="Id of the entry of the trace.")]
    tool_name: Annotated[str, Meta(description="The tool.")]
    tool_input: Annotated[Raw, Meta(description="Its arguments: any JSON, or null.")]
    answer: Annotated[
        str | None, Meta(description="The beginning of what it answered; null if it has not.")
    ]
    is_failed: Annotated[bool, Meta(description="Whether the call was refused or failed.")]
    milliseconds: Annotated[int | None, Meta(description="How long it took, if it has ended.")]
    step_number: Annotated[int, Meta(description="The step that called it.")]
    wrote_message: Annotated[bool, Meta(description="Whether it wrote the message asked about.")]


class MessageAccount(Struct, rename="camel"):
    """The run behind a message, and what was in it."""

    run: Annotated[Run, Meta(description="The run.")]
    summary: Annotated[RunSummary, Meta(description="What started it and what came of it.")]
    models: Annotated[list[str], Meta(description="The models that answered.")]
    answered: Annotated[
        list[AnsweredMessage], Meta(description="What it was to answer, oldest first.")
    ]
    others: Annotated[
        list[OtherRun], Meta(description="Other runs that were to answer the same messages.")
    ]
    memory: Annotated[list[UsedMemory], Meta(description="The memory in its prompt.")]
    passages: Annotated[list[UsedPassage], Meta(description="What it found in its archive.")]
    thoughts: Annotated[list[Thought], Meta(description="What the model wrote besides calls.")]
    calls: Annotated[list[ToolCall], Meta(description="The tools that it called, in order.")]
    is_hidden: Annotated[
        bool,
        Meta(
            description="Whether some of it is left out: it comes from a private channel that the"
            " current user cannot read."
        ),
    ]


class Why(Struct, rename="camel"):
    """Why a message was written."""

    message_id: MessageId
    user_id: Annotated[str, Meta(description="Id of its author.")]
    account: Annotated[
        MessageAccount | None, Meta(description="The run behind it; null if none can be shown.")
    ]
    note: Annotated[
        str | None, Meta(description="Why no run can be shown, in a sentence. Null otherwise.")
    ]
    reactions: Annotated[
        list[Origin],
        Meta(description="Reactions of agents to it, each with the run that made it."),
    ]
    notice: Annotated[
        NoticeKind | None,
        Meta(description="Set if the message only says why the agent did not answer."),
    ]


async def explain(reader: Reader, actor: Actor, message_id: UUID, *, thinking: bool) -> Why:
    """By a statement for each part; none depends on how much the run did."""
    found = await causes.find_message(reader, actor, message_id)
    require(actor, Permission.READ_AGENTS)
    reactions = await list_reactions(reader, actor, message_id)
    if found.run_id is None:
        return Why(message_id, found.user_id, None, unexplained(found), reactions, None)
    trace = await get_trace(reader, actor, found.run_id, thinking=thinking)
    account = await account_of(reader, actor, trace, found.call_id)
    return Why(message_id, found.user_id, account, None, reactions, found.notice)


def unexplained(found: causes.Found) -> str:
    if not found.is_of_agent:
        return BY_A_PERSON
    return FROM_THE_PACK if found.came_with_pack else UNKNOWN


async def account_of(
    reader: Reader, actor: Actor, trace: Trace, wrote: UUID | None
) -> MessageAccount:
    read = memory_in(sections_of(text_of(trace, "system_message"), text_of(trace, "user_message")))
    passage_ids = await causes.list_passages(reader, actor, trace.id)
    return MessageAccount(
        run=as_run(trace),
        summary=await get_summary(reader, actor, trace.id),
        models=list(dict.fromkeys(step.model_id for step in trace.steps)),
        answered=await causes.list_answered(reader, actor, trace.id),
        others=await causes.list_others(reader, actor, trace.id),
        memory=await with_today(reader, actor, trace.agent_id, read),
        passages=list(passages_in(trace, passage_ids)),
        thoughts=[thought for step in trace.steps for thought in thoughts_in(step)],
        calls=[call for step in trace.steps for call in calls_in(step, wrote)],
        is_hidden=any(message.content == HIDDEN for message in all_messages(trace)),
    )


def all_messages(trace: Trace) -> Iterator[RunMessage]:
    yield from trace.messages
    for step in trace.steps:
        yield from step.messages


def as_run(trace: Trace) -> Run:
    return Run(*(getattr(trace, name) for name in Run.__struct_fields__))


def text_of(trace: Trace, message_type: str) -> str | None:
    """Of what the run was given before its first step; None where that is hidden."""
    for message in trace.messages:
        if message.message_type == message_type:
            return None if message.content == HIDDEN else message.content
    return None


async def with_today(
    reader: Reader, actor: Actor, agent_id: str, read: Sequence[ReadMemory]
) -> list[UsedMemory]:
    if not read:
        return []
    blocks = await list_blocks(reader, actor, agent_id)
    has_notes = any(memory.kind == "note" for memory in read)
    notes = await list_notes(reader, actor, agent_id) if has_notes else []
    used = []
    for memory in read:
        if memory.kind == "note":
            note = next(
                (n for n in notes if (n.label, n.channel_id) == (memory.label, memory.place)), None
            )
            today = None if note is None else (note.agent_id, note.version)
        else:
            block = block_today(blocks, agent_id, memory)
            today = None if block is None else (block.agent_id, block.version)
        owner_id, version = today or (None, None)
        used.append(
            UsedMemory(
                *(memory.kind, memory.label, memory.version, memory.content),
                *(owner_id, memory.place, version),
            )
        )
    return used


def block_today(
    blocks: Sequence[MemoryBlock], agent_id: str, memory: ReadMemory
) -> MemoryBlock | None:
    is_own = memory.kind == "block"
    return next(
        (b for b in blocks if b.label == memory.label and (b.agent_id == agent_id) is is_own), None
    )


def passages_in(
    trace: Trace, passage_ids: Mapping[tuple[UUID, int], UUID]
) -> Iterator[UsedPassage]:
    for step in trace.steps:
        for call, answer in pairs_in(step):
            if call.tool_name != "search_memory" or answer is None:
                continue
            for place, line in enumerate(answer.content.split("\n"), start=1):
                passage = passage_of(line)
                if passage is not None:
                    text, tags = passage
                    passage_id = passage_ids.get((call.id, place))
                    yield UsedPassage(text, tags, step.step_number, passage_id)


def passage_of(line: str) -> tuple[str, list[str]] | None:
    """A line of what `search_memory` answers; None for its other sentences."""
    try:
        found = msgspec.json.decode(line, type=dict[str, Any])
    except msgspec.MsgspecError:
        return None
    text, tags = found.get("text"), found.get("tags")
    if not isinstance(text, str):
        return None
    return text, [str(tag) for tag in tags] if isinstance(tags, list) else []


def thoughts_in(step: RunStep) -> Iterator[Thought]:
    for message in step.messages:
        is_thinking = message.message_type == "thinking_message"
        if (is_thinking or message.message_type == "assistant_message") and (
            message.content != HIDDEN
        ):
            yield Thought(message.content, is_thinking, step.step_number)


def pairs_in(step: RunStep) -> Iterator[tuple[RunMessage, RunMessage | None]]:
    """The calls of a step, each with what was answered to it."""
    call: RunMessage | None = None
    for message in step.messages:
        if message.message_type == "tool_call_message":
            if call is not None:
                yield call, None
            call = message
        elif message.message_type == "tool_return_message" and call is not None:
            yield call, message
            call = None
    if call is not None:
        yield call, None


def calls_in(step: RunStep, wrote: UUID | None) -> Iterator[ToolCall]:
    for call, answer in pairs_in(step):
        # A hidden call has no name.
        if call.tool_name is None:
            continue
        said = None if answer is None else answer.content
        yield ToolCall(
            id=call.id,
            tool_name=call.tool_name,
            tool_input=call.tool_input,
            answer=None if said is None else said[:LONGEST_ANSWER],
            is_failed=said is not None and said.startswith(FAILED),
            milliseconds=None if answer is None else between(call.created_at, answer.created_at),
            step_number=step.step_number,
            wrote_message=call.id == wrote,
        )


def between(first: datetime, last: datetime) -> int:
    return max(0, int((last - first).total_seconds() * 1000))
