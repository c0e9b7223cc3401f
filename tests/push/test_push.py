"""Who is told by Web Push, of what, and how often: by a push service that decrypts it."""

import asyncio

import pytest

from bullpen.kit.database import Database
from bullpen.push.endpoints import NotPublic, PushClient, endpoint_problem
from tests.support.accounts import join, set_up_owner
from tests.support.loops import run_to_end
from tests.support.posting import post
from tests.support.program import until
from tests.support.push_service import push_service, race, send_noted, sender_of
from tests.support.serving import serving

PATH = "/api/push"
SUBSCRIBED = "SELECT user_id FROM push_subscriptions ORDER BY user_id"
NOTED = "SELECT count(*) FROM push_deliveries"


@pytest.fixture
def service(tmp_path):
    with push_service(tmp_path) as running:
        yield running


@pytest.fixture
def subscribed(acting, service):
    """A browser of a user, by their name."""

    def subscribe(user_id, name=None):
        browser = service.browser(name or user_id)
        answer = acting(user_id).put(PATH, json=browser.subscription())
        assert answer.is_success, answer.text
        return browser

    return subscribe


@pytest.fixture
def told(url, service):
    """Who has been told of what since it was last asked for."""

    def read(*browsers):
        run_to_end(send_noted(url, service))
        known = {browser.path: browser for browser in browsers}
        notices = [(r.path[1:], known[r.path].read(r.body)) for r in service.taken()]
        return sorted((name, notice["title"], notice["body"]) for name, notice in notices)

    return read


def test_those_whom_a_message_notifies_are_told_of_it_once(acting, url, service, subscribed, told):
    jim, dwight = acting("jim"), acting("dwight")
    post(jim, "Before anybody wanted it, @pam", channel="general")
    pam, kevin, oscar = subscribed("pam"), subscribed("kevin"), subscribed("oscar")
    acting("kevin").patch("/api/channels/general/preferences", json={"notifies": "all"})
    acting("oscar").patch("/api/channels/general/preferences", json={"isMuted": True})
    written = post(jim, "Look  at\nthis, @pam", channel="general").json()
    post(dwight, "Of no concern to Pam", channel="dm-dwight-angela")
    post(acting("pam"), "Mine, @pam", channel="dm-jim-pam")
    sent = post(jim, "Lunch?", channel="dm-jim-pam").json()
    run_to_end(race(url, service, 3))
    received = service.taken()
    notices = [
        (browser.path[1:], browser.read(request.body))
        for request in received
        for browser in (pam, kevin, oscar)
        if browser.path == request.path
    ]
    in_general = {
        "title": "Jim Halpert in #general",
        "body": "Look at this, @pam",
        "address": f"/c/general/m/{written['id']}",
        "tag": "bullpen general",
        "isSilent": False,
    }
    direct = {
        "title": "Jim Halpert",
        "body": "Lunch?",
        "address": f"/d/dm-jim-pam/m/{sent['id']}",
        "tag": "bullpen dm-jim-pam",
        "isSilent": False,
    }
    by_name = sorted(notices, key=lambda one: (one[0], one[1]["title"]))
    assert by_name == [("kevin", in_general), ("pam", direct), ("pam", in_general)]
    for request in received:
        assert request.headers["host"] == f"localhost:{service.port}"
        assert request.headers["content-encoding"] == "aes128gcm"
        assert int(request.headers["ttl"]) > 0
        assert len(request.headers["topic"]) == 32
        assert request.headers["authorization"].startswith("vapid t=ey")
    assert told(pam, kevin, oscar) == []


def test_a_keyword_is_told_of_like_a_mention_in_ones_own_channels(acting, subscribed, told):
    browsers = subscribed("pam"), subscribed("kevin")
    pam = acting("pam")
    assert pam.put("/api/notifications", json={"keywords": ["paper", "Q3 numbers"]}).is_success
    general = "/api/channels/general/preferences"
    post(acting("jim"), "We are out of **Paper**!", channel="general")
    assert told(*browsers) == [("pam", "Jim Halpert in #general", "We are out of **Paper**!")]
    root = post(pam, "Paper of my own", channel="general").json()["id"]
    post(acting("jim"), "newspapers, and numbers of Q3", channel="general")
    post(acting("jim"), "paper", channel="sales")
    assert told(*browsers) == []
    post(acting("jim"), "the q3 numbers", channel="general", parentMessageId=root)
    assert told(*browsers) == [("pam", "Jim Halpert in #general", "the q3 numbers")]
    pam.patch(general, json={"isMuted": True})
    post(acting("jim"), "paper while muted", channel="general")
    assert told(*browsers) == []


def test_replies_reach_those_who_follow_the_thread(acting, subscribed, told):
    pam, kevin = subscribed("pam"), subscribed("kevin")
    for name in ("pam", "kevin"):
        acting(name).patch("/api/channels/general/preferences", json={"notifies": "all"})
    root = post(acting("pam"), "A thread", channel="general").json()["id"]
    assert told(pam, kevin) == [("kevin", "Pam Beesly in #general", "A thread")]
    post(acting("jim"), "A reply", channel="general", parentMessageId=root)
    assert told(pam, kevin) == [("pam", "Jim Halpert in #general", "A reply")]


def test_a_group_dm_reaches_its_members_as_a_dm_does(acting, subscribed, told):
    browsers = subscribed("pam"), subscribed("kevin"), subscribed("dwight")
    group = {"name": "group", "kind": "group_dm"}
    for members in (["jim", "pam", "kevin"], ["jim", "pam", "kevin", "oscar"]):
        body = {**group, "id": f"of-{len(members)}", "memberIds": members}
        made = acting("jim").post("/api/channels", json=body)
        assert made.status_code == 201, made.text
    post(acting("jim"), "Lunch?", channel="of-3")
    title = "Jim Halpert to you and 1 other"
    assert told(*browsers) == [("kevin", title, "Lunch?"), ("pam", title, "Lunch?")]
    post(acting("pam"), "All?", channel="of-4")
    assert told(*browsers) == [("kevin", "Pam Beesly to you and 2 others", "All?")]


def test_what_cannot_be_read_any_more_or_has_been_read_is_not_told(
    acting, url, service, run_sql, subscribed, told
):
    browsers = subscribed("pam"), subscribed("kevin")
    jim = acting("jim")
    assert told(*browsers) == []
    # Noted, and not sent yet: everything is looked at again when it is sent.
    for browser in browsers:
        service.status[browser.path] = 503
    gone = post(jim, "Deleted, @kevin", channel="general").json()["id"]
    private = post(jim, "Removed, @pam", channel="sales")
    assert private.status_code == 201
    seen = post(jim, "Seen", channel="dm-jim-pam").json()["id"]
    run_sql("DELETE FROM push_deliveries")
    told(*browsers)
    run_sql("UPDATE push_subscriptions SET due_at = now()")
    service.status.clear()
    noted = run_sql(NOTED)[0][0]
    assert noted > 0
    assert jim.delete(f"/api/messages/{gone}").is_success
    pam_acts = acting("pam")
    answer = pam_acts.post(
        "/api/unreads/mark-read", json={"channelId": "dm-jim-pam", "messageId": seen}
    )
    assert answer.is_success, answer.text
    run_sql("UPDATE channels SET kind = 'private' WHERE id = 'sales'")
    run_sql("DELETE FROM channel_members WHERE channel_id = 'sales' AND user_id = 'pam'")
    assert told(*browsers) == []
    assert run_sql(NOTED)[0][0] == 0


def test_nobody_is_disturbed_while_they_rest(acting, run_sql, subscribed, told):
    pam = subscribed("pam")
    jim, me = acting("jim"), acting("pam")
    me.put("/api/notifications", json={"pausedUntil": "2100-01-01T00:00:00Z"})
    post(jim, "While paused", channel="dm-jim-pam")
    assert told(pam) == []
    # All day but for a minute that is now neither in New York nor anywhere else.
    [[clock]] = run_sql(
        "SELECT to_char(now() AT TIME ZONE 'America/New_York' - interval '1 hour', 'HH24:MI')"
    )
    [[later]] = run_sql(
        "SELECT to_char(now() AT TIME ZONE 'America/New_York' + interval '1 hour', 'HH24:MI')"
    )
    me.put("/api/notifications", json={"quietFrom": clock, "quietUntil": later})
    post(jim, "While at rest", channel="dm-jim-pam")
    assert told(pam) == []
    me.put("/api/notifications", json={"quietFrom": later, "quietUntil": clock, "isSilent": True})
    post(jim, "While awake", channel="dm-jim-pam")
    assert told(pam) == [("pam", "Jim Halpert", "While awake")]


def test_of_each_conversation_the_newest_message_is_told(acting, subscribed, told):
    pam = subscribed("pam")
    for text in ("One", "Two", "Three"):
        post(acting("jim"), text, channel="dm-jim-pam")
    assert told(pam) == [("pam", "Jim Halpert", "Three")]


def test_a_service_that_fails_is_left_alone_for_a_while(acting, service, run_sql, subscribed, told):
    pam, kevin = subscribed("pam"), subscribed("kevin")
    post(acting("jim"), "Hello", channel="dm-jim-pam")
    for status in (500, 429, 302):
        service.status[pam.path] = status
        assert told(pam) == [("pam", "Jim Halpert", "Hello")]
        assert told(pam) == []
        run_sql("UPDATE push_subscriptions SET due_at = now()")
    service.status[pam.path] = 201
    assert told(pam) == [("pam", "Jim Halpert", "Hello")]
    assert told(pam) == []
    post(acting("jim"), "Again", channel="dm-jim-pam")
    service.status[pam.path] = 410
    assert told(pam) == [("pam", "Jim Halpert", "Again")]
    assert [row[0] for row in run_sql(SUBSCRIBED)] == ["kevin"]
    assert kevin.path not in {request.path for request in service.taken()}


def test_a_process_that_ends_while_it_tells_loses_nothing_and_repeats_at_most_one(
    acting, url, service, run_sql, subscribed, told
):
    pam = subscribed("pam")
    post(acting("jim"), "Hello", channel="dm-jim-pam")
    service.status[pam.path] = None

    async def killed():
        database = await Database.open(url)
        await database.write("UPDATE events SET created_at = created_at - interval '3 seconds'")
        sender = sender_of(database, service)
        running = asyncio.create_task(sender.run())
        await asyncio.to_thread(until, lambda: service.received)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await database.close()

    run_to_end(killed())
    service.status.clear()
    assert [request.path for request in service.taken()] == [pam.path]
    assert told(pam) == []
    run_sql("UPDATE push_subscriptions SET due_at = now()")
    assert told(pam) == [("pam", "Jim Halpert", "Hello")]
    assert told(pam) == []


def test_only_those_who_are_signed_in_are_told(url, service, run_sql):
    with serving(url, team=True) as served, set_up_owner(served, url) as olive:
        dana, emil = join(olive, served, "Dana", "member"), join(olive, served, "Emil", "member")
        ids = {who: who.get("/api/me").json()["id"] for who in (olive, dana, emil)}
        first, second = service.browser("first"), service.browser("second")
        for who, browser in ((dana, first), (emil, second)):
            assert who.put(PATH, json=browser.subscription()).is_success
        # A browser that has another subscription now has no other one.
        renewed = service.browser("renewed")
        assert dana.put(PATH, json=renewed.subscription()).is_success
        assert run_sql("SELECT count(*) FROM push_subscriptions")[0][0] == 2
        general = {"name": "Talk", "id": "talk", "kind": "public", "memberIds": list(ids.values())}
        assert olive.post("/api/channels", json=general).is_success
        post(olive, "@channel: news", channel="talk")
        run_to_end(send_noted(url, service))
        assert sorted(r.path for r in service.taken()) == ["/renewed", "/second"]
        # Somebody else signs in where Dana was.
        assert emil.put(PATH, json=renewed.subscription()).is_success
        assert run_sql(SUBSCRIBED) == [(ids[emil],)]
        assert dana.put(PATH, json=first.subscription()).is_success
        assert dana.post("/api/sign-out").is_success
        assert run_sql(SUBSCRIBED) == [(ids[emil],)]
        run_sql("UPDATE sessions SET last_used_at = now() - interval '15 days'")
        run_sql("INSERT INTO push_deliveries SELECT s.id, m.id FROM push_subscriptions s,"
                " messages m WHERE m.channel_id = 'talk'")  # fmt: skip
        run_to_end(send_noted(url, service))
        assert service.taken() == []
        assert run_sql(SUBSCRIBED) == []
        for who in (dana, emil):
            who.close()


def test_with_another_secret_key_nothing_is_sent(acting, url, service, subscribed):
    subscribed("pam")
    post(acting("jim"), "Hello", channel="dm-jim-pam")
    run_to_end(send_noted(url, service, key="another secret key, long enough too"))
    assert service.taken() == []


def test_a_user_has_ten_browsers_and_ends_only_their_own(acting, run_sql, subscribed):
    browsers = [subscribed("pam", f"pam-{number}") for number in range(12)]
    assert len(run_sql("SELECT FROM push_subscriptions")) == 10
    newest = {"endpoint": browsers[-1].endpoint}
    assert acting("jim").request("DELETE", PATH, json=newest).is_success
    assert len(run_sql("SELECT FROM push_subscriptions")) == 10
    assert acting("pam").request("DELETE", PATH, json=newest).is_success
    assert len(run_sql("SELECT FROM push_subscriptions")) == 9


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"endpoint": "http://push.example.net/1"}, "the https address of a push service"),
        ({"endpoint": "https://user@push.example.net/1"}, "the https address"),
        ({"endpoint": "https://127.0.0.1/1"}, "in the internet"),
        ({"endpoint": "https://[::ffff:10.0.0.1]/1"}, "in the internet"),
        ({"endpoint": "https://169.254.169.254/latest"}, "in the internet"),
        ({"endpoint": "https://push.example.net/" + "x" * 1000}, "up to 1000"),
        ({"endpoint": "https://push.example.net/\r\nHost: x"}, "plain characters"),
        ({"p256dh": "AAAA"}, "public key"),
        ({"p256dh": "!"}, "as base64url"),
        ({"auth": "AAAA"}, "the secret"),
        ({"timeZone": "Mars/Base"}, "a time zone like"),
    ],
)
def test_what_is_no_subscription_is_refused(refusing, service, change, problem):
    answer = refusing("pam").put(PATH, json=service.browser("x").subscription(**change))
    assert answer.status_code == 400
    assert problem in answer.text


@pytest.mark.parametrize(
    "address",
    [
        "https://10.1.2.3/", "https://[::1]/", "https://[64:ff9b::a00:1]/", "https://[2002:a00::]/",
        "https://0.0.0.0/", "https://100.64.0.1/", "https://224.0.0.1/", "https://[fe80::1]/",
    ],
)  # fmt: skip
def test_addresses_that_are_not_in_the_internet_are_none_of_push_services(address):
    assert endpoint_problem(address) is not None


def test_a_name_that_leads_to_this_machine_is_not_connected_to(service):
    async def try_to_reach():
        client = PushClient()
        try:
            await client.post(service.browser("x").endpoint, {}, b"")
        finally:
            await client.close()

    with pytest.raises(NotPublic):
        run_to_end(try_to_reach())
    assert service.received == []
