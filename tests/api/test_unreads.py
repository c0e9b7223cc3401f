def test_reading_a_channel_clears_its_count_and_no_other(acting):
    michael = acting("michael")
    before = {"dm-michael-toby": 1, "management": 2, "party-planning": 5, "random": 2, "sales": 3}
    assert michael.get("/api/unreads").json() == before
    answer = michael.post("/api/unreads/mark-read", json={"channelId": "sales"})
    del before["sales"]
    assert (answer.status_code, answer.json()) == (200, before)
    assert michael.get("/api/unreads").json() == before
    assert acting("stanley").get("/api/unreads").json() == {"sales": 2}


def test_messages_of_others_count_and_ones_own_and_replies_do_not(acting, run_sql):
    creed = acting("creed")
    creed.post("/api/unreads/mark-read", json={"channelId": "random"})
    assert creed.get("/api/unreads").json() == {}
    root = run_sql(
        "INSERT INTO messages (channel_id, user_id, text, created_at)"
        " VALUES ('random', 'creed', 'boo', now() + interval '100 years') RETURNING id"
    )[0][0]
    run_sql(
        "INSERT INTO messages (channel_id, parent_message_id, user_id, text, created_at)"
        " VALUES ('random', $1, 'pam', 'what', now() + interval '101 years')",
        root,
    )
    assert creed.get("/api/unreads").json() == {}
    run_sql(
        "INSERT INTO messages (channel_id, user_id, text, created_at)"
        " VALUES ('random', 'pam', 'creed?', now() + interval '101 years')"
    )
    assert creed.get("/api/unreads").json() == {"random": 1}


def test_a_member_who_never_opened_a_channel_has_all_of_it_unread(acting, run_sql):
    run_sql("INSERT INTO channels (id, name, kind) VALUES ('room', 'room', 'public')")
    run_sql("INSERT INTO channel_members (channel_id, user_id) VALUES ('room', 'creed')")
    run_sql("INSERT INTO messages (channel_id, user_id, text) VALUES ('room', 'pam', 'hello')")
    assert acting("creed").get("/api/unreads").json() == {"random": 1, "room": 1}
    assert "room" not in acting("jim").get("/api/unreads").json(), "he is not in it"


def test_a_cursor_never_moves_back(acting, run_sql):
    michael = acting("michael")
    michael.post("/api/unreads/mark-read", json={"channelId": "sales"})
    run_sql(
        "DELETE FROM messages WHERE id = (SELECT id FROM messages WHERE channel_id = 'sales'"
        " AND parent_message_id IS NULL ORDER BY created_at DESC, id DESC LIMIT 1)"
    )
    before = run_sql("SELECT * FROM read_cursors WHERE user_id = 'michael' ORDER BY channel_id")
    michael.post("/api/unreads/mark-read", json={"channelId": "sales"})
    after = run_sql("SELECT * FROM read_cursors WHERE user_id = 'michael' ORDER BY channel_id")
    assert after == before
    assert "sales" not in michael.get("/api/unreads").json()


def test_marking_an_empty_channel_read_is_fine(acting, run_sql):
    run_sql("INSERT INTO channels (id, name, kind) VALUES ('room', 'room', 'public')")
    answer = acting("creed").post("/api/unreads/mark-read", json={"channelId": "room"})
    assert (answer.status_code, answer.json()) == (200, {"random": 1})


def mark_unread(client, channel_id, message_id):
    body = {"channelId": channel_id, "messageId": message_id}
    return client.post("/api/unreads/mark-unread", json=body)


def test_a_message_marked_as_unread_is_unread_with_all_after_it_for_that_user_alone(
    acting, run_sql
):
    michael, stanley = acting("michael"), acting("stanley")
    before = stanley.get("/api/unreads").json()
    michael.post("/api/unreads/mark-read", json={"channelId": "sales"})
    ids = [
        str(row[0])
        for row in run_sql(
            "SELECT id FROM messages WHERE channel_id = 'sales' AND parent_message_id IS NULL"
            " ORDER BY created_at, id"
        )
    ]
    theirs = [
        row[0]
        for row in run_sql(
            "SELECT user_id <> 'michael' FROM messages WHERE channel_id = 'sales'"
            " AND parent_message_id IS NULL ORDER BY created_at, id"
        )
    ]
    for at in (len(ids) - 1, 1, 0, 2):
        answer = mark_unread(michael, "sales", ids[at])
        assert answer.status_code == 200
        assert answer.json().get("sales", 0) == sum(theirs[at:])
        assert michael.get("/api/unreads").json() == answer.json()
    assert stanley.get("/api/unreads").json() == before
    michael.post("/api/unreads/mark-read", json={"channelId": "sales"})
    assert "sales" not in michael.get("/api/unreads").json()


def test_a_message_is_marked_as_unread_only_in_its_own_channel(acting, run_sql):
    [[message_id]] = run_sql("SELECT id FROM messages WHERE channel_id = 'sales' LIMIT 1")
    answer = mark_unread(acting("michael"), "general", str(message_id))
    assert (answer.status_code, answer.json()["code"]) == (404, "message_not_found")


def test_replies_are_marked_as_unread_by_those_who_take_part_in_the_thread(acting):
    michael, pam, toby = acting("michael"), acting("pam"), acting("toby")

    def post(client, text, parent=None):
        body = {"channelId": "general", "text": text}
        body |= {"parentMessageId": parent} if parent else {}
        return client.post("/api/messages", json=body).json()["id"]

    root = post(michael, "Who wants pizza?")
    replies = [post(pam, f"Reply {number}", root) for number in range(3)]
    michael.post("/api/unreads/mark-read", json={"channelId": "general", "threadId": root})
    assert michael.get("/api/unreads/threads").json() == {}
    for at in (1, 2, 0):
        assert mark_unread(michael, "general", replies[at]).status_code == 200
        thread = michael.get("/api/unreads/threads").json()[root]
        assert thread["unreadCount"] == 3 - at
        assert thread["cursor"]["messageId"] == [root, *replies][at]
    refused = mark_unread(toby, "general", replies[0])
    assert (refused.status_code, refused.json()["code"]) == (404, "thread_not_found")
    assert toby.get("/api/unreads/threads").json() == {}
