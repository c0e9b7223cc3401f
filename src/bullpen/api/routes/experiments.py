"""Dry runs and probes: what an agent would do, without doing it."""

from collections.abc import Sequence
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query
from msgspec import Meta, Struct
from pydantic import BaseModel, Field, field_validator

from bullpen.agents.experiments import actions, queries
from bullpen.agents.experiments.actions import Plan, Variant
from bullpen.api.http.dependencies import CurrentActor, DatabaseDep, StateDep
from bullpen.api.http.fields import Id, MessageId, ModelId, RequestBody, Text
from bullpen.api.http.models import require_ready
from bullpen.api.http.responses import JsonResponse, json_response
from bullpen.api.http.router import Router

router = Router(prefix="/api", tags=["runs"])

MOST_VARIANTS = 6
MOST_TIMES = 10
MOST_QUESTIONS = 10
NO_PROMPT = (
    "A probe asks its questions, so a variant cannot have a prompt of its own. Leave `prompt` out,"
    " or write it as one of the questions."
)


class VariantToTry(RequestBody):
    """What differs from the run or from the agent. What is left out stays as it is."""

    model_id: Annotated[
        ModelId | None, Field(description="Another model, which must be ready.")
    ] = None
    persona: Annotated[
        Text | None, Field(min_length=1, max_length=100_000, description="Another persona.")
    ] = None
    prompt: Annotated[
        Text | None,
        Field(
            min_length=1,
            max_length=400_000,
            description="Another prompt: what follows the instructions. Not in a probe.",
        ),
    ] = None


Variants = Annotated[
    list[VariantToTry],
    Field(min_length=1, max_length=MOST_VARIANTS, description="What to try beside each other."),
]
Times = Annotated[int, Field(ge=1, le=MOST_TIMES, description="How often to try each of them.")]


class DryRun(RequestBody):
    """How to try a run again without effect."""

    variants: Variants = [VariantToTry()]
    times: Times = 1
    moment: Annotated[
        Literal["then", "now"],
        Field(
            description="`then`: with the prompt of the run. `now`: with memory and messages as"
            " they are."
        ),
    ] = "then"


class Probe(RequestBody):
    """Questions to put to an agent without disturbing it."""

    questions: Annotated[
        list[Annotated[Text, Field(min_length=1, max_length=10_000)]],
        Field(min_length=1, max_length=MOST_QUESTIONS, description="The questions."),
    ]
    variants: Variants = [VariantToTry()]
    times: Times = 1
    channel_id: Annotated[
        Id | None,
        Field(description="The channel whose messages the agent sees. Left out: none."),
    ] = None

    @field_validator("variants")
    @classmethod
    def keep_their_question(cls, variants: list[VariantToTry]) -> list[VariantToTry]:
        if any(variant.prompt is not None for variant in variants):
            raise ValueError(NO_PROMPT)
        return variants


class ExperimentsQuery(BaseModel):
    run_id: Annotated[
        MessageId | None, Field(alias="runId", description="Only dry runs of this run.")
    ] = None
    agent_id: Annotated[
        Id | None, Field(alias="agentId", description="Only experiments with this agent.")
    ] = None


class PostedAnswer(Struct, rename="camel"):
    """The message as which an answer was posted."""

    message_id: Annotated[UUID, Meta(description="Id of the message.")]


async def variants_of(variants: Sequence[VariantToTry], state: StateDep) -> list[Variant]:
    for number, variant in enumerate(variants):
        if variant.model_id is not None:
            loc: list[str | int] = ["body", "variants", number, "modelId"]
            await require_ready(variant.model_id, state, loc)
    return [Variant(one.model_id, one.persona, one.prompt) for one in variants]


@router.post("/runs/{run_id}/dry-runs", status_code=201)
async def try_again(
    run_id: MessageId, body: DryRun, state: StateDep, actor: CurrentActor
) -> JsonResponse[queries.Experiment]:
    """Try a run again without effect.

    Asks for the same reason once more, any number of models and prompts beside each other. Tools
    that read are called; calls of tools that write are recorded and not carried out. Nothing is
    posted. A worker tries them one after the other; read the experiment again to see them end.
    """
    plan = Plan(await variants_of(body.variants, state), body.times, body.moment)
    database = state.database
    async with database.transaction() as connection:
        experiment_id = await actions.try_again(connection, actor, run_id, plan)
    return json_response(await queries.get_experiment(database, actor, experiment_id), 201)


@router.post("/agents/{agent_id}/probes", status_code=201)
async def ask(
    agent_id: Id, body: Probe, state: StateDep, actor: CurrentActor
) -> JsonResponse[queries.Experiment]:
    """Put questions to an agent without disturbing it.

    The agent answers from its persona and memory, and from a channel's messages if one is named.
    It keeps nothing of it, and nothing is posted.
    """
    plan = Plan(await variants_of(body.variants, state), body.times, "now", body.questions)
    database = state.database
    async with database.transaction() as connection:
        experiment_id = await actions.ask(connection, actor, agent_id, body.channel_id, plan)
    return json_response(await queries.get_experiment(database, actor, experiment_id), 201)


@router.get("/experiments")
async def list_experiments(
    query: Annotated[ExperimentsQuery, Query()], database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[list[queries.Experiment]]:
    """List your experiments.

    Returns the newest 50 dry runs and probes that the current user has made, newest first.
    """
    return json_response(
        await queries.list_experiments(
            database, actor, run_id=query.run_id, agent_id=query.agent_id
        )
    )


@router.get("/experiments/{experiment_id}")
async def get_experiment(
    experiment_id: MessageId, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[queries.Experiment]:
    """Get an experiment.

    Only who made it can see it, as long as they can read the channel that it takes place in.
    """
    return json_response(await queries.get_experiment(database, actor, experiment_id))


@router.post("/experiments/{experiment_id}/cancel")
async def cancel_experiment(
    experiment_id: MessageId, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[queries.Experiment]:
    """Cancel an experiment.

    Trials that have not ended are canceled. The others stay.
    """
    async with database.transaction() as connection:
        await actions.cancel(connection, actor, experiment_id)
    return json_response(await queries.get_experiment(database, actor, experiment_id))


@router.delete("/experiments/{experiment_id}")
async def delete_experiment(
    experiment_id: MessageId, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[queries.Experiment]:
    """Delete an experiment.

    Returns the deleted experiment.
    """
    experiment = await queries.get_experiment(database, actor, experiment_id)
    async with database.transaction() as connection:
        await actions.delete(connection, actor, experiment_id)
    return json_response(experiment)


@router.post("/experiments/{experiment_id}/trials/{trial_id}/post", status_code=201)
async def post_answer(
    experiment_id: MessageId, trial_id: MessageId, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[PostedAnswer]:
    """Post what a trial would have said.

    Posts its answer in the conversation of the run, as a message of the agent. No agent is asked
    to reply to it. Posting it again changes nothing.
    """
    async with database.transaction() as connection:
        message_id = await actions.post(connection, actor, experiment_id, trial_id)
    return json_response(PostedAnswer(message_id), 201)
