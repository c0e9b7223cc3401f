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
