from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import Query
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from bullpen.api.http.dependencies import CurrentActor, DatabaseDep
from bullpen.api.http.fields import Text, TimeZone, visible
from bullpen.api.http.responses import JsonResponse, json_response
from bullpen.api.http.router import Router
from bullpen.chat import search
from bullpen.chat.search_query import parse_query
from bullpen.kit.fulltext import LONGEST_SEARCH

MOST = 50

router = Router(prefix="/api/search", tags=["search"])


class SearchQuery(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel)

    q: Annotated[
        Text,
        Field(
            # Longer ones are refused by the query's parser, in a sentence.
            json_schema_extra={"maxLength": LONGEST_SEARCH},
            description='Words, "phrases", -not, begin*, or, from:, in:, has:, before:, after:.',
        ),
        AfterValidator(visible),
    ]
    sort: Annotated[search.Sort, Field(description="Best matches or newest first.")] = "relevance"
    limit: Annotated[int, Field(ge=1, le=MOST, description="Maximum number of results.")] = 20
    cursor: Annotated[
        Text | None, Field(max_length=300, description="`nextCursor` of the previous page.")
    ] = None
    time_zone: Annotated[
        TimeZone, Field(description="Time zone of the dates in `q`, like `Europe/Berlin`.")
    ] = "UTC"


@router.get("")
async def search_messages(
    query: Annotated[SearchQuery, Query()], database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[search.Hits]:
    """Search messages.

    Searches the messages and replies that the current user can read. All words must match, in
    any form. Filters are `from:`, `in:`, `has:`, `before:` and `after:`; put phrases in quotes,
    exclude words with `-`, and end a word with `*` to match how words begin.
    """
    parsed = parse_query(query.q, actor.user_id, ZoneInfo(query.time_zone))
    hits = await search.search(
        database, actor, parsed, sort=query.sort, limit=query.limit, cursor=query.cursor
    )
    return json_response(hits)
