from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Response
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from bullpen.api.http import errors, schemas
from bullpen.api.http.dependencies import CurrentActor, DatabaseDep
from bullpen.api.http.fields import Text, visible
from bullpen.api.http.responses import json_response
from bullpen.chat import search
from bullpen.chat.search_query import parse_query
from bullpen.kit.fulltext import LONGEST_SEARCH

MOST = 50

router = APIRouter(prefix="/api/search", tags=["search"], responses=errors.DOCUMENTED)


def known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, OSError, ValueError) as problem:
        message = "give a time zone like Europe/Berlin"
        raise ValueError(message) from problem
    return name


class SearchQuery(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel)

    q: Annotated[
        Text,
        Field(
            # Longer ones are refused by the query's parser, in a sentence.
            json_schema_extra={"maxLength": LONGEST_SEARCH},
            description='Words, "phrases", -not, begin*, or, from:, in:, has:, before:, after:',
        ),
        AfterValidator(visible),
    ]
    sort: search.Sort = "relevance"
    limit: Annotated[int, Field(ge=1, le=MOST)] = 20
    cursor: Annotated[Text | None, Field(max_length=300)] = None
    time_zone: Annotated[str, Field(max_length=64), AfterValidator(known_zone)] = "UTC"


@router.get("", response_model=schemas.SearchHits)
async def search_messages(
    query: Annotated[SearchQuery, Query()], database: DatabaseDep, actor: CurrentActor
) -> Response:
    """Over what one may read, also replies; days are those of `timeZone`."""
    parsed = parse_query(query.q, actor.user_id, ZoneInfo(query.time_zone))
    hits = await search.search(
        database, actor, parsed, sort=query.sort, limit=query.limit, cursor=query.cursor
    )
    return json_response(hits)
