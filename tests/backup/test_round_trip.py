"""What is backed up is what is restored, to the byte."""

import stat
import threading
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest
from tests.support.backups import QUIET, back_up, done, holds, manifest_of, restore
from tests.support.catalog import TABLES, contents, fetch, schema
from tests.support.fixtures import complete, database_of
from tests.support.plain import http_client
from tests.support.posting import post
from tests.support.program import bullpen, running, until
from tests.support.serving import serving
from tests.support.tools import pgbouncer

from bullpen.backup.save import save_from
from bullpen.kit.database import connect

pytestmark = pytest.mark.timeout(300)

ODD = ("Tab\there", "back\\slash \\N \\.", "two\nlines\r\nthree", "🥐 \u202e", "", "\\")
IN_USE = (
    "a Bullpen server or worker uses this database, so nothing was restored:"
    " stop it, and restore again"
)
NUMBERED = "INSERT INTO events (kind, payload) SELECT 'reset', $1 FROM generate_series(1, 9)"
FILES = {"secret.key": bytes(range(256)), "sessions/pam/talk.jsonl": b"{}\n"}


def write_odd_rows(url: str) -> None:
    """What a text format could confuse, and what only agents at work leave."""
    for text in ODD:
        fetch(
            url, "INSERT INTO messages (channel_id, user_id, text) VALUES ('sales','pam',$1)", text
        )
    fetch(url, "UPDATE agents SET max_budget_usd = 0.1::real / 3, session_id = '\\N'")
    fetch(url, "INSERT INTO spending (day, spent_usd) VALUES ('0044-03-15 BC', 1e-300)")
    fetch(url, "UPDATE message_words SET words = 'kept'::tsvector")
    fetch(url, NUMBERED, '{"a": 1.50}')
    fetch(url, "SELECT nextval('events_id_seq') FROM generate_series(1, 5)")


def test_a_restored_place_is_the_one_that_was_backed_up(tmp_path: Path, url: str, empty_url: str):
    write_odd_rows(url)
    data_dir = tmp_path / "data"
    for name, content in FILES.items():
        (data_dir / name).parent.mkdir(parents=True, exist_ok=True)
        (data_dir / name).write_bytes(content)
    before = holds(url)
    target = tmp_path / "whole.backup"
    said = done(back_up(url, target, data_dir))
    rows = sum(len(lines) for name, lines in before[0].items() if name != "alembic_version")
    what = (
        f"the workspace Dunder Mifflin at revision {before[0]['alembic_version'][0].strip('()')}"
        f" (315 messages, {rows:,} rows in all and 2 files)"
    )
    assert said == f"Backed up {what} to {target}\n"
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    restored = tmp_path / "restored"
    assert done(restore(empty_url, target, "--keep-sessions", data_dir=restored)) == (
        f"Restored {what} from {target}\n"
    )
    assert holds(empty_url) == before == holds(url)
    assert schema(empty_url) == schema(url)
    # Not split again.
    assert fetch(empty_url, "SELECT DISTINCT words::text FROM message_words") == [("'kept'",)]
    for name, content in FILES.items():
        assert (restored / name).read_bytes() == content
        assert stat.S_IMODE((restored / name).stat().st_mode) == 0o600
    again = tmp_path / "again.backup"
    done(back_up(empty_url, again, restored))
    first, second = manifest_of(target), manifest_of(again)
    assert (first.tables, first.files, first.sequences) == (
        second.tables,
        second.files,
        second.sequences,
    )
    assert first.index_comments == second.index_comments != {}


def test_a_backup_says_that_the_bucket_is_not_part_of_it(tmp_path: Path, url: str):
    fetch(
        url,
        "WITH made AS (INSERT INTO files (id, user_id, name, attempt)"
        " VALUES (gen_random_uuid(), 'jim', 'a', gen_random_uuid()) RETURNING id)"
        " INSERT INTO file_objects (file_id, folder) SELECT id, 'a/b' FROM made",
    )
    said = done(back_up(url, tmp_path / "whole.backup", tmp_path / "data"))
    assert said.splitlines()[1:] == [
        "The content of 1 file is in the bucket: back the bucket up, too"
    ]


def test_sessions_end_unless_they_are_kept(tmp_path: Path, url: str, empty_url: str):
    target = tmp_path / "sessions.backup"
    with serving(url) as served, served.client("jim") as jim:
        cookie = jim.cookies
    value = next(iter(cookie.jar)).value
    done(back_up(url, target))

    def session_status() -> int:
        with serving(empty_url) as served, http_client(base_url=served.address) as client:
            port = served.address.rpartition(":")[2]
            client.cookies.set(f"bullpen_session_{port}", value)
            return client.get("/api/session").status_code

    assert done(restore(empty_url, target)).endswith("\nEverybody has to sign in again\n")
    assert session_status() == 401
    ended, kept = contents(empty_url), contents(url)
    assert ended.pop("workspace") != kept.pop("workspace")
    assert ended == kept
    done(restore(empty_url, target, "--replace", "--keep-sessions"))
    assert session_status() == 200


def test_rows_of_sessions_and_links_are_restored_only_if_asked(
    tmp_path: Path, url: str, empty_url: str, monkeypatch: pytest.MonkeyPatch
):
    """With a table that stands for them: it ends in the place of `sessions`."""
    from bullpen.backup import sessions  # noqa: PLC0415 - to be changed

    monkeypatch.setattr(sessions, "TABLES", ("sessions", "budgets"))
    fetch(url, "INSERT INTO budgets (daily_usd) VALUES (5)")

    async def end() -> None:
        connection = await connect(url, pooled=False)
        try:
            await sessions.end(connection)
        finally:
            await connection.close()

    complete(end())
    assert fetch(url, "SELECT * FROM budgets") == []


class Poster(threading.Thread):
    def __init__(self, client, over: threading.Event) -> None:
        super().__init__()
        self.client = client
        self.over = over
        self.acknowledged: list[str] = []

    def run(self) -> None:
        while not self.over.is_set():
            message_id = str(uuid4())
            assert post(self.client, "Under load", id=message_id).status_code == 201
            self.acknowledged.append(message_id)


def test_a_backup_under_load_is_one_moment_of_the_workspace(
    tmp_path: Path, url: str, empty_url: str
):
    target = tmp_path / "load.backup"
    over = threading.Event()

    async def snapshot_and_back_up() -> dict[str, list[str]]:
        connection = await connect(url, pooled=False)
        try:
            async with connection.transaction(isolation="repeatable_read", readonly=True):
                await save_from(connection, tmp_path, target, QUIET)
                names = [row[0] for row in await connection.fetch(TABLES)]
                return {
                    name: [
                        row[0]
                        for row in await connection.fetch(
                            f'SELECT t::text FROM "{name}" t ORDER BY 1'
                        )
                    ]
                    for name in names
                }
        finally:
            await connection.close()

    with serving(url) as served:
        posters = [Poster(served.client(user), over) for user in ("jim", "pam", "dwight")]
        for poster in posters:
            poster.start()
        try:
            until(lambda: all(len(poster.acknowledged) > 5 for poster in posters))
            before = [message_id for poster in posters for message_id in list(poster.acknowledged)]
            snapshot = complete(snapshot_and_back_up())
            after = [len(poster.acknowledged) for poster in posters]
            until(lambda: all(len(p.acknowledged) > n for p, n in zip(posters, after, strict=True)))
        finally:
            over.set()
            for poster in posters:
                poster.join()
                poster.client.close()
    done(restore(empty_url, target, "--keep-sessions"))
    assert contents(empty_url) == snapshot
    stored = {str(row[0]) for row in fetch(empty_url, "SELECT id FROM messages")}
    assert set(before) <= stored
    told = fetch(
        empty_url,
        "SELECT count(*) FROM events WHERE kind = 'message.created'"
        " AND (payload #>> '{message,id}')::uuid IN (SELECT id FROM messages)",
    )
    assert (
        told[0][0]
        == fetch(empty_url, "SELECT count(*) FROM messages WHERE text = 'Under load'")[0][0]
    )
    newest = fetch(
        empty_url, "SELECT max(id) <= (SELECT last_value FROM events_id_seq) FROM events"
    )
    assert newest == [(True,)]


def test_the_embedded_postgres_is_backed_up_while_it_serves(tmp_path: Path):
    old, new = (str(tmp_path / name) for name in ("old", "new"))
    target = tmp_path / "embedded.backup"
    with running(cwd=tmp_path, BULLPEN_DATA_DIR=old) as program:
        with closing(program.client("jim")) as jim:
            assert post(jim, "Before the backup").status_code == 201
            done(bullpen("backup", str(target), cwd=tmp_path, BULLPEN_DATA_DIR=old))
            assert post(jim, "After the backup").status_code == 201
        refused = bullpen("restore", str(target), "--replace", cwd=tmp_path, BULLPEN_DATA_DIR=old)
        assert (refused.code, refused.err) == (
            1,
            f"bullpen: {IN_USE}\n",
        )
        with closing(program.client("jim")) as jim:
            assert jim.get("/api/channels/general/messages?limit=1").json()[0]["text"] == (
                "After the backup"
            )
    done(bullpen("restore", str(target), cwd=tmp_path, BULLPEN_DATA_DIR=new))
    with running(cwd=tmp_path, BULLPEN_DATA_DIR=new) as program:
        assert program.said[0].startswith("Opened the workspace Dunder Mifflin in ")
        with closing(program.client("jim")) as jim:
            assert jim.get("/api/channels/general/messages?limit=1").json()[0]["text"] == (
                "Before the backup"
            )
            assert post(jim, "Goes on").status_code == 201


def test_behind_a_pooler_and_without_being_a_superuser(tmp_path: Path, url: str):
    target = tmp_path / "pooled.backup"
    with pgbouncer(url) as pooled:
        done(bullpen("backup", str(target), cwd=tmp_path, DATABASE_URL=pooled))
        assert {entry.name: entry.rows for entry in manifest_of(target).tables}["messages"] == 309
    role = f"plain_{uuid4().hex}"
    # The role stays until the server goes: the database, which is its own, is dropped later.
    with database_of("template0") as empty:
        name = empty.rpartition("/")[2].partition("?")[0]
        fetch(empty, f"CREATE ROLE {role} LOGIN")
        fetch(empty, f'ALTER DATABASE "{name}" OWNER TO {role}')
        plain = empty.replace("postgres@", f"{role}@")
        done(restore(plain, target, "--keep-sessions"))
        assert contents(plain) == contents(url)
