"""What administrators change of people: their profile, role, and whether they are active."""

from collections.abc import Iterator, Mapping
from typing import Any

from asyncpg import Connection

from bullpen.audit.actions import Target
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import NotFound
from bullpen.members.actions import begin_anew
from bullpen.members.actor import Actor, Role
from bullpen.members.audit_trail import audit
from bullpen.members.owners import require_other_owner
from bullpen.members.people import get_person, update_person
from bullpen.members.permissions import BELOW, NEVER, OWN, Permission, is_below, require

LOCK = "SELECT role, is_active FROM people WHERE id = $1 FOR UPDATE"


async def change_person(
    connection: Connection, actor: Actor, person_id: str, values: Mapping[str, object]
) -> None:
    """`values` may have the profile, `role` and `is_active`; each needs its own permission."""
    await get_person(connection, actor, person_id)
    row = await connection.fetchrow(LOCK, person_id)
    if row is None:
        raise NotFound(ErrorCode.USER_NOT_FOUND)
    role, is_active = row
    changes = dict(values)
    new_role = take(changes, "role", role)
    activity = take(changes, "is_active", is_active)
    holds = OWN if actor.user_id == person_id else NEVER
    if is_below(role, actor):
        holds |= BELOW
    if changes:
        require(actor, Permission.EDIT_PERSON, holds)
    if new_role is not None:
        given: Role = new_role
        require(actor, Permission.CHANGE_ROLE, holds if is_below(given, actor) else holds & ~BELOW)
        changes["role"] = given
    if activity is not None:
        require(actor, Permission.DEACTIVATE_PERSON, holds)
        changes["is_active"] = activity
    if role == "owner" and (new_role is not None or activity is False):
        await require_other_owner(connection, person_id)
    if not changes:
        return
    for action, details in noted(changes, role):
        await audit(connection, actor, action, Target("person", person_id), **details)
    await update_person(connection, actor, person_id, changes)
    if new_role is not None:
        # What they may read is another; their windows begin anew.
        await begin_anew(connection, [person_id])


async def require_over(
    connection: Connection, actor: Actor, permission: Permission, person_id: str
) -> None:
    """For what concerns another person, or the actor themselves."""
    person = await get_person(connection, actor, person_id)
    holds = OWN if actor.user_id == person_id else NEVER
    require(actor, permission, holds | BELOW if is_below(person.role, actor) else holds)


def take(changes: dict[str, object], name: str, before: object) -> Any:
    """The new value, which is taken out; None where it stays as it is."""
    value = changes.pop(name, before)
    return None if value == before else value


def noted(changes: Mapping[str, object], role: Role) -> Iterator[tuple[str, dict[str, object]]]:
    profile = sorted(changes.keys() - {"role", "is_active"})
    if profile:
        yield "person.edited", {"fields": profile}
    if "role" in changes:
        yield "person.role_changed", {"from": role, "to": changes["role"]}
    if "is_active" in changes:
        yield "person.reactivated" if changes["is_active"] else "person.deactivated", {}
