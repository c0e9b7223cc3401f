"""Who may read an event, as the events themselves change it, without a database."""

import json
from typing import Any

import pytest

from bullpen.members.actor import Role
from bullpen.members.audience import Audience, Readers

EVERYBODY = Readers(frozenset(), excluded=True)


@pytest.fixture
def audience() -> Audience:
    return Audience({"general"}, {"general": {"jim", "pam"}, "attic": {"jim"}})


@pytest.fixture
def office() -> Audience:
    """People of each role beside two agents, and one private channel of the agents."""
    members = {
        "general": {"ada", "gus", "bot"},
        "square": {"ada"},
        "agents": {"bot", "rob"},
        "left": {"bot"},
    }
    roles: dict[str, Role] = {"olga": "owner", "ada": "admin", "mia": "member", "gus": "guest"}
    return Audience({"general", "square"}, members, roles, {"general", "square", "left"})


def readers(
    audience: Audience,
    channel_id: str | None,
    user_ids: list[str] | None = None,
    kind: str = "message.created",
    **payload: object,
) -> Readers:
    return audience.readers(channel_id, user_ids, kind, json.dumps(payload))


def shown(users: set[str] | None) -> Readers:
    return EVERYBODY if users is None else Readers(users)


def told(audience: Audience, *args: Any, **payload: object) -> set[str]:
    found = readers(audience, *args, **payload)
    return {who for who in ("olga", "ada", "mia", "gus", "bot", "rob") if who in found}


def note(audience: Audience, kind: str, channel_id: str | None, **payload: object) -> None:
    audience.note(kind, channel_id, json.dumps(payload))


def channel(channel_id: str, kind: str, *members: str) -> dict[str, object]:
    return {"id": channel_id, "kind": kind, "memberIds": list(members)}


@pytest.mark.parametrize(
    ("channel_id", "user_ids", "expected"),
    [
        (None, None, None),
        (None, ["pam"], {"pam"}),
        (None, [], set()),
        ("general", None, None),
        ("general", ["creed"], None),
        ("attic", None, {"jim"}),
        ("attic", ["pam"], {"jim", "pam"}),
        ("nowhere", None, set()),
        ("nowhere", ["pam"], {"pam"}),
    ],
)
def test_an_event_is_for_everybody_or_for_members_and_those_it_names(
    audience: Audience,
    channel_id: str | None,
    user_ids: list[str] | None,
    expected: set[str] | None,
):
    assert readers(audience, channel_id, user_ids) == shown(expected)


def test_members_come_and_go(audience: Audience):
    note(audience, "member.added", "attic", userId="pam")
    assert readers(audience, "attic") == shown({"jim", "pam"})
    note(audience, "member.removed", "attic", userId="jim")
    assert readers(audience, "attic") == shown({"pam"})
    note(audience, "member.removed", "nowhere", userId="jim")
    assert readers(audience, "nowhere") == shown(set())


def test_a_new_channel_has_its_kind_and_members_and_a_deleted_one_has_none(audience: Audience):
    note(audience, "channel.created", "roof", channel=channel("roof", "private", "pam"))
    note(audience, "channel.created", "yard", channel=channel("yard", "public", "pam"))
    assert readers(audience, "roof") == shown({"pam"})
    assert readers(audience, "yard") == EVERYBODY
    note(audience, "channel.deleted", "roof", channel=channel("roof", "private", "pam"))
    note(audience, "channel.deleted", "yard", channel=channel("yard", "public", "pam"))
    assert readers(audience, "roof") == shown(set())
    assert readers(audience, "yard") == shown(set())


def test_an_id_that_is_used_again_has_nothing_of_its_first_channel(audience: Audience):
    note(audience, "channel.deleted", "general", channel=channel("general", "public", "jim"))
    note(audience, "channel.created", "general", channel=channel("general", "private", "creed"))
    assert readers(audience, "general") == shown({"creed"})
    note(audience, "channel.created", "attic", channel=channel("attic", "private", "creed"))
    assert readers(audience, "attic") == shown({"creed"})


def test_other_events_change_nobodys_reading_and_are_not_even_parsed(audience: Audience):
    audience.note("message.created", "attic", "no JSON")
    assert readers(audience, "attic") == shown({"jim"})


def test_guests_get_events_only_of_their_channels_and_of_users_whom_they_see(office: Audience):
    assert told(office, "general") == {"olga", "ada", "mia", "gus", "bot", "rob"}
    assert told(office, "square") == {"olga", "ada", "mia", "bot", "rob"}
    assert "gus" in told(office, "square", ["gus"])
    assert "gus" in told(office, None, None, "reset")
    assert "gus" not in told(office, None, None, "memory.changed", agentId="bot")
    assert "mia" in told(office, None, None, "memory.changed", agentId="bot")
    seen = {
        who: "gus" in told(office, None, None, "user.changed", user={"id": who}, isActive=True)
        for who in ("ada", "bot", "gus", "mia", "rob")
    }
    assert seen == {"ada": True, "bot": True, "gus": True, "mia": False, "rob": False}
    assert "gus" not in office.readers(None, None, "user.changed", "no JSON")


def test_administrators_get_events_of_channels_that_only_agents_have_been_in(office: Audience):
    assert told(office, "agents") == {"bot", "rob", "olga", "ada"}
    assert told(office, "left") == {"bot"}
    note(office, "member.added", "agents", userId="mia")
    assert told(office, "agents") == {"bot", "rob", "mia"}
    note(office, "member.removed", "agents", userId="mia")
    assert told(office, "agents") == {"bot", "rob"}
    note(office, "channel.created", "new", channel=channel("new", "private", "bot"))
    assert told(office, "new") == {"bot", "olga", "ada"}
    note(office, "channel.created", "other", channel=channel("other", "private", "bot", "mia"))
    assert told(office, "other") == {"bot", "mia"}


def test_a_role_that_changes_changes_what_is_read_from_then_on(office: Audience):
    def change(who: str, role: str) -> None:
        note(office, "user.changed", None, user={"id": who}, isActive=True, role=role)

    change("gus", "member")
    assert "gus" in told(office, "square")
    change("mia", "guest")
    assert "mia" not in told(office, "square")
    change("ada", "member")
    assert told(office, "agents") == {"bot", "rob", "olga"}
    # An agent has no role.
    note(office, "user.changed", None, user={"id": "bot"}, isActive=True)
    assert told(office, "agents") == {"bot", "rob", "olga"}
