"""The agent that fits a message, where a channel's policy is `best_fit`, and why it does.

Pure: `sql/fits_of.sql` scores, and this decides. `tests/cases/routing.json` holds the cases.
"""

from collections.abc import Mapping, Sequence

from bullpen.runs.decisions import Candidate, Decision, Reason

# For `sql/fits_of.sql`: how much of a message and of a channel it looks at, what a word of recent
# messages weighs, what one word can weigh at most, and how many agents it answers.
MOST_CANDIDATES = 5
CONSTANTS = {
    "longest_judged": 2_000,
    "messages_judged": 50,
    "said_weight": 0.3,
    "most_weight": 8.0,
    "most_candidates": MOST_CANDIDATES,
}


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
