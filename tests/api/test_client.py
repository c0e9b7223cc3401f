import gzip
import io
import json
import re

import pytest
from PIL import Image
from tests.support.serving import Served, serving

from bullpen.api.browser import client
from bullpen.api.browser.manifest import MANIFEST

NOTHING_HERE = {
    "error": "There is nothing at this address. /api/docs lists all routes.",
    "code": "not_found",
}


def test_every_view_is_the_same_page_and_is_asked_for_again_each_time(shared_server: Served):
    with shared_server.client() as client:
        pages = [client.get(path) for path in ("/", "/c/general", "/d/dm-jim-pam", "/c/x/t/y")]
    assert {page.status_code for page in pages} == {200}
    assert len({page.text for page in pages}) == 1
    assert {page.headers["cache-control"] for page in pages} == {"no-cache"}
    assert "{{" not in pages[0].text


def test_the_page_admits_no_script_but_its_own(shared_server: Served):
    with shared_server.client() as client:
        policy = client.get("/").headers["content-security-policy"]
    assert "unsafe" not in policy
    assert re.search(r"script-src 'self' 'sha256-[\w+/]{43}='; style-src 'self';", policy)
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy


def test_all_that_the_page_names_is_served_from_here_and_may_be_kept(shared_server: Served):
    with shared_server.client() as client:
        page = client.get("/").text
        addresses = set(re.findall(r'(?:href|src)="([^"]+)"', page))
        addresses |= set(re.findall(r': "(/static/[^"]+)"', page))
        # It has the name of the workspace.
        addresses.remove(MANIFEST)
        assert len(addresses) > 10
        for address in addresses:
            answer = client.get(address)
            assert answer.status_code == 200, address
            assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
            assert "http" not in address


def test_files_are_compressed_for_those_who_can_read_that(shared_server: Served):
    with shared_server.client() as client:
        address = re.search(r'"preact": "([^"]+)"', client.get("/").text)
        assert address is not None
        plain = client.get(address[1], headers={"Accept-Encoding": "identity"})
        with client.stream("GET", address[1], headers={"Accept-Encoding": "gzip"}) as packed:
            raw = b"".join(packed.iter_raw())
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(raw) == plain.content
    assert plain.headers["content-type"].startswith("text/javascript")


@pytest.mark.parametrize(
    "path",
    ["/static/x/nothing.js", "/static/x/../../app.py", "/static/x/%2e%2e/app.py", "/static/"],
)
def test_nothing_beside_the_client_is_served(shared_server: Served, path: str):
    with shared_server.client() as client:
        assert client.get(path).status_code == 404


def test_the_service_worker_is_at_the_top_and_is_asked_for_again_each_time(shared_server: Served):
    with shared_server.client() as client:
        answer = client.get("/service-worker.js")
        policy = client.get("/").headers["content-security-policy"]
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["content-security-policy"] == policy
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_the_service_worker_keeps_what_the_document_names_and_is_another_one_in_each_mode(
    shared_server: Served, shared_url: str
):
    with shared_server.client() as browser:
        text = browser.get("/service-worker.js").text
        kept = json.loads(re.findall(r"JSON.parse\('(.*)'\)", text)[0])
        assert set(re.findall(r'"(/static/[^"]+)"', browser.get("/").text)) <= set(kept)
        for address in kept:
            assert browser.get(address).headers["cache-control"].endswith("immutable"), address
    assert not re.search(r"{{\w+}}", text)
    assert not [address for address in kept if address.startswith("/api")]
    with serving(shared_url, team=True) as served, served.client() as browser:
        assert browser.get("/service-worker.js").text != text


def test_the_manifest_has_the_workspaces_name_and_icons_of_the_sizes_that_they_say(
    shared_server: Served,
):
    with shared_server.client() as browser:
        answer = browser.get(MANIFEST)
        manifest = answer.json()
        sizes = {
            (icon["purpose"], icon["sizes"]): Image.open(
                io.BytesIO(browser.get(icon["src"]).content)
            ).size
            for icon in manifest["icons"]
        }
        assert f'<link rel="manifest" href="{MANIFEST}">' in browser.get("/").text
    assert answer.headers["content-type"] == "application/manifest+json"
    assert answer.headers["cache-control"] == "no-cache"
    assert (manifest["name"], manifest["start_url"], manifest["display"]) == (
        "Dunder Mifflin",
        "/",
        "standalone",
    )
    assert sizes == {
        (purpose, f"{size}x{size}"): (size, size)
        for purpose in ("any", "maskable")
        for size in (192, 512)
    }


def test_a_mistyped_address_is_a_page_for_people_and_an_error_for_programs(shared_server: Served):
    with shared_server.client() as client:
        page = client.get("/chanels/general", headers={"Accept": "text/html,*/*"})
        assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
        assert page.text == client.get("/").text
        for path, accept in (("/chanels/general", "*/*"), ("/api/chanels", "text/html")):
            answer = client.get(path, headers={"Accept": accept})
            assert (answer.status_code, answer.json()) == (404, NOTHING_HERE)


def test_the_page_to_try_the_api_loads_nothing_from_elsewhere(shared_server: Served):
    with shared_server.client() as client:
        page = client.get("/api/docs")
        assert page.status_code == 200
        addresses = re.findall(r'(?:href|src)="([^"]+)"', page.text)
        assert len(addresses) == 4
        assert {client.get(address).status_code for address in addresses} == {200}
        assert all(address.startswith("/static/") for address in addresses)


def preloaded(served: Served, path: str) -> list[str]:
    with served.client() as client:
        return re.findall(r'modulepreload"[^>]* href="/static/\w+/([^"]+)"', client.get(path).text)


def test_a_page_asks_early_for_the_code_it_waits_for_and_no_other(shared_server: Served):
    chat, run = preloaded(shared_server, "/c/general"), preloaded(shared_server, "/r/any")
    assert len(set(run)) == len(run)
    assert set(chat) >= {"chunks/first.js", "chunks/chat.js", "vendor/preact.js"}
    assert set(run) - set(chat) == {"chunks/live.js", "chunks/pages.js"}
    assert preloaded(shared_server, "/a/dwight/memory") == run
    assert preloaded(shared_server, "/d/dm-jim-pam") == chat


def test_the_server_answers_for_the_pages_that_the_client_has(shared_server: Served):
    assert client.load().pages == (
        "/a/{rest:path}",
        "/p/{rest:path}",
        "/r/{rest:path}",
        "/r/{rest:path}",
        "/inbox",
        "/activity",
        "/search",
        "/saved",
        "/saved/{rest:path}",
        "/scheduled",
        "/history",
        "/account",
        "/account/{rest:path}",
        "/admin",
        "/admin/{rest:path}",
        "/models",
        "/settings",
    )
    with shared_server.client() as browser:
        for path in ("/a/dwight", "/r/any", "/search", "/settings", "/account", "/admin/usage"):
            answer = browser.get(path, headers={"Accept": "text/html"})
            assert answer.status_code == 200, path
            assert "chunks/pages.js" in answer.text, path


def test_the_pages_without_a_session_are_a_document_of_their_own(shared_server: Served):
    assert client.load().entry_pages == (
        "/sign-in",
        "/setup",
        "/invite",
        "/forgot-password",
        "/reset",
        "/confirm-email",
    )
    with shared_server.client() as browser:
        answer = browser.get("/sign-in", headers={"Accept": "text/html"})
        assert answer.status_code == 200
        assert set(re.findall(r"chunks/(\w+)\.js", answer.text)) == {"entry"}
        policy = answer.headers["Content-Security-Policy"]
        assert policy == browser.get("/").headers["Content-Security-Policy"]


def test_the_document_says_whether_everybody_signs_in(shared_url: str, shared_server: Served):
    with serving(shared_url, team=True) as team:
        for served, mode in ((shared_server, "demo"), (team, "team")):
            with served.client() as browser:
                for path in ("/", "/search"):
                    assert f'data-mode="{mode}"' in browser.get(path).text


def test_a_page_is_known_to_the_server_by_its_line_in_the_table():
    table = (client.FOLDER / client.ROUTES).read_text()
    entry = "  roster: {\n    path: '/team-roster/:teamId',\n    load: load,\n  },\n"
    more = table.replace("export const pages = {\n", "export const pages = {\n" + entry)
    assert [*client.pages(more)] == ["/team-roster/{rest:path}", *client.load().pages]
