"""What axe-core finds wrong with a page."""

from collections.abc import Callable, Iterator, Sequence
from typing import Literal

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, ViewportSize

from e2e.layout import STICKS_OUT
from e2e.views import DRAWN, settle
from e2e.window import NARROW, WIDE

# Only violations come back: the rest is as large as the page, and nobody reads it. Behind a modal
# dialog nothing can be reached, and each page is looked at without one.
RUN = """
async ({ rules, rows, known }) => {
    const look = [innerWidth, matchMedia('(prefers-color-scheme: dark)').matches, rules];
    const print = async (row) => {
        const around = [];
        for (let one = row.parentElement; one; one = one.parentElement) around.push(one.className);
        const text = new TextEncoder().encode([look, around, row.outerHTML].join());
        const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', text));
        return String.fromCharCode(...hash.slice(0, 8));
    };
    const within = [...document.querySelectorAll('dialog:modal')].at(-1) ?? document;
    const still = (row) => !row.matches(':hover, :focus-within');
    const prints = new Map();
    for (const row of within.querySelectorAll(rows))
        if (still(row)) prints.set(row, await print(row));
    const seen = new Set(known);
    const exclude = [...prints.keys()].filter((row) => seen.has(prints.get(row)));
    const options = { resultTypes: ['violations'], ...(rules && { runOnly: rules }) };
    const { violations } = await axe.run({ include: [within], exclude }, options);
    return { violations, rows: [...prints.values()] };
}
"""
# Most pages have these, hundreds of elements in all.
ROWS = ".message, .sidebar__row, .rail__members > *, .members__item"
TOO_WIDE = "document.documentElement.scrollWidth - innerWidth"
# What depends on the color scheme, which changes no element, name or size.
OF_COLORS = ["color-contrast", "link-in-text-block"]
Scheme = Literal["light", "dark"]
Look = tuple[ViewportSize, Scheme, list[str] | None]
SCHEMES: Sequence[tuple[Scheme, list[str] | None]] = (("light", None), ("dark", OF_COLORS))
LOOKS: Sequence[Look] = (
    *((WIDE, scheme, rules) for scheme, rules in SCHEMES),
    (NARROW, "dark", None),
)
# Also the light colors of what only narrow windows show, which is the same on every page.
ALL_LOOKS: Sequence[Look] = (*LOOKS[:-1], (NARROW, "light", OF_COLORS), LOOKS[-1])


# The rows without a violation, of all pages so far, each in a look and by rules. The same HTML
# at the same place in the same look has none the next time either.
_right: set[str] = set()


def violations(page: Page, rules: list[str] | None = None) -> list[str]:
    """By all of axe's rules, or by the given ones alone. Within the dialog, where a modal one is
    open."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate(RUN, {"rules": rules, "rows": ROWS, "known": list(_right)})
    wrong = [f"{one['id']}: {node['html']}" for one in found["violations"] for node in one["nodes"]]
    if not wrong:
        _right.update(found["rows"])
    return wrong


def redrawn(page: Page) -> None:
    """Pages without a session have no main part that loads anything."""
    if page.locator("#main").count():
        settle(page)
    else:
        page.evaluate(DRAWN)


def each_look(
    page: Page,
    when_narrow: Callable[[], object] = lambda: None,
    looks: Sequence[Look] = LOOKS,
) -> Iterator[tuple[str, list[str] | None]]:
    """The page in these looks, with the rules that may find something new. Leaves it narrow and
    dark."""
    narrow = False
    for width, scheme, rules in looks:
        page.set_viewport_size(width)
        page.emulate_media(color_scheme=scheme)
        if width is NARROW and not narrow:
            when_narrow()
            narrow = True
        redrawn(page)
        yield f"{scheme} at {width['width']} px", rules


def problems_in_both_widths(page: Page) -> list[str]:
    """What axe finds and what sticks out, as wide as the window is and narrow, which it stays."""
    found = []
    for size in (None, NARROW):
        if size:
            page.set_viewport_size(size)
        found += [*violations(page), *page.evaluate(STICKS_OUT)]
    return found


def violations_in_each_look(
    page: Page,
    when_narrow: Callable[[], object] = lambda: None,
    looks: Sequence[Look] = LOOKS,
) -> dict[str, list[str]]:
    found = {look: violations(page, rules) for look, rules in each_look(page, when_narrow, looks)}
    return {look: wrong for look, wrong in found.items() if wrong}


def assert_accessible_and_no_wider(
    page: Page, name: str = "", when_narrow: Callable[[], object] = lambda: None
) -> None:
    """In each look: without a violation, and no wider than the window."""
    for look, rules in each_look(page, when_narrow):
        assert violations(page, rules) == [], f"{name} {look}"
        assert page.evaluate(TOO_WIDE) <= 0, f"{name} {look}"
