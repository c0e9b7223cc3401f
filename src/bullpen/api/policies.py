"""What agents answer where, and what is on their desk."""

from fastapi import APIRouter, Response

from bullpen.api import errors, schemas
from bullpen.api.answers import answer
from bullpen.api.session import ActorOf
from bullpen.api.state import DatabaseOf
from bullpen.api.values import Body, Id
from bullpen.members import policies
from bullpen.runs import waiting

router = APIRouter(prefix="/api", tags=["agents"], responses=errors.DOCUMENTED)


class PolicyChange(Body):
    policy: policies.PolicyName


@router.get("/channels/{channel_id}/policies", response_model=list[schemas.Policy])
async def list_policies(channel_id: Id, database: DatabaseOf, actor: ActorOf) -> Response:
    return answer(await policies.list_policies(database, actor, channel_id))


@router.put(
    "/channels/{channel_id}/policies/{agent_id}",
    response_model=schemas.Policy,
    responses=errors.REFUSED,
)
async def set_policy(
    channel_id: Id, agent_id: Id, body: PolicyChange, database: DatabaseOf, actor: ActorOf
) -> Response:
    """For members of the channel."""
    async with database.transaction() as connection:
        policy = await policies.set_policy(connection, actor, channel_id, agent_id, body.policy)
    return answer(policy)


@router.get("/agents/{agent_id}/queue", response_model=schemas.Queue)
async def get_queue(agent_id: Id, database: DatabaseOf, actor: ActorOf) -> Response:
    """What it is at and what waits for it, of what one may see."""
    return answer(await waiting.get_queue(database, actor, agent_id))
