"""Where the workspace lives, and making it ready: found, reachable, migrated, seeded."""

import ssl
import sys
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

import asyncpg

from bullpen.backup import marker
from bullpen.kit.database import CONNECTIONS as POOL
from bullpen.kit.database import GONE, connect, patiently
from bullpen.kit.database_url import refused_options
from bullpen.kit.errors import StartupError
from bullpen.kit.postgres import CONNECTIONS, EmbeddedPostgres
from bullpen.kit.progress import STEPS, Progress
from bullpen.migrations import run as migrations
from bullpen.packs.pack import Pack
from bullpen.packs.reader import BUNDLED_ID, bundled, read_pack
from bullpen.packs.seed import seed
from bullpen.settings import Settings

OLDEST = 15
# Of a process, to listen for notifications.
LISTENING = 1
FOR_COMMANDS = 20
INITIALISING, MIGRATING, SEEDING = STEPS


@dataclass(frozen=True, slots=True)
class DatabaseLocation:
    """`url` may lead through a pooler; `unpooled_url` is for migrations and LISTEN."""

    url: str
    unpooled_url: str
    embedded: EmbeddedPostgres | None
    # The pack that was asked for; None stands for the bundled one, which is read when needed.
    pack: Pack | None

    def stop(self) -> None:
        if self.embedded is not None:
            self.embedded.stop()


def connections_for(web_processes: int) -> int:
    """What these, a worker, and as many commands as anybody runs beside them may need."""
    return max(CONNECTIONS, (POOL + LISTENING) * (web_processes + 1) + FOR_COMMANDS)


def locate(settings: Settings, progress: Progress) -> DatabaseLocation:
    """Starts or joins the embedded Postgres where no other is named; from the main thread."""
    # First, so that a pack with errors leaves nothing behind.
    pack = None if settings.pack is None else read_pack(settings.pack)
    url, unpooled = settings.database_url, settings.database_url_unpooled
    if url or unpooled:
        return DatabaseLocation(url or unpooled or "", unpooled or url or "", None, pack)
    embedded = EmbeddedPostgres.start(
        settings.data_dir,
        initialising=lambda: progress.step(INITIALISING),
        connections=connections_for(settings.workers),
    )
    # Each pack has a database of its own, so that two workspaces do not mix in one data folder.
    url = embedded.url((pack.id if pack else BUNDLED_ID).replace("-", "_"))
    return DatabaseLocation(url, url, embedded, pack)


async def check(location: DatabaseLocation, *, restoring: bool = False) -> str:
    """What answers there, for people; an error where nothing useful does, and where a restore was
    interrupted, unless this is to restore."""
    if location.embedded is not None:
        await require_database(location.embedded, location.url)
    described = [
        await check_url(url, restoring=restoring)
        for url in dict.fromkeys((location.url, location.unpooled_url))
    ]
    for name in sorted(refused_options):
        sys.stderr.write(f"bullpen: left out '{name}' of DATABASE_URL: this Postgres refuses it\n")
    return described[-1]


async def require_database(embedded: EmbeddedPostgres, url: str) -> None:
    try:
        connection = await connect(url, pooled=True)
    except asyncpg.InvalidCatalogNameError:
        embedded.create_database(urlsplit(url).path.removeprefix("/"))
    else:
        await connection.close()


async def check_url(url: str, *, restoring: bool = False) -> str:
    try:
        connection = await patiently(
            lambda: connect(url, pooled=True), (asyncpg.CannotConnectNowError,)
        )
    except (*GONE, asyncpg.PostgresError, ssl.SSLError, ValueError) as problem:
        raise StartupError(
            f"cannot reach the database at {address(url)}: {reason(problem)}"
        ) from problem
    try:
        async with connection.transaction():
            number = int(await connection.fetchval("SHOW server_version_num"))
            row = await connection.fetchrow(
                "SELECT current_database(), current_user, current_setting('server_encoding')"
            )
            if not restoring:
                await marker.require_whole(connection)
    finally:
        await connection.close()
    require_version(number, address(url))
    require_encoding(row[2], row[0])
    return f"PostgreSQL {number // 10000}.{number % 100}, database '{row[0]}' as '{row[1]}'"


def require_version(number: int, where: str) -> None:
    if number // 10000 < OLDEST:
        raise StartupError(
            f"the Postgres at {where} is version {number // 10000}; Bullpen needs {OLDEST} or newer"
        )


def require_encoding(encoding: str, name: str) -> None:
    """In another one, half of a workspace could be stored before a text is refused."""
    if encoding != "UTF8":
        quoted = name.replace('"', '""')
        raise StartupError(
            f"the database '{name}' has the encoding {encoding}; Bullpen needs UTF8."
            f" Create one with CREATE DATABASE \"{quoted}_utf8\" ENCODING 'UTF8'"
            " LOCALE 'C.UTF-8' TEMPLATE template0, and name it in DATABASE_URL"
        )


def address(url: str) -> str:
    """Without the password."""
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    host = parts.hostname or options.get("host", "localhost")
    return f"{host}:{parts.port or options.get('port', 5432)}{parts.path}"


def reason(problem: BaseException) -> str:
    match problem:
        case TimeoutError():
            return "it does not answer"
        case asyncpg.InvalidPasswordError() | asyncpg.InvalidAuthorizationSpecificationError():
            return f"{problem}; check the user and password in DATABASE_URL"
        case asyncpg.InvalidCatalogNameError():
            return f"{problem}; create it with createdb, or correct DATABASE_URL"
        case ConnectionRefusedError():
            return "nothing is listening there"
        case OSError() if problem.strerror:
            return problem.strerror
    return str(problem).strip().splitlines()[0] if str(problem).strip() else type(problem).__name__


async def prepare(location: DatabaseLocation, settings: Settings, progress: Progress) -> str:
    """Migrates, and seeds a database that holds no workspace yet; says what it did, for people."""
    try:
        await check(location)
        applied = await migrations.migrate(
            location.unpooled_url, beginning=lambda: progress.step(MIGRATING), say=progress.detail
        )
        present = await workspace(location)
        added = None
        # Without --pack, a database is served as what it holds.
        if present is None or (
            location.pack is not None and present["pack_id"] != location.pack.id
        ):
            progress.step(SEEDING)
            added = await load(location, settings)
            present = await workspace(location)
    finally:
        # Before its line is printed.
        progress.close()
    assert present is not None
    where = address(location.url) if location.embedded is None else settings.data_dir
    if added is not None:
        counts = summary({table: added[table] for table in ("agents", "messages")})
        return f"Created the workspace {present['name']} in {where}: {counts}"
    updated = f"Updated the database ({', '.join(applied)}) and opened" if applied else "Opened"
    return f"{updated} the workspace {present['name']} in {where}"


async def workspace(location: DatabaseLocation) -> asyncpg.Record | None:
    connection = await connect(location.unpooled_url, pooled=True)
    try:
        async with connection.transaction():
            return await connection.fetchrow("SELECT pack_id, name FROM workspace")
    finally:
        await connection.close()


async def load(location: DatabaseLocation, settings: Settings) -> dict[str, int]:
    pack = location.pack or read_pack(bundled())
    connection = await connect(location.unpooled_url, pooled=True)
    try:
        async with connection.transaction():
            # Two programs that seed at once would wait for each other's rows.
            await connection.execute("LOCK TABLE workspace IN SHARE ROW EXCLUSIVE MODE")
            return await seed(connection, pack, settings.anchor, settings.time_zone)
    finally:
        await connection.close()


def summary(added: dict[str, int]) -> str:
    parts = [
        f"{count} {table.replace('_', ' ').removesuffix('s' if count == 1 else '')}"
        for table, count in added.items()
        if count
    ]
    return ", ".join(parts) or "nothing that was not there already"
