"""Who may read an event, as the events themselves change it, without a database."""

import json

import pytest

from bullpen.members.audience import Audience


@pytest.fixture
def audience() -> Audience:
    return Audience({"general"}, {"general": {"jim", "pam"}, "attic": {"jim"}})


def note(audience: Audience, kind: str, channel_id: str | None, **payload: object) -> None:
    audience.note(kind, channel_id, json.dumps(payload))


def channel(channel_id: str, kind: str, *members: str) -> dict[str, object]:
    return {"id": channel_id, "kind": kind, "memberIds": list(members)}


@pytest.mark.parametrize(
    ("channel_id", "user_ids", "readers"),
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
    audience: Audience, channel_id: str | None, user_ids: list[str] | None, readers: set[str] | None
):
    assert audience.readers(channel_id, user_ids) == readers


def test_members_come_and_go(audience: Audience):
    note(audience, "member.added", "attic", userId="pam")
    assert audience.readers("attic", None) == {"jim", "pam"}
    note(audience, "member.removed", "attic", userId="jim")
    assert audience.readers("attic", None) == {"pam"}
    note(audience, "member.removed", "nowhere", userId="jim")
    assert audience.readers("nowhere", None) == set()


def test_a_new_channel_has_its_kind_and_members_and_a_deleted_one_has_none(audience: Audience):
    note(audience, "channel.created", "roof", channel=channel("roof", "private", "pam"))
    note(audience, "channel.created", "yard", channel=channel("yard", "public", "pam"))
    assert audience.readers("roof", None) == {"pam"}
    assert audience.readers("yard", None) is None
    note(audience, "channel.deleted", "roof", channel=channel("roof", "private", "pam"))
    note(audience, "channel.deleted", "yard", channel=channel("yard", "public", "pam"))
    assert audience.readers("roof", None) == set()
    assert audience.readers("yard", None) == set()


def test_an_id_that_is_used_again_has_nothing_of_its_first_channel(audience: Audience):
    note(audience, "channel.deleted", "general", channel=channel("general", "public", "jim"))
    note(audience, "channel.created", "general", channel=channel("general", "private", "creed"))
    assert audience.readers("general", None) == {"creed"}
    note(audience, "channel.created", "attic", channel=channel("attic", "private", "creed"))
    assert audience.readers("attic", None) == {"creed"}


def test_other_events_change_nobodys_reading_and_are_not_even_parsed(audience: Audience):
    audience.note("message.created", "attic", "no JSON")
    assert audience.readers("attic", None) == {"jim"}
