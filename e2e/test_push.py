"""Being told of messages while Bullpen is closed. The push service is the browser's own, so its
part is done here: it makes the subscription, and hands over what has been decrypted."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect
from tests.support.fixtures import complete
from tests.support.posting import post
from tests.support.push_service import push_service, send_noted
from tests.support.serving import Served

from e2e.axe import violations_in_each_look
from e2e.desktop import recorded
from e2e.views import open_general, settle
from e2e.window import WIDE, Visit

# What a real browser would ask its push service for.
SUBSCRIBES = """
Object.defineProperty(Notification, 'permission', { get: () => 'granted' });
PushManager.prototype.getSubscription = async () => {
    const text = sessionStorage.serverKey;
    if (!text) return null;
    const bits = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
    return {
        endpoint: GIVEN.endpoint,
        options: { applicationServerKey: Uint8Array.from(bits, (one) => one.charCodeAt(0)).buffer },
        toJSON: () => GIVEN,
        unsubscribe: async () => { delete sessionStorage.serverKey; return true; },
    };
};
PushManager.prototype.subscribe = function ({ applicationServerKey }) {
    sessionStorage.serverKey = applicationServerKey;
    return this.getSubscription();
};
"""
# A browser without a screen shows no notifications, and none of them can be clicked.
RECORDS = """() => {
    self.shown = [];
    self.registration.showNotification = async (title, options) => {
        self.shown.push({ title, ...options });
    };
    WindowClient.prototype.focus = async function () { return this; };
}"""
CLICK = """() => {
    const event = new Event('notificationclick');
    event.notification = { ...self.shown[0], close: () => self.shown.shift() };
    event.waitUntil = () => {};
    self.dispatchEvent(event);
}"""


def switch(page: Page):
    page.get_by_role("button", name=re.compile(": status and settings$")).click()
    return page.get_by_role("switch", name="Push notifications")


def deliver(page: Page, served: Served, content: dict[str, Any]) -> None:
    session = page.context.new_cdp_session(page)
    found: list[str] = []
    session.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda told: found.extend(one["registrationId"] for one in told["registrations"]),
    )
    session.send("ServiceWorker.enable")
    while not found:
        page.wait_for_timeout(10)
    message = {"origin": served.address, "registrationId": found[0], "data": json.dumps(content)}
    session.send("ServiceWorker.deliverPushMessage", message)
    session.detach()


def test_a_browser_is_told_while_it_is_closed_and_a_click_opens_the_message(
    visit: Visit, server: Served, url: str, run_sql: Callable[..., list[Any]], tmp_path: Path
):
    with push_service(tmp_path) as service, server.client("jim") as jim:
        browser = service.browser("michael")
        made = browser.subscription()
        keys = {name: made[name] for name in ("p256dh", "auth")}
        given = {"endpoint": browser.endpoint, "keys": keys}
        page = visit(server, worker=True)
        recorded(page)
        page.add_init_script(f"const GIVEN = {json.dumps(given)};{SUBSCRIBES}")
        open_general(page)
        expect(switch(page)).not_to_be_checked()
        page.get_by_role("switch", name="Push notifications").press("Space")
        expect(page.get_by_role("switch", name="Push notifications")).to_be_checked()
        assert violations_in_each_look(page) == {}
        page.set_viewport_size(WIDE)
        assert run_sql("SELECT user_id, time_zone FROM push_subscriptions") == [
            ("michael", "America/New_York")
        ]
        sent = post(jim, "Lunch?", channel="dm-michael-jim").json()
        complete(send_noted(url, service))
        [request] = service.taken()
        notice = browser.read(request.body)
        [worker] = page.context.service_workers
        worker.evaluate(RECORDS)
        # Who looks at Bullpen sees the message there.
        deliver(page, server, notice)
        page.goto("about:blank")
        deliver(page, server, notice)
        assert worker.evaluate("self.shown") == [
            {
                "title": "Jim Halpert",
                "body": "Lunch?",
                "tag": "bullpen dm-michael-jim",
                "silent": False,
                "renotify": True,
                "data": {"address": f"/d/dm-michael-jim/m/{sent['id']}"},
            }
        ]
        page.goto("/c/general")
        expect(page.get_by_role("heading", level=1)).to_have_accessible_name("general")
        settle(page)
        worker.evaluate(CLICK)
        page.wait_for_url(f"**/d/dm-michael-jim/m/{sent['id']}")
        assert worker.evaluate("self.shown") == []
        expect(switch(page)).to_be_checked()
        page.get_by_role("switch", name="Push notifications").press("Space")
        expect(page.get_by_role("switch", name="Push notifications")).not_to_be_checked()
        assert run_sql("SELECT FROM push_subscriptions") == []
