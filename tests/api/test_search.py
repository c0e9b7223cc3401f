"""Search: what is found, in which order, how it is shown, and by whom it never is."""

from collections.abc import Callable

import httpx
import pytest
from tests.support.posting import post

from bullpen.chat import search

Acting = Callable[[str], httpx.Client]


def find(client: httpx.Client, q: str, **more: object) -> list[dict]:
    answer = client.get("/api/search", params={"q": q, **more})
    assert answer.status_code == 200, answer.text
    return answer.json()["hits"]


def texts(hits: list[dict]) -> list[str]:
    return [hit["message"]["text"] for hit in hits]


def test_it_finds_words_in_any_form_and_marks_them(acting: Acting):
    jim = acting("jim")
    message = post(jim, "The flonkerton medals were **handed** out").json()
    (hit,) = find(acting("pam"), "flonkerton medal")
    assert hit == {
        "message": message, "channelId": "general", "parentMessageId": None,
        "segments": [
            {"text": "The ", "hit": False}, {"text": "flonkerton", "hit": True},
            {"text": " ", "hit": False}, {"text": "medals", "hit": True},
            {"text": " were **handed** out", "hit": False},
        ],
    }  # fmt: skip


def test_a_reply_is_found_with_its_thread(acting: Acting):
    jim = acting("jim")
    root = post(jim).json()["id"]
    reply = post(jim, "Flonkerton", parentMessageId=root).json()
    (hit,) = find(jim, "flonkerton")
    assert (hit["message"], hit["parentMessageId"]) == (reply, root)


def test_nobody_finds_what_they_may_not_read(acting: Acting):
    jim, creed = acting("jim"), acting("creed")
    post(jim, "flonkerton `code` https://example.org", channel="dm-jim-pam")
    message = post(acting("angela"), "flonkerton", channel="accounting").json()["id"]
    acting("kevin").post(f"/api/messages/{message}/reactions", json={"emoji": "👍"})
    for q in (
        "flonkerton", "flonkerton from:jim", "flonkerton in:dm-jim-pam", "flonkerton in:accounting",
        "in:accounting has:reaction", "in:dm-jim-pam", "flonkerton has:code", '"flonkerton"',
    ):  # fmt: skip
        for sort in ("relevance", "newest"):
            assert find(creed, q, sort=sort) == [], q
    assert len(find(jim, "flonkerton")) == 1
    assert len(find(acting("kevin"), "in:accounting has:reaction flonkerton")) == 1
    acting("kevin").delete("/api/channels/accounting/members/kevin")
    assert find(acting("kevin"), "flonkerton") == []


def test_operators_narrow_it(acting: Acting, run_sql):
    jim, pam = acting("jim"), acting("pam")
    post(jim, "flonkerton one https://example.org/x")
    post(pam, "flonkerton two `code`", channel="dm-jim-pam")
    reacted = post(pam, "flonkerton three").json()["id"]
    post(jim, "Reply", parentMessageId=reacted)
    pam.post(f"/api/messages/{reacted}/reactions", json={"emoji": "👍"})
    post(jim, "flonkerton four")
    run_sql("UPDATE messages SET created_at = '2020-06-15 23:30Z' WHERE text = 'flonkerton four'")

    def found(q: str, **more: object) -> set[str]:
        return {text.split()[1] for text in texts(find(jim, f"flonkerton {q}", **more))}

    assert found("") == {"one", "two", "three", "four"}
    assert found("from:pam") == {"two", "three"}
    assert found("from:me") == found("from:@jim") == found('from:"Jim Halpert"') == {"one", "four"}
    assert found("from:pam from:jim") == {"one", "two", "three", "four"}
    assert found("from:nobody") == set()
    assert found("in:dm-jim-pam") == {"two"}
    assert found("in:#general") == found("IN:General") == {"one", "three", "four"}
    assert found("has:link") == {"one"}
    assert found("has:code") == {"two"}
    assert found("has:reaction") == found("has:thread") == {"three"}
    assert found("has:reaction has:code") == set()
    assert found("before:2021-01-01") == found("after:2020-06-14 before:2020-06-16") == {"four"}
    assert found("after:2020-06-15") == {"one", "two", "three"}
    assert found("after:2020-06-15", timeZone="Europe/Berlin") == {"one", "two", "three", "four"}
    assert found('-two "flonkerton one"') == {"one"}
    assert found("-one -two") == {"three", "four"}
    # Without words, the newest.
    newest = find(jim, "has:reaction from:pam")
    assert newest[0]["message"]["id"] == reacted
    assert newest[0]["segments"] == [{"text": "flonkerton three", "hit": False}]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        (
            {"q": "has:money"},
            "Use one of link, code, file, reaction, thread after has:, not 'money'.",
        ),
        ({"q": "before:yesterday"}, "Use a date like 2026-03-04 after before:, not 'yesterday'."),
        ({"q": "after:0001-01-01"}, "Use a date between 1900 and 9000 after after:."),
        ({"q": "a", "cursor": "AAAA"}, "This cursor is not valid"),
        ({"q": " "}, "Validation failed"),
        ({"q": "a" * 501}, "Validation failed"),
        ({"q": "a", "timeZone": "Mars/Olympus"}, "Validation failed"),
        ({"q": "a", "limit": "51"}, "Validation failed"),
        ({"q": "\x00"}, "Validation failed"),
    ],
)
def test_what_cannot_be_meant_is_said(reader, query: dict[str, str], said: str):
    answer = reader("jim").get("/api/search", params=query)
    assert answer.status_code == 400
    assert answer.json()["error"].startswith(said)


@pytest.mark.parametrize(
    "q",
    [
        *("the", "'", '"', "a & b | !c", "<->", "-", "((", "in:", "🎉", "%"),
        *(sign * 100 for sign in ("-", "- ", "-(", "!-", "-\n", "--|", '-"')),
    ],
)
def test_any_text_can_be_searched_for(reader, q: str):
    assert reader("jim").get("/api/search", params={"q": q}).status_code == 200
    assert reader("jim").get("/api/agents/jim/archival", params={"q": q}).status_code == 200


def test_scripts_are_found_as_text(acting: Acting):
    jim = acting("jim")
    post(jim, "<img src=x onerror=alert(1)> flonkerton")
    (hit,) = find(jim, "flonkerton")
    assert hit["message"]["text"] == "<img src=x onerror=alert(1)> flonkerton"
    assert {"text": "flonkerton", "hit": True} in hit["segments"]


@pytest.mark.parametrize("sort", ["relevance", "newest"])
@pytest.mark.parametrize("common", [False, True])
def test_pages_follow_one_another_while_people_write(
    acting: Acting, run_sql, monkeypatch, sort: str, common: bool
):
    """However the words are looked for."""
    monkeypatch.setattr(search, "COMMON", -1 if common else 10**9)
    monkeypatch.setattr(search, "RANKED", 20)
    jim = acting("jim")
    run_sql(
        "INSERT INTO messages (channel_id, user_id, text)"
        " SELECT 'general', 'jim', repeat('flonkerton ', 1 + n % 3) || n"
        " FROM generate_series(1, 25) n"
    )
    run_sql("INSERT INTO messages (channel_id, user_id, text) VALUES ('accounting', 'angela', "
            "'flonkerton flonkerton flonkerton')")  # fmt: skip
    found: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        params = {"q": "flonkerton", "sort": sort, "limit": "4", **cursor}
        page = jim.get("/api/search", params=params).json()
        found += [hit["message"]["id"] for hit in page["hits"]]
        post(jim, "flonkerton flonkerton flonkerton flonkerton")
        if page["nextCursor"] is None:
            break
        cursor = {"cursor": page["nextCursor"]}
    # All of one microsecond, so that the id decides.
    assert len(found) == len(set(found)) == (20 if sort == "relevance" else 25)
    stored = run_sql(
        "SELECT id::text FROM messages WHERE channel_id = 'general' AND text ~ 'flonkerton .*[0-9]'"
    )
    assert set(found) <= {row[0] for row in stored}
    if sort == "newest":
        assert found == sorted(found, reverse=True)


def test_common_words_are_found_where_they_are_rare_too(acting: Acting, monkeypatch):
    monkeypatch.setattr(search, "COMMON", -1)
    monkeypatch.setattr(search, "LOOKED_THROUGH", 3)
    jim = acting("jim")
    post(jim, "flonkerton")
    for number in range(4):
        post(jim, f"{number}")
    assert texts(find(jim, "flonkerton")) == ["flonkerton"]
    assert texts(find(jim, "flonkerton", sort="newest")) == ["flonkerton"]


def test_the_beginning_of_a_word_finds_no_author_channel_or_link(acting: Acting):
    """Which the index has beside the words."""
    jim = acting("jim")
    text = "see `flonkerton` at https://example.org/quabbity"
    post(jim, text)
    for q in ("fr* flonkerton", "fro* flonkerton", '"flonkerton" ha*', "i*", "has*"):
        assert text not in texts(find(jim, q)), q
    assert texts(find(jim, "flonkerton h*")) == [text]


def test_the_more_relevant_comes_first(acting: Acting):
    jim = acting("jim")
    post(jim, "flonkerton flonkerton flonkerton")
    post(jim, "flonkerton, and many words about entirely other things than that")
    assert texts(find(jim, "flonkerton"))[0] == "flonkerton flonkerton flonkerton"
    assert texts(find(jim, "flonkerton", sort="newest"))[1] == "flonkerton flonkerton flonkerton"


def test_curly_quotes_and_accents_of_names_are_understood(acting: Acting):
    michael = acting("michael")
    post(michael, "see flonkerton/main.py")
    for q in (
        "from:“Michael Scott” main",
        "from:“MICHAÉL scott” flonkerton",
        "main.py in:“general”",
    ):
        assert texts(find(michael, q)) == ["see flonkerton/main.py"], q
    (hit,) = find(michael, "flonkerton main.py from:@michael")
    assert [segment["text"] for segment in hit["segments"] if segment["hit"]] == [
        "flonkerton", "main.py",
    ]  # fmt: skip


def test_an_operator_without_effect_is_said_and_tells_nothing_private(reader):
    for user_id in ("michael", "kevin"):
        notes = {
            q: reader(user_id).get("/api/search", params={"q": q}).json()["notes"]
            for q in (
                "from:nobody fox",
                "in:nowhere fox",
                "in:accounting quabbity",
                "!!!",
                "quabbity",
            )
        }
        hidden = ["There is no channel “accounting” that you can read."]
        assert notes == {
            "from:nobody fox": ["No member has the id or name “nobody”."],
            "in:nowhere fox": ["There is no channel “nowhere” that you can read."],
            "in:accounting quabbity": hidden if user_id == "michael" else [],
            "!!!": ["“!!!” has no letter, digit or symbol to search for."],
            "quabbity": [],
        }


def test_a_search_that_is_too_long_is_refused_in_a_sentence(reader):
    said = "Validation failed: this search has 40,000 characters. Shorten it to 500 or fewer."
    for path in ("/api/search", "/api/agents/jim/archival"):
        answer = reader("jim").get(path, params={"q": "a" * 40_000})
        assert (answer.status_code, answer.json()["error"]) == (400, said)


def test_an_archive_is_searched_by_the_same_words(acting: Acting):
    jim = acting("jim")
    text = "我家在上海东边, see café/menu.txt 🎉"
    jim.post("/api/agents/kelly/archival", json={"content": text, "tags": []})
    for q, marked in (("上海", "上海"), ("menu", "menu"), ("CAFE", "café"), ("🎉", "🎉")):
        (passage,) = jim.get("/api/agents/kelly/archival", params={"q": q}).json()["passages"]
        assert [part["text"] for part in passage["snippet"] if part["hit"]] == [marked]
