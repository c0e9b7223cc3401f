"""Every error as `{ error, details? }`; one handler a kind."""

import logging
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from bullpen.api.http.problems import sentence_of
from bullpen.api.http.responses import json_response
from bullpen.api.http.schemas import Error
from bullpen.kit.errors import AppError, DatabaseUnavailable, TooMany

log = logging.getLogger(__name__)

DOCUMENTED: dict[int | str, dict[str, Any]] = {
    400: {"model": Error, "description": "The request does not fit"},
    401: {"model": Error, "description": "Nobody is signed in"},
    404: {"model": Error, "description": "Not there, or not for the current user"},
    503: {"model": Error, "description": "The database cannot be reached"},
}
REFUSED: dict[int | str, dict[str, Any]] = {
    403: {"model": Error, "description": "Seen, but not allowed"},
    409: {"model": Error, "description": "A duplicate"},
    413: {"model": Error, "description": "The body is too large"},
    415: {"model": Error, "description": "The body is not JSON"},
    429: {"model": Error, "description": "More than a limit allows; `Retry-After` in seconds"},
}


def body(error: str, details: Any = None) -> dict[str, Any]:
    error = encodable(error)
    return {"error": error} if details is None else {"error": error, "details": details}


def encodable(text: str) -> str:
    """An error may quote what was sent, which may hold what no JSON can."""
    return text.encode(errors="replace").decode()


async def app_error(_: Request, problem: Exception) -> Response:
    assert isinstance(problem, AppError)
    headers = None
    if isinstance(problem, TooMany):
        headers = {"Retry-After": str(problem.retry_after)}
    elif isinstance(problem, DatabaseUnavailable):
        headers = {"Retry-After": "1"}
    return json_response(body(problem.message, problem.details), problem.status, headers)


async def invalid(_: Request, problem: Exception) -> Response:
    assert isinstance(problem, RequestValidationError)
    errors = problem.errors()
    if any(error["loc"][0] == "path" for error in errors):
        return json_response(body("Not found"), 404)
    # Without the input: it may hold what no JSON can, and the sender has it.
    details = [
        {
            "loc": [encodable(part) if isinstance(part, str) else part for part in error["loc"]],
            "msg": encodable(sentence_of(error)),
            "type": error["type"],
        }
        for error in errors
    ]
    return json_response(body("Validation failed", details), 400)


async def http_error(_: Request, problem: Exception) -> Response:
    assert isinstance(problem, HTTPException)
    return json_response(body(str(problem.detail)), problem.status_code, problem.headers)


async def unexpected(request: Request, problem: Exception) -> Response:
    log.error("%s %s failed", request.method, request.url.path, exc_info=problem)
    return json_response(body("Something went wrong in Bullpen itself; its log says what."), 500)


def install(app: FastAPI) -> None:
    app.add_exception_handler(AppError, app_error)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, http_error)
    app.add_exception_handler(Exception, unexpected)
