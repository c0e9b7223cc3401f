"""What each role is allowed and refused over the API, as where people sign in."""

import httpx


def outcome(answer: httpx.Response) -> tuple[int, str | None]:
    return answer.status_code, None if answer.is_success else answer.json()["code"]


AGENT = {
    "id": "new",
    "displayName": "New",
    "title": "New",
    "avatarColor": "#123456",
    "systemPrompt": "You are new.",
}
NOT_PERMITTED = (403, "not_permitted")


def test_owners_admins_and_the_manager_edit_an_agent(signed_in):
    bot = "/api/agents/bot"
    by = {
        who: outcome(signed_in(who).patch(bot, json={"title": f"By {who}"}))
        for who in ("olga", "art", "mia", "max", "gus", "rob", "bot")
    }
    assert by == {
        "olga": (200, None),
        "art": (200, None),
        "mia": (200, None),
        "max": NOT_PERMITTED,
        "gus": NOT_PERMITTED,
        "rob": NOT_PERMITTED,
        "bot": NOT_PERMITTED,
    }
    assert signed_in("olga").get(bot).json()["title"] == "By mia"
    assert outcome(signed_in("mia").patch("/api/agents/rob", json={"title": "x"})) == NOT_PERMITTED
    assert outcome(signed_in("mia").post("/api/agents", json=AGENT)) == NOT_PERMITTED
    assert outcome(signed_in("ada").post("/api/agents", json=AGENT)) == (201, None)


def test_a_refusal_names_those_who_may(signed_in):
    answer = signed_in("max").put("/api/budgets", json={"dailyUsd": 1})
    assert answer.json() == {
        "error": "Only owners or admins can set budgets.",
        "code": "not_permitted",
    }


def test_a_guest_works_in_their_channels_and_changes_none(signed_in):
    gus = signed_in("gus")
    assert outcome(gus.post("/api/messages", json={"channelId": "closed", "text": "Hi"})) == (
        201,
        None,
    )
    refused = [
        gus.patch("/api/channels/closed", json={"topic": "x"}),
        gus.post("/api/channels/closed/members", json={"userId": "max"}),
        gus.delete("/api/channels/closed/members/mia"),
        gus.post("/api/channels", json={"id": "mine", "name": "mine", "kind": "private"}),
        gus.delete("/api/channels/closed"),
    ]
    assert [outcome(answer) for answer in refused] == [NOT_PERMITTED] * 5
    assert outcome(gus.delete("/api/channels/closed/members/gus")) == (200, None)
    assert outcome(gus.get("/api/channels/closed")) == (404, "channel_not_found")


def test_an_agent_changes_its_own_memory_and_plans_alone(signed_in):
    bot, body = signed_in("bot"), {"content": "Remember"}
    assert outcome(bot.put("/api/agents/bot/memory/notes", json=body)) == (200, None)
    assert outcome(bot.put("/api/agents/rob/memory/notes", json=body)) == NOT_PERMITTED
    plan = {"agentId": "bot", "triggerAt": "2999-01-01T00:00:00Z", "prompt": "Go"}
    assert outcome(bot.post("/api/scheduled", json=plan)) == (201, None)
    assert outcome(bot.post("/api/scheduled", json=plan | {"agentId": "rob"})) == NOT_PERMITTED
    assert outcome(signed_in("max").post("/api/scheduled", json=plan)) == NOT_PERMITTED


def test_a_block_is_shared_only_with_agents_that_one_may_edit(signed_in):
    mia, ada = signed_in("mia"), signed_in("ada")
    mia.put("/api/agents/bot/memory/notes", json={"content": "Remember"})
    links = "/api/agents/bot/memory/notes/links"
    assert outcome(mia.put(links, json={"agentIds": ["rob"]})) == NOT_PERMITTED
    assert outcome(ada.put(links, json={"agentIds": ["rob"]})) == (200, None)
    # Those that share it already may stay.
    assert outcome(mia.put(links, json={"agentIds": ["rob"]})) == (200, None)
