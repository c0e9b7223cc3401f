from typing import Annotated

from pydantic import AfterValidator, Field

from bullpen.api.http.dependencies import CurrentActor, DatabaseDep
from bullpen.api.http.fields import GroupId, Id, RequestBody, Text, of_nobody, storable
from bullpen.api.http.responses import JsonResponse, json_response
from bullpen.api.http.router import Router
from bullpen.kit.text import name_of
from bullpen.members import user_groups
from bullpen.members.user_groups import LONGEST_DESCRIPTION, LONGEST_HANDLE, UserGroup

router = Router(prefix="/api/user-groups", tags=["user groups"])


def handle(text: str) -> str:
    """An `@` before it is no part of it."""
    found = name_of(text.strip().removeprefix("@"))
    if problem := user_groups.handle_problem(found):
        raise ValueError(problem)
    return found


Handle = Annotated[
    str,
    Field(min_length=1, max_length=LONGEST_HANDLE),
    AfterValidator(storable),
    AfterValidator(handle),
    AfterValidator(of_nobody),
]
Description = Annotated[
    Text, Field(max_length=LONGEST_DESCRIPTION), AfterValidator(lambda text: " ".join(text.split()))
]


class NewUserGroup(RequestBody):
    """A user group to make."""

    handle: Annotated[
        Handle,
        Field(
            description="What a message calls it, after an `@`: one word that is no member's name."
        ),
    ]
    description: Annotated[Description, Field(description="What it is for.")] = ""
    member_ids: Annotated[
        list[Id], Field(max_length=1000, description="Ids of people and agents.")
    ] = []


class UserGroupChange(RequestBody):
    """What is left out stays as it is."""

    handle: Annotated[Handle, Field(description="What a message calls it, after an `@`.")] = ""
    description: Annotated[Description, Field(description="What it is for.")] = ""


@router.get("")
async def list_user_groups(
    database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[list[UserGroup]]:
    """List user groups.

    A message that has `@` and a handle mentions all members of the group who can read it, and a
    person's message asks its agents in the channel. Guests see no user groups.
    """
    return json_response(await user_groups.list_user_groups(database, actor))


@router.post("", status_code=201)
async def create_user_group(
    body: NewUserGroup, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[UserGroup]:
    """Create a user group.

    Its handle must be free: no member and no other user group may go by it, nor by a name that
    looks the same. Owners, admins and members can do this.
    """
    async with database.transaction() as connection:
        made = await user_groups.create_user_group(
            connection, actor, body.handle, body.description, body.member_ids
        )
    return json_response(made, 201)


@router.patch("/{group_id}")
async def change_user_group(
    group_id: GroupId, body: UserGroupChange, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[UserGroup]:
    """Change a user group.

    Sets its handle, its description or both. Messages that are there keep their text, and those
    whom they mentioned their mentions.
    """
    async with database.transaction() as connection:
        changed = await user_groups.change_user_group(
            connection, actor, group_id, body.model_dump(exclude_unset=True)
        )
    return json_response(changed)


@router.delete("/{group_id}")
async def delete_user_group(
    group_id: GroupId, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[UserGroup]:
    """Delete a user group.

    Returns the group as it was. Messages that mention it keep their text. Only owners and admins
    can do this.
    """
    async with database.transaction() as connection:
        deleted = await user_groups.delete_user_group(connection, actor, group_id)
    return json_response(deleted)


@router.put("/{group_id}/members/{user_id}")
async def add_to_user_group(
    group_id: GroupId, user_id: Id, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[UserGroup]:
    """Add a member to a user group.

    If they are in it already, nothing changes.
    """
    async with database.transaction() as connection:
        changed = await user_groups.add_to_group(connection, actor, group_id, user_id)
    return json_response(changed)


@router.delete("/{group_id}/members/{user_id}")
async def remove_from_user_group(
    group_id: GroupId, user_id: Id, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[UserGroup]:
    """Remove a member from a user group.

    If they are not in it, nothing changes.
    """
    async with database.transaction() as connection:
        changed = await user_groups.remove_from_group(connection, actor, group_id, user_id)
    return json_response(changed)
