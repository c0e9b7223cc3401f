"""The content of files in a bucket of an S3 server: served, bounded and removed as in Postgres."""

import base64
import json
import random
from collections.abc import Callable, Iterator
from contextlib import closing
from uuid import UUID

import httpx
import pytest
from tests.support.attaching import BYTES, attach, remove_files
from tests.support.fixtures import clients_of, complete
from tests.support.s3_server import keys_in, s3_server
from tests.support.serving import serving

from bullpen.agents.prompt.conversation import LONGEST_FILE, Location, Trigger, read_conversation
from bullpen.backup import objects
from bullpen.files import bucket
from bullpen.files.bucket import BucketConfig
from bullpen.files.excerpts import read_excerpt
from bullpen.files.storage import BEGINNING, OBJECT
from bullpen.files.uploads import remove_objects
from bullpen.kit.database import Database, connect
from bullpen.kit.errors import FileStorageUnavailable
from bullpen.members.actor import Actor
from bullpen.members.readers import Readers
from bullpen.workspace.personal_data import parts_of

LARGE = random.Random(7).randbytes(2 * OBJECT + 12_345)
UNREACHABLE = {"status": 503, "code": "file_storage_unavailable"}


@pytest.fixture(scope="module")
def s3() -> Iterator[BucketConfig]:
    with s3_server() as config:
        yield config


@pytest.fixture
def stored(url: str, s3: BucketConfig) -> Iterator[Callable[[str], httpx.Client]]:
    """A client, as that user, of a server that keeps new files in the bucket."""
    try:
        with serving(url, bucket=s3) as served, clients_of(served) as client:
            yield client
    finally:
        bucket.connect(None)


def removed(url: str) -> int:
    async def remove() -> int:
        database = await Database.open(url)
        try:
            return await remove_objects(database)
        finally:
            await database.close()

    return complete(remove())


def long_ago(run_sql) -> None:
    run_sql("UPDATE removed_objects SET removed_at = removed_at - interval '1 hour'")


def problem(answer) -> dict[str, object]:
    return {"status": answer.status_code, "code": answer.json()["code"]}


def test_a_file_in_the_bucket_is_served_whole_and_in_parts_to_those_who_may_read_it(
    stored: Callable[[str], httpx.Client], s3: BucketConfig, run_sql
):
    michael, toby = stored("michael"), stored("toby")
    file_id = attach(michael, "dm-michael-toby", LARGE, "tape.bin")
    path = f"/api/files/{file_id}"
    assert toby.get(path).content == LARGE
    # Over the border of two objects, and the end.
    for start, end in ((OBJECT - 5, OBJECT + 5), (len(LARGE) - 1, len(LARGE))):
        answer = toby.get(path, headers={"range": f"bytes={start}-{end - 1}"})
        assert (answer.status_code, answer.content) == (206, LARGE[start:end])
    assert stored("pam").get(path).status_code == 404
    assert len([key for key in keys_in(s3) if file_id in key]) == 3
    assert all(key.startswith("bullpen/") for key in keys_in(s3))
    assert run_sql("SELECT count(*) FROM file_chunks WHERE file_id = $1", UUID(file_id)) == [(0,)]


def test_agents_read_a_text_in_the_bucket(stored: Callable[[str], httpx.Client], url: str):
    text = "".join(f"{number} reams\n" for number in range(3_000))
    file_id = attach(stored("michael"), "dm-michael-toby", text.encode())
    assert LONGEST_FILE <= BEGINNING
    toby = Actor("toby", None)

    async def read() -> tuple[str | None, str | None]:
        database = await Database.open(url)
        try:
            where = Location("dm-michael-toby")
            shown = await read_conversation(database, toby, where, Trigger())
            readers = Readers(["toby"])
            part = await read_excerpt(database, toby, UUID(file_id), readers, start=20_000)
        finally:
            await database.close()
        assert shown is not None
        assert part is not None
        return shown.messages[-1].files[0].text, part.text

    beginning, later = complete(read())
    assert beginning == text[:LONGEST_FILE]
    assert later == text[20_000 : 20_000 + len(later or "")]
    assert len(later or "") > 10_000


def test_objects_go_with_their_file_and_not_while_they_may_still_be_written(
    stored: Callable[[str], httpx.Client], s3: BucketConfig, url: str, run_sql
):
    michael = stored("michael")
    mine = attach(michael, "general", b"Mine")
    others = attach(michael, "general", b"Others'")
    run_sql(
        "DELETE FROM messages WHERE id IN (SELECT message_id FROM files WHERE id = $1)", UUID(mine)
    )
    assert removed(url) == 0
    assert any(mine in key for key in keys_in(s3))
    long_ago(run_sql)
    assert removed(url) == 1
    assert not any(mine in key for key in keys_in(s3))
    assert michael.get(f"/api/files/{others}").content == b"Others'"
    assert removed(url) == 0


def test_an_upload_whose_server_was_killed_leaves_no_object(
    stored: Callable[[str], httpx.Client], s3: BucketConfig, url: str, run_sql
):
    """As after a kill: the row is there, not complete, and nobody touches it."""
    file_id = attach(stored("michael"), "general", LARGE)
    run_sql(
        "UPDATE files SET completed_at = NULL, message_id = NULL,"
        " touched_at = touched_at - interval '1 hour' WHERE id = $1",
        UUID(file_id),
    )
    assert remove_files(url) == 1
    long_ago(run_sql)
    assert removed(url) == 1
    assert not any(file_id in key for key in keys_in(s3))


def test_a_bucket_that_cannot_be_reached_is_an_error_that_leaves_nothing(url: str, run_sql):
    with (
        s3_server() as config,
        serving(url, bucket=config) as served,
        closing(served.client("michael")) as michael,
    ):
        file_id = attach(michael, "general", b"Kept")
        before = run_sql("SELECT count(*) FROM files")
        away = BucketConfig("files", "http://127.0.0.1:9", "us-east-1", "somebody", "secret")
        bucket.connect(away)
        answer = michael.post("/api/files", params={"name": "a"}, content=b"A", headers=BYTES)
        assert problem(answer) == UNREACHABLE
        assert problem(michael.get(f"/api/files/{file_id}")) == UNREACHABLE
        assert run_sql("SELECT count(*) FROM files") == before
        # Nor can it be read where no bucket is set up; what is sent then goes to Postgres.
        bucket.connect(None)
        assert problem(michael.get(f"/api/files/{file_id}")) == UNREACHABLE
        other = attach(michael, "general", b"In Postgres")
        bucket.connect(config)
        try:
            assert michael.get(f"/api/files/{other}").content == b"In Postgres"
            assert michael.get(f"/api/files/{file_id}").content == b"Kept"
        finally:
            bucket.connect(None)


def test_without_a_bucket_a_file_that_is_in_one_says_so():
    bucket.connect(None)
    with pytest.raises(FileStorageUnavailable, match="BULLPEN_S3_BUCKET"):
        bucket.needed()


def test_an_export_of_a_persons_data_has_what_is_in_the_bucket(
    stored: Callable[[str], httpx.Client], url: str
):
    attach(stored("michael"), "general", LARGE)

    async def chunks() -> bytes:
        connection = await connect(url, pooled=False)
        try:
            async with connection.transaction():
                parts = {
                    part: [json.loads(row) async for row in rows]
                    async for part, rows in parts_of(connection, "michael")
                }
        finally:
            await connection.close()
        return b"".join(base64.b64decode(row["content"]) for row in parts["file_chunks"])

    assert complete(chunks()) == LARGE


def test_a_copy_of_a_workspace_reads_the_same_objects_and_removes_none(
    stored: Callable[[str], httpx.Client], s3: BucketConfig, url: str, run_sql
):
    michael = stored("michael")
    file_id = attach(michael, "general", b"Of both")

    async def share() -> None:
        connection = await connect(url, pooled=False)
        try:
            await objects.share(connection)
        finally:
            await connection.close()

    complete(share())
    assert michael.get(f"/api/files/{file_id}").content == b"Of both"
    run_sql("DELETE FROM files WHERE id = $1", UUID(file_id))
    long_ago(run_sql)
    assert removed(url) == 0
    assert any(file_id in key for key in keys_in(s3))
