"""How routes describe themselves: by their docstring and by what they are annotated to return."""

from collections.abc import Callable
from inspect import cleandoc
from typing import Any

from fastapi import APIRouter

from bullpen.api.http.methods import CHANGING

# The schema of errors is the same for all; see `bullpen.api.http.openapi`.
REFUSALS: dict[int | str, dict[str, Any]] = {
    400: {"description": "The request is not valid."},
    401: {"description": "There is no session, or it has ended."},
    403: {"description": "The current user cannot do this."},
    404: {"description": "It does not exist, or the current user cannot see it."},
    409: {"description": "It does not fit what is stored."},
    429: {"description": "A limit is reached. Retry after `Retry-After` seconds."},
    503: {"description": "The database is unavailable. Retry after `Retry-After` seconds."},
}
REFUSALS_OF_CHANGES: dict[int | str, dict[str, Any]] = {
    413: {"description": "The request body is too large."},
    415: {"description": "The request body is not sent as JSON."},
}


class Router(APIRouter):
    """The first line of a route's docstring is its summary, the rest its description."""

    def add_api_route(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        summary, _, description = cleandoc(endpoint.__doc__ or "").partition("\n\n")
        changes = not CHANGING.isdisjoint(options.get("methods") or ())
        options["responses"] = {
            **REFUSALS,
            **(REFUSALS_OF_CHANGES if changes else {}),
            **(options.get("responses") or {}),
        }
        options["summary"] = summary.rstrip(".")
        # The framework would end a line wherever the source does.
        options["description"] = " ".join(description.split())
        # The document has it from the return annotation, and nothing is checked at run time.
        options["response_model"] = None
        super().add_api_route(path, endpoint, **options)
