import pytest

PUBLIC = {"general", "sales", "party-planning", "announcements", "random"}


@pytest.mark.ac("1.4.6")
def test_a_channel_is_as_the_contract_says(reader):
    accounting = reader("kevin").get("/api/channels/accounting").json()
    topic = accounting.pop("topic")
    assert topic
    assert accounting == {
        "id": "accounting",
        "name": "accounting",
        "kind": "private",
        "memberIds": ["kevin", "oscar", "angela"],
    }


@pytest.mark.ac("1.4.2")
@pytest.mark.ac("1.4.6")
def test_a_dm_is_a_channel_with_its_two_members(reader):
    dms = reader("jim").get("/api/channels?kind=dm").json()
    assert {dm["id"]: dm["memberIds"] for dm in dms} == {
        "dm-michael-jim": ["michael", "jim"],
        "dm-jim-pam": ["jim", "pam"],
        "dm-jim-dwight": ["jim", "dwight"],
        "dm-jim-andy": ["jim", "andy"],
    }
    assert {dm["kind"] for dm in dms} == {"dm"}


@pytest.mark.ac("1.4.11")
def test_everybody_sees_public_channels_and_only_their_own_others(reader):
    seen = {u: {c["id"] for c in reader(u).get("/api/channels").json()} for u in ("kevin", "creed")}
    assert seen == {"kevin": PUBLIC | {"accounting"}, "creed": PUBLIC}


def test_the_list_can_be_narrowed_by_kind_and_member(reader):
    michael = reader("michael")
    private = michael.get("/api/channels?kind=private").json()
    assert [c["id"] for c in private] == ["management"]
    of_toby = michael.get("/api/channels?userId=toby").json()
    assert {c["id"] for c in of_toby} == {
        "announcements", "dm-michael-toby", "general", "management",
    }  # fmt: skip
    assert michael.get("/api/channels?kind=secret").status_code == 400
    assert michael.get("/api/channels?userId=nobody").json() == []


def test_making_a_channel_puts_its_maker_in_first(acting):
    pam = acting("pam")
    answer = pam.post(
        "/api/channels",
        json={"id": "art", "name": "art", "kind": "private", "memberIds": ["jim", "pam", "jim"]},
    )
    assert answer.status_code == 201
    made = {
        "id": "art", "name": "art", "kind": "private", "topic": "", "memberIds": ["pam", "jim"],
    }  # fmt: skip
    assert answer.json() == made
    assert acting("jim").get("/api/channels/art").json() == made
    assert acting("dwight").get("/api/channels/art").status_code == 404


@pytest.mark.ac("1.4.2")
@pytest.mark.parametrize("members", [[], ["pam"], ["pam", "pam"], ["pam", "jim", "dwight"]])
def test_a_dm_needs_exactly_two_members(refusing, members):
    pam = refusing("pam")
    answer = pam.post(
        "/api/channels", json={"id": "dm-x", "name": "x", "kind": "dm", "memberIds": members}
    )
    assert answer.status_code == 400
    assert answer.json()["error"] == "A DM has exactly 2 members. Send two different memberIds."
    assert pam.get("/api/channels/dm-x").status_code == 404


def test_a_dm_is_opened_by_one_of_the_two(acting):
    dm = {"id": "dm-kevin-pam", "name": "x", "kind": "dm", "memberIds": ["kevin", "pam"]}
    assert acting("dwight").post("/api/channels", json=dm).status_code == 403
    answer = acting("pam").post("/api/channels", json=dm)
    assert (answer.status_code, answer.json()["memberIds"]) == (201, ["kevin", "pam"])
    assert acting("dwight").get("/api/channels/dm-kevin-pam").status_code == 404


def test_an_id_that_is_taken_is_a_conflict_also_where_one_may_not_see_it(acting):
    new = {"id": "accounting", "name": "accounting", "kind": "public"}
    answer = acting("jim").post("/api/channels", json=new)
    assert (answer.status_code, answer.json()) == (
        409,
        {
            "error": "A channel with the id 'accounting' already exists. Choose another id.",
            "code": "id_taken",
        },
    )
    assert acting("kevin").get("/api/channels/accounting").json()["kind"] == "private"


def test_unknown_members_are_named(acting):
    new = {"id": "art", "name": "art", "kind": "public", "memberIds": ["pam", "banksy"]}
    answer = acting("pam").post("/api/channels", json=new)
    assert (answer.status_code, answer.json()) == (
        400,
        {
            "error": "These users do not exist or are inactive: 'banksy'.",
            "code": "unknown_member",
        },
    )
    assert acting("pam").get("/api/channels/art").status_code == 404


def test_members_change_their_channel_and_others_may_not(acting):
    jim = acting("jim")
    answer = jim.patch("/api/channels/sales", json={"topic": "Paper, and more paper"})
    assert (answer.status_code, answer.json()["topic"]) == (200, "Paper, and more paper")
    assert answer.json()["name"] == "sales"
    refused = acting("pam").patch("/api/channels/sales", json={"topic": "Art"})
    assert refused.status_code == 403
    assert refused.json() == {
        "error": "Only members of this channel can do that. Join it first.",
        "code": "not_a_member",
    }
    assert jim.get("/api/channels/sales").json()["topic"] == "Paper, and more paper"
    assert jim.patch("/api/channels/sales", json={"kind": "private"}).status_code == 400
    assert jim.patch("/api/channels/accounting", json={"topic": "x"}).status_code == 404


def test_a_deleted_channel_takes_its_messages_along(acting, run_sql):
    jim = acting("jim")
    assert acting("pam").delete("/api/channels/sales").status_code == 403
    assert acting("pam").delete("/api/channels/accounting").status_code == 404
    before = jim.get("/api/channels/sales").json()
    answer = jim.delete("/api/channels/sales")
    assert (answer.status_code, answer.json()) == (200, before)
    assert jim.get("/api/channels/sales").status_code == 404
    assert run_sql("SELECT count(*) FROM messages WHERE channel_id = 'sales'")[0][0] == 0


def test_people_join_and_leave_public_channels(acting):
    pam = acting("pam")
    joined = pam.post("/api/channels/sales/members", json={"userId": "pam"})
    members = ["michael", "jim", "dwight", "stanley", "andy", "phyllis"]
    assert (joined.status_code, joined.json()) == (201, [*members, "pam"])
    again = pam.post("/api/channels/sales/members", json={"userId": "pam"})
    assert (again.status_code, again.json()) == (
        409,
        {"error": "'pam' is already a member.", "code": "already_a_member"},
    )
    left = pam.delete("/api/channels/sales/members/pam")
    assert (left.status_code, left.json()) == (200, members)
    assert pam.get("/api/channels/sales/members").json() == members


def test_only_members_bring_others(acting):
    creed = acting("creed")
    assert creed.post("/api/channels/sales/members", json={"userId": "kelly"}).status_code == 403
    assert (
        creed.post("/api/channels/accounting/members", json={"userId": "creed"}).status_code == 404
    )
    assert creed.delete("/api/channels/sales/members/jim").status_code == 403
    kevin = acting("kevin")
    brought = kevin.post("/api/channels/accounting/members", json={"userId": "creed"})
    assert (brought.status_code, brought.json()) == (201, ["kevin", "oscar", "angela", "creed"])
    assert creed.get("/api/channels/accounting/members").json() == brought.json()
    assert kevin.delete("/api/channels/accounting/members/creed").status_code == 200
    assert creed.get("/api/channels/accounting").status_code == 404
    assert kevin.delete("/api/channels/accounting/members/creed").json() == {
        "error": "Member not found.",
        "code": "member_not_found",
    }


@pytest.mark.ac("1.4.2")
def test_a_dm_keeps_its_two_members(acting):
    jim = acting("jim")
    assert (
        jim.post("/api/channels/dm-jim-pam/members", json={"userId": "dwight"}).status_code == 400
    )
    assert jim.delete("/api/channels/dm-jim-pam/members/jim").status_code == 400
    assert acting("pam").get("/api/channels/dm-jim-pam").json()["memberIds"] == ["jim", "pam"]
