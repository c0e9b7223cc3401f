"""What owners and admins do: people and their roles, managers, the workspace, the audit log."""

import csv
import io
import json

from tests.support.streams import listening


def outcome(answer):
    return answer.status_code, answer.json().get("code") if answer.is_error else None


NOT_PERMITTED = (403, "not_permitted")
OK = (200, None)


def test_administrators_list_all_people_with_their_addresses(signed_in):
    people = signed_in("art").get("/api/people").json()
    assert {one["id"]: (one["role"], one["email"]) for one in people}["mia"] == (
        "member",
        "mia@example.com",
    )
    assert "email" not in signed_in("max").get("/api/people/mia").json()
    assert signed_in("mia").get("/api/people/mia").json()["email"] == "mia@example.com"


def test_admins_change_members_and_guests_and_owners_change_everybody(signed_in):
    def give(who, whom, role):
        return outcome(signed_in(who).patch(f"/api/people/{whom}", json={"role": role}))

    assert give("mia", "max", "guest") == NOT_PERMITTED
    assert give("ada", "mia", "guest") == OK
    assert give("ada", "mia", "member") == OK
    assert give("ada", "mia", "admin") == NOT_PERMITTED
    assert give("ada", "art", "member") == NOT_PERMITTED
    assert give("ada", "olga", "member") == NOT_PERMITTED
    assert give("ada", "ada", "owner") == NOT_PERMITTED
    assert give("olga", "ada", "owner") == OK
    assert give("olga", "otto", "member") == OK
    assert give("olga", "nobody", "member") == (404, "user_not_found")


def test_the_last_owner_stays_an_active_owner(signed_in):
    olga = signed_in("olga")
    assert outcome(olga.patch("/api/people/otto", json={"isActive": False})) == OK
    for change in ({"role": "admin"}, {"isActive": False}):
        assert outcome(olga.patch("/api/people/olga", json=change)) == (409, "last_owner")
    assert olga.get("/api/people/olga").json()["role"] == "owner"


def test_a_deactivated_person_is_out_at_once(signed_in):
    mia, art = signed_in("mia"), signed_in("art")
    with listening(mia) as live:
        assert outcome(art.patch("/api/people/mia", json={"isActive": False})) == OK
        told = live.until("user.changed")[-1]
        assert (told["user"]["id"], told["isActive"], told["role"]) == ("mia", False, "member")
    assert outcome(mia.get("/api/channels")) == (401, "session_ended")
    assert outcome(art.patch("/api/people/mia", json={"isActive": True})) == OK
    assert art.get("/api/people/mia").json()["isActive"] is True


def test_a_person_is_signed_out_everywhere_by_themselves_and_those_above(signed_in):
    def sign_out(who, whom):
        return outcome(signed_in(who).post(f"/api/people/{whom}/sign-out"))

    assert sign_out("mia", "max") == NOT_PERMITTED
    assert sign_out("ada", "olga") == NOT_PERMITTED
    assert sign_out("ada", "art") == NOT_PERMITTED
    assert outcome(signed_in("max").get("/api/channels")) == OK
    assert sign_out("ada", "max") == OK
    assert outcome(signed_in("max").get("/api/channels")) == (401, "session_ended")
    assert sign_out("gus", "gus") == OK
    assert outcome(signed_in("gus").get("/api/channels")) == (401, "session_ended")


def test_people_change_their_own_profile_and_nobody_elses(signed_in):
    mia, gus = signed_in("mia"), signed_in("gus")
    assert outcome(mia.patch("/api/people/mia", json={"title": "Baker"})) == OK
    assert outcome(gus.patch("/api/people/gus", json={"timeZone": "Europe/Berlin"})) == OK
    assert outcome(mia.patch("/api/people/max", json={"title": "x"})) == NOT_PERMITTED
    # What is refused changes nothing, also not the part that is permitted.
    both = {"title": "Chief", "role": "owner"}
    assert outcome(mia.patch("/api/people/mia", json=both)) == NOT_PERMITTED
    assert mia.get("/api/people/mia").json()["title"] == "Baker"


def test_a_person_whose_role_changes_begins_anew_and_reads_as_the_new_role(signed_in):
    max_, art = signed_in("max"), signed_in("art")
    with listening(max_) as live:
        art.patch("/api/people/max", json={"role": "guest"})
        live.until("reset")
        signed_in("mia").post("/api/messages", json={"channelId": "open", "text": "Members only"})
        signed_in("otto").post("/api/messages", json={"channelId": "square", "text": "For Max"})
        told = live.until("message.created")
    assert [event["message"]["text"] for event in told] == ["For Max"]
    # Another role needs another session.
    assert outcome(max_.get("/api/channels/open")) == (401, "session_ended")


def test_owners_and_admins_choose_an_agents_manager(signed_in):
    path = "/api/agents/rob/manager"
    max_ = signed_in("max")
    edit = {"title": "Edited"}
    assert outcome(max_.patch("/api/agents/rob", json=edit)) == NOT_PERMITTED
    assert outcome(max_.put(path, json={"personId": "max"})) == NOT_PERMITTED
    assert signed_in("art").put(path, json={"personId": "max"}).json() == {"personId": "max"}
    assert outcome(max_.patch("/api/agents/rob", json=edit)) == OK
    for wrong in ("gus", "bot", "nobody"):
        refused = signed_in("art").put(path, json={"personId": wrong})
        assert outcome(refused) == (400, "unknown_member")
    assert signed_in("art").put(path, json={"personId": None}).json() == {"personId": None}
    assert outcome(max_.patch("/api/agents/rob", json=edit)) == NOT_PERMITTED


def test_the_workspace_has_a_name_that_administrators_change(signed_in):
    assert signed_in("gus").get("/api/workspace").json() == {"name": "Roles"}
    for who in ("mia", "gus", "bot"):
        refused = signed_in(who).patch("/api/workspace", json={"name": "Mine"})
        assert outcome(refused) == NOT_PERMITTED
    assert signed_in("ada").patch("/api/workspace", json={"name": "Ours"}).json() == {
        "name": "Ours"
    }
    assert signed_in("mia").get("/api/session").json()["workspace"]["name"] == "Ours"


def test_the_audit_log_is_filtered_paged_and_exported(signed_in):
    art, olga = signed_in("art"), signed_in("olga")
    art.patch("/api/people/mia", json={"role": "guest"})
    art.patch("/api/people/mia", json={"role": "member"})
    olga.post("/api/channels/open/archive")
    olga.put("/api/budgets", json={"dailyUsd": 5})
    olga.patch("/api/workspace", json={"name": "=1+1"})

    def actions(**params):
        found = olga.get("/api/audit", params=params).json()
        return [entry["action"] for entry in found["entries"]]

    everything = [
        "workspace.edited",
        "budget.changed",
        "channel.archived",
        "person.role_changed",
        "person.role_changed",
    ]
    assert actions() == everything
    assert actions(actor="art") == everything[3:]
    assert actions(action="channel") == ["channel.archived"]
    assert actions(action="person.role_changed", target="mia") == everything[3:]
    assert actions(to="2000-01-01T00:00:00Z") == []
    first = olga.get("/api/audit", params={"limit": 2}).json()
    second = olga.get("/api/audit", params={"limit": 3, "cursor": first["nextCursor"]}).json()
    paged = first["entries"] + second["entries"]
    assert ([entry["action"] for entry in paged], second["nextCursor"]) == (everything, None)
    changed = paged[-1]
    assert (changed["actorId"], changed["targetId"], changed["details"], changed["address"]) == (
        "art",
        "mia",
        {"from": "member", "to": "guest"},
        "127.0.0.1",
    )

    exported = olga.get("/api/audit/export", params={"format": "jsonl"})
    lines = [json.loads(line) for line in exported.text.splitlines()]
    assert lines == paged
    table = olga.get("/api/audit/export")
    rows = list(csv.DictReader(io.StringIO(table.text, newline="")))
    assert [row["action"] for row in rows] == everything
    assert table.headers["content-disposition"] == 'attachment; filename="audit.csv"'


def test_a_cell_of_the_export_is_no_formula():
    from bullpen.api.routes.audit import csv_rows  # noqa: PLC0415 - the pure part alone

    assert csv_rows([["=1+1", "@x", None, 5, "plain"]]) == "'=1+1,'@x,,5,plain\r\n"
