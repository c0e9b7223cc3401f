"""Previews of linked pages: off until somebody switches them on, read once, removed by authors."""

import pytest
from tests.support.equivalence import PICTURES
from tests.support.fixtures import clients_of
from tests.support.posting import newest, post
from tests.support.program import until
from tests.support.serving import serving
from tests.support.streams import listening
from tests.support.web_server import Answer, site

ON = {"showsLinkPreviews": True}
LOOPBACK = ["127.0.0.0/8"]
HEAD = """<title>A page</title><meta name=description content="About it.">
<meta property=og:image content=/a.png><meta property=og:site_name content="A site">"""


@pytest.fixture
def web():
    with site() as served:
        served.answers["/a.png"] = Answer(PICTURES["black"], "image/png")
        yield served


@pytest.fixture
def office(url, web):
    with serving(url, preview_networks=LOOPBACK) as served, clients_of(served) as make:
        yield make


def switch_on(client):
    assert client.patch("/api/workspace", json=ON).json()["showsLinkPreviews"] is True


def previewed(client, message_id):
    path = f"/api/messages/{message_id}"
    until(lambda: "previews" in client.get(path).json(), 10)
    return client.get(path).json()


def test_nothing_is_read_until_an_administrator_switches_it_on(office, web):
    pam = office("pam")
    url = web.page("/", HEAD)
    assert "showsLinkPreviews" not in pam.get("/api/workspace").json()
    before = post(pam, url).json()["id"]
    switch_on(pam)
    after = post(pam, f"Look: {url}.").json()["id"]
    assert previewed(pam, after)["previews"][0]["title"] == "A page"
    assert web.paths() == ["/", "/a.png"]
    assert "previews" not in pam.get(f"/api/messages/{before}").json()
    pam.patch("/api/workspace", json={"showsLinkPreviews": False})
    post(pam, web.page("/b", HEAD))
    assert "/b" not in web.paths()


def test_a_preview_comes_to_every_window_after_the_message_and_each_page_is_read_once(office, web):
    pam, jim, kevin = office("pam"), office("jim"), office("kevin")
    switch_on(pam)
    url = web.page("/", HEAD)
    web.may_answer.clear()
    with listening(jim) as stream:
        # While the page is being read, messages are posted as ever.
        sent = [post(pam, f"{url} {at}").json()["id"] for at in range(3)]
        web.may_answer.set()
        told = stream.until("message.updated")[-1]["message"]
    assert told["previews"] == previewed(jim, told["id"])["previews"]
    messages = [previewed(jim, each) for each in sent]
    [preview] = messages[0]["previews"]
    assert [each["previews"][0]["id"] for each in messages] == [preview["id"]] * 3
    picture = f"/api/messages/{sent[0]}/previews/{preview['id']}/picture"
    assert preview == {
        "id": preview["id"], "url": url, "title": "A page", "description": "About it.",
        "siteName": "A site", "picture": picture,
    }  # fmt: skip
    assert web.paths() == ["/", "/a.png"]
    served = kevin.get(picture)
    assert (served.headers["content-type"], served.content[8:12]) == ("image/webp", b"WEBP")
    known = {"If-None-Match": served.headers["etag"]}
    assert kevin.get(picture, headers=known).status_code == 304
    assert newest(pam)["previews"] == messages[2]["previews"]


def test_only_links_in_the_text_have_previews_three_at_most(office, web):
    pam = office("pam")
    switch_on(pam)
    urls = [web.page(f"/{at}", f"<title>{at}</title>") for at in range(7)]
    code = f"`{urls[5]}` <{urls[6]}> {urls[0]}\n```\n{urls[5]}\n```\n"
    text = f"{code}[a]({urls[1]}) {urls[2]} {urls[3]}"
    message = previewed(pam, post(pam, text).json()["id"])
    assert [each["title"] for each in message["previews"]] == ["0", "1", "2"]
    assert sorted(web.paths()) == ["/0", "/1", "/2"]


def test_an_author_removes_a_preview_for_good_and_nobody_else_can(office, web):
    pam, jim = office("pam"), office("jim")
    switch_on(pam)
    first, second = web.page("/1", "<title>1</title>"), web.page("/2", "<title>2</title>")
    sent = post(pam, f"{first} {second}").json()["id"]
    ids = [each["id"] for each in previewed(pam, sent)["previews"]]
    path = f"/api/messages/{sent}/previews/{ids[0]}"
    assert jim.delete(path).json()["code"] == "not_the_author"
    with listening(jim) as stream:
        left = pam.delete(path)
        told = stream.until("message.updated")[-1]
    assert [each["title"] for each in left.json()["previews"]] == ["2"]
    assert told["message"]["previews"] == left.json()["previews"]
    # An edit brings back none, takes away what it no longer links to, and adds others.
    third = web.page("/3", "<title>3</title>")
    pam.patch(f"/api/messages/{sent}", json={"text": f"{first} {third}"})
    assert [each["title"] for each in previewed(pam, sent)["previews"]] == ["3"]
    assert pam.delete(path).status_code == 200
    nobody = "00000000-0000-4000-8000-000000000000"
    assert pam.delete(f"/api/messages/{sent}/previews/x").json()["code"] == "preview_not_found"
    assert pam.delete(f"/api/messages/{nobody}/previews/{ids[0]}").status_code == 404


def test_who_cannot_read_a_message_sees_no_picture_and_it_comes_back_with_the_message(office, web):
    pam, kevin = office("pam"), office("kevin")
    switch_on(pam)
    channel = {"id": "links", "name": "links", "kind": "private"}
    made = pam.post("/api/channels", json=channel).json()["id"]
    sent = post(pam, web.page("/", HEAD), made).json()["id"]
    before = previewed(pam, sent)
    picture = before["previews"][0]["picture"]
    assert pam.get(picture).status_code == 200
    assert kevin.get(picture).json()["code"] == "preview_not_found"
    pam.delete(f"/api/messages/{sent}")
    assert pam.get(picture).status_code == 404
    pam.post(f"/api/messages/{sent}/restore")
    assert pam.get(f"/api/messages/{sent}").json() == before
    assert pam.get(picture).status_code == 200


def test_pages_that_cannot_be_read_leave_the_message_alone_and_are_not_asked_for_again(
    office, web, run_sql
):
    pam = office("pam")
    switch_on(pam)
    web.answers["/none"] = Answer(b"<![foo[bar]]><p>No title</p>")
    fine = web.page("/fine", "<title>Fine</title>")
    for _ in range(2):
        text = f"{web.address}/none http://10.0.0.1:81/ {fine}"
        message = previewed(pam, post(pam, text).json()["id"])
        assert [each["title"] for each in message["previews"]] == ["Fine"]
    assert sorted(web.paths()) == ["/fine", "/none"]
    assert run_sql("SELECT count(*) FROM link_previews WHERE title IS NULL")[0][0] == 2


def test_what_agents_write_is_never_read(office, web, run_sql):
    pam = office("pam")
    switch_on(pam)
    run_sql("INSERT INTO external_agents (agent_id) VALUES ('dwight')")
    for who in ("dwight", "jim"):
        post(office(who), web.page(f"/{who}", HEAD))
    until(lambda: "/jim" in web.paths())
    assert "/dwight" not in web.paths()


def test_another_process_takes_over_the_page_of_one_that_was_killed(office, web, run_sql):
    pam = office("pam")
    switch_on(pam)
    url = web.page("/", HEAD)
    run_sql(
        "INSERT INTO link_previews (id, url, claimed_until)"
        f" VALUES (gen_random_uuid(), '{url}', now() + interval '1 second')"
    )
    assert previewed(pam, post(pam, url).json()["id"])["previews"][0]["title"] == "A page"


def test_several_processes_read_a_page_once(url, office, web):
    pam = office("pam")
    switch_on(pam)
    with serving(url, preview_networks=LOOPBACK) as other:
        page = web.page("/", HEAD)
        with clients_of(other) as make:
            sent = [post(each, page).json()["id"] for each in (pam, make("jim"))]
        for each in sent:
            previewed(pam, each)
    assert web.paths() == ["/", "/a.png"]
