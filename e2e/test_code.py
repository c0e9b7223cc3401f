"""Code in messages: its language, its colors, and Copy."""

from playwright.sync_api import Request, expect
from tests.support.serving import Served

from e2e.axe import SCHEMES, violations
from e2e.layout import STICKS_OUT
from e2e.views import open_address
from e2e.window import NARROW, Visit

CODE = 'def paper(sheets: int) -> str:\n    # Reams\n    return f"{sheets / 500} reams"'


def test_code_has_its_language_its_colors_and_is_copied(visit: Visit, server: Served):
    page = visit(server, "toby")
    loaded: list[str] = []

    def note(request: Request) -> None:
        loaded.append(request.url)

    page.on("request", note)
    open_address(page, "/d/dm-michael-toby")
    text = f"See:\n\n```python\n{CODE}\n```\n\n```\nplain\n```"
    assert not any("highlight" in address for address in loaded)
    with server.client("toby") as toby:
        sent = toby.post("/api/messages", json={"channelId": "dm-michael-toby", "text": text})
        assert sent.status_code == 201, sent.text
    row = page.locator("#main [data-message-id]").last
    block = row.locator(".code-block").first
    expect(block.locator(".code-block__language")).to_have_text("python")
    expect(block.locator(".code-keyword").first).to_have_text("def")
    expect(block.locator("pre")).to_have_text(CODE)
    assert len([address for address in loaded if "highlight" in address]) == 1
    for scheme, rules in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        assert violations(page, rules) == [], scheme
    page.set_viewport_size(NARROW)
    assert page.evaluate(STICKS_OUT) == []
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    row.focus()
    copy = block.get_by_role("button", name="Copy code")
    copy.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text("Code copied")
    assert page.evaluate("navigator.clipboard.readText()") == CODE
