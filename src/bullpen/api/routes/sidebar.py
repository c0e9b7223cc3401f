from typing import Annotated

from msgspec import UNSET
from pydantic import Field, model_validator

from bullpen.api.http.dependencies import CurrentActor, DatabaseDep
from bullpen.api.http.event_id import HEADER
from bullpen.api.http.fields import Id, Name, RequestBody
from bullpen.api.http.responses import JsonResponse, json_response
from bullpen.api.http.router import Router
from bullpen.chat.queries import Sidebar, sidebar
from bullpen.members.sidebar import BUILT_IN, SidebarLayout, SidebarSection, set_layout

router = Router(prefix="/api/sidebar", tags=["unreads"])


class Section(RequestBody):
    """A section of the sidebar."""

    id: Annotated[
        str,
        Field(
            min_length=1,
            max_length=64,
            pattern="^[A-Za-z0-9_-]+$",
            description="`starred`, `channels`, `direct`, or an id that the client chooses.",
        ),
    ]
    name: Annotated[
        Name | None, Field(description="What it is called; only of sections with another id.")
    ] = None
    is_collapsed: Annotated[
        bool, Field(description="Whether only what is unread or open is shown.")
    ] = False
    channel_ids: Annotated[
        list[Id], Field(max_length=1000, description="Ids of the channels in it.")
    ] = []

    @model_validator(mode="after")
    def has_a_name(self) -> "Section":
        is_own = self.id not in BUILT_IN
        if is_own and self.name is None:
            message = "give the section a name"
            raise ValueError(message)
        if not is_own and (self.name is not None or self.channel_ids):
            message = "this section has a name of its own, and its channels are not chosen"
            raise ValueError(message)
        return self


class Layout(RequestBody):
    """How to arrange the sidebar."""

    sections: Annotated[
        list[Section],
        Field(max_length=50, description="In their order. Sections that are left out are removed."),
    ]
    is_unread_only: Annotated[
        bool, Field(description="Whether only what is unread or open is shown.")
    ] = False

    @model_validator(mode="after")
    def each_once(self) -> "Layout":
        for ids in (
            [section.id for section in self.sections],
            [one for section in self.sections for one in section.channel_ids],
        ):
            if len(set(ids)) < len(ids):
                message = "list each section, and each channel, only once"
                raise ValueError(message)
        return self


@router.get("")
async def get_sidebar(database: DatabaseDep, actor: CurrentActor) -> JsonResponse[Sidebar]:
    """Get what the sidebar shows.

    Returns the unread mentions of the current user, the unread threads that they follow, the
    channels that they have starred or muted, and how they have arranged the sidebar.
    Apply only events with a number above the `X-Event-Id` header to them.
    """
    found, event_id = await sidebar(database, actor)
    return json_response(found, headers={HEADER: str(event_id)})


@router.put("/layout")
async def change_layout(
    body: Layout, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[SidebarLayout]:
    """Arrange the sidebar.

    Sets the sections of the sidebar, their order, and what they show, for the current user alone.
    """
    layout = SidebarLayout(
        [
            SidebarSection(
                one.id,
                one.is_collapsed,
                list(one.channel_ids),
                UNSET if one.name is None else one.name,
            )
            for one in body.sections
        ],
        body.is_unread_only,
    )
    async with database.transaction() as connection:
        changed = await set_layout(connection, actor, layout)
    return json_response(changed)
