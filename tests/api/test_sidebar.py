"""What counts in red: mentions and followed threads, for each member alone."""

import json
import re
from pathlib import Path

import pytest

from bullpen.api.browser import frame_sections
from bullpen.api.browser.frame import badge, inbox_badge, is_listed
from bullpen.api.browser.languages import Language

CASES = json.loads((Path(__file__).parents[1] / "cases" / "badges.json").read_text())
LISTED = json.loads((Path(__file__).parents[1] / "cases" / "listed.json").read_text())
INBOXES = json.loads((Path(__file__).parents[1] / "cases" / "inbox_badges.json").read_text())
SECTIONS = json.loads((Path(__file__).parents[1] / "cases" / "sections.json").read_text())
NAMES = json.loads((Path(__file__).parents[1] / "cases" / "listed_names.json").read_text())
OWN = {"id": "own", "name": "Own", "channelIds": ["sales"]}
PAGE = {"Accept": "text/html,*/*;q=0.8"}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_page_counts_as_the_client_does(case):
    found = badge(
        kind=case["kind"],
        in_sight=case["isOpen"] or not case["isMember"],
        is_muted=case["isMuted"],
        unread=case["unread"],
        mentions=case["mentions"],
        replies=case["replies"],
    )
    assert found == (case["count"], case["isBold"])


@pytest.mark.parametrize("case", LISTED, ids=lambda case: case["name"])
def test_the_page_lists_what_the_client_does(case):
    found = is_listed(case["kind"], case["memberIds"], "jim", is_open=case["isOpen"])
    assert found == case["isListed"]


@pytest.mark.parametrize("case", INBOXES, ids=lambda case: case["name"])
def test_the_page_counts_the_inbox_as_the_client_does(case):
    found = inbox_badge(case["muted"], case["mentions"], case["reactions"])
    assert found == (case["count"], case["isBold"])


@pytest.mark.parametrize("case", NAMES, ids=lambda case: case["listed"])
def test_the_page_lists_names_as_the_client_does(case):
    assert Language("en", {}).listed(case["names"]) == case["listed"]


def post(client, channel_id, text, parent=None):
    body = {"channelId": channel_id, "text": text}
    body |= {"parentMessageId": parent} if parent else {}
    answer = client.post("/api/messages", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


def counts(client):
    answer = client.get("/api/sidebar").json()
    threads = {root: thread["unreadCount"] for root, thread in answer["threads"].items()}
    return answer["mentions"], threads


def test_a_mention_counts_for_the_one_it_names_until_it_is_read(acting):
    michael, pam, jim = acting("michael"), acting("pam"), acting("jim")
    before = {who: counts(who) for who in (michael, pam, jim)}
    post(jim, "general", "Good morning")
    named = post(jim, "general", "@Pam Beesly and @jim, look at `@michael`")
    assert counts(pam) == ({"general": 1}, {})
    assert counts(michael) == before[michael], "code mentions nobody"
    assert counts(jim) == before[jim], "nobody is told of their own message"
    pam.post("/api/unreads/mark-read", json={"channelId": "general"})
    assert counts(pam) == ({}, {})
    pam.post("/api/unreads/mark-unread", json={"channelId": "general", "messageId": named})
    assert counts(pam) == ({"general": 1}, {})
    # Whom a message names is settled when it is posted.
    jim.patch(f"/api/messages/{named}", json={"text": "@michael"})
    assert counts(pam) == ({"general": 1}, {})
    assert counts(michael) == before[michael]
    jim.delete(f"/api/messages/{named}")
    assert counts(pam) == ({}, {})


def test_a_mention_in_a_thread_makes_one_follow_it(acting):
    pam, jim, toby = acting("pam"), acting("jim"), acting("toby")
    root = post(jim, "general", "Lunch?")
    reply = post(toby, "general", "Ask @pam", root)
    assert counts(pam) == ({}, {root: 1})
    post(jim, "general", "I will", root)
    assert counts(pam) == ({}, {root: 2})
    assert counts(toby) == ({}, {root: 1})
    pam.post("/api/unreads/mark-read", json={"channelId": "general", "threadId": root})
    assert counts(pam) == ({}, {})
    post(jim, "general", "So?", root)
    assert counts(pam) == ({}, {root: 1})
    toby.delete(f"/api/messages/{reply}")
    assert counts(pam) == ({}, {}), "nothing in the thread names her any more"


def test_a_mention_where_one_cannot_read_is_not_counted(acting, run_sql):
    run_sql("INSERT INTO channels (id, name, kind) VALUES ('vault', 'vault', 'private')")
    run_sql("INSERT INTO channel_members (channel_id, user_id) VALUES ('vault', 'jim')")
    jim, pam = acting("jim"), acting("pam")
    root = post(jim, "vault", "Do not tell @pam")
    post(jim, "vault", "Nor @pam here", root)
    assert counts(pam) == ({}, {})
    assert "vault" not in pam.get("/api/sidebar").text
    jim.post("/api/channels/vault/members", json={"userId": "pam"})
    assert counts(pam) == ({}, {}), "what was said before she came is no news"
    post(jim, "vault", "Welcome, @pam")
    assert counts(pam) == ({"vault": 1}, {})
    jim.delete("/api/channels/vault/members/pam")
    assert counts(pam) == ({}, {})


def test_a_person_is_mentioned_like_an_agent(acting, run_sql):
    run_sql(
        "INSERT INTO people (id, display_name, avatar_color) VALUES ('dana', 'Dana', '#000000')"
    )
    jim = acting("jim")
    jim.post("/api/channels/general/members", json={"userId": "dana"})
    post(jim, "general", "Welcome, @Dana")
    [[named]] = run_sql("SELECT user_id FROM mentions")
    assert named == "dana"


def test_the_page_draws_what_is_in_red_and_leaves_out_what_one_has_not_joined(acting):
    pam, jim = acting("pam"), acting("jim")
    post(jim, "general", "@pam")
    for _ in range(2):
        post(jim, "random", "Nobody in particular")
    page = pam.get("/c/announcements", headers=PAGE).text
    rows = page.partition('class="sidebar__lists"')[2].partition("</nav>")[0].split("<li>")
    general, random = (
        next(one for one in rows if f'href="/c/{name}"' in one) for name in ("general", "random")
    )
    assert '<span class="sidebar__badge">1</span>' in general
    assert "sidebar__row--unread" in general
    assert "sidebar__row--unread" in random
    assert "sidebar__badge" not in random
    joined = {c["id"] for c in pam.get("/api/channels").json() if "pam" in c["memberIds"]}
    others = {c["id"] for c in pam.get("/api/channels").json()} - joined
    assert others
    assert not [one for one in others if f'href="/c/{one}"' in page]
    seen = pam.get(f"/c/{min(others)}", headers=PAGE).text
    assert f'href="/c/{min(others)}"' in seen


def choose(client, channel_id, **chosen):
    return client.patch(f"/api/channels/{channel_id}/preferences", json=chosen)


def preferences(client):
    return client.get("/api/sidebar").json()["preferences"]


def test_each_member_stars_and_mutes_for_themselves(acting):
    pam, jim = acting("pam"), acting("jim")
    assert choose(pam, "general", isStarred=True).json() == {"isMuted": False, "isStarred": True}
    assert choose(pam, "general", isMuted=True).json() == {"isMuted": True, "isStarred": True}
    assert choose(pam, "dm-jim-pam", isMuted=True).status_code == 200
    assert preferences(pam) == {
        "dm-jim-pam": {"isMuted": True, "isStarred": False},
        "general": {"isMuted": True, "isStarred": True},
    }
    assert preferences(jim) == {}
    choose(pam, "dm-jim-pam", isMuted=False)
    assert preferences(pam) == {"general": {"isMuted": True, "isStarred": True}}
    page = pam.get("/c/announcements", headers=PAGE).text
    starred = page.partition(">Starred</h2>")[2].partition("</section>")[0]
    assert 'href="/c/general"' in starred
    assert "sidebar__row--muted" in starred
    assert page.count('href="/c/general"') == 1
    assert ">Starred</h2>" not in jim.get("/c/announcements", headers=PAGE).text


def test_only_members_star_a_channel_and_leaving_it_forgets_that(acting, run_sql):
    pam, creed = acting("pam"), acting("creed")
    refused = choose(creed, "party-planning", isStarred=True)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_a_member")
    hidden = choose(creed, "accounting", isStarred=True)
    assert hidden.status_code == 404
    assert hidden.json() == choose(creed, "nowhere", isStarred=True).json()
    assert choose(pam, "party-planning", isStarred=True).status_code == 200
    pam.delete("/api/channels/party-planning/members/pam")
    assert preferences(pam) == {}
    pam.post("/api/channels/party-planning/members", json={"userId": "pam"})
    assert preferences(pam) == {}
    assert run_sql("SELECT * FROM channel_preferences") == []


def test_the_page_arranges_the_sidebar_as_the_client_does():
    for case in SECTIONS["orders"]:
        layout = {"sections": case["sections"], "isUnreadOnly": False}
        found = [one["id"] for one in frame_sections.sections_of(layout)]
        assert found == case["ids"], case["name"]
    layout = {"sections": [OWN, {"id": "direct"}], "isUnreadOnly": False}
    for case in SECTIONS["places"]:
        found = frame_sections.section_id_of(case, layout, is_starred=case["isStarred"])
        assert found == case["sectionId"], case["name"]
    for case in SECTIONS["rows"]:
        found = frame_sections.is_shown(
            is_collapsed=case["isCollapsed"],
            is_unread_only=case["isUnreadOnly"],
            is_bold=case["isBold"],
            is_open=case["isOpen"],
        )
        assert found == case["isShown"], case["name"]


def arrange(client, *sections, **more):
    return client.put("/api/sidebar/layout", json={"sections": sections, **more})


def test_each_member_arranges_the_sidebar_for_themselves(acting):
    pam, jim = acting("pam"), acting("jim")
    mine = {"id": "a1", "name": "Front <desk>", "channelIds": ["general"], "isCollapsed": False}
    folded = {"id": "channels", "isCollapsed": True, "channelIds": []}
    answer = arrange(pam, folded, mine)
    assert answer.json() == {"sections": [folded, mine], "isUnreadOnly": False}
    assert pam.get("/api/sidebar").json()["layout"] == answer.json()
    assert "layout" not in jim.get("/api/sidebar").json()
    pam.post("/api/unreads/mark-read", json={"channelId": "random"})
    pam.post("/api/unreads/mark-read", json={"channelId": "announcements"})
    page = pam.get("/c/announcements", headers=PAGE).text
    lists = page.partition('class="sidebar__lists"')[2].partition("</nav>")[0]
    titles = re.findall(r'sidebar__title">([^<]+)', lists)
    assert titles == ["Channels", "Front &lt;desk&gt;", "Direct messages"]
    channels, own = lists.split("<section")[1:3]
    assert 'href="/c/general"' in own
    assert 'href="/c/announcements"' in channels, "it is open"
    assert 'href="/c/random"' not in lists, "its section is collapsed"
    arrange(pam, isUnreadOnly=True)
    page = pam.get("/c/announcements", headers=PAGE).text
    assert 'href="/c/random"' not in page
    post(jim, "random", "News")
    assert 'href="/c/random"' in pam.get("/c/announcements", headers=PAGE).text


@pytest.mark.parametrize(
    ("sections", "said"),
    [
        ([{"id": "a1"}], "Give the section a name"),
        ([{"id": "a1", "name": " "}], "name"),
        ([{"id": "channels", "name": "Mine"}], "a name of its own"),
        ([OWN, OWN], "only once"),
        ([OWN, OWN | {"id": "other"}], "only once"),
        ([{"id": "no spaces", "name": "x"}], "pattern"),
    ],
)
def test_a_sidebar_that_makes_no_sense_is_refused(refusing, sections, said):
    pam = refusing("pam")
    answer = arrange(pam, *sections)
    assert (answer.status_code, answer.json()["code"]) == (400, "validation_failed")
    assert said in answer.text
    assert "layout" not in pam.get("/api/sidebar").json()
