"""The user groups of a pack, and their rows."""

from bullpen.packs.check import check_items
from bullpen.packs.file_models import References, WrittenUserGroup
from bullpen.packs.insert import Row
from bullpen.packs.pack import Pack, PackUserGroup, row_id
from bullpen.packs.problems import Problems
from bullpen.packs.yaml_tree import Document


def read_user_groups(
    document: Document | None, references: References, problems: Problems
) -> tuple[PackUserGroup, ...]:
    return tuple(
        PackUserGroup(written.handle, written.description, written.members)
        for _, written in check_items(document, WrittenUserGroup, references, problems)
        if written is not None
    )


def user_group_rows(pack: Pack) -> list[Row]:
    return [
        {
            "id": row_id(pack.id, "user_groups", group.handle),
            "handle": group.handle,
            "description": group.description,
        }
        for group in pack.user_groups
    ]


def user_group_member_rows(pack: Pack) -> list[Row]:
    return [
        {"group_id": row_id(pack.id, "user_groups", group.handle), "user_id": user_id}
        for group in pack.user_groups
        for user_id in group.member_ids
    ]
