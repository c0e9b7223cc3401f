"""Messages that are sent later: once, by their author alone, and kept where they cannot be."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Callable
from uuid import uuid4

import pytest
from tests.support.fixtures import complete
from tests.support.posting import newest, post
from tests.support.streams import listening

from bullpen.agents.scheduler import fire_due
from bullpen.chat.scheduled_posts import MOST_SCHEDULED
from bullpen.kit.database import Database

LATER = "2100-01-02T09:00:00Z"
PAST = "2020-01-02T09:00:00Z"
PATH = "/api/scheduled-posts"


def schedule(client, text="Later", channel="general", at=LATER, **more):
    return client.post(PATH, json={"channelId": channel, "text": text, "sendAt": at, **more})


def scheduled(client):
    return client.get(PATH).json()


async def look(url: str, times: int = 3) -> None:
    """As two workers do at the same time."""
    databases = [await Database.open(url) for _ in range(2)]
    for _ in range(times):
        await asyncio.gather(*(fire_due(database) for database in databases))
    for database in databases:
        await database.close()


@pytest.fixture
def fire(url: str) -> Callable[[], None]:
    return lambda: complete(look(url))


def test_only_its_author_sees_it_until_it_is_sent_once_with_its_file_and_place(
    acting, fire, run_sql
):
    pam, jim, michael = acting("pam"), acting("jim"), acting("michael")
    root = post(jim, "Thread").json()["id"]
    file = pam.post(
        "/api/files?name=a.txt", content=b"Hello", headers={"Content-Type": "text/plain"}
    )
    with listening(pam) as window, listening(pam) as other, listening(michael) as owner:
        made = schedule(
            pam, fileIds=[file.json()["id"]], parentMessageId=root, alsoInChannel=True
        ).json()
        told = window.until("scheduled.changed")[-1]
        assert other.until("scheduled.changed")[-1] == told
        assert (told["postId"], told["post"]) == (made["id"], made)
        fire()
        run_sql("UPDATE scheduled_posts SET send_at = now()")
        fire()
        assert window.until("scheduled.changed")[-1]["post"] is None
        seen = owner.until("message.created")
        assert "scheduled.changed" not in [event["type"] for event in seen]
    assert (made["sendAt"], made["text"], made["parentMessageId"]) == (LATER, "Later", root)
    assert [one["name"] for one in made["files"]] == ["a.txt"]
    assert scheduled(jim) == scheduled(michael) == scheduled(pam) == []
    [reply] = jim.get(f"/api/messages/{root}/replies").json()
    assert (reply["id"], reply["userId"], reply["text"]) == (made["id"], "pam", "Later")
    assert [one["name"] for one in reply["files"]] == ["a.txt"]
    assert (made["alsoInChannel"], newest(jim)["id"]) == (True, made["id"])
    fire()
    assert len(jim.get(f"/api/messages/{root}/replies").json()) == 1
    assert schedule(pam, id=made["id"]).json()["code"] == "id_taken"


def test_the_agents_that_it_names_are_asked_once_when_it_is_sent(acting, fire, run_sql):
    made = schedule(acting("pam"), "@dwight, are you there?", at=PAST).json()["id"]
    asked = """
    SELECT r.agent_id FROM run_triggers t JOIN runs r ON r.id = t.run_id WHERE t.message_id = $1
    """
    assert run_sql(asked, made) == []
    fire()
    fire()
    assert [row[0] for row in run_sql(asked, made)].count("dwight") == 1


def test_it_can_be_changed_canceled_and_sent_now_by_its_author_alone(acting):
    pam, michael = acting("pam"), acting("michael")
    made = schedule(pam, "Draft").json()
    path = f"{PATH}/{made['id']}"
    for answer in (
        michael.patch(path, json={"text": "Mine"}), michael.delete(path),
        michael.post(f"{path}/send"),
    ):  # fmt: skip
        assert (answer.status_code, answer.json()["code"]) == (404, "scheduled_post_not_found")
    assert schedule(michael, id=made["id"]).json()["code"] == "id_taken"
    assert schedule(pam, "Draft", id=made["id"]).json() == made, "sent again, it is there once"
    changed = pam.patch(path, json={"text": "Better"}).json()
    assert changed == made | {"text": "Better"}
    changed = pam.patch(path, json={"sendAt": "2101-01-01T00:00:00Z"}).json()
    assert (changed["text"], changed["sendAt"]) == ("Better", "2101-01-01T00:00:00Z")
    assert pam.patch(path, json={"text": " "}).status_code == 400
    assert scheduled(pam) == [changed]
    sent = pam.post(f"{path}/send").json()
    assert (sent["id"], sent["text"]) == (made["id"], "Better")
    assert newest(pam) == sent
    assert scheduled(pam) == []
    other = schedule(pam, "Never").json()
    assert pam.delete(f"{PATH}/{other['id']}").json() == other
    assert pam.delete(f"{PATH}/{other['id']}").status_code == 404
    assert scheduled(pam) == []
    assert newest(pam)["text"] == "Better"


def test_what_one_may_not_post_cannot_be_scheduled(acting, run_sql):
    kevin, michael = acting("kevin"), acting("michael")
    secret = post(michael, "Numbers", "management").json()["id"]
    root = post(michael, "Thread", "general").json()["id"]
    reply = post(michael, "Reply", "general", parentMessageId=root).json()["id"]
    run_sql("DELETE FROM channel_members WHERE channel_id = 'random' AND user_id = 'kevin'")
    for refused, status in (
        (schedule(kevin, channel="management"), 404),
        (schedule(kevin, channel="random"), 403),
        (schedule(kevin, parentMessageId=secret), 404),
        (schedule(kevin, parentMessageId=reply), 400),
        (schedule(kevin, fileIds=[str(uuid4())]), 400),
        (schedule(kevin, text=""), 400),
        (schedule(kevin, at="tomorrow"), 400),
    ):
        assert refused.status_code == status, refused.text
    assert run_sql("SELECT count(*) FROM scheduled_posts")[0][0] == 0


def test_what_cannot_be_sent_at_its_time_is_kept_with_the_reason(acting, fire, run_sql):
    pam, jim = acting("pam"), acting("jim")
    left = schedule(pam, "Left", "random", PAST).json()["id"]
    run_sql("DELETE FROM channel_members WHERE channel_id = 'random' AND user_id = 'pam'")
    gone = post(jim, "Thread").json()["id"]
    reply = schedule(pam, "To nothing", at=PAST, parentMessageId=gone).json()["id"]
    jim.delete(f"/api/messages/{gone}")
    with listening(pam) as window:
        fire()
        # Past what was scheduled before the stream was opened, which may still come.
        while "problem" not in window.until("scheduled.changed")[-1]["post"]:
            pass
    found = {one["id"]: one for one in scheduled(pam)}
    assert "Only members can write" in found[left]["problem"]
    assert found[left]["text"] == "Left"
    assert found[reply]["problem"]
    assert pam.post(f"{PATH}/{left}/send").json()["code"] == "not_a_member"
    fire()
    assert {one["id"]: one for one in scheduled(pam)} == found, "it is not tried again by itself"
    run_sql("INSERT INTO channel_members (channel_id, user_id) VALUES ('random', 'pam')")
    assert "problem" not in pam.patch(f"{PATH}/{left}", json={"sendAt": PAST}).json()
    fire()
    assert newest(pam, "random")["text"] == "Left"


KEEP_LOOKING = """
import asyncio, sys
from bullpen.agents.scheduler import fire_due
from bullpen.kit.database import Database

async def work():
    database = await Database.open(sys.argv[1])
    while True:
        await fire_due(database)

asyncio.run(work())
"""


def test_each_is_sent_once_however_often_its_worker_is_killed(acting, url, fire, run_sql):
    pam = acting("pam")
    run_sql(
        """
        INSERT INTO scheduled_posts (id, user_id, channel_id, text, file_ids, send_at)
        SELECT gen_random_uuid(), 'pam', 'random', 'Scheduled as ' || n, '{}', now()
        FROM generate_series(1, $1) n
        """,
        MOST_SCHEDULED,
    )
    posted = "SELECT text, count(*) FROM messages WHERE text LIKE 'Scheduled as %' GROUP BY text"
    for killed in range(1, 4):
        worker = subprocess.Popen([sys.executable, "-c", KEEP_LOOKING, url])
        deadline = time.monotonic() + 60
        while len(run_sql(posted)) < killed * 40 and time.monotonic() < deadline:
            time.sleep(0.005)
        worker.kill()
        worker.wait()
    assert 0 < len(scheduled(pam)) < MOST_SCHEDULED
    for _ in range(3):
        fire()
    assert scheduled(pam) == []
    assert {count for _, count in run_sql(posted)} == {1}
    assert len(run_sql(posted)) == MOST_SCHEDULED


def test_a_full_list_says_what_to_do(acting, run_sql):
    pam = acting("pam")
    run_sql(
        """
        INSERT INTO scheduled_posts (id, user_id, channel_id, text, file_ids, send_at)
        SELECT gen_random_uuid(), 'pam', 'random', 'x', '{}', '2100-01-01'
        FROM generate_series(1, $1)
        """,
        MOST_SCHEDULED,
    )
    refused = schedule(pam)
    assert (refused.status_code, refused.json()["code"]) == (409, "too_many_scheduled_posts")
    assert len(scheduled(pam)) == MOST_SCHEDULED
