"""A person as they see themselves."""

from collections.abc import Mapping
from typing import Annotated, Any

from asyncpg import Connection
from msgspec import UNSET, Meta, Struct

from bullpen.kit.database import Reader, fetch_one
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import Forbidden
from bullpen.kit.json_types import UserId
from bullpen.members.actor import Actor, Role
from bullpen.members.people import update_person
from bullpen.members.queries import AvatarColor, DisplayName, Picture, Title, picture_path

ME = """
SELECT p.id, p.display_name, p.title, p.avatar_color, p.email, p.role, p.time_zone,
       EXISTS (SELECT FROM credentials c WHERE c.person_id = p.id),
       EXISTS (SELECT FROM totp t WHERE t.person_id = p.id AND t.confirmed_at IS NOT NULL),
       (SELECT count(*) FROM recovery_codes r WHERE r.person_id = p.id AND r.used_at IS NULL),
       (SELECT l.email FROM links l WHERE l.person_id = p.id AND l.kind = 'email'
        AND l.used_at IS NULL AND l.expires_at > now() LIMIT 1),
       (SELECT picture.version FROM user_pictures picture WHERE picture.user_id = p.id)
FROM people p WHERE p.id = $1
"""
NOT_A_PERSON = "You act as an agent, which has no account. Switch to a person."


class Me(Struct, rename="camel"):
    """The current user's own profile and account."""

    id: UserId
    display_name: DisplayName
    title: Title
    avatar_color: AvatarColor
    email: Annotated[str | None, Meta(description="E-mail address to sign in with.")]
    role: Annotated[Role, Meta(description="What they may do; see the permissions.")]
    time_zone: Annotated[str | None, Meta(description="IANA name, like `Europe/Berlin`.")]
    has_password: Annotated[bool, Meta(description="Whether they can sign in with a password.")]
    totp: Annotated[bool, Meta(description="Whether signing in needs an authenticator app.")]
    recovery_codes: Annotated[int, Meta(description="Number of recovery codes that still work.")]
    pending_email: Annotated[
        str | None, Meta(description="New e-mail address that is not confirmed yet.")
    ]
    picture: Picture = UNSET


async def get_me(reader: Reader, actor: Actor) -> Me:
    row = await fetch_one(reader, ME, actor.user_id)
    if row is None:
        raise Forbidden(ErrorCode.NOT_A_PERSON, NOT_A_PERSON)
    *stored, version = row
    values: list[Any] = [*stored, picture_path(actor.user_id, version)]
    return Me(*values)


async def update_me(connection: Connection, actor: Actor, values: Mapping[str, object]) -> None:
    if values:
        await update_person(connection, actor, actor.user_id, values)
