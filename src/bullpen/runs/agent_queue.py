"""What an agent is at, and what waits for it: of what the reader may see."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from bullpen.kit.database import Reader
from bullpen.kit.json_types import AgentId
from bullpen.members.actor import Actor
from bullpen.members.permissions import Permission, require
from bullpen.members.queries import get_agent
from bullpen.runs.queries import RUN, SEEN, Run, run

MOST = 50

WAITING = f"""
SELECT {RUN} FROM mailbox b JOIN runs r ON r.id = b.run_id
WHERE b.agent_id = $2 AND {SEEN}
ORDER BY b.worker IS NULL, b.priority, b.queued_at, b.run_id
"""


class AgentQueue(Struct, rename="camel"):
    """What an agent is working on and what waits for it, as far as the current user can see."""

    agent_id: AgentId
    state: Annotated[
        Literal["idle", "waiting", "running"], Meta(description="What the agent is doing.")
    ]
    running: Annotated[Run | None, Meta(description="The run that is under way, if any.")]
    waiting_count: Annotated[int, Meta(description="Number of waiting runs.")]
    waiting: Annotated[list[Run], Meta(description="The next 50 waiting runs, in order.")]


async def get_queue(reader: Reader, actor: Actor, agent_id: str) -> AgentQueue:
    """What waits, in the order in which its turn comes; at most the first of it."""
    await get_agent(reader, actor, agent_id)
    require(actor, Permission.SEE_AGENT)
    found = [run(row) for row in await reader.fetch(WAITING, actor.user_id, agent_id)]
    waiting = [one for one in found if one.status == "created"]
    running = next((one for one in found if one.status == "running"), None)
    state: Literal["idle", "waiting", "running"] = "waiting" if waiting else "idle"
    return AgentQueue(
        agent_id, "running" if running else state, running, len(waiting), waiting[:MOST]
    )
