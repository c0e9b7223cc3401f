"""Group DMs: one for each set of members, who stay the same, and nobody else learns of it."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from tests.support.posting import post

GROUP = {"id": "group", "name": "group", "kind": "group_dm"}
THREE = ["pam", "jim", "kevin"]


def begin(client, members=THREE, channel_id="group"):
    return client.post("/api/channels", json={**GROUP, "id": channel_id, "memberIds": members})


def outcome(answer):
    return answer.status_code, answer.json().get("code")


def test_its_members_alone_can_see_it(acting):
    made = {**GROUP, "topic": "", "memberIds": THREE}
    answer = begin(acting("pam"))
    assert (answer.status_code, answer.json()) == (201, made)
    for member in ("jim", "kevin"):
        assert acting(member).get("/api/channels/group").json() == made
        assert acting(member).get("/api/channels?kind=group_dm").json() == [made]
    assert made not in acting("jim").get("/api/channels?kind=dm").json()
    said = post(acting("kevin"), "Chili is ready", "group")
    assert said.status_code == 201
    assert acting("jim").get("/api/unreads").json()["group"] == 1
    dwight = acting("dwight")
    assert dwight.get("/api/channels/group").status_code == 404
    assert dwight.get("/api/channels?kind=group_dm").json() == []
    assert dwight.get("/api/search", params={"q": "chili"}).json()["hits"] == []
    assert post(dwight, "Let me in", "group").status_code == 404


def test_whoever_begins_it_again_finds_it(acting):
    made = begin(acting("pam")).json()
    again = begin(acting("kevin"), ["kevin", "pam", "jim", "pam"], "another")
    assert (again.status_code, again.json()) == (201, made)
    assert acting("kevin").get("/api/channels/another").status_code == 404
    more = begin(acting("pam"), [*THREE, "oscar"], "more")
    assert more.json()["id"] == "more"
    assert outcome(begin(acting("pam"), ["pam", "oscar", "toby"])) == (409, "id_taken")


def test_those_who_begin_it_at_once_meet_in_one(acting):
    clients = [acting(member) for member in THREE]

    def begin_as(at):
        return begin(clients[at], THREE, f"of-{THREE[at]}")

    with ThreadPoolExecutor() as pool:
        answers = list(pool.map(begin_as, [0, 1, 2] * 3))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert len(clients[0].get("/api/channels?kind=group_dm").json()) == 1


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ([], (400, "validation_failed")),
        (["pam", "jim", "jim"], (400, "validation_failed")),
        (
            ["pam", "jim", "kevin", "oscar", "toby", "angela", "andy", "kelly", "ryan", "creed"],
            (400, "validation_failed"),
        ),
        (["jim", "kevin", "oscar"], (403, "not_in_dm")),
        (["pam", "jim", "banksy"], (400, "unknown_member")),
    ],
    ids=["none", "two", "ten", "others", "a stranger"],
)
def test_it_has_three_to_nine_members_with_the_one_who_begins_it(refusing, members, expected):
    pam = refusing("pam")
    assert outcome(begin(pam, members)) == expected
    assert pam.get("/api/channels/group").status_code == 404


def test_its_members_stay_and_it_is_not_archived(acting):
    pam = acting("pam")
    begin(pam)
    fixed = (400, "dm_members_fixed")
    members = "/api/channels/group/members"
    assert outcome(pam.post(members, json={"userId": "oscar"})) == fixed
    assert outcome(pam.delete(f"{members}/pam")) == fixed
    assert outcome(pam.delete(f"{members}/jim")) == fixed
    assert outcome(pam.post("/api/channels/group/archive")) == (400, "dm_cannot_be_archived")
    assert pam.get("/api/channels/group").json()["memberIds"] == THREE


def test_it_is_named_by_its_members_so_that_a_channel_can_have_its_name(acting):
    pam = acting("pam")
    begin(pam)
    channel = {"id": "club", "name": "group", "kind": "public"}
    assert pam.post("/api/channels", json=channel).status_code == 201


def test_a_mention_of_everybody_is_text_in_it(acting, run_sql):
    for person in ("ann", "bea", "cat"):
        run_sql(
            "INSERT INTO people (id, display_name, avatar_color) VALUES ($1, $1, '#000000')", person
        )
    ann = acting("ann")
    members = ["ann", "bea", "cat"]
    begin(ann, members)
    channel = {"id": "club", "name": "club", "kind": "private", "memberIds": members}
    assert ann.post("/api/channels", json=channel).status_code == 201
    told = {}
    for place in ("group", "club"):
        said = post(ann, "@channel and @bea", place).json()
        rows = run_sql("SELECT user_id FROM mentions WHERE message_id = $1 ORDER BY 1", said["id"])
        told[place] = [row[0] for row in rows]
    assert told == {"group": ["bea"], "club": ["bea", "cat"]}


def test_one_of_its_agents_answers_unless_its_members_choose_otherwise(acting):
    pam = acting("pam")
    begin(pam)
    policy = "/api/channels/group/answering"
    assert pam.get(policy).json()["policy"] == "best_fit"
    assert outcome(acting("dwight").put(policy, json={"policy": "all"})) == (
        404,
        "channel_not_found",
    )
    assert acting("jim").put(policy, json={"policy": "mentions"}).json()["policy"] == "mentions"


def test_an_inactive_member_stays_and_nothing_new_begins_with_them(acting, run_sql):
    begin(acting("pam"))
    run_sql("UPDATE agents SET is_active = false WHERE id = 'kevin'")
    assert acting("pam").get("/api/channels/group").json()["memberIds"] == THREE
    assert begin(acting("pam"), THREE, "again").json()["id"] == "group"
    other = begin(acting("pam"), ["pam", "oscar", "kevin"], "other")
    assert outcome(other) == (400, "unknown_member")
