"""Every error as `{ error, code, details? }`; one handler a kind."""

import logging
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from msgspec import UNSET, Meta, Struct, UnsetType
from starlette.exceptions import HTTPException

from bullpen.api.http.problems import sentence_of
from bullpen.api.http.responses import json_response
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import AppError, DatabaseUnavailable, NotFound, SignInRequired, TooMany

log = logging.getLogger(__name__)


class Error(Struct):
    """Why a request was refused or failed."""

    error: Annotated[str, Meta(description="What is wrong and what to do, for people.")]
    code: ErrorCode
    details: (
        Annotated[
            Any,
            Meta(description="More about some errors, such as the invalid fields; else left out."),
        ]
        | UnsetType
    ) = UNSET


class FileTooLarge(HTTPException):
    """Found while a file arrives; only this class passes through the reading of a body."""

    def __init__(self, text: str) -> None:
        super().__init__(413, text, {"Connection": "close"})


# By status: what Starlette and FastAPI refuse by themselves.
RAISED_BY_FRAMEWORK = {
    400: (ErrorCode.MALFORMED_REQUEST, "The request body cannot be read. Send JSON in UTF-8."),
    404: (ErrorCode.NOT_FOUND, "There is nothing at this address. /api/docs lists all routes."),
    405: (
        ErrorCode.METHOD_NOT_ALLOWED,
        "This address does not support this method. /api/docs lists all routes.",
    ),
    # By the guard, whose text it is: only this class passes through the reading of a body.
    413: (ErrorCode.BODY_TOO_LARGE, ""),
}


def refusal(
    code: ErrorCode, error: str, details: Any = None, headers: Mapping[str, str] | None = None
) -> Response:
    error = encodable(error)
    content = Error(error, code) if details is None else Error(error, code, details)
    return json_response(content, code.status, headers)


def encodable(text: str) -> str:
    """An error may quote what was sent, which may hold what no JSON can."""
    return text.encode(errors="replace").decode()


# By the name of the path parameter: an id of the wrong form is answered as one that is not there.
MISSING = {
    "file_id": ErrorCode.FILE_NOT_FOUND,
    "preview_id": ErrorCode.PREVIEW_NOT_FOUND,
    "message_id": ErrorCode.MESSAGE_NOT_FOUND,
    "invitation_id": ErrorCode.INVITATION_NOT_FOUND,
    "session_id": ErrorCode.SESSION_NOT_FOUND,
    "passage_id": ErrorCode.PASSAGE_NOT_FOUND,
    "recurring_id": ErrorCode.RECURRING_MESSAGE_NOT_FOUND,
    "pause_id": ErrorCode.PAUSE_NOT_FOUND,
    "group_id": ErrorCode.USER_GROUP_NOT_FOUND,
    "run_id": ErrorCode.RUN_NOT_FOUND,
    "experiment_id": ErrorCode.EXPERIMENT_NOT_FOUND,
    "trial_id": ErrorCode.EXPERIMENT_NOT_FOUND,
    "post_id": ErrorCode.SCHEDULED_POST_NOT_FOUND,
    "scheduled_id": ErrorCode.SCHEDULED_MESSAGE_NOT_FOUND,
    "step_number": ErrorCode.REQUEST_NOT_FOUND,
    "token_id": ErrorCode.TOKEN_NOT_FOUND,
    "person_id": ErrorCode.USER_NOT_FOUND,
    "user_id": ErrorCode.USER_NOT_FOUND,
    "agent_id": ErrorCode.AGENT_NOT_FOUND,
    "channel_id": ErrorCode.CHANNEL_NOT_FOUND,
    "label": ErrorCode.MEMORY_BLOCK_NOT_FOUND,
}


def not_an_id(parameter: str) -> NotFound:
    return NotFound(MISSING[parameter])


async def app_error(_: Request, problem: Exception) -> Response:
    assert isinstance(problem, AppError)
    headers = None
    if isinstance(problem, TooMany):
        headers = {"Retry-After": str(problem.retry_after)}
    elif isinstance(problem, SignInRequired):
        headers = {"WWW-Authenticate": "Bearer"}
    elif isinstance(problem, DatabaseUnavailable):
        headers = {"Retry-After": "1"}
    return refusal(problem.code, problem.message, problem.details, headers)


async def invalid(request: Request, problem: Exception) -> Response:
    assert isinstance(problem, RequestValidationError)
    errors = problem.errors()
    for error in errors:
        if error["loc"][0] == "path":
            return await app_error(request, not_an_id(str(error["loc"][1])))
    # Without the input: it may hold what no JSON can, and the sender has it.
    details = [
        {
            "loc": [encodable(part) if isinstance(part, str) else part for part in error["loc"]],
            "msg": encodable(sentence_of(error)),
            "type": error["type"],
        }
        for error in errors
    ]
    return refusal(ErrorCode.VALIDATION_FAILED, "Validation failed", details)


async def http_error(_: Request, problem: Exception) -> Response:
    assert isinstance(problem, HTTPException)
    code, text = RAISED_BY_FRAMEWORK[problem.status_code]
    if isinstance(problem, FileTooLarge):
        code = ErrorCode.FILE_TOO_LARGE
    return refusal(code, text or str(problem.detail), headers=problem.headers)


async def unexpected(request: Request, problem: Exception) -> Response:
    log.error("%s %s failed", request.method, request.url.path, exc_info=problem)
    return refusal(
        ErrorCode.INTERNAL_ERROR, "Something went wrong in Bullpen. See its log for the details."
    )


def install(app: FastAPI) -> None:
    app.add_exception_handler(AppError, app_error)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, http_error)
    app.add_exception_handler(Exception, unexpected)
