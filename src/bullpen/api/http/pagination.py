"""The page that a request asks for, and the Link header that names its neighbours."""

from collections.abc import Callable, Coroutine
from functools import lru_cache
from inspect import signature
from typing import Annotated, Any, Protocol, Self, TypeVar
from urllib.parse import parse_qsl, quote
from uuid import UUID

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field, TypeAdapter, ValidationError, model_validator

from bullpen.api.http.dependencies import identified_actor
from bullpen.api.http.errors import not_an_id
from bullpen.api.http.fast_path import FastHandler, FastRoute
from bullpen.api.http.responses import WORTH_COMPRESSING, JsonResponse, json_response
from bullpen.api.http.sources import source_of
from bullpen.api.http.state import state_of
from bullpen.chat.newest_pages import SIZE, NewestPage
from bullpen.chat.queries import Message
from bullpen.kit.pagination import Page, Window

LARGEST_PAGE = 200
Limit = Annotated[int, Field(ge=1, le=LARGEST_PAGE, description="Maximum number of items.")]


class WithId(Protocol):
    id: UUID


Identified = TypeVar("Identified", bound=WithId)


class PageQuery(BaseModel):
    limit: Limit = 50
    before: Annotated[UUID | None, Field(description="The page before this message.")] = None
    after: Annotated[UUID | None, Field(description="The page after this message.")] = None
    around: Annotated[UUID | None, Field(description="The page with this message in it.")] = None

    @model_validator(mode="after")
    def one_side(self) -> Self:
        if [self.before, self.after, self.around].count(None) < 2:  # noqa: PLR2004 - of the three
            message = "send only one of 'before', 'after' and 'around'"
            raise ValueError(message)
        return self

    def window(self) -> Window:
        if self.before is not None:
            return Window(self.limit, "before", self.before)
        if self.after is not None:
            return Window(self.limit, "after", self.after)
        if self.around is not None:
            return Window(self.limit, "around", self.around)
        return Window(self.limit)


@lru_cache(maxsize=1024)
def query_of(query_string: bytes) -> PageQuery:
    given = dict(parse_qsl(query_string.decode("latin-1"), keep_blank_values=True))
    try:
        return PageQuery.model_validate(given)
    except ValidationError as problem:
        problems = [error | {"loc": ("query", *error["loc"])} for error in problem.errors()]
        raise RequestValidationError(problems) from problem


class PageRoute(FastRoute):
    """Calls `endpoint(key, request, query, database, actor)`."""

    def make_fast_handler(self) -> FastHandler:
        name, parameter = next(iter(signature(self.endpoint).parameters.items()))
        key_type: TypeAdapter[Any] = TypeAdapter(parameter.annotation)
        endpoint: Callable[..., Coroutine[Any, Any, Response]] = self.endpoint

        async def handle(request: Request) -> Response:
            try:
                key = key_type.validate_python(request.path_params[name])
            except ValidationError as problem:
                raise not_an_id(name) from problem
            query = query_of(request.scope["query_string"])
            database = state_of(request).database
            return await endpoint(key, request, query, database, await identified_actor(request))

        return handle


@lru_cache(maxsize=1024)
def address(origin: str, path: str) -> str:
    # HTTP/1.0 names no host; a link may be relative.
    return origin + quote(path)


def newest_page_response(request: Request, page: NewestPage) -> JsonResponse[list[Message]]:
    headers = {}
    if page.older:
        here = address(source_of(request.scope).origin, request.scope["path"])
        headers["Link"] = f'<{here}?limit={SIZE}&before={page.first_id}>; rel="prev"'
    content = page.content
    if len(content) >= WORTH_COMPRESSING and "gzip" in request.headers.get("accept-encoding", ""):
        content = page.gzip()
        headers |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    return JsonResponse(content, headers=headers)


def page_response(
    request: Request, page: Page[Identified], limit: int
) -> JsonResponse[list[Identified]]:
    links = []
    if page.items:
        here = address(source_of(request.scope).origin, request.scope["path"])
        if page.older:
            links.append(f'<{here}?limit={limit}&before={page.items[0].id}>; rel="prev"')
        if page.newer:
            links.append(f'<{here}?limit={limit}&after={page.items[-1].id}>; rel="next"')
    return json_response(page.items, headers={"Link": ", ".join(links)} if links else None)
