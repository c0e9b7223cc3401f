"""Errors that people see: one class per answer, each with a status and a stable code."""

from typing import Any


class StartupError(Exception):
    """Ends the program with a non-zero exit; the message is one line that says what to do."""


class AppError(Exception):
    """An answer other than success; the class name is the stable code."""

    status = 500

    def __init__(self, message: str, details: Any = None) -> None:
        super().__init__(message)
        self.message = message
        self.details = details


class Invalid(AppError):
    status = 400


class SignInRequired(AppError):
    status = 401


class Forbidden(AppError):
    status = 403


class NotFound(AppError):
    """Also for what the actor may not see: the same answer as for what does not exist."""

    status = 404


class Conflict(AppError):
    status = 409


class TooMany(AppError):
    """More than a limit allows."""

    status = 429

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        # In seconds.
        self.retry_after = retry_after


class DatabaseUnavailable(AppError):
    status = 503
