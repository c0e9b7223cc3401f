"""No private channel or DM reaches a non-member by any route."""

import pytest
from tests.support.serving import serving

SECRET = "11111111-1111-4111-8111-111111111111"
REPLY = "22222222-2222-4222-8222-222222222222"
NOWHERE = "33333333-3333-4333-8333-333333333333"
WORDS = "Only accounting may read this"


@pytest.fixture(params=["accounting", "dm-dwight-angela"])
def secret(request, run_sql) -> str:
    """A channel with a message, a reply and a reaction that creed must never meet."""
    channel = request.param
    run_sql(
        "INSERT INTO messages (id, channel_id, user_id, text) VALUES ($1, $2, 'angela', $3)",
        SECRET, channel, WORDS,
    )  # fmt: skip
    run_sql(
        "INSERT INTO messages (id, channel_id, parent_message_id, user_id, text)"
        " VALUES ($1, $2, $3, 'angela', $4)",
        REPLY, channel, SECRET, WORDS,
    )  # fmt: skip
    for message in (SECRET, REPLY):
        run_sql(
            "INSERT INTO reactions (message_id, user_id, emoji) VALUES ($1, 'angela', '🙊')",
            message,
        )
    return channel


def reads(channel: str) -> list[str]:
    """Every route that can reach a channel or what is in it."""
    return [
        f"/api/channels/{channel}",
        f"/api/channels/{channel}/members",
        f"/api/channels/{channel}/messages",
        f"/api/channels/{channel}/messages?before={SECRET}",
        f"/api/channels/{channel}/messages?after={SECRET}",
        f"/api/messages/{SECRET}",
        f"/api/messages/{SECRET}/replies",
        f"/api/messages/{SECRET}/replies?before={REPLY}",
        f"/api/messages/{REPLY}",
        f"/api/messages/{REPLY}/replies",
    ]


@pytest.mark.ac("1.4.11")
def test_a_member_reads_it_on_every_route(acting, secret):
    angela = acting("angela")
    answers = {path: angela.get(path) for path in reads(secret)}
    assert {answer.status_code for answer in answers.values()} == {200}
    assert WORDS in answers[f"/api/channels/{secret}/messages"].text
    assert WORDS in answers[f"/api/messages/{SECRET}/replies"].text
    assert "🙊" in answers[f"/api/messages/{SECRET}"].text
    assert secret in angela.get("/api/channels").text


@pytest.mark.ac("1.4.11")
def test_to_a_non_member_it_does_not_exist_on_any_route(acting, secret):
    creed = acting("creed")
    for path in reads(secret):
        hidden = creed.get(path)
        missing = creed.get(
            path.replace(secret, "nowhere")
            .replace(SECRET, NOWHERE)
            .replace(REPLY, "44444444-4444-4444-8444-444444444444")
        )
        assert hidden.status_code == 404
        assert (hidden.status_code, hidden.json()) == (missing.status_code, missing.json()), path
    for path in (
        "/api/channels",
        "/api/channels?userId=angela",
        "/api/channels?kind=private",
        "/api/channels?kind=dm",
        "/api/unreads",
        "/api/unreads/cursors",
    ):
        answer = creed.get(path)
        assert answer.status_code == 200
        assert secret not in answer.text, path


@pytest.mark.ac("1.4.11")
def test_a_non_member_cannot_write_to_it_either(acting, secret, run_sql):
    creed = acting("creed")
    tables = ("channels", "channel_members", "messages", "reactions", "events")
    before = [run_sql(f"SELECT * FROM {table} ORDER BY id") for table in tables]
    writes = [
        ("PATCH", f"/api/channels/{secret}", {"topic": "open"}),
        ("DELETE", f"/api/channels/{secret}", None),
        ("POST", f"/api/channels/{secret}/members", {"userId": "creed"}),
        ("DELETE", f"/api/channels/{secret}/members/angela", None),
        ("POST", "/api/unreads/mark-read", {"channelId": secret}),
        ("POST", "/api/unreads/mark-unread", {"channelId": secret, "messageId": SECRET}),
        ("POST", "/api/inbox/mark-read", {"kind": "mention", "id": SECRET}),
        ("POST", "/api/inbox/mark-unread", {"kind": "reaction", "id": SECRET}),
        ("POST", "/api/messages", {"channelId": secret, "text": "Let me in"}),
        ("PATCH", f"/api/messages/{SECRET}", {"text": "Mine"}),
        ("DELETE", f"/api/messages/{SECRET}", None),
        ("POST", f"/api/messages/{REPLY}/reactions", {"emoji": "👀"}),
        ("DELETE", f"/api/messages/{REPLY}/reactions", {"emoji": "🙊"}),
        ("PUT", f"/api/messages/{REPLY}/follow", None),
        ("GET", f"/api/messages/{REPLY}/follow", None),
        ("PUT", f"/api/messages/{REPLY}/pin", None),
        ("DELETE", f"/api/messages/{SECRET}/pin", None),
        ("PUT", f"/api/messages/{SECRET}/saved", None),
        ("PUT", f"/api/messages/{REPLY}/saved", {"remindAt": "2030-01-01T00:00:00Z"}),
    ]
    for method, path, body in writes:
        hidden = creed.request(method, path, json=body)
        missing_body = body
        if body and "channelId" in body:
            missing_body = body | {"channelId": "nowhere"}
        elsewhere = path.replace(secret, "nowhere").replace(SECRET, NOWHERE).replace(REPLY, NOWHERE)
        missing = creed.request(method, elsewhere, json=missing_body)
        assert hidden.status_code == 404, path
        assert hidden.json() == missing.json()
    after = [run_sql(f"SELECT * FROM {table} ORDER BY id") for table in tables]
    assert after == before
    assert (
        run_sql(
            "SELECT count(*) FROM read_cursors WHERE user_id = 'creed' AND channel_id = $1", secret
        )[0][0]
        == 0
    )


@pytest.mark.ac("1.4.11")
def test_nobody_reads_nothing(url, secret):
    with serving(url, team=True) as served, served.client() as nobody:
        for path in [*reads(secret), "/api/channels", "/api/unreads", "/api/users"]:
            answer = nobody.get(path)
            assert answer.status_code == 401, path
            assert set(answer.json()) == {"error", "code"}


@pytest.mark.ac("1.4.11")
def test_who_leaves_a_private_channel_stops_seeing_it_at_once(acting, secret):
    if secret.startswith("dm-"):
        leaving = acting("kevin")
        assert leaving.get(f"/api/channels/{secret}/messages").status_code == 404
        return
    kevin = acting("kevin")
    assert kevin.get(f"/api/messages/{SECRET}").status_code == 200
    assert kevin.delete("/api/channels/accounting/members/kevin").status_code == 200
    for path in reads(secret):
        assert kevin.get(path).status_code == 404
    assert "accounting" not in kevin.get("/api/unreads").json()
