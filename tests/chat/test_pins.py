"""Pinned messages: who may pin, what everybody is shown, and what is left when things go."""

import pytest
from tests.support.posting import newest, post
from tests.support.streams import listening

from bullpen.chat.pins import MOST_PINS


def pin(client, message_id, method="PUT"):
    return client.request(method, f"/api/messages/{message_id}/pin")


def pins(client, channel="general"):
    return client.get(f"/api/channels/{channel}/pins").json()


def test_pins_are_listed_newest_first_with_who_pinned_them_and_told_to_readers(acting):
    jim, pam = acting("jim"), acting("pam")
    root = post(jim, "First").json()
    reply = post(pam, "Second", parentMessageId=root["id"]).json()
    with listening(pam) as stream:
        pinned = pin(pam, root["id"]).json()
        told = stream.until("message.updated")[-1]
    assert pinned["pin"]["userId"] == "pam"
    assert told["message"] == pinned == newest(jim) == jim.get(f"/api/messages/{root['id']}").json()
    assert pin(jim, reply["id"]).json()["pin"]["userId"] == "jim"
    assert jim.get(f"/api/messages/{root['id']}/replies").json()[0]["pin"]["userId"] == "jim"
    # Again by another member: it stays that of the first one.
    assert pin(jim, root["id"]).json()["pin"] == pinned["pin"]
    assert [one["id"] for one in pins(jim)] == [reply["id"], root["id"]]
    assert pins(jim)[0]["parentMessageId"] == root["id"]
    assert "pin" not in pin(jim, root["id"], "DELETE").json()
    assert "pin" not in pin(jim, root["id"], "DELETE").json()
    assert [one["id"] for one in pins(jim)] == [reply["id"]]
    jim.delete(f"/api/messages/{root['id']}")
    assert pins(jim) == []


def test_only_members_pin_and_only_readers_see_pins(acting, run_sql):
    kevin, michael = acting("kevin"), acting("michael")
    secret = post(michael, "Numbers", "management").json()["id"]
    assert pin(michael, secret).status_code == 200
    for answer in (
        pin(kevin, secret), pin(kevin, secret, "DELETE"),
        kevin.get("/api/channels/management/pins"),
    ):  # fmt: skip
        assert answer.status_code == 404
    assert len(pins(michael, "management")) == 1
    run_sql("DELETE FROM channel_members WHERE channel_id = 'random' AND user_id = 'kevin'")
    public = post(michael, "Soup", "random").json()["id"]
    assert pin(michael, public).status_code == 200
    assert [one["id"] for one in pins(kevin, "random")] == [public]
    for method in ("PUT", "DELETE"):
        assert pin(kevin, public, method).json()["code"] == "not_a_member"
    assert len(pins(kevin, "random")) == 1


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_pins_of_an_archived_channel_stay_as_they_are(acting, method):
    pam = acting("pam")
    said = post(pam, "Stapler", "random").json()["id"]
    if method == "DELETE":
        pin(pam, said)
    before = pins(pam, "random")
    assert pam.post("/api/channels/random/archive").is_success
    answer = pin(pam, said, method)
    assert (answer.status_code, answer.json()["code"]) == (409, "channel_archived")
    assert pins(pam, "random") == before


def test_a_full_list_of_pins_says_what_to_do(acting, run_sql):
    jim = acting("jim")
    first = post(jim, "One").json()["id"]
    run_sql(
        """
        WITH made AS (
            INSERT INTO messages (channel_id, user_id, text)
            SELECT 'general', 'jim', 'x' FROM generate_series(1, $1) RETURNING id
        )
        INSERT INTO message_pins (message_id, channel_id, pinned_by)
        SELECT id, 'general', 'jim' FROM made
        """,
        MOST_PINS,
    )
    refused = pin(jim, first)
    assert (refused.status_code, refused.json()["code"]) == (409, "too_many_pins")
    assert "Unpin one" in refused.json()["error"]
    assert len(pins(jim)) == MOST_PINS
    assert pin(jim, pins(jim)[0]["id"], "DELETE").is_success
    assert pin(jim, first).is_success
