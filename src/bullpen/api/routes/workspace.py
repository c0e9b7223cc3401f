from typing import Annotated

from pydantic import Field

from bullpen.api.http.dependencies import CurrentActor, StateDep
from bullpen.api.http.fields import Name, RequestBody
from bullpen.api.http.responses import JsonResponse, json_response
from bullpen.api.http.router import Router
from bullpen.members import workspace
from bullpen.members.workspace import WorkspaceShown

router = Router(prefix="/api/workspace", tags=["workspace"])


class WorkspaceChange(RequestBody):
    """Fields of the workspace to change."""

    name: Annotated[Name, Field(description="The name that is shown.")] = ""
    shows_link_previews: Annotated[
        bool, Field(description="Whether messages show previews of pages that they link to.")
    ] = False


@router.get("")
async def get_workspace(state: StateDep, _: CurrentActor) -> JsonResponse[WorkspaceShown]:
    """Get the workspace.

    Returns its name, the path of its icon, and what it shows.
    """
    return json_response(workspace.shown(await state.workspace()))


@router.patch("")
async def change_workspace(
    body: WorkspaceChange, state: StateDep, actor: CurrentActor
) -> JsonResponse[WorkspaceShown]:
    """Change the workspace.

    Only owners and admins can do this.
    """
    async with state.database.transaction() as connection:
        await workspace.change_workspace(connection, actor, body.model_dump(exclude_unset=True))
    return json_response(workspace.shown(await state.read_workspace()))
