"""What an agent does is seen while it does it, asked for again, and shown beside the first."""

import io
import json
from collections.abc import Callable

import pytest
from PIL import Image
from playwright.sync_api import Page, expect
from tests.support.asking import post, settled
from tests.support.attaching import attach
from tests.support.minds import Slow, SmallMind, working
from tests.support.program import until
from tests.support.serving import Served

from e2e.axe import violations
from e2e.keyboard import press, tab_to
from e2e.layout import STICKS_OUT
from e2e.views import open_page
from e2e.watch import Watch
from e2e.window import NARROW, Visit


def the_run(run_sql: Callable[..., list[tuple[object, ...]]], message_id: object) -> str:
    sql = "SELECT id FROM runs WHERE trigger_message_id = $1 ORDER BY created_at"
    return str(run_sql(sql, message_id)[0][0])


def test_a_run_is_seen_while_it_grows(visit: Visit, server: Served, url: str, run_sql):
    slow = Slow()
    page = visit(server)
    open_page(page, "/a/toby/runs")
    desk = page.get_by_role("region", name="Now")
    expect(desk).to_contain_text("Idle")
    with working(url, SmallMind(act=slow)):
        message_id = post(run_sql, "michael", "dm-michael-toby", "May I burn it?")
        expect(desk).to_contain_text("Working")
        waiting = post(run_sql, "michael", "dm-michael-toby", "May I now?")
        expect(desk).to_contain_text("Working · 1 queued")
        expect(page.get_by_role("list", name="Runs")).to_contain_text("Running")
        run_id = the_run(run_sql, message_id)
        page.locator(f'.runs a[href="/r/{run_id}"]').click()
        steps = page.get_by_role("navigation", name="Steps").get_by_role("link")
        expect(steps).to_have_count(1)
        expect(page.locator(".run-facts")).to_contain_text("Running")
        expect(page.get_by_text("I had better think about that.")).to_be_visible()
        slow.going_on.set()
        expect(steps).to_have_count(2)
        expect(page.locator(".run-facts")).to_contain_text("Finished")
        expect(page.locator(".run-facts")).to_contain_text("$0.0030")
        until(lambda: settled(run_sql))
    assert waiting != message_id


@pytest.fixture
def done(visit: Visit, server: Served, url: str, run_sql) -> tuple[Page, str]:
    slow = Slow()
    slow.going_on.set()
    with working(url, SmallMind(act=slow)):
        message_id = post(run_sql, "michael", "dm-michael-toby", "May I burn it?")
        until(lambda: settled(run_sql))
    run_id = the_run(run_sql, message_id)
    page = visit(server)
    open_page(page, f"/r/{run_id}")
    return page, run_id


def test_each_step_keeps_what_it_sent(done: tuple[Page, str]):
    page, _ = done
    step = page.get_by_role("region", name="Step 2")
    step.get_by_role("button", name="View raw request of step 2").click()
    expect(step.locator(".step__request pre")).to_contain_text('"turn": 2')
    step.get_by_role("button", name="Hide raw request of step 2").click()
    expect(step.locator(".step__request pre")).to_have_count(0)


def test_a_step_shows_the_pictures_that_it_sent(done: tuple[Page, str], server: Served, run_sql):
    page, run_id = done
    drawn = io.BytesIO()
    Image.new("RGB", (300, 200), "teal").save(drawn, "PNG")
    with server.client("michael") as client:
        file_id = attach(client, "dm-michael-toby", drawn.getvalue(), "fire.png")
    path = f"/api/files/{file_id}/thumbnail"
    content = ["Picture 1:", {"kind": "image-url", "url": path}]
    request = {"messages": [{"parts": [{"content": content}]}]}
    run_sql(
        "UPDATE step_details d SET request = $2::text::json FROM run_steps s"
        " WHERE s.id = d.step_id AND s.run_id = $1 AND s.step_number = 1",
        run_id,
        json.dumps(request),
    )
    step = page.get_by_role("region", name="Step 1")
    step.get_by_role("button", name="View raw request of step 1").click()
    picture = step.get_by_role("img", name="Picture 1 of the request")
    expect(picture).to_have_js_property("naturalWidth", 300)
    expect(step.locator(".step__request pre")).to_contain_text(path)
    page.set_viewport_size(NARROW)
    assert page.evaluate(STICKS_OUT) == []
    assert violations(page) == []


def test_a_run_is_asked_for_again_by_keyboard_and_shown_beside_the_first(
    done: tuple[Page, str], visit: Visit, server: Served, watch: Watch, url: str, run_sql
):
    page, run_id = done
    tab_to(page, page.get_by_role("button", name="Run again"))
    press(page, "Enter")
    expect(page.get_by_label("Model")).to_be_focused()
    expect(page.get_by_role("form", name="Run again")).to_contain_text(
        "Toby Flenderson posts the new answer to the direct messages with Michael Scott"
    )
    assert violations(page) == []
    wide = page.viewport_size
    assert wide is not None
    page.set_viewport_size(NARROW)
    assert page.evaluate(STICKS_OUT) == []
    page.set_viewport_size(wide)
    page.keyboard.type("nonsense-model")
    expect(page.locator(".stand-in")).to_contain_text("names no provider's model")
    watch.refusals = True
    press(page, "Enter")
    expect(page.get_by_label("Model")).to_have_attribute("aria-invalid", "true")
    assert violations(page) == []
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("scripted")
    expect(page.get_by_label("Model")).not_to_have_attribute("aria-invalid", "true")
    press(page, "Enter")
    page.wait_for_url(f"**/r/*?beside={run_id}")
    again = page.get_by_role("region", name="Rerun", exact=True)
    expect(again).to_contain_text("Queued")
    slow = Slow()
    slow.going_on.set()
    with working(url, SmallMind(act=slow)):
        expect(again).to_contain_text("Finished")
        until(lambda: settled(run_sql))
    before = page.get_by_role("region", name="Original", exact=True)
    expect(before.get_by_role("heading", name="Step 2")).to_be_visible()
    expect(again.get_by_role("heading", name="Step 2")).to_be_visible()
    assert violations(page) == []
    page.set_viewport_size(NARROW)
    assert page.evaluate(STICKS_OUT) == []
    other = visit(server, "kevin")
    open_page(other, page.url.removeprefix(server.address))
    expect(other.get_by_role("heading", level=1)).to_contain_text("Not found")
