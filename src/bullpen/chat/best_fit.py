"""The agent that fits a message, where a channel's policy is `best_fit`, and why it does.

Pure. `tests/cases/routing.json` holds the cases of whom it chooses by their scores.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet

from bullpen.runs.decisions import Candidate, Decision, Reason

# How many agents a decision names.
MOST_CANDIDATES = 5
# What a word of recent messages weighs, and what one word can weigh at most.
SAID_WEIGHT = 0.3
MOST_WEIGHT = 8.0
# For `sql/judged_words.sql`: how much of a message and of a channel it looks at.
CONSTANTS = {"longest_judged": 2_000, "messages_judged": 50}

# Agents that have a word, each with the word's weight.
Owners = Mapping[str, float]


def best_of(
    candidates: AbstractSet[str], words: Iterable[tuple[Owners, Owners]]
) -> list[tuple[str, float]]:
    """The agents that fit best, with their scores.

    `words`: of each word of a message, who has it in what describes them, and who has said it
    lately. A word counts the less the more of the candidates it belongs to, and nothing where it
    belongs to all.
    """
    scores: dict[str, float] = {}
    for described, said in words:
        weights = described
        if said or not described.keys() <= candidates:
            weights = {one: weight for one, weight in described.items() if one in candidates}
            for one, weight in said.items():
                if one in candidates:
                    weights[one] = weights.get(one, 0.0) + weight
        if not 0 < len(weights) < len(candidates):
            continue
        rarity = math.log(len(candidates) / len(weights))
        for agent_id, weight in weights.items():
            scores[agent_id] = scores.get(agent_id, 0.0) + min(weight, MOST_WEIGHT) * rarity
    order = sorted((-score, agent_id) for agent_id, score in scores.items())
    return [(agent_id, round(-score, 3)) for score, agent_id in order[:MOST_CANDIDATES]]


def choose(
    members: Sequence[str],
    scores: Mapping[str, float],
    authors: Sequence[str] | None,
    host_id: str | None,
) -> tuple[str, Decision] | None:
    """`members`: those that may be chosen, in the order of joining. `authors`: of the thread that
    the message is in, the first message's, then the last to reply first; None outside of threads.
    """
    if authors is not None:
        members = [agent_id for agent_id in members if agent_id in authors]
    if not members:
        return None
    if authors is not None:
        latest = [*authors[1:], *authors[:1]]
        order = sorted(members, key=lambda one: (-scores.get(one, 0.0), latest.index(one)))
        candidates = [Candidate(one, scores.get(one, 0.0), in_thread=True) for one in order]
        return order[0], Decision("best_fit", "thread", candidates[:MOST_CANDIDATES])
    host = host_id if host_id is not None and host_id in members else members[0]
    fitting = [one for one, score in scores.items() if score > 0 and one in members]
    order = sorted(fitting, key=lambda one: (-scores[one], one != host))
    reason: Reason = "relevance" if order else "host"
    if host not in order:
        order = [*order[: MOST_CANDIDATES - 1], host]
    candidates = [Candidate(one, scores.get(one, 0.0), is_host=one == host) for one in order]
    return order[0], Decision("best_fit", reason, candidates)
