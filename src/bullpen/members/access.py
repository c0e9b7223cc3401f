"""What an actor may read: the one definition, which every statement that reaches a channel uses.

In every statement `$1` is the actor's user id.
"""

# A member who was made inactive reads nothing. Uncorrelated, so Postgres looks once a statement.
ACTIVE = "(SELECT me.is_active FROM agents me WHERE me.id = $1)"

READABLE = """(
    (
        {channel}.kind = 'public' OR EXISTS (
            SELECT FROM channel_members reader
            WHERE reader.channel_id = {channel}.id AND reader.user_id = $1
        )
    ) AND {active}
)"""


def readable(channel: str) -> str:
    """The condition on `channels`, given by its alias, that the actor may read it."""
    return READABLE.format(channel=channel, active=ACTIVE)
