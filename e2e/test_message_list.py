"""How messages and unread counts are shown: days, groups, badges."""

from playwright.sync_api import Locator, Page, expect
from tests.support.serving import Served

from e2e.views import PACK, open_address, settle, thread_address
from e2e.window import Visit, choose

CHANNELS = {channel.id: channel for channel in PACK.channels}
NAMES = {agent.id: agent.display_name for agent in PACK.agents}


def test_days_threads_and_rows_are_named_and_unread_messages_counted_in_the_sidebar(
    visit: Visit, shared_server: Served
):
    page = visit(shared_server)
    open_address(page, "/c/general")
    name_days_threads_and_rows(page)
    for user_id in ("michael", "jim", "kevin", "toby", "creed"):
        choose(page.context, user_id)
        open_address(page, "/c/announcements")
        assert unread_rows(page) == expected_rows(user_id), user_id
        # As in a new window, which is nobody's yet.
        page.evaluate("sessionStorage.clear()")


def name_days_threads_and_rows(page: Page) -> None:
    assert page.locator("#main").get_by_role("heading", level=2).all_inner_texts() == [
        "Sunday, March 1",
        "Monday, March 2",
        "Yesterday",
        "Today",
    ]
    row = page.locator(".sidebar__row")
    expect(row.filter(has_text="management")).to_have_accessible_name(
        "management, private, 2 unread"
    )
    expect(row.filter(has_text="general")).to_have_accessible_name("general")
    expect(row.filter(has_text="Toby")).to_have_accessible_name("Toby Flenderson, active, 1 unread")
    preview = page.locator(f'a[href="{thread_address()}"]')
    expect(preview).to_contain_text("5 replies")
    expect(preview).to_contain_text("Last reply today at 8:13 AM")
    expect(preview).to_have_accessible_name(
        "Pam Beesly, Oscar Martinez, Dwight Schrute, Michael Scott, Darryl Philbin: "
        "5 replies Last reply today at 8:13 AM"
    )
    row = page.locator("[data-message-id]").filter(has=preview)
    assert row.locator(".reaction").evaluate_all("all => all.map((one) => one.ariaLabel)") == [
        "🎉 5: Michael Scott, Jim Halpert, Kevin Malone, Andy Bernard, Kelly Kapoor",
        "❤️ 4: Pam Beesly, Phyllis Vance, Oscar Martinez, Toby Flenderson",
        "💯 3: Dwight Schrute, Stanley Hudson, Meredith Palmer",
    ]


def test_messages_of_one_author_within_five_minutes_are_one_group(
    visit: Visit, server: Served, run_sql
):
    run_sql("INSERT INTO channels (id, name, kind) VALUES ('room', 'room', 'public')")
    for user_id, time in (
        ("jim", "10:00:00"),
        ("jim", "10:04:59"),
        ("jim", "10:09:59"),
        ("pam", "10:10:00"),
        ("jim", "10:10:01"),
    ):
        run_sql(
            "INSERT INTO messages (channel_id, user_id, text, created_at)"
            " VALUES ('room', $1, $2, ('2026-03-04 ' || $2 || 'Z')::timestamptz)",
            user_id, time,
        )  # fmt: skip
    page = visit(server)
    page.goto("/c/room")
    settle(page)
    rows = page.locator("#main [data-message-id]")
    faces = rows.evaluate_all("all => all.map((one) => one.querySelectorAll('.avatar').length)")
    times = rows.locator(".message__time").all_text_contents()
    assert list(zip(rows.locator(".message-text").all_inner_texts(), faces, strict=True)) == [
        ("10:00:00", 1),
        ("10:04:59", 0),
        ("10:09:59", 1),
        ("10:10:00", 1),
        ("10:10:01", 1),
    ]
    assert times == ["5:00 AM", "5:04 AM", "5:09 AM", "5:10 AM", "5:10 AM"]


def expected_rows(user_id: str) -> dict[str, tuple[list[str], str]]:
    """By name: what is counted in red, and what is said."""
    expected = {}
    for channel_id, count in PACK.unreads[user_id].items():
        channel = CHANNELS[channel_id]
        if user_id not in channel.member_ids:
            # What one has not joined is not counted.
            continue
        others = [NAMES[member] for member in channel.member_ids if member != user_id]
        name = others[0] if channel.kind == "dm" else channel.name
        # Only direct messages are counted in red, where nobody is mentioned.
        red = [str(count)] if channel.kind == "dm" else []
        expected[name] = (red, f"{count} unread")
    expected.pop("announcements", None)
    return expected


def unread_rows(page: Page) -> dict[str, tuple[list[str], str]]:
    rows = page.locator(".sidebar__row--unread")
    names = rows.locator(".sidebar__name").all_inner_texts()
    counts = [row.locator(".sidebar__badge").all_text_contents() for row in rows.all()]
    said = [label.rpartition(", ")[2] for label in labels_of(rows)]
    return dict(zip(names, zip(counts, said, strict=True), strict=True))


def labels_of(rows: Locator) -> list[str]:
    return rows.evaluate_all("all => all.map((one) => one.ariaLabel)")
