"""The bundled pack, and what is expected of its rows, worked out from the pack alone."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tests.support.bundled import bundled_pack
from tests.support.catalog import fetch
from tests.support.fixtures import ANCHOR, ZONE

from bullpen.packs.pack import (
    Pack,
    PackMessage,
    PackPassage,
    PackRun,
    PackScheduled,
    message_id,
)
from bullpen.processes.bootstrap import DatabaseLocation
from bullpen.settings import Settings

PACK = bundled_pack()
MESSAGES = [
    (channel.id, root, message)
    for channel in PACK.channels
    for root in channel.messages
    for message in (root, *root.replies)
]


Timed = PackMessage | PackPassage | PackScheduled | PackRun


def identity(message: PackMessage) -> str:
    return str(message_id(PACK.id, message.key))


def instant(it: Timed, anchor: date = ANCHOR, zone: ZoneInfo = ZONE) -> datetime:
    return at(it.day, it.at, anchor, zone)


def at(day: int, hour: time, anchor: date = ANCHOR, zone: ZoneInfo = ZONE) -> datetime:
    return datetime.combine(anchor + timedelta(days=day), hour, tzinfo=zone).astimezone(UTC)


def rows(url: str, sql: str) -> list[tuple[object, ...]]:
    return [tuple(row) for row in fetch(url, sql)]


def settings(**given: object) -> Settings:
    return Settings(**{"anchor_date": ANCHOR, "time_zone": ZONE} | given)


def place(url: str, pack: Pack | None = None) -> DatabaseLocation:
    return DatabaseLocation(url, url, None, pack)
