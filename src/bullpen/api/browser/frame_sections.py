"""How the sidebar is arranged.

The same as in `core/store/sections.js`; tests/cases/sections.json holds for both.
"""

from typing import Any

from bullpen.members.kinds import is_direct

Json = dict[str, Any]
# Those that everybody has.
TITLES = {"starred": "Starred", "channels": "Channels", "direct": "Direct messages"}
NO_LAYOUT: Json = {"sections": [], "isUnreadOnly": False}


def sections_of(layout: Json) -> list[Json]:
    """In their order: those that nobody has moved are where they always were."""
    known = {section["id"] for section in layout["sections"]}
    missing = {
        section_id: [] if section_id in known else [{"id": section_id, "isCollapsed": False}]
        for section_id in TITLES
    }
    first = missing.pop("starred")
    return [*first, *layout["sections"], *missing["channels"], *missing["direct"]]


def section_id_of(channel: Json, layout: Json, *, is_starred: bool) -> str:
    if is_starred:
        return "starred"
    for section in layout["sections"]:
        if section["id"] not in TITLES and channel["id"] in section["channelIds"]:
            return str(section["id"])
    return "direct" if is_direct(channel["kind"]) else "channels"


def is_shown(*, is_collapsed: bool, is_unread_only: bool, is_bold: bool, is_open: bool) -> bool:
    return is_bold or is_open or not (is_collapsed or is_unread_only)
