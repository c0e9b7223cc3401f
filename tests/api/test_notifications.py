"""What one is notified of, and when not: for all windows of one member, and nobody else."""

import pytest
from tests.support.streams import listening

NEVER = {
    "pausedUntil": None, "quietFrom": None, "quietUntil": None, "isSilent": False, "keywords": [],
    "digest": "daily",
}  # fmt: skip


def settings(client):
    return client.get("/api/sidebar").json().get("notifications", NEVER)


def test_the_settings_are_ones_own_and_told_to_ones_own_windows(acting):
    pam, jim = acting("pam"), acting("jim")
    wanted = {
        "pausedUntil": "2100-01-02T09:00:00Z",
        "quietFrom": "22:00",
        "quietUntil": "07:00",
        "isSilent": True,
        "keywords": ["paper", "Q3 numbers"],
        "digest": "hourly",
    }
    with listening(pam) as mine, listening(jim) as theirs:
        assert pam.put("/api/notifications", json=wanted).json() == wanted
        pam.post("/api/messages", json={"channelId": "general", "text": "Done"})
        told = mine.until("message.created")
        kinds = {event["type"] for event in theirs.until("message.created")}
    assert [e["settings"] for e in told if e["type"] == "notifications.changed"] == [wanted]
    assert "notifications.changed" not in kinds
    assert settings(pam) == wanted
    assert settings(jim) == NEVER
    assert pam.put("/api/notifications", json={}).json() == NEVER == settings(pam)


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"quietFrom": "22:00"}, "Give both quietFrom and quietUntil, or neither"),
        ({"quietFrom": "9:00", "quietUntil": "10:00"}, "Give a time of day like 22:00"),
        ({"quietFrom": "24:00", "quietUntil": "10:00"}, "Give a time of day like 22:00"),
        ({"quietFrom": "09:00", "quietUntil": "09:00"}, "must be different times"),
        ({"pausedUntil": "tomorrow"}, "pausedUntil"),
        ({"digest": "weekly"}, "digest"),
        ({"keywords": ["paper", "..."]}, "a letter, a digit or an emoji"),
        ({"keywords": ["x" * 101]}, "keywords"),
        ({"keywords": ["x"] * 51}, "keywords"),
    ],
)
def test_settings_that_mean_nothing_are_refused(refusing, given, problem):
    answer = refusing("pam").put("/api/notifications", json=given)
    assert answer.status_code == 400
    assert problem in answer.text


def test_nobody_else_finds_out_who_has_which_keyword(acting):
    pam, jim = acting("pam"), acting("jim")
    with listening(jim) as theirs:
        assert pam.put("/api/notifications", json={"keywords": ["  zeppelin\tride "]}).is_success
        pam.post("/api/messages", json={"channelId": "general", "text": "Done"})
        events = theirs.until("message.created")
    assert settings(pam)["keywords"] == ["zeppelin ride"]
    seen = [jim.get(f"/api/{path}").text for path in ("sidebar", "users", "people", "people/pam")]
    assert "zeppelin" not in str([*events, *seen])
    # A message that has one says nothing of it either.
    said = jim.post("/api/messages", json={"channelId": "general", "text": "zeppelin ride"}).json()
    assert "mentions" not in said


def test_what_a_channel_notifies_of_goes_with_the_membership(acting):
    pam, jim = acting("pam"), acting("jim")
    path = "/api/channels/general/preferences"

    def chosen(client):
        return client.get("/api/sidebar").json()["preferences"].get("general")

    assert pam.patch(path, json={"notifies": "nothing"}).json() == {
        "isMuted": False, "isStarred": False, "notifies": "nothing",
    }  # fmt: skip
    pam.patch(path, json={"isStarred": True})
    assert chosen(pam) == {"isMuted": False, "isStarred": True, "notifies": "nothing"}
    assert chosen(jim) is None
    pam.patch(path, json={"notifies": "default", "isStarred": False})
    assert chosen(pam) is None
    pam.patch(path, json={"notifies": "all"})
    assert pam.delete("/api/channels/general/members/pam").is_success
    assert pam.post("/api/channels/general/members", json={"userId": "pam"}).is_success
    assert chosen(pam) is None
    answer = jim.patch("/api/channels/accounting/preferences", json={"notifies": "all"})
    assert answer.status_code == 404
    assert pam.patch(path, json={"notifies": "some"}).status_code == 400
