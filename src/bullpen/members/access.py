"""What an actor may read: the one definition, which every statement that reaches a channel uses.

In a statement of an actor `$1` is their user id.
"""

# A member who was made inactive reads nothing. Uncorrelated, so Postgres looks once a statement.
IS_ACTIVE = "(SELECT me.is_active FROM users me WHERE me.id = {user})"
ACTIVE = IS_ACTIVE.format(user="$1")

# Uncorrelated as well. A guest reads only what they are a member of; an administrator also channels
# that nobody but agents is in.
HAS_ROLE = """EXISTS (
    SELECT FROM people person WHERE person.id = {user} AND person.role IN ({roles})
)"""

READABLE = """(
    (
        {channel}.kind = 'public' AND NOT {is_guest} OR EXISTS (
            SELECT FROM channel_members reader
            WHERE reader.channel_id = {channel}.id AND reader.user_id = {user}
        ) OR {channel}.kind <> 'public' AND {is_admin} AND is_among_agents({channel}.id)
    ) AND {active}
)"""


def readable(channel: str, user: str = "$1") -> str:
    """The condition on `channels`, given by its alias, that a user, given as SQL, may read it."""
    return READABLE.format(
        channel=channel,
        user=user,
        active=IS_ACTIVE.format(user=user),
        is_guest=is_guest(user),
        is_admin=HAS_ROLE.format(user=user, roles="'owner', 'admin'"),
    )


def is_guest(user: str = "$1") -> str:
    """The condition that a user, given as SQL, is a guest."""
    return HAS_ROLE.format(user=user, roles="'guest'")


# Guests see only those whom they share a channel with, and who wrote in one of their channels.
SEES = """(
    NOT {is_guest} OR {other} = {user} OR EXISTS (
        SELECT FROM channel_members mine JOIN channel_members theirs USING (channel_id)
        WHERE mine.user_id = {user} AND theirs.user_id = {other}
    ) OR {other} IN (
        SELECT said.user_id
        FROM channel_members mine JOIN messages said ON said.channel_id = mine.channel_id
        WHERE mine.user_id = {user}
    )
)"""


def sees(other: str, user: str = "$1") -> str:
    """The condition that a user may know of another one; both ids are SQL."""
    return SEES.format(other=other, user=user, is_guest=is_guest(user))


def readable_by(channel_id: str, user_ids: str) -> str:
    """The condition that all of these users may read a channel, given by its id.

    Both are SQL; a null instead of an array of users stands for everybody. Who is inactive counts
    like everybody else: they may be made active again, and read what was written meanwhile.
    """
    return f"readable_by({channel_id}, {user_ids})"
