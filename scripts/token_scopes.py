"""Writes the table of routes and scopes in docs/api-tokens.md from the table in the code.

python -m scripts.token_scopes            writes it
python -m scripts.token_scopes --check    fails if it differs
"""

import sys
from pathlib import Path

from bullpen.api.http.scopes import RouteScope, scopes_of
from bullpen.api.routers import ROUTERS

PAGE = Path(__file__).parents[1] / "docs" / "api-tokens.md"
BEGIN = "<!-- The table is written by `python -m scripts.token_scopes`. -->\n"
HEAD = "\n| request | scope |\n| --- | --- |\n"


def page(current: str) -> str:
    """The page with the table as the code has it. The table is the end of the page."""
    before, marked, _ = current.partition(BEGIN)
    if not marked:
        sys.exit(f"docs/api-tokens.md has lost the line that precedes its table: {BEGIN.strip()}")
    routes = scopes_of(route for router in ROUTERS for route in router.routes)
    rows = sorted(routes, key=lambda route: (route.path, route.method))
    return before + BEGIN + HEAD + "".join(map(row, rows))


def row(route: RouteScope) -> str:
    scope = f"`{route.scope}`" if route.scope else "not with a token"
    return f"| `{route.method} {route.path}` | {scope} |\n"


def main() -> None:
    current = PAGE.read_text(encoding="utf-8")
    written = page(current)
    if "--check" not in sys.argv:
        PAGE.write_text(written, encoding="utf-8")
    elif written != current:
        sys.exit("docs/api-tokens.md differs from the code. Run: python -m scripts.token_scopes")


if __name__ == "__main__":
    main()
