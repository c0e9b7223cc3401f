import datetime as dt
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, Field

from bullpen.api.http.dependencies import CurrentActor, DatabaseDep
from bullpen.api.http.responses import JsonResponse, json_response
from bullpen.api.http.router import Router
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import Invalid
from bullpen.runs.usage import UsageKey, UsageShown, usage

router = Router(prefix="/api/usage", tags=["workspace"])

DEFAULT_DAYS = 30
MOST_DAYS = 366
ORDER = f"'from' must not be after 'to', and at most {MOST_DAYS} days can be asked for."


class UsageQuery(BaseModel):
    by: Annotated[UsageKey, Field(description="What to add up by.")] = "agent"
    first: Annotated[
        dt.date | None,
        Field(alias="from", description="First day (UTC). Left out: 29 days before the last one."),
    ] = None
    last: Annotated[
        dt.date | None, Field(alias="to", description="Last day (UTC). Left out: today.")
    ] = None


@router.get("")
async def get_usage(
    query: Annotated[UsageQuery, Query()], database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[UsageShown]:
    """Get usage and cost.

    Runs, model calls, tokens and cost in a range of days, added up by agent, person, model,
    channel or day. Private channels that the current user cannot read are one row without a key.
    Only owners and admins can do this.
    """
    last = query.last or dt.datetime.now(dt.UTC).date()
    # Earlier than the calendar goes is refused below.
    earliest = max(last.toordinal() - DEFAULT_DAYS + 1, 1)
    first = query.first or dt.date.fromordinal(earliest)
    if not 0 <= (last - first).days < MOST_DAYS:
        raise Invalid(ErrorCode.VALIDATION_FAILED, ORDER)
    return json_response(await usage(database, actor, query.by, first, last))
