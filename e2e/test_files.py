"""Files in the chat, in two windows: chosen, dropped and pasted, shown, looked at, and refused."""

import io
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, expect
from tests.support.serving import Served

from e2e.axe import problems_in_both_widths, violations
from e2e.views import open_general, settle
from e2e.window import Visit

CODE = 'def total(rows):\n    return sum(row["price"] for row in rows)\n'
HTML = "<script>document.title = 'hacked'</script>\n" + "Paper " * 80 + "\n" + "Paper\n" * 6545
DROP = """
([box, name, text]) => {
    const data = new DataTransfer();
    data.items.add(new File([text], name));
    const how = { dataTransfer: data, bubbles: true, cancelable: true };
    for (const type of ['dragover', 'drop']) box.dispatchEvent(new DragEvent(type, how));
}
"""
PASTE = """
(area) => {
    const clipboardData = new DataTransfer();
    clipboardData.items.add(new File(['pasted'], 'clip.txt'));
    const how = { clipboardData, bubbles: true, cancelable: true };
    area.dispatchEvent(new ClipboardEvent('paste', how));
}
"""


def picture(color: str, size: tuple[int, int]) -> dict[str, object]:
    file = io.BytesIO()
    Image.new("RGB", size, color).save(file, "PNG")
    return {"name": f"{color}.png", "mimeType": "image/png", "buffer": file.getvalue()}


def attached(page: Page):
    return page.get_by_role("list", name="Attached files").get_by_role("listitem")


def test_files_are_chosen_sent_seen_and_looked_at(visit: Visit, server: Served):
    jim, pam = visit(server, "jim"), visit(server, "pam")
    open_general(jim)
    open_general(pam)
    files = [picture("red", (1200, 800)), picture("blue", (300, 900))]
    files.append({"name": "sales.py", "mimeType": "text/plain", "buffer": CODE.encode()})
    files.append({"name": "paper.zip", "mimeType": "x/y", "buffer": b"PK\x03\x04" + bytes(5000)})
    jim.get_by_label("Files", exact=True).set_input_files(files)
    expect(attached(jim)).to_have_count(4)
    expect(attached(jim).locator("progress")).to_have_count(0)
    # They are part of the draft.
    jim.reload()
    settle(jim)
    expect(attached(jim)).to_have_count(4)
    box = jim.locator("#main .composer__box")
    jim.evaluate(DROP, [box.element_handle(), "dropped.txt", "x"])
    expect(attached(jim)).to_have_count(5)
    area = jim.get_by_role("textbox", name="Message #general")
    area.evaluate(PASTE)
    expect(attached(jim)).to_have_count(6)
    for name in ("dropped.txt", "clip.txt"):
        jim.get_by_role("button", name=f"Remove {name}").click()
    expect(attached(jim)).to_have_count(4)
    assert violations(jim) == []
    area.press("Enter")
    expect(attached(jim)).to_have_count(0)

    for page in (jim, pam):
        message = page.locator("#main .message").last
        shown = message.get_by_role("button", name="Picture red.png").locator("img")
        expect(shown).to_be_visible()
        assert shown.evaluate("(image) => [image.width, image.height]") == [360, 240]
        expect(message.get_by_role("link", name="Download paper.zip, 5 kB")).to_be_visible()
    assert violations(pam) == []
    message = pam.locator("#main .message").last
    message.get_by_role("button", name="Preview sales.py").click()
    expect(message.locator("pre")).to_have_text(CODE)

    message.get_by_role("button", name="Picture red.png").click()
    dialog = pam.get_by_role("dialog")
    expect(dialog.get_by_role("img", name="red.png")).to_be_visible()
    assert violations(pam) == []
    pam.keyboard.press("ArrowRight")
    expect(dialog.get_by_role("img", name="blue.png")).to_be_visible()
    expect(dialog.get_by_text("2 of 2")).to_be_visible()
    pam.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    with pam.expect_download() as loading:
        message.get_by_role("link", name="Download paper.zip, 5 kB").click()
    assert Path(loading.value.path()).stat().st_size == 5004
    fail_and_try_again(jim)


def fail_and_try_again(jim: Page) -> None:
    """An upload that fails says why."""
    area = jim.get_by_role("textbox", name="Message #general")
    form = jim.get_by_role("form", name="Message #general")
    choose = form.get_by_label("Files", exact=True)
    choose.set_input_files({"name": "empty.txt", "mimeType": "text/plain", "buffer": b""})
    expect(attached(jim)).to_contain_text("The file is empty")
    area.fill("With a file")
    area.press("Enter")
    expect(jim.get_by_role("alert").last).to_contain_text("empty.txt was not uploaded")
    expect(area).to_have_value("With a file")
    jim.get_by_role("button", name="Cancel empty.txt").click()
    area.press("Enter")
    expect(jim.locator("#main .message").last).to_contain_text("With a file")


def test_the_beginning_of_a_code_file_is_shown_in_colors_and_never_run(
    visit: Visit, server: Served
):
    page = visit(server)
    api = page.context.request
    headers = {"Content-Type": "application/octet-stream"}
    made = [
        api.post(f"/api/files?name={name}", data=text.encode(), headers=headers).json()["id"]
        for name, text in (("sales.py", CODE), ("long.html", HTML), ("notes.txt", "Just <b>words"))
    ]
    sent = api.post("/api/messages", data={"channelId": "general", "fileIds": made})
    assert sent.ok
    open_general(page)
    message = page.locator("#main .message").last
    preview = {
        name: message.get_by_role("group", name=name)
        for name in ("sales.py", "long.html", "notes.txt")
    }
    for name in preview:
        message.get_by_role("button", name=f"Preview {name}").click()
    expect(preview["sales.py"].locator("pre")).to_have_text(CODE)
    expect(preview["sales.py"].locator(".code-keyword").first).to_have_text("def")
    expect(preview["long.html"].locator(".code-keyword").first).to_have_text("<script>")
    expect(preview["long.html"].locator("pre")).to_contain_text("document.title = 'hacked'")
    expect(message.get_by_text("This is the first 16 kB of 40 kB.")).to_have_count(1)
    expect(preview["notes.txt"].locator("pre")).to_have_text("Just <b>words")
    expect(preview["notes.txt"].locator("span")).to_have_count(0)
    assert "hacked" not in page.title()
    assert problems_in_both_widths(page) == []
