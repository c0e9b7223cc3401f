"""Behind PgBouncer, with and without a direct address beside it, and on Debian's own Postgres."""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from tests.support.catalog import fetch
from tests.support.clusters import Cluster, cluster, pooler, provided
from tests.support.program import bullpen
from tests.support.serving import Served, serving

from bullpen.migrations.run import revisions

pytestmark = pytest.mark.timeout(300)

ANCHOR = {"BULLPEN_ANCHOR_DATE": "2026-03-04", "BULLPEN_TIME_ZONE": "America/New_York"}
READERS = [
    *("michael", "jim", "dwight", "pam", "ryan", "stanley", "kevin", "angela"),
    *("oscar", "andy", "toby", "creed", "kelly", "phyllis", "meredith", "darryl"),
]


@pytest.fixture(scope="module")
def debian() -> Iterator[Cluster]:
    with cluster(provided("postgresql-15")) as made:
        yield made


@pytest.fixture(scope="module")
def pooled(debian: Cluster) -> Iterator[str]:
    with pooler(debian) as address:
        yield address


def everything(client: httpx.Client) -> dict[str, object]:
    """What a user can read, by address; what they cannot is answered as it is."""
    pages = ["/api/session", "/api/users", "/api/channels", "/api/unreads"]
    for channel in ("general", "accounting", "dm-jim-pam"):
        pages += [f"/api/channels/{channel}", f"/api/channels/{channel}/messages"]
    answers = {page: client.get(page) for page in pages}
    threads = [m for m in answers[pages[5]].json() if m["threadReplyCount"]]
    for message in threads[:2]:
        replies = f"/api/messages/{message['id']}/replies"
        answers[replies] = client.get(replies)
    assert len(answers) == len(pages) + 2
    return {page: (answer.status_code, answer.json()) for page, answer in answers.items()}


@pytest.fixture(scope="module")
def expected(shared_server: Served) -> dict[str, dict[str, object]]:
    """From a Postgres that nothing stands before."""
    found = {}
    for user_id in READERS:
        with closing(shared_server.client(user_id)) as client:
            found[user_id] = everything(client)
    return found


def write(client: httpx.Client, user_id: str) -> None:
    room = f"room-of-{user_id}"
    other = "pam" if user_id != "pam" else "jim"
    third = "toby" if user_id != "toby" else "kevin"
    made = {"id": room, "name": room, "kind": "private", "memberIds": [other]}
    steps = [
        client.post("/api/channels", json=made),
        client.post(f"/api/channels/{room}/members", json={"userId": third}),
        client.delete(f"/api/channels/{room}/members/{other}"),
        client.patch(f"/api/channels/{room}", json={"topic": "Mine"}),
        client.post("/api/unreads/mark-read", json={"channelId": "general"}),
        client.post("/api/channels", json=made),
    ]
    assert [step.status_code for step in steps] == [201, 201, 200, 200, 200, 409]


def at_once(served: Served, work: Callable[[str, httpx.Client], None]) -> None:
    problems: list[BaseException] = []

    def run(user_id: str) -> None:
        try:
            with closing(served.client(user_id)) as client:
                work(user_id, client)
        except BaseException as problem:  # noqa: BLE001 - raised again by the test's thread
            problems.append(problem)

    asking = [threading.Thread(target=run, args=[user_id]) for user_id in READERS]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()
    assert problems == []


@pytest.mark.ac("1.1.1")
@pytest.mark.parametrize("has_direct", [False, True], ids=["pooler", "pooler and direct"])
def test_the_whole_workspace_is_served_to_sixteen_at_once(
    tmp_path: Path,
    debian: Cluster,
    pooled: str,
    has_direct: bool,
    expected: dict[str, dict[str, object]],
):
    """Through the pooler; where there is a direct address, also by that alone."""
    name = f"office_{has_direct}".lower()
    direct, through = debian.create(name), pooled + name
    given = {"DATABASE_URL": through}
    if has_direct:
        given["DATABASE_URL_UNPOOLED"] = direct
    seeded = bullpen("db", "seed", cwd=tmp_path, **given, **ANCHOR)
    assert (seeded.code, seeded.err) == (0, "")
    alone = [{"DATABASE_URL": direct}] if has_direct else []
    for addresses in (given, *alone):
        checked = bullpen("db", "check", cwd=tmp_path, **addresses)
        assert checked.out.startswith("SELECT 1 answered: PostgreSQL ")
        assert ("through a pooler" in checked.out) == (addresses is given)
        assert checked.out.endswith(f"Migration: {revisions()[-1]}, up to date\n")
    found: dict[str, dict[str, object]] = {}

    def read(user_id: str, client: httpx.Client) -> None:
        found[user_id] = everything(client)

    if has_direct:
        with serving(through) as served:
            at_once(served, read)
        assert found == expected
        found.clear()
    with serving(direct if has_direct else through) as served:
        at_once(served, read)
        assert found == expected
        at_once(served, lambda user_id, client: write(client, user_id))
    rooms = fetch(
        direct,
        """SELECT id, topic, ARRAY(
            SELECT user_id FROM channel_members WHERE channel_id = channels.id ORDER BY id
        ) FROM channels WHERE id LIKE 'room-%' ORDER BY id""",
    )
    assert [tuple(room) for room in rooms] == [
        (f"room-of-{user}", "Mine", [user, "kevin" if user == "toby" else "toby"])
        for user in sorted(READERS)
    ]
