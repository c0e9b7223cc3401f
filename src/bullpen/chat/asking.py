"""The limits of asking agents; the rest stands in sql/ask_agents.sql."""

# How far what a person said is carried from agent to agent, and how often agents speak in one
# conversation before a person has to: whatever they say to each other, it ends.
DEEPEST = 3
AMONG_THEMSELVES = 40
# Each is held against every agent, while everybody else's messages wait.
MOST_MENTIONS = 50

MENTION = (
    "(?:^|[^[:alnum:]_@.])@([[:alnum:]](?:[[:alnum:]_.''-]*[[:alnum:]])?)"
    "(?: ([[:alnum:]][[:alnum:]_''-]*))?"
)
