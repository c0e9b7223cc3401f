"""Choosing e-mail digests, and ending them from an e-mail."""

from contextlib import closing

from playwright.sync_api import expect
from tests.support.accounts import cookie_of, set_up_owner
from tests.support.mail_server import mail_server
from tests.support.serving import KEY, serving

from bullpen.digests.unsubscribing import address
from e2e.axe import violations_in_each_look
from e2e.views import settle
from e2e.window import WIDE, Visit

CHOSEN = "SELECT rhythm FROM digest_rhythms"


def test_digests_are_chosen_in_the_settings_and_ended_from_an_e_mail(visit: Visit, url, run_sql):
    with (
        mail_server() as (server, _),
        serving(url, team=True, mail=server) as served,
        closing(set_up_owner(served, url)) as owner,
    ):
        page = visit(served)
        name, value = cookie_of(owner)
        page.context.add_cookies([{"name": name, "value": value, "url": served.address}])
        page.goto("/c/general")
        settle(page)
        page.locator(".sidebar__me").click()
        choice = page.get_by_label("E-mail while you’re away")
        expect(choice).to_have_value("daily")
        assert violations_in_each_look(page) == {}
        page.set_viewport_size(WIDE)
        with page.expect_response("**/api/notifications"):
            choice.select_option("Once an hour")
        assert run_sql(CHOSEN) == [("hourly",)]
        [(user_id,)] = run_sql("SELECT id FROM people WHERE email IS NOT NULL")
        stranger = visit(served)
        stranger.goto(address("", KEY, user_id))
        expect(stranger.get_by_role("heading", name="Stop these e-mails?")).to_be_visible()
        assert violations_in_each_look(stranger) == {}
        assert run_sql(CHOSEN) == [("hourly",)]
        stranger.get_by_role("button", name="Stop e-mails").press("Enter")
        expect(stranger.get_by_role("heading", name="E-mails stopped")).to_be_visible()
        assert run_sql(CHOSEN) == [("off",)]
        # An open window shows it.
        expect(choice).to_have_value("off")
        page.close()
