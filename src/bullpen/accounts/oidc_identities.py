"""Which person an account at an OpenID provider belongs to. Linked by a verified e-mail address."""

from asyncpg import Connection

from bullpen.accounts.oidc_provider import Identity
from bullpen.audit.actions import Target, record
from bullpen.members.people import BY_EMAIL

LINKED = "SELECT person_id FROM oidc_identities WHERE issuer = $1 AND subject = $2"
LOCKED_BY_EMAIL = f"{BY_EMAIL} FOR UPDATE"
LINK = """
INSERT INTO oidc_identities (issuer, subject, person_id) VALUES ($1, $2, $3)
ON CONFLICT (issuer, subject) DO NOTHING
"""


async def person_of(connection: Connection, identity: Identity) -> str | None:
    """The person that the account is linked to, or whose e-mail address the provider verified.

    An account stays linked when its address changes. The other way round, a changed address at the
    provider gives nobody another person's account once theirs is linked.
    """
    person_id = await linked_person(connection, identity)
    if person_id is not None or identity.email is None:
        return person_id
    return await connection.fetchval(LOCKED_BY_EMAIL, identity.email)  # type: ignore[no-any-return]


async def linked_person(connection: Connection, identity: Identity) -> str | None:
    found: str | None = await connection.fetchval(LINKED, identity.issuer, identity.subject)
    return found


async def link(
    connection: Connection, identity: Identity, person_id: str, address: str | None
) -> None:
    """Does nothing where the account is linked already."""
    linked = await connection.execute(LINK, identity.issuer, identity.subject, person_id)
    if linked.endswith(" 1"):
        await record(
            connection,
            person_id,
            "account.linked",
            Target("person", person_id),
            details={"issuer": identity.issuer},
            address=address,
        )


def may_join(identity: Identity, domains: frozenset[str]) -> bool:
    """Whether somebody whom nobody invited may become a member."""
    return identity.email is not None and identity.email.rpartition("@")[2].lower() in domains
