"""The page that a request asks for, and the Link header that names its neighbours."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query, Request, Response

from bullpen.api.answers import answer
from bullpen.kit.errors import Invalid
from bullpen.kit.pages import Page, Window

MOST = 200


def window(
    limit: Annotated[int, Query(ge=1, le=MOST)] = 50,
    before: Annotated[UUID | None, Query(description="The page before this message")] = None,
    after: Annotated[UUID | None, Query(description="The page after this message")] = None,
) -> Window:
    if before is not None and after is not None:
        raise Invalid("Validation failed", "give either 'before' or 'after', not both")
    if before is not None:
        return Window(limit, "before", before)
    if after is not None:
        return Window(limit, "after", after)
    return Window(limit)


WindowOf = Annotated[Window, Depends(window)]


def paged(request: Request, page: Page[Any], limit: int) -> Response:
    links = []
    if page.items:
        address = request.url.replace(query="")
        if page.older:
            links.append(f'<{address}?limit={limit}&before={page.items[0].id}>; rel="prev"')
        if page.newer:
            links.append(f'<{address}?limit={limit}&after={page.items[-1].id}>; rel="next"')
    return answer(page.items, headers={"Link": ", ".join(links)} if links else None)
