"""The kinds of channels, and which of them are direct messages."""

from typing import Literal

Kind = Literal["public", "private", "dm", "group_dm"]
# How many members the kinds of direct messages have.
DM_MEMBERS = range(2, 3)
GROUP_DM_MEMBERS = range(3, 10)


def is_direct(kind: object) -> bool:
    """Whether it goes by its members' names, and keeps those members from its creation on."""
    return kind in ("dm", "group_dm")
