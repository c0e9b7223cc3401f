"""Time zones by their names."""

from zoneinfo import ZoneInfo


def find_zone(name: str) -> ZoneInfo | None:
    """The zone with this IANA name, if there is one. Any text may be given."""
    try:
        return ZoneInfo(name)
    except (KeyError, OSError, ValueError):
        return None
