"""People: members who are not agents. No mailbox asks them, and they have no runs."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from zlib import crc32

from asyncpg import Connection, Record
from msgspec import UNSET, Meta, Struct, UnsetType

from bullpen.events.actions import append
from bullpen.kit.database import Database, Reader, fetch_one
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import NotFound
from bullpen.kit.json_types import CreatedAt, Time, UserId
from bullpen.kit.sql import insert_one, update_one
from bullpen.members.access import sees
from bullpen.members.actions import require_free_id, user_changed
from bullpen.members.actor import Actor, Role
from bullpen.members.names import is_reserved, lock_names, require_free_names
from bullpen.members.permissions import Permission, may, require
from bullpen.members.queries import AvatarColor, DisplayName, Picture, Title, picture_path

# Legible under white initials, and apart from each other.
COLORS = ("#3B6FB6", "#8A4FA3", "#2E7D5B", "#B3542E", "#A23B5C", "#4F6472", "#6B6A1F", "#20757F")
LONGEST_ID = 40


class Person(Struct, rename="camel"):
    """A person, with what only administrators and the person themselves see."""

    id: UserId
    display_name: DisplayName
    title: Title
    avatar_color: AvatarColor
    role: Annotated[Role, Meta(description="What they may do; see the permissions.")]
    time_zone: Annotated[str | None, Meta(description="IANA name, like `Europe/Berlin`.")]
    is_active: Annotated[bool, Meta(description="Inactive people cannot sign in.")]
    last_seen_at: Annotated[
        Time | None, Meta(description="When they last sent a request, or had a window open.")
    ]
    created_at: CreatedAt
    email: Annotated[str | None, Meta(description="Left out for others.")] | UnsetType = UNSET
    picture: Picture = UNSET


COLUMNS = """
id, display_name, title, avatar_color, role, time_zone, is_active, last_seen_at, created_at, email,
(SELECT p.version FROM user_pictures p WHERE p.user_id = people.id) AS picture
"""
PERSON = f"SELECT {COLUMNS} FROM people WHERE id = $2 AND {sees('people.id')}"
PEOPLE = f"SELECT {COLUMNS} FROM people ORDER BY created_at, id"
BY_EMAIL = "SELECT id FROM people WHERE lower(email) = lower($1)"
SEEN = """
UPDATE people SET last_seen_at = now() WHERE id IN (
    SELECT id FROM people
    WHERE id = ANY ($1) AND (last_seen_at IS NULL OR last_seen_at < now() - interval '1 minute')
    FOR NO KEY UPDATE SKIP LOCKED
)
"""
# For how long after that somebody counts as here: a window that is open is noted in time.
HERE_SECONDS = 120
TAKEN = """
SELECT id FROM users WHERE id = $1 OR starts_with(id, $1 || '-')
UNION SELECT lower(handle) FROM user_groups
"""


async def list_people(reader: Reader, actor: Actor) -> list[Person]:
    """For administrators: inactive people and e-mail addresses, too."""
    require(actor, Permission.READ_PEOPLE)
    return [person_of(row) for row in await reader.fetch(PEOPLE)]


def person_of(row: Record) -> Person:
    *stored, version = row
    values: list[Any] = [*stored, picture_path(row["id"], version)]
    return Person(*values)


async def get_person(reader: Reader, actor: Actor, person_id: str) -> Person:
    """The e-mail address is left out unless the actor is that person or an administrator."""
    row = await fetch_one(reader, PERSON, actor.user_id, person_id)
    if row is None:
        raise NotFound(ErrorCode.USER_NOT_FOUND)
    person = person_of(row)
    if actor.user_id != person_id and not may(actor, Permission.READ_PEOPLE):
        person.email = UNSET
    return person


async def create_person(  # noqa: PLR0913 - each by its name
    connection: Connection,
    *,
    display_name: str,
    role: Role,
    email: str | None = None,
    title: str = "",
    time_zone: str | None = None,
    person_id: str | None = None,
) -> str:
    """The new id. Without `person_id`, it is made from the name."""
    await lock_names(connection)
    new_id = person_id or await free_id(connection, display_name)
    await require_free_id(connection, new_id)
    await require_free_names(connection, "member", new_id, [new_id, display_name])
    values = {
        "id": new_id,
        "display_name": display_name,
        "title": title,
        "avatar_color": COLORS[crc32(new_id.encode()) % len(COLORS)],
        "email": email,
        "role": role,
        "time_zone": time_zone,
    }
    await insert_one(connection, "people", values)
    await append(connection, await user_changed(connection, Actor(new_id), new_id))
    return new_id


async def free_id(connection: Connection, display_name: str) -> str:
    """Call this with the lock on names held."""
    wanted = slug(display_name)
    taken = {row[0] for row in await connection.fetch(TAKEN, wanted)}
    candidates = (wanted, *(f"{wanted}-{number}" for number in range(2, len(taken) + 3)))
    return next(one for one in candidates if one not in taken and not is_reserved(one))


def slug(name: str) -> str:
    """An id that resembles a name, of Latin letters, digits and hyphens, or else `person`."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = "-".join(re.findall("[a-z0-9]+", plain))[:LONGEST_ID].strip("-")
    return words or "person"


async def update_person(
    connection: Connection, actor: Actor, person_id: str, values: Mapping[str, object]
) -> None:
    if not await update_one(connection, "people", person_id, values, touch="updated_at"):
        raise NotFound(ErrorCode.USER_NOT_FOUND)
    if "display_name" in values or "is_active" in values:
        person = await get_person(connection, actor, person_id)
        names = [person_id, person.display_name] if person.is_active else []
        await require_free_names(connection, "member", person_id, names)
    await append(connection, await user_changed(connection, actor, person_id))


async def note_seen(database: Database, user_ids: Sequence[str]) -> None:
    """Who has just sent a request, or has a window open; written at most once a minute. Agents
    among them are left out."""
    await database.write(SEEN, user_ids)
