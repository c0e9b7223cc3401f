"""Why an agent was asked, as it is kept with its run. `chat.routing` decides it."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from bullpen.kit.json_types import AgentId
from bullpen.members.policy_names import PolicyName

Reason = Literal["mentioned", "thread", "relevance", "host", "everyone", "direct_message"]


class Candidate(Struct, rename="camel"):
    """An agent that could have been asked."""

    agent_id: AgentId
    score: Annotated[
        float,
        Meta(description="How much the message has in common with what is known of the agent."),
    ]
    in_thread: Annotated[bool, Meta(description="True if it has written in the thread.")] = False
    is_host: Annotated[bool, Meta(description="True if it is the channel's host.")] = False


class Decision(Struct, rename="camel"):
    """Why an agent was asked to answer a message."""

    policy: Annotated[
        PolicyName, Meta(description="What the agent replied to there at that moment.")
    ]
    reason: Annotated[
        Reason,
        Meta(
            description="`mentioned`, part of the `thread`, chosen for its `relevance` or as the"
            " channel's `host`, `everyone` was asked, or a `direct_message`."
        ),
    ]
    candidates: Annotated[
        list[Candidate],
        Meta(description="Of a choice among several agents: the best ones, best first."),
    ] = []
