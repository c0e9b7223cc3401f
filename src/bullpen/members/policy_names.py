"""What an agent replies to in a channel: the names of the policies."""

from typing import Literal

PolicyName = Literal["all", "best_fit", "mentions", "none"]
MEANING = (
    "`all` messages, those that it is the `best_fit` for or is mentioned in, those with a"
    " `mentions` of it, or `none` at all."
)
# Of channels that people make. Those without a policy, such as a pack's, ask all.
DEFAULT: PolicyName = "best_fit"
