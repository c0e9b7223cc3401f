import asyncio
from contextlib import suppress
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request

from bullpen.accounts.tokens import Access
from bullpen.agents import external
from bullpen.agents.external_recorder import Answer, Step
from bullpen.agents.prompt.build import Prompt
from bullpen.agents.prompt.conversation import Conversation, Member, ShownMessage
from bullpen.agents.run_context import RunContext
from bullpen.api.http.bearer import access_of
from bullpen.api.http.dependencies import CurrentActor, StateDep
from bullpen.api.http.responses import JsonResponse, json_response
from bullpen.api.http.router import Router
from bullpen.api.http.state import State
from bullpen.api.http.tokens import INVALID
from bullpen.api.routes.external_shapes import (
    Answered,
    ClaimedRun,
    GivenChannel,
    GivenMember,
    GivenMessage,
    GivenRun,
    Lease,
    RunAnswer,
    RunFailure,
    WaitingRun,
)
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import Conflict, Forbidden, Invalid, NotFound, SignInRequired
from bullpen.members.actor import Actor
from bullpen.runs import external_runs

router = Router(prefix="/api/agent/runs", tags=["external agents"])
LONGEST_WAIT = 60
# New runs have events; one that waits for a conversation to be free is found by looking.
POLL_SECONDS = 2.0
NEEDS_TOKEN = "Answer for an agent with an API token of that agent."  # noqa: S105 - a sentence
NOT_EXTERNAL = "This agent answers by itself. Set its mind to 'external' first."


def now_in(state: State) -> datetime:
    return datetime.now(state.zone)


async def external_agent(request: Request, state: State, actor: Actor) -> Access:
    access = access_of(request)
    if access is None or access.role is not None:
        raise Forbidden(ErrorCode.TOKEN_REQUIRED, NEEDS_TOKEN)
    if await external_runs.get_mind(state.database, actor.user_id) != "external":
        raise Conflict(ErrorCode.NOT_EXTERNAL, NOT_EXTERNAL)
    return access


def worker_of(access: Access) -> str:
    """What the mailbox calls the program that has a run."""
    return f"token {access.token_id}"


def given(run: RunContext, prompt: Prompt) -> GivenRun:
    assert prompt.script is not None
    conversation = prompt.script.conversation
    messages = conversation.messages if conversation else ()
    return GivenRun(
        id=run.run_id,
        kind=run.kind,
        created_at=run.created_at,
        channel=None if conversation is None else given_channel(conversation),
        thread_id=run.thread_id,
        plan=run.prompt,
        messages=[given_message(message, run.trigger_ids) for message in messages],
        memory=list(prompt.script.blocks),
    )


def given_channel(conversation: Conversation) -> GivenChannel:
    return GivenChannel(
        conversation.channel_id,
        conversation.name,
        conversation.kind,
        conversation.topic,
        [given_member(member) for member in conversation.members],
    )


def given_member(member: Member) -> GivenMember:
    return GivenMember(member.id, member.name, member.title, member.kind)


def given_message(message: ShownMessage, new: list[UUID]) -> GivenMessage:
    return GivenMessage(
        message.id,
        message.thread_id,
        message.user_id,
        message.name,
        message.text,
        message.at,
        message.is_cut,
        message.id in new,
    )


@router.get("")
async def next_run(
    request: Request,
    state: StateDep,
    actor: CurrentActor,
    wait: Annotated[
        float, Query(ge=0, le=LONGEST_WAIT, description="Seconds to wait for one.")
    ] = 0,
) -> JsonResponse[WaitingRun]:
    """Get the next run of an external agent.

    The oldest waiting run of the token's agent that could begin now, or null. With `wait`, the
    answer comes as soon as there is one.
    """
    access = await external_agent(request, state, actor)
    while (run_id := await wait_for_run(state, access, wait)) is not None:
        try:
            found = await external.show_run(state.database, run_id, now_in(state))
        except NotFound:
            # The agent can no longer read its channel. What waits behind it is shown instead.
            await external.cancel_run(state.database, run_id)
            continue
        return json_response(WaitingRun(found and given(*found)))
    return json_response(WaitingRun(None))


async def require_valid(state: State, access: Access) -> None:
    """Of a request that waits, whose token may be revoked meanwhile."""
    found = await state.tokens.find(access.token_hash)
    if found is None or not found.is_active:
        raise SignInRequired(ErrorCode.INVALID_TOKEN, INVALID)


async def wait_for_run(state: State, access: Access, seconds: float) -> UUID | None:
    """Listens to the agent's events meanwhile, and holds no connection to the database."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds
    streams = state.hub.streams
    stream = None
    try:
        while True:
            await require_valid(state, access)
            found = await external_runs.oldest_waiting(state.database, access.user_id)
            left = deadline - loop.time()
            if found is not None or left <= 0 or (stream is not None and stream.over):
                return found
            if stream is None:
                streams.require_room(access.user_id)
                # What came since it was looked is found by looking once more.
                stream = streams.open(access.user_id, lambda: None)
                continue
            with suppress(TimeoutError):
                async with asyncio.timeout(min(left, POLL_SECONDS)):
                    await stream.news.wait()
            while stream.pending:
                stream.take()
    finally:
        if stream is not None:
            streams.close(stream)


@router.post("/{run_id}/claim")
async def claim_run(
    run_id: UUID, request: Request, state: StateDep, actor: CurrentActor
) -> JsonResponse[ClaimedRun]:
    """Claim a run of an external agent.

    The run is under way from now on. Answer it, or send heartbeats, before `leaseUntil`: otherwise
    it waits again. Claiming what the token has claimed already changes nothing.
    """
    access = await external_agent(request, state, actor)
    await require_own(state, access, run_id)
    worker = worker_of(access)
    _, run, prompt = await external.take_run(state.database, run_id, worker, now_in(state))
    held = await external_runs.held_by(state.database, run_id, worker)
    if held is None:
        raise Conflict(ErrorCode.RUN_HAS_ENDED, "The run has ended.")
    shown = given(run, prompt)
    claimed = ClaimedRun(
        **{name: getattr(shown, name) for name in GivenRun.__struct_fields__},
        attempt=held[0].attempt,
        lease_until=held[1].astimezone(UTC),
        instructions=prompt.instructions,
        prompt=prompt.user,
    )
    return json_response(claimed)


async def require_own(state: State, access: Access, run_id: UUID) -> None:
    row = await external_runs.how_it_ended(state.database, run_id)
    if row is None or row[0] != access.user_id:
        raise NotFound(ErrorCode.RUN_NOT_FOUND)
    if row[1] not in ("created", "running"):
        raise Conflict(ErrorCode.RUN_HAS_ENDED, f"The run has ended: {row[1]}.")


@router.post("/{run_id}/heartbeat")
async def renew_claim(
    run_id: UUID, request: Request, state: StateDep, actor: CurrentActor
) -> JsonResponse[Lease]:
    """Keep a claimed run.

    Extends the claim by a minute, up to ten minutes after it was made.
    """
    access = await external_agent(request, state, actor)
    await require_own(state, access, run_id)
    held = await external_runs.held_by(state.database, run_id, worker_of(access))
    until = held and await external_runs.renew(state.database, held[0])
    if until is None:
        raise Conflict(ErrorCode.RUN_NOT_CLAIMED, external.NOT_HELD)
    return json_response(Lease(until.astimezone(UTC)))


@router.post("/{run_id}/answer")
async def answer_run(
    run_id: UUID, body: RunAnswer, request: Request, state: StateDep, actor: CurrentActor
) -> JsonResponse[Answered]:
    """Answer a claimed run.

    Writes the message and ends the run in one transaction, by the rules that hold for all agents.
    An answer that is sent again gets the result of the first. If the answer is refused
    (`answer_refused`), the run goes on, and another answer can be sent.
    """
    if (body.text is None) != body.silent:
        raise Invalid(ErrorCode.FIELDS_CONFLICT, "Send either 'text' or 'silent': true.")
    access = await external_agent(request, state, actor)
    answer = Answer(
        text=body.text,
        reason=body.reason,
        channel_id=body.channel_id,
        model=body.model,
        input_tokens=body.usage.input_tokens,
        output_tokens=body.usage.output_tokens,
        cost_usd=body.usage.cost_usd,
        steps=[Step(step.text, step.tool, step.input) for step in body.steps],
    )
    message_id = await external.answer_run(
        state.database, access.user_id, run_id, worker_of(access), answer, now_in(state)
    )
    return json_response(Answered(run_id, message_id))


@router.post("/{run_id}/fail")
async def fail_run(
    run_id: UUID, body: RunFailure, request: Request, state: StateDep, actor: CurrentActor
) -> JsonResponse[Answered]:
    """Give up a claimed run.

    The run fails, and the reason is shown in its channel, as for other agents that cannot answer.
    """
    access = await external_agent(request, state, actor)
    await external.fail_run(state.database, access.user_id, run_id, worker_of(access), body.reason)
    return json_response(Answered(run_id, None))
