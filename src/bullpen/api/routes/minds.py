from typing import Annotated

from msgspec import Meta, Struct
from pydantic import Field

from bullpen.api.http.dependencies import CurrentActor, DatabaseDep
from bullpen.api.http.fields import Id, RequestBody
from bullpen.api.http.responses import JsonResponse, json_response
from bullpen.api.http.router import Router
from bullpen.members.conditions import require_for
from bullpen.members.permissions import Permission, require
from bullpen.members.queries import get_agent
from bullpen.runs import external_runs
from bullpen.runs.external_runs import Mind

router = Router(prefix="/api/agents/{agent_id}/mind", tags=["agents"])


class AgentMind(Struct):
    """Who answers for an agent."""

    mind: Annotated[
        Mind, Meta(description="`resident`: Bullpen's worker. `external`: a program by the API.")
    ]


class MindChange(RequestBody):
    """Who is to answer for an agent."""

    mind: Annotated[
        Mind,
        Field(description="`resident`: Bullpen's worker. `external`: a program by the API."),
    ]


@router.get("")
async def get_mind(
    agent_id: Id, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[AgentMind]:
    """Get who answers for an agent.

    Bullpen's own worker, or a program that uses the API. Everybody who sees the agent can ask.
    """
    await get_agent(database, actor, agent_id)
    require(actor, Permission.SEE_AGENT)
    return json_response(AgentMind(await external_runs.get_mind(database, agent_id)))


@router.put("")
async def set_mind(
    agent_id: Id, body: MindChange, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[AgentMind]:
    """Set who answers for an agent.

    For administrators and the agent's manager. It also holds for what is
    queued already.
    """
    async with database.transaction() as connection:
        await get_agent(connection, actor, agent_id)
        await require_for(connection, actor, Permission.EDIT_AGENT, agent_id=agent_id)
        await external_runs.set_mind(connection, agent_id, body.mind)
    return json_response(AgentMind(body.mind))
