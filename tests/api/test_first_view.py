"""The chat's page arrives with a drawing of itself and the answers that it would ask for."""

import base64
import hashlib
import json
import re

import pytest
from tests.support.serving import serving

from bullpen.api.browser.client import load

PAGE = {"Accept": "text/html,*/*;q=0.8"}
LISTS = ["/api/session", "/api/users", "/api/channels", "/api/unreads", "/api/sidebar"]
GENERAL = "/api/channels/general/messages"
NOBODY = "9b2f5a52-0000-4000-8000-000000000000"
HEADERS = ("x-event-id", "link", "bullpen-session", "bullpen-role")
SCRIPT = re.compile(r'<script type="application/json" id="first-answers">(.*?)</script>', re.DOTALL)


def first_answers(answer):
    assert answer.status_code == 200
    found = SCRIPT.search(answer.text)
    return None if found is None else json.loads(found[1])


def asked(client, path):
    answer = client.get(path)
    headers = {name: answer.headers[name] for name in HEADERS if name in answer.headers}
    return {"headers": headers, "body": answer.json()}


@pytest.mark.parametrize("path", ["/", "/c/general", f"/c/general/t/{NOBODY}"])
def test_the_page_has_the_answers_that_the_api_gives(acting, path):
    pam = acting("pam")
    found = first_answers(pam.get(path, headers=PAGE))
    home = re.search("</c/([^>]+)>", found["/api/session"]["headers"]["link"])[1]
    messages = f"/api/channels/{home}/messages" if path == "/" else GENERAL
    assert set(found) == {*LISTS, messages}
    for one, answer in found.items():
        assert answer == asked(pam, one), one
    assert found["/api/session"]["body"]["userId"] == "pam"


def test_what_a_program_asks_for_or_what_is_asked_for_again_has_no_data(reader):
    pam = reader("pam")
    assert first_answers(pam.get("/c/general")) is None
    fetched = PAGE | {"Sec-Fetch-Mode": "cors"}
    assert first_answers(pam.get("/c/general", headers=fetched)) is None
    shown = pam.get("/c/general", headers=PAGE | {"Sec-Fetch-Mode": "navigate"})
    assert first_answers(shown) is not None
    # A linked message is shown among its neighbors, which the client asks for.
    linked = pam.get(f"/c/general/m/{NOBODY}", headers=PAGE)
    assert set(first_answers(linked)) == set(LISTS)


def test_no_cache_keeps_a_page_with_data(reader):
    pam = reader("pam")
    assert pam.get("/c/general", headers=PAGE).headers["cache-control"] == "no-store"


def test_the_policy_admits_the_styles_in_the_page_and_no_others(reader):
    answer = reader("pam").get("/c/general", headers=PAGE)
    styles = re.findall(r"<style>(.*?)</style>", answer.text, re.DOTALL)
    assert len(styles) == 1
    digest = base64.b64encode(hashlib.sha256(styles[0].encode()).digest()).decode()
    policy = answer.headers["content-security-policy"]
    assert f"style-src 'self' 'sha256-{digest}';" in policy
    assert "unsafe" not in policy
    assert not re.search(r'<[^>]*\sstyle="|<[^>]*\son\w+=', answer.text)
    addresses = re.findall(r'url\("([^"]+)"\)', styles[0])
    assert len(addresses) > 10
    assert {one.rpartition("/")[2] for one in addresses} <= {
        name.rpartition("/")[2] for name in load().files
    }


def test_text_of_messages_and_names_is_never_markup(acting):
    pam = acting("pam")
    text = "</script><script>alert(1)</script> <b>bold</b> `<i>` **<u>** [<s>](https://x.example)"
    pam.post("/api/messages", json={"channelId": "general", "text": text})
    page = pam.get("/c/general", headers=PAGE)
    assert first_answers(page)[GENERAL]["body"][-1]["text"] == text
    assert "<b>" not in page.text
    for tag in ("<i>", "<u>", "<s>", "<script>alert"):
        assert tag not in page.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &lt;b&gt;bold&lt;/b&gt;" in page.text
    assert page.text.count("<script") == 4


def test_a_page_shows_nothing_of_channels_that_its_reader_may_not_read(acting, run_sql):
    run_sql("INSERT INTO channels (id, name, kind) VALUES ('vault', 'vault', 'private')")
    run_sql("INSERT INTO channel_members (channel_id, user_id) VALUES ('vault', 'jim')")
    jim, pam = acting("jim"), acting("pam")
    said = jim.post("/api/messages", json={"channelId": "vault", "text": "The code is 1234"})
    assert said.status_code == 201
    # In the drawing and in the answers.
    assert jim.get("/c/vault", headers=PAGE).text.count("The code is 1234") == 2
    refused, other = (pam.get(f"/c/{one}", headers=PAGE).text for one in ("vault", "nowhere"))
    assert refused == other
    assert "vault" not in pam.get("/c/general", headers=PAGE).text


def test_nobody_gets_data_without_signing_in(shared_url):
    with serving(shared_url, team=True) as team, team.client() as stranger:
        answer = stranger.get("/c/general", headers=PAGE)
        assert first_answers(answer) is None
        assert answer.headers["cache-control"] == "no-cache"
        assert "data-message-id" not in answer.text
        assert "general" not in answer.text
