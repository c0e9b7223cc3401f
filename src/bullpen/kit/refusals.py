"""Why a database refuses what a start needs, in one line that says what to do."""

import asyncpg

from bullpen.kit.database import GONE


def of(problem: BaseException) -> str | None:
    """None where the database is not the reason."""
    found = cause(problem)
    match found:
        case None:
            return None
        case asyncpg.ReadOnlySQLTransactionError():
            return (
                "the database is read-only: name its primary server in DATABASE_URL, or allow"
                " writing with ALTER DATABASE ... SET default_transaction_read_only = off"
            )
        case asyncpg.InvalidSchemaNameError():
            return (
                "no schema of the database user's search_path exists: create one, or set"
                " search_path to public"
            )
        case asyncpg.InsufficientPrivilegeError():
            return (
                f"the database refused: {first_line(found)}; let the user create tables there, as"
                " with GRANT CREATE ON SCHEMA public TO ..."
            )
        case asyncpg.DiskFullError():
            return "the database's disk is full: free some space on it, then start again"
        case asyncpg.LockNotAvailableError():
            return "another program holds a lock on the database's tables: end it, then start again"
    return f"the database refused: {first_line(found)}"


def cause(problem: BaseException | None) -> BaseException | None:
    """The driver's error, which SQLAlchemy wraps."""
    if isinstance(problem, GONE):
        return problem
    while problem is not None and not isinstance(problem, asyncpg.PostgresError):
        problem = problem.__cause__
    return problem


def first_line(problem: BaseException) -> str:
    return (str(problem).strip() or type(problem).__name__).splitlines()[0]
