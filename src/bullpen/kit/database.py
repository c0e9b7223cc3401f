"""The pool of connections that the running program reads and writes through.

Statements go to the driver as SQL, and rows come back as they are: SQLAlchemy describes the
schema and migrates it, and is not loaded to serve (decision 0004).
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any, Protocol, Self, TypeVar

import asyncpg

from bullpen.kit.connection import Connection
from bullpen.kit.database_url import driver_url, note_refused
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import Conflict, DatabaseUnavailable, Invalid, NotFound

T = TypeVar("T")
log = logging.getLogger(__name__)

CONNECT_SECONDS = 5
STARTING_SECONDS = 30
AGAIN_SECONDS = 0.2
STATEMENT_SECONDS = 30
CONNECTIONS = 10
TRIES = 3

GONE = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.QueryCanceledError,
    asyncpg.InvalidCatalogNameError,
)

# The connection's end, not the statement's: on another connection the same read may succeed.
LOST = (
    ConnectionError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
)


# What statements rely on, regardless of the server's own configuration: compiling a plan takes
# longer than any of them, and `serializable` would fail what waits for a lock.
SESSION_SETTINGS = {"jit": "off", "default_transaction_isolation": "read committed"}
# Behind a pooler, each transaction says so itself: a pooler refuses such parameters.
POOLED_SETTINGS = "SET LOCAL jit = off"


async def connect(url: str, *, pooled: bool) -> asyncpg.Connection:
    while True:
        try:
            return await connect_once(url, pooled=pooled)
        except asyncpg.PostgresError as problem:
            if not note_refused(url, problem):
                raise


async def connect_once(url: str, *, pooled: bool) -> asyncpg.Connection:
    return await asyncpg.connect(
        driver_url(url),
        connection_class=Connection,
        timeout=CONNECT_SECONDS,
        command_timeout=STATEMENT_SECONDS,
        # A pooler in transaction mode hands each transaction another server, which has not
        # prepared what the one before it has.
        statement_cache_size=0 if pooled else 200,
        server_settings={"application_name": "bullpen"} | ({} if pooled else SESSION_SETTINGS),
    )


async def patiently(
    work: Callable[[], Awaitable[T]],
    away: tuple[type[Exception], ...] = (*GONE, DatabaseUnavailable),
) -> T:
    """Tries again for a while: a database that starts, or starts again, refuses for a moment."""
    begin = time.monotonic()
    reported = False
    while True:
        try:
            return await work()
        except away:
            if time.monotonic() > begin + STARTING_SECONDS:
                raise
        if not reported:
            log.warning("bullpen: waiting for the database, which is away")
            reported = True
        await asyncio.sleep(AGAIN_SECONDS)


async def is_pooled(url: str) -> bool:
    """A pooler invents the backend's process id that it tells its clients."""
    connection = await connect(url, pooled=True)
    try:
        async with connection.transaction():
            real = await connection.fetchval("SELECT pg_backend_pid()")
        return bool(real != connection.get_server_pid())
    finally:
        await connection.close()


class Reader(Protocol):
    """What a read needs: the pool, or the connection whose transaction it is to be part of."""

    async def fetch(self, sql: str, /, *args: Any) -> Sequence[asyncpg.Record]: ...


async def fetch_one(reader: Reader, sql: str, *args: object) -> asyncpg.Record | None:
    rows = await reader.fetch(sql, *args)
    return rows[0] if rows else None


async def no_reset(_: asyncpg.Connection) -> None:
    """Nothing here outlives its transaction, so a connection goes back without a statement."""


class Database:
    def __init__(self, pool: asyncpg.Pool, *, pooled: bool) -> None:
        self.pooled = pooled
        self._pool = pool

    @classmethod
    async def open(cls, url: str) -> Self:
        pooled = await is_pooled(url)

        async def make(*_: object, **__: object) -> asyncpg.Connection:
            return await connect(url, pooled=pooled)

        pool = asyncpg.create_pool(
            driver_url(url), min_size=0, max_size=CONNECTIONS, connect=make, reset=no_reset
        )
        await pool
        return cls(pool, pooled=pooled)

    async def close(self) -> None:
        self._pool.terminate()

    def pool_use(self) -> tuple[int, int, int]:
        """How many connections are open, how many of those are idle, and how many there may be."""
        return self._pool.get_size(), self._pool.get_idle_size(), self._pool.get_max_size()

    async def fetch(self, sql: str, /, *args: object) -> Sequence[asyncpg.Record]:
        """One read that is a transaction of its own."""
        return await self._try(sql, args, readonly=True)

    async def write(self, sql: str, *args: object) -> Sequence[asyncpg.Record]:
        """One write that is a transaction of its own, and may be done again: it may have been
        done when its connection broke."""
        return await self._try(sql, args, readonly=False)

    async def _try(
        self, sql: str, args: tuple[object, ...], *, readonly: bool
    ) -> Sequence[asyncpg.Record]:
        for remaining in reversed(range(TRIES)):
            try:
                return await self._fetch(sql, args, readonly=readonly)
            except Exception as problem:
                if not remaining or not isinstance(problem, LOST):
                    raise_app_error(problem)
                    raise
            # The others are lost as well, mostly, and the pool would hand them out until
            # it has noticed; also this one, in whatever state it broke off.
            await self._pool.expire_connections()
        raise AssertionError

    async def fetch_one(self, sql: str, *args: object) -> asyncpg.Record | None:
        return await fetch_one(self, sql, *args)

    async def _fetch(
        self, sql: str, args: tuple[object, ...], *, readonly: bool
    ) -> Sequence[asyncpg.Record]:
        # To watch the time costs more than to take a connection that is there.
        timeout = None if self._pool.get_idle_size() else CONNECT_SECONDS
        async with self._pool.acquire(timeout=timeout) as connection:
            if not self.pooled:
                return await connection.fetch(sql, *args)  # type: ignore[no-any-return]
            # Parsing and executing must reach the same server behind the pooler.
            async with connection.transaction(isolation="read_committed", readonly=readonly):
                await connection.execute(POOLED_SETTINGS)
                return await connection.fetch(sql, *args)  # type: ignore[no-any-return]

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[asyncpg.Connection]:
        with translate_errors():
            async with (
                self._pool.acquire(timeout=CONNECT_SECONDS) as connection,
                connection.transaction(isolation="read_committed"),
            ):
                if self.pooled:
                    await connection.execute(POOLED_SETTINGS)
                yield connection


# What a trigger calls the rule that `@` and a name mean one member or user group.
ONE_NAME = "one_name"


@contextmanager
def translate_errors() -> Iterator[None]:
    """Actions check what they can; this is for what somebody else did at the same moment."""
    try:
        yield
    except Exception as problem:
        raise_app_error(problem)
        raise


def raise_app_error(problem: Exception) -> None:
    """Raises an error with advice, where people can do something about it."""
    match problem:
        case asyncpg.UniqueViolationError() if problem.constraint_name == ONE_NAME:
            raise Conflict(
                ErrorCode.NAME_TAKEN,
                "A member or user group goes by this name already. Choose another name.",
            ) from problem
        case asyncpg.UniqueViolationError():
            raise Conflict(
                ErrorCode.ID_TAKEN, "This already exists. Reload, or choose another id."
            ) from problem
        case asyncpg.ForeignKeyViolationError():
            raise NotFound(
                ErrorCode.NOT_FOUND, "This was deleted in the meantime. Reload and try again."
            ) from problem
        case asyncpg.CheckViolationError() | asyncpg.DataError():
            raise Invalid(
                ErrorCode.VALIDATION_FAILED, "Validation failed", str(problem)
            ) from problem
        case asyncpg.DeadlockDetectedError() | asyncpg.SerializationError():
            raise Conflict(
                ErrorCode.CHANGED_MEANWHILE,
                "Someone else changed this at the same moment. Try again.",
            ) from problem
        case asyncpg.DiskFullError():
            raise DatabaseUnavailable(
                ErrorCode.DATABASE_FULL,
                "The database's disk is full. Free some space on it, then try again.",
            ) from problem
        case asyncpg.ReadOnlySQLTransactionError():
            raise DatabaseUnavailable(
                ErrorCode.DATABASE_READ_ONLY,
                "The database is read-only right now, so nothing can be saved. Try again later.",
            ) from problem
        case asyncpg.InsufficientResourcesError():
            raise DatabaseUnavailable(
                ErrorCode.DATABASE_FULL,
                "The database has no room for this right now. Try again in a moment.",
            ) from problem
        case _ if isinstance(problem, (*GONE, asyncpg.OperatorInterventionError)):
            raise DatabaseUnavailable(
                ErrorCode.DATABASE_UNAVAILABLE,
                "The database cannot be reached right now. Try again in a moment.",
            ) from problem
