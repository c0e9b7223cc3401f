from bullpen.api.http.dependencies import CurrentActor, DatabaseDep
from bullpen.api.http.event_id import HEADER
from bullpen.api.http.responses import JsonResponse, json_response
from bullpen.api.http.router import Router
from bullpen.chat.queries import Sidebar, sidebar

router = Router(prefix="/api/sidebar", tags=["unreads"])


@router.get("")
async def get_sidebar(database: DatabaseDep, actor: CurrentActor) -> JsonResponse[Sidebar]:
    """Get what the sidebar shows.

    Returns the unread mentions of the current user, the unread threads that they follow, and the
    channels that they have starred or muted.
    Apply only events with a number above the `X-Event-Id` header to them.
    """
    found, event_id = await sidebar(database, actor)
    return json_response(found, headers={HEADER: str(event_id)})
