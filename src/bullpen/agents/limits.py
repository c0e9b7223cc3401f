"""How much one run may do, beside its agent's own `maxTurns` and `maxBudgetUsd`."""

from bullpen.agents.model_ids import SCRIPTED

# Of models without a known price, too.
MOST_TOKENS = 500_000
# The same call with the same arguments, within one run, where it has no effect. Where it has one,
# the second is refused.
SAME_CALLS = 2
# Calls in a row that could not be made: unknown tools, arguments that do not fit.
BROKEN_CALLS = 3
# Of what a model writes beside its calls, so much is kept in the trace.
LONGEST_SAID = 200_000
# The time limit of a run, including all that its runtime waits for.
RUN_SECONDS = 600.0


def costs_nothing(model_id: str) -> bool:
    """Its steps cost nothing, so nothing is reserved for them."""
    return model_id == SCRIPTED
