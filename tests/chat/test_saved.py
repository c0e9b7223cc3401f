"""Saved messages: private to their user, with reminders that each come once."""

import asyncio
from collections.abc import Callable

import pytest
from tests.support.fixtures import complete
from tests.support.posting import post
from tests.support.streams import listening

from bullpen.agents.scheduler import fire_due
from bullpen.chat.saved import MOST_SAVED
from bullpen.kit.database import Database

LATER = "2100-01-02T09:00:00Z"
PAST = "2020-01-02T09:00:00Z"


def save(client, message_id, **state):
    return client.put(f"/api/messages/{message_id}/saved", json=state)


def remove(client, message_id):
    return client.delete(f"/api/messages/{message_id}/saved")


def saved(client, query=""):
    """The ids in their order."""
    return [one["messageId"] for one in client.get(f"/api/saved{query}").json()]


def next_reminder(stream):
    """Past what was saved before the stream was opened, which may still come."""
    while not (event := stream.until("saved.changed")[-1]).get("isReminder"):
        pass
    return event


def types(events):
    return [event["type"] for event in events]


def marks(client):
    return {one["messageId"]: one for one in client.get("/api/saved/marks").json()}


@pytest.fixture
def look(url: str) -> Callable[[], None]:
    """As two workers do at the same time, until nothing is due."""

    async def work() -> None:
        databases = [await Database.open(url) for _ in range(2)]
        for _ in range(3):
            await asyncio.gather(*(fire_due(database) for database in databases))
        for database in databases:
            await database.close()

    return lambda: complete(work())


def test_what_somebody_saves_is_shown_to_them_in_all_windows_and_to_nobody_else(acting):
    jim, pam, michael = acting("jim"), acting("pam"), acting("michael")
    first = post(jim, "First").json()["id"]
    reply = post(pam, "Reply", parentMessageId=first).json()["id"]
    with listening(pam) as window, listening(pam) as other, listening(michael) as owner:
        made = save(pam, first).json()
        told = window.until("saved.changed")[-1]
        assert other.until("saved.changed")[-1] == told
        post(jim, "After it")
        assert types(owner.until("message.created")) == ["message.created"]
    assert (told["messageId"], told["saved"]) == (first, made)
    assert set(made) == {"messageId", "savedAt"}
    assert save(pam, first).json() == made, "saved again, it stays as it is"
    save(pam, reply)
    assert saved(pam) == [first, reply]
    assert pam.get("/api/saved").json()[0]["message"] == pam.get(f"/api/messages/{first}").json()
    assert pam.get("/api/saved").json()[1]["message"]["parentMessageId"] == first
    assert marks(pam)[first] == made
    for somebody in (jim, michael):
        assert saved(somebody) == []
        assert marks(somebody) == {}
        assert remove(somebody, first).status_code == 200
    assert saved(pam) == [first, reply], "nobody removes what another one has saved"
    assert [one["messageId"] for one in remove(pam, first).json()] == [reply]
    assert saved(pam) == [reply]


def test_what_one_cannot_read_cannot_be_saved_and_shows_no_text_any_more(acting, run_sql):
    kevin, michael = acting("kevin"), acting("michael")
    secret = post(michael, "Numbers", "management").json()["id"]
    assert save(kevin, secret).status_code == 404
    assert save(kevin, secret, remindAt=LATER).status_code == 404
    assert run_sql("SELECT count(*) FROM saved_messages")[0][0] == 0
    run_sql("INSERT INTO channel_members (channel_id, user_id) VALUES ('management', 'kevin')")
    deleted = post(michael, "Gone", "general").json()["id"]
    for message_id in (secret, deleted):
        assert save(kevin, message_id, remindAt=LATER).is_success
    michael.delete(f"/api/messages/{deleted}")
    run_sql("DELETE FROM channel_members WHERE channel_id = 'management' AND user_id = 'kevin'")
    shown = kevin.get("/api/saved").json()
    assert [set(one) for one in shown] == [{"messageId", "savedAt", "remindAt"}] * 2
    assert save(kevin, secret, remindAt=PAST).status_code == 404
    assert save(kevin, secret, remindAt=None).is_success
    assert save(kevin, deleted, isDone=True).is_success
    assert remove(kevin, secret).is_success
    assert saved(kevin) == []


def test_a_reminder_comes_once_in_all_windows_and_stays_due_until_it_is_done(acting, look, run_sql):
    pam, jim = acting("pam"), acting("jim")
    soon, later = (post(jim, text).json()["id"] for text in ("Soon", "Later"))
    newest = post(jim, "No reminder").json()["id"]
    assert save(pam, soon, remindAt=PAST).json()["remindAt"] == PAST
    save(pam, later, remindAt=LATER)
    save(pam, newest)
    with listening(pam) as window, listening(pam) as other, listening(jim) as stranger:
        look()
        told = next_reminder(window)
        assert next_reminder(other) == told
        post(jim, "After it")
        assert "saved.changed" not in types(stranger.until("message.created"))
        assert "saved.changed" not in types(window.until("message.created"))
    assert told["isReminder"] is True
    assert (told["messageId"], told["saved"]) == (soon, marks(pam)[soon])
    assert "Soon" not in str(told)
    assert told["saved"]["isDue"] is True
    assert "isDue" not in marks(pam)[later]
    assert saved(pam) == [later, newest, soon], "due ones come last, which is the newest place"
    look()
    assert run_sql("SELECT count(*) FROM events WHERE payload ? 'isReminder'")[0][0] == 1
    # Put off: it is not due any more, and comes again.
    assert "isDue" not in save(pam, soon, remindAt=LATER).json()
    save(pam, soon, remindAt=PAST)
    look()
    assert run_sql("SELECT count(*) FROM events WHERE payload ? 'isReminder'")[0][0] == 2
    done = save(pam, soon, isDone=True).json()
    assert set(done) == {"messageId", "savedAt", "isDone"}
    assert done["isDone"] is True
    assert (saved(pam), saved(pam, "?isDone=true")) == ([later, newest], [soon])
    assert soon not in marks(pam)
    assert set(save(pam, soon, isDone=False).json()) == {"messageId", "savedAt"}
    assert saved(pam, "?isDone=true") == []
    assert save(pam, later, remindAt=None).json() == marks(pam)[later]
    assert "remindAt" not in marks(pam)[later]


def test_the_list_has_pages(acting):
    pam = acting("pam")
    ids = [post(pam, f"Message {number}").json()["id"] for number in range(5)]
    for message_id in ids:
        save(pam, message_id)
    found, path = [], "/api/saved?limit=2"
    while path:
        answer = pam.get(path)
        found = [one["messageId"] for one in answer.json()] + found
        path = answer.links.get("prev", {}).get("url")
    assert found == ids


def test_a_full_list_says_what_to_do(acting, run_sql):
    pam = acting("pam")
    said = post(pam, "One more").json()["id"]
    run_sql(
        "INSERT INTO saved_messages (user_id, message_id)"
        " SELECT 'pam', gen_random_uuid() FROM generate_series(1, $1)",
        MOST_SAVED,
    )
    refused = save(pam, said)
    assert (refused.status_code, refused.json()["code"]) == (409, "too_many_saved")
    assert "Mark some as done" in refused.json()["error"]
    assert len(marks(pam)) == MOST_SAVED
    assert save(pam, next(iter(marks(pam))), isDone=True).is_success
    assert save(pam, said).is_success
