"""How each member arranges the sidebar for themselves: named sections, and what they show."""

from typing import Annotated

import msgspec
from asyncpg import Connection
from msgspec import UNSET, Meta, Struct, UnsetType

from bullpen.events.actions import Event, append
from bullpen.members.actor import Actor
from bullpen.members.permissions import MEMBER, Permission, require

# Those that everybody has.
BUILT_IN = ("starred", "channels", "direct")
SET = """
INSERT INTO sidebar_layouts (user_id, sections, is_unread_only) VALUES ($1, $2, $3)
ON CONFLICT (user_id) DO UPDATE
SET sections = EXCLUDED.sections, is_unread_only = EXCLUDED.is_unread_only
"""


class SidebarSection(Struct, rename="camel"):
    """A section of the sidebar."""

    id: Annotated[
        str,
        Meta(description="Chosen by the client; `starred`, `channels` and `direct` always are."),
    ]
    is_collapsed: Annotated[
        bool, Meta(description="Whether only what is unread or open is shown.")
    ] = False
    channel_ids: Annotated[
        list[str], Meta(description="Ids of the channels in it; none in those that always are.")
    ] = []
    name: Annotated[str, Meta(description="Left out of those that always are.")] | UnsetType = UNSET


class SidebarLayout(Struct, rename="camel"):
    """How the current user has arranged the sidebar."""

    sections: Annotated[
        list[SidebarSection],
        Meta(description="In their order. Those that always are may be missing: they follow."),
    ]
    is_unread_only: Annotated[
        bool, Meta(description="Whether only what is unread or open is shown.")
    ] = False


async def set_layout(connection: Connection, actor: Actor, layout: SidebarLayout) -> SidebarLayout:
    """The event is for the actor's own windows."""
    require(actor, Permission.SET_PREFERENCES, MEMBER)
    sections = msgspec.json.encode(layout.sections).decode()
    await connection.execute(SET, actor.user_id, sections, layout.is_unread_only)
    payload = {"layout": layout}
    await append(connection, Event("sidebar.changed", payload, user_ids=[actor.user_id]))
    return layout
