"""Whatever somebody writes is text: nothing of it runs, loads, or breaks the page."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect
from tests.support.pathological import texts as pathological
from tests.support.serving import Served

from e2e.views import go_to, settle
from e2e.watch import Watch
from e2e.window import NARROW, WIDE, Visit

RUNS = "window.hostile = true"
MARKUP = [
    f"<script>{RUNS}</script>",
    f'<img src="x" onerror="{RUNS}">',
    f'<svg/onload="{RUNS}">',
    f'"><iframe srcdoc="<script>parent.{RUNS}</script>"></iframe>',
    f'<a href="javascript:{RUNS}">click</a>',
    f'<div style="position:fixed;inset:0" onmouseover="{RUNS}">cover</div>',
    f"</div></main><script>{RUNS}</script>",
    "<style>body { display: none }</style>",
    "<!-- ",
    "&lt;b&gt; &amp;amp; &#60;i&#62;",
    "{{constructor.constructor('alert(1)')()}} ${alert(1)}",
]
LINKS = [
    f"[a](javascript:{RUNS})",
    f"[a](JaVaScRiPt:{RUNS})",
    f"[a](  java\tscript:{RUNS})",
    f"[a](data:text/html,<script>{RUNS}</script>)",
    f"[a](vbscript:{RUNS})",
    "[a](file:///etc/passwd)",
    f"![a](javascript:{RUNS})",
    "![a](https://tracker.example.com/pixel.png)",
    f"<javascript:{RUNS}>",
    f'[a](https://example.com/"onclick="{RUNS})',
    f"[{MARKUP[1]}](https://example.com)",
    f"```{MARKUP[1]}\n{MARKUP[0]}\n```",
    f"`{MARKUP[0]}`",
]
SHAPES = [
    "A" * 10_000,
    "paper " * 1_700,
    "x" * 300 + " " + "https://example.com/" + "y" * 400,
    "\u202egnihtemos si siht\u202c, \u2067\u05d0\u05d1\u05d2 123\u2069, \u200f\u200b\u00ad end",
    "Z\u0351\u0347\u0324" * 200,
    "> " * 400 + "deep",
    "- " * 200 + "deep",
    "*" * 3_000,
    "[" * 2_000,
    "|a|b|c|d|e|f|g|h|\n|-|-|-|-|-|-|-|-|\n|" + "|".join(["word" * 30] * 8) + "|",
    "```\n" + "wide " * 300 + "\n```",
    "\U0001f469\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466" * 12,
    "\n" * 50 + "after many lines",
    "\ufffd\ufeff\u0001\u001f\u007f",
]
MARKS = "\u0351\u0347\u0324\u0301\u0300\u0316" * 10
PARAGRAPHS = [f"{number}. " + "word " * 40 for number in range(1, 31)]
FOLDED = [
    "\n\n".join(PARAGRAPHS) + "\n\nthe end",
    "x" * 4_000,
    "plain",
    f"Z{MARKS}a{MARKS}l{MARKS}go",
]


def write(run_sql, texts: list[str], channel: str = "wild") -> None:
    run_sql("INSERT INTO channels (id, name, kind) VALUES ($1, $2, 'public')", channel, MARKUP[1])
    for number, text in enumerate(texts, 1):
        run_sql(
            "INSERT INTO messages (channel_id, user_id, text, created_at) VALUES"
            " ($1, 'creed', $2, timestamptz '2026-03-04 12:00Z' + $3 * interval '1 minute')",
            channel,
            text,
            number,
        )


def busy(page: Page) -> Callable[[], float]:
    """Seconds for which the page's main thread has worked."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def seconds() -> float:
        metrics = session.send("Performance.getMetrics")["metrics"]
        return next(float(one["value"]) for one in metrics if one["name"] == "ThreadTime")

    return seconds


def test_markup_and_links_are_only_text_and_no_text_takes_more_room_than_others(
    visit: Visit, server: Served, run_sql, watch: Watch
):
    texts = MARKUP + LINKS
    write(run_sql, texts)
    write(run_sql, SHAPES, "shapes")
    write(run_sql, FOLDED, "folded")
    page = visit(server)
    page.goto("/c/wild")
    settle(page)
    show_only_text(page, texts)
    assert watch.elsewhere == []
    go_to(page, "/c/folded")
    fold_what_is_long_and_keep_marks_within(page)
    for viewport in (WIDE, NARROW):
        page.set_viewport_size(viewport)
        go_to(page, "/c/shapes")
        fits(page, viewport)


def show_only_text(page: Page, texts: list[str]) -> None:
    shown = page.locator("#main .message-text")
    expect(shown).to_have_count(len(texts))
    # The icon of Copy beside code is the client's own.
    made = shown.locator(
        "script, img, svg:not(.code-block__copy > svg), iframe, style, object, embed, form,"
        " [style], [onclick]"
    )
    expect(made).to_have_count(0)
    assert [text.strip() for text in shown.all_inner_texts()][:9] == [
        text.strip() for text in MARKUP[:9]
    ]
    links = shown.locator("a")
    schemes = set(links.evaluate_all("all => all.map((one) => one.protocol)"))
    assert schemes <= {"https:"}
    for link in links.all():
        assert link.get_attribute("target") == "_blank"
        assert "noopener" in (link.get_attribute("rel") or "")
    for element in shown.all():
        element.hover()
    assert page.evaluate("window.hostile") is None


def fits(page: Page, viewport: dict[str, int]) -> None:
    expect(page.locator("#main .message-text")).to_have_count(len(SHAPES))
    assert page.evaluate("document.scrollingElement.scrollWidth") == viewport["width"]
    assert page.evaluate("document.scrollingElement.scrollHeight") == viewport["height"]
    rows = page.locator("#main [data-message-id]").filter(has_not_text=re.compile("^.*deep$"))
    expect(rows).to_have_count(len([text for text in SHAPES if not text.endswith("deep")]))
    widths = rows.evaluate_all("all => all.map((it) => it.scrollWidth - it.clientWidth)")
    assert widths == [0] * len(widths)
    # Nor does it keep the rest of the page from being used.
    expect(page.locator("#main .message-text").last).to_be_in_viewport()


def fold_what_is_long_and_keep_marks_within(page: Page) -> None:
    """Of their message."""
    long, short, plain, hostile = page.locator("#main [data-message-id]").all()
    text = hostile.locator(".message-text")
    assert text.text_content() == f"Z{MARKS[:8]}a{MARKS[:8]}l{MARKS[:8]}go"
    assert text.evaluate("(it) => getComputedStyle(it).overflowY") == "clip"
    heights = [row.locator(".message-text").bounding_box() for row in (plain, hostile)]
    assert all(heights)
    assert abs(heights[0]["height"] - heights[1]["height"]) <= 12
    expect(short.get_by_role("button", name="Show more")).to_have_count(0)
    expect(long).not_to_contain_text("the end")
    long.focus()
    page.keyboard.press("Tab")
    while page.evaluate("document.activeElement.textContent") != "Show more":
        assert page.evaluate("document.activeElement !== document.body")
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(long).to_contain_text("the end")
    expect(long.get_by_role("button", name="Show less")).to_be_focused()
    page.keyboard.press("Enter")
    expect(long).not_to_contain_text("the end")


def test_names_and_topics_are_only_text(visit: Visit, server: Served, run_sql):
    hostile = MARKUP[1] + "W" * 60
    run_sql("UPDATE agents SET display_name = $1, title = $1, avatar_color = $2", hostile, hostile)
    run_sql("UPDATE channels SET name = $1, topic = $1 WHERE kind <> 'dm'", hostile)
    run_sql("UPDATE user_states SET status_emoji = '<b>', status_text = $1", hostile)
    page = visit(server)
    page.goto("/c/general")
    for path in ("/c/general", "/d/dm-michael-dwight"):
        page.locator(f'nav a[href="{path}"]').click()
        page.wait_for_url(f"**{path}")
        settle(page)
        assert page.evaluate("document.scrollingElement.scrollWidth") == WIDE["width"]
        expect(page.locator("img, b")).to_have_count(0)
        assert page.evaluate("window.hostile") is None


# After the patterns of published lists: tags, handlers, schemes, templates, encodings, Unicode.
PAYLOADS = [
    *MARKUP[:8],
    f"<ScRiPt>{RUNS}</sCrIpT>",
    f"<scr<script>ipt>{RUNS}</scr</script>ipt>",
    f"<body onload={RUNS}>",
    f"<input autofocus onfocus={RUNS}>",
    f"<details open ontoggle={RUNS}>",
    f"<video><source onerror={RUNS}></video>",
    f"<math><mtext><img src=x onerror={RUNS}></mtext></math>",
    f"<svg><animate onbegin={RUNS} attributeName=x dur=1s>",
    f'<object data="javascript:{RUNS}"></object>',
    f'<embed src="data:text/html,<script>{RUNS}</script>">',
    f'<form action="javascript:{RUNS}"><button>go</button></form>',
    f'<meta http-equiv=refresh content="0;url=javascript:{RUNS}">',
    f'<link rel=stylesheet href="javascript:{RUNS}">',
    f'<base href="javascript:{RUNS}//">',
    f"<template><script>{RUNS}</script></template>",
    f"</textarea><script>{RUNS}</script>",
    f"--><script>{RUNS}</script><!--",
    f"]]><script>{RUNS}</script>",
    f"'-{RUNS}-'",
    f'";{RUNS};//',
    f"`${{{RUNS}}}`",
    "{{7*7}} #{7*7} <%= 7*7 %> ${7*7}",
    "%3Cscript%3Ewindow.hostile=true%3C/script%3E",
    "\\u003cscript\\u003ewindow.hostile=true\\u003c/script\\u003e",
    "\uff1cscript\uff1ewindow.hostile=true\uff1c/script\uff1e",
    f"[x](java\u200bscript:{RUNS})",
    f"[x](&#106;avascript:{RUNS})",
    f"[x](\\x6aavascript:{RUNS})",
    f"[x](data:image/svg+xml,<svg onload={RUNS}>)",
    f"[x]: javascript:{RUNS}",
    f'<https://example.com/?q="onmouseover={RUNS}>',
    "\u202ejavascript\u202c @michael<img src=x> #general<img src=x>",
    "@__proto__ #constructor :<img>: @<b>michael</b>",
]


def test_what_people_send_is_text_wherever_it_is_shown(
    visit: Visit, server: Served, watch: Watch, run_sql
):
    image = "<img src=x onerror='window.hostile=true'>"
    with server.client("jim") as jim:
        made = jim.post("/api/channels", json={"id": "wild", "name": image, "kind": "public"})
        assert made.is_success, made.text
        jim.patch("/api/channels/wild", json={"topic": MARKUP[3]})
        jim.put("/api/users/jim/status", json={"emoji": "🏠", "text": MARKUP[0]})
        jim.patch("/api/agents/jim", json={"displayName": image, "title": MARKUP[2]})
        jim.post("/api/channels/wild/members", json={"userId": "michael"})
        for text in PAYLOADS:
            sent = jim.post("/api/messages", json={"channelId": "wild", "text": text})
            assert sent.json()["text"] == text
    # As they were stored before reactions and status emoji had to be emoji.
    run_sql("UPDATE user_states SET status_emoji = $1 WHERE user_id = 'jim'", image)
    run_sql(
        "INSERT INTO reactions (message_id, user_id, emoji) VALUES ($1::text::uuid, 'jim', $2)",
        sent.json()["id"],
        image,
    )
    page = visit(server, "michael")
    page.goto("/c/wild")
    settle(page)
    shown = page.locator("#main .message-text")
    expect(shown).to_have_count(len(PAYLOADS))
    # Through the composer: as it is typed, while it is on its way, when it has arrived.
    area = page.locator("#main .composer__area")
    for text in (PAYLOADS[1], PAYLOADS[-1], PAYLOADS[-6]):
        area.fill(text)
        area.press("Enter")
    expect(shown).to_have_count(len(PAYLOADS) + 3)
    expect(page.locator("#main .message--sending")).to_have_count(0)
    area.press_sequentially("@img")
    expect(page.locator(".completion")).to_contain_text("onerror")
    page.locator("#main .reaction").first.hover()
    expect(page.locator(".tooltip")).to_contain_text("<img")
    made = page.locator(
        "img, iframe, object, embed, video, math, template, #main form:not(.composer), "
        "body script:not(#first-answers, [src^='/static/']), body style, body link, #app base, "
        "[onerror], [onload], [style*=url]"
    )
    expect(made).to_have_count(0)
    schemes = page.locator("a[href]").evaluate_all("all => all.map((one) => one.protocol)")
    assert set(schemes) <= {"http:", "https:"}
    assert page.evaluate("window.hostile") is None
    assert watch.elsewhere == []


def test_a_page_of_messages_without_an_end_opens_and_unfolds(visit: Visit, server: Served, run_sql):
    kinds = pathological()
    # Those that take longest to parse and to shape, and others.
    worst = ["bullets", "one endless ZWJ sequence", "variation selectors of ideographs"]
    others = [name for name in list(kinds)[::4] if kinds[name].strip()]
    chosen = list(dict.fromkeys(worst + others))[:50]
    assert len(chosen) == 50
    write(run_sql, [kinds[name] for name in chosen])
    page = visit(server)
    seconds = busy(page)
    page.goto("/c/wild")
    settle(page)
    rows = page.locator("#main [data-message-id]")
    expect(rows).to_have_count(50)
    expect(page.get_by_role("button", name="Show more")).to_have_count(50)
    # marked needed 80 seconds for 50 messages like the first.
    assert seconds() < 10
    for row, name in zip(rows.all(), worst, strict=False):
        before = seconds()
        row.get_by_role("button", name="Show more").click()
        expect(row.get_by_role("button", name="Show less")).to_be_visible()
        assert seconds() - before < 1, name
        if name == "bullets":
            text = row.locator(".message-text")
            expect(text).to_have_text("* " * 20_000, use_inner_text=False)
        row.get_by_role("button", name="Show less").click()
        expect(row.get_by_role("button", name="Show more")).to_be_visible()


def test_what_objects_inherit_is_nowhere(visit: Visit, shared_server: Served, watch: Watch):
    watch.refusals = True
    page = visit(shared_server)
    page.goto("/c/__proto__")
    for path in ("/c/__proto__", "/a/__proto__", "/d/constructor", "/a/toString"):
        go_to(page, path)
        expect(page.locator("#main .notice"), path).to_be_visible()
        expect(page.get_by_role("link", name="general").first, path).to_be_visible()
