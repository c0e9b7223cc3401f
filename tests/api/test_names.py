"""Nobody poses as somebody else, and a reaction or status is one emoji."""

import pytest

AGENT = {
    "id": "erin",
    "displayName": "Erin Hannon",
    "title": "Receptionist",
    "avatarColor": "#aabbcc",
    "systemPrompt": "You are Erin.",
}


@pytest.mark.parametrize(
    ("change", "status"),
    [
        *[
            ({"id": name}, 409)
            for name in ("Michael", "MICHAEL", "0scar", "Pam", "Dwight", "michaeI")
        ],
        *[({"id": name}, 400) for name in ("michael.", "michael-", "me", "Everyone", "system")],
        *[({"id": name}, 400) for name in ("here", "channel", "all", "ALL", "you", "null")],
        *[
            ({"displayName": name}, 409)
            for name in ("Michael Scott", "michael scott", "Michael  Scott", "jim", "рам")
        ],
        *[
            ({"displayName": name}, 400)
            for name in ("Michaеl Scott", "Michael\u200b Scott", "\u3164", "a\nb", "x\u202ey")
        ],
        *[({"displayName": name}, 400) for name in ("System", "Everyone", "Erin\U000e0041")],
        ({"title": "a\nb"}, 400),
    ],
)
def test_an_agent_that_could_be_taken_for_another_is_refused(refusing, change, status: int):
    jim = refusing("jim")
    before = jim.get("/api/agents").json()
    answer = jim.post("/api/agents", json=AGENT | change)
    assert (answer.status_code, jim.get("/api/agents").json()) == (status, before), answer.text
    assert set(answer.json()) >= {"error"}


def test_an_agent_is_not_renamed_to_another_and_a_name_is_kept_composed(acting):
    jim = acting("jim")
    assert jim.patch("/api/agents/jim", json={"displayName": "Dwight Schrute"}).status_code == 409
    answer = jim.patch("/api/agents/jim", json={"displayName": " Jose\u0301 "})
    assert answer.json()["displayName"] == "José"
    # One's own name, written in another way, is no other's.
    assert jim.patch("/api/agents/jim", json={"displayName": "JOSÉ"}).status_code == 200


def test_the_name_of_somebody_inactive_is_free_until_they_are_back(acting):
    jim = acting("jim")
    jim.delete("/api/agents/creed")
    made = jim.post("/api/agents", json=AGENT | {"displayName": "Creed Bratton"})
    assert made.status_code == 201
    back = jim.patch("/api/agents/creed", json={"isActive": True})
    assert back.status_code == 409
    assert "Creed Bratton" in back.json()["error"]


@pytest.mark.parametrize("name", ["general", "General", " general", "ｇｅｎｅｒａｌ"])
def test_two_channels_have_no_name_in_common(acting, name: str):
    jim = acting("jim")
    made = {"id": "new", "name": name, "kind": "public"}
    assert jim.post("/api/channels", json=made).status_code == 409
    assert jim.post("/api/channels", json=made | {"name": "new"}).status_code == 201
    assert jim.patch("/api/channels/new", json={"name": name}).status_code == 409
    assert jim.get("/api/channels/new").json()["name"] == "new"
    # To itself it may.
    assert jim.patch("/api/channels/general", json={"name": "General"}).status_code == 200


@pytest.mark.parametrize("name", ["a\nb", "gen\u200beral", "\u200b", "gеneral"])
def test_a_channels_name_is_one_visible_line(refusing, name: str):
    made = {"id": "new", "name": name, "kind": "public"}
    assert refusing("jim").post("/api/channels", json=made).status_code == 400


@pytest.mark.parametrize(
    ("pair", "form"),
    [(("❤", "❤️"), "❤️"), (("👍", "👍\ufe0f"), "👍"), (("☺️", "☺"), "☺️")],
)
def test_one_emoji_is_one_reaction_however_it_is_written(module_acting, pair, form: str):
    jim = module_acting("jim")
    posted = jim.post("/api/messages", json={"channelId": "general", "text": "Hi"}).json()
    path = f"/api/messages/{posted['id']}/reactions"
    for emoji in pair:
        answer = jim.post(path, json={"emoji": emoji})
    assert answer.json()["reactions"] == [{"emoji": form, "userIds": ["jim"]}]
    answer = jim.request("DELETE", path, json={"emoji": pair[0]})
    assert answer.json()["reactions"] == []


def test_words_are_no_reaction_and_those_stored_before_can_be_taken_away(module_acting, module_sql):
    jim = module_acting("jim")
    posted = jim.post("/api/messages", json={"channelId": "general", "text": "Hi"}).json()
    path = f"/api/messages/{posted['id']}/reactions"
    for text in ("hello", ":thumbsup:", "a" * 64, "👍" * 30, " 👍", "好的", "\u200b"):
        assert jim.post(path, json={"emoji": text}).status_code == 400, text
    module_sql(
        "INSERT INTO reactions (message_id, user_id, emoji)"
        " VALUES ($1::text::uuid, 'jim', 'hello')",
        posted["id"],
    )
    assert jim.request("DELETE", path, json={"emoji": "hello"}).json()["reactions"] == []


def test_a_status_has_one_emoji(module_acting):
    jim = module_acting("jim")
    path = "/api/users/jim/status"
    for emoji in ("✔ Verified by IT", "ok", "👍👍"):
        assert jim.put(path, json={"emoji": emoji, "text": "x"}).status_code == 400
    answer = jim.put(path, json={"emoji": "❤", "text": "x"})
    assert answer.json()["status"] == {"emoji": "❤️", "text": "x"}


@pytest.mark.parametrize(
    "text", ["\u200b", "\u2060\n", "\ufeff", "\u3164", "\u2800", "\u00ad", "\ufe0f", "\U000e0041"]
)
def test_a_message_that_shows_nothing_is_refused(refusing, text: str):
    jim = refusing("jim")
    assert jim.post("/api/messages", json={"channelId": "general", "text": text}).status_code == 400
