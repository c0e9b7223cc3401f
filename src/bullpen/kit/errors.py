"""Errors that people see: each has a stable code, which also decides the status of the answer.

The classes exist so that callers can catch one kind.
"""

from typing import Any

from bullpen.kit.error_codes import ErrorCode


class StartupError(Exception):
    """Ends the program with a non-zero exit; the message is one line that says what to do."""


class AppError(Exception):
    """An answer other than success. `message` says what is wrong and what to do."""

    def __init__(self, code: ErrorCode, message: str, details: Any = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.details = details


class Invalid(AppError):
    """400: the request itself is wrong."""


class SignInRequired(AppError):
    """401."""


class SignInRefused(AppError):
    """A sign-in that fails for another reason than a wrong password."""


class Forbidden(AppError):
    """403: the actor may see it, but not do this."""


class NotFound(AppError):
    """404, also for what the actor may not see: the same answer as for what does not exist."""

    def __init__(self, code: ErrorCode, message: str | None = None) -> None:
        super().__init__(code, message or f"{code.capitalize().replace('_', ' ')}.")


class Conflict(AppError):
    """409: it does not fit what is stored."""


class TooMany(AppError):
    """429: more than a limit allows."""

    def __init__(self, code: ErrorCode, message: str, retry_after: int) -> None:
        super().__init__(code, message)
        # In seconds.
        self.retry_after = retry_after


class DatabaseUnavailable(AppError):
    """503."""


class FileStorageUnavailable(AppError):
    """503: the bucket that has the content of files."""
