"""Who may read an event now: what the database knows, kept current by the events themselves."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import Self

from msgspec import Struct, json

from bullpen.events.durability import DURABLE
from bullpen.kit.database import Database

# One statement, so that the channels are those at exactly that number.
CHANNELS_NOW = f"""
WITH durable AS MATERIALIZED ({DURABLE})
SELECT COALESCE((SELECT max(id) FROM events), (SELECT last_value FROM events_id_seq)),
       ARRAY(SELECT id FROM channels WHERE kind = 'public'),
       ARRAY(SELECT channel_id FROM channel_members ORDER BY id),
       ARRAY(SELECT user_id FROM channel_members ORDER BY id)
FROM durable
"""


CHANGES = {"channel.created", "channel.deleted", "member.added", "member.removed"}


class _Channel(Struct, rename="camel"):
    id: str
    kind: str
    member_ids: list[str]


class _Told(Struct, rename="camel"):
    """Of the events that change who may read."""

    channel: _Channel | None = None
    user_id: str = ""


_decoder = json.Decoder(_Told)


class Audience:
    def __init__(self, public: set[str], members: dict[str, set[str]]) -> None:
        self._public = public
        self._members = members

    @classmethod
    async def load(cls, database: Database) -> tuple[int, Self]:
        """With the number of the newest event that it takes account of, which is durable."""
        ((number, public, channel_ids, user_ids),) = await database.write(CHANNELS_NOW)
        members: dict[str, set[str]] = {}
        for channel_id, user_id in zip(channel_ids, user_ids, strict=True):
            members.setdefault(channel_id, set()).add(user_id)
        return number, cls(set(public), members)

    def readers(
        self, channel_id: str | None, user_ids: Sequence[str] | None
    ) -> AbstractSet[str] | None:
        """None: everybody."""
        if channel_id is None:
            return None if user_ids is None else set(user_ids)
        if channel_id in self._public:
            return None
        members = self._members.get(channel_id, set())
        return members if user_ids is None else members.union(user_ids)

    def note(self, kind: str, channel_id: str | None, payload: str) -> None:
        """To be called with every event, before its readers are asked for."""
        if kind not in CHANGES:
            return
        told = _decoder.decode(payload)
        if told.channel is not None and kind == "channel.created":
            self._members[told.channel.id] = set(told.channel.member_ids)
            if told.channel.kind == "public":
                self._public.add(told.channel.id)
            else:
                self._public.discard(told.channel.id)
        elif told.channel is not None and kind == "channel.deleted":
            self._members.pop(told.channel.id, None)
            self._public.discard(told.channel.id)
        elif channel_id is not None and kind == "member.added":
            self._members.setdefault(channel_id, set()).add(told.user_id)
        elif channel_id is not None and kind == "member.removed":
            self._members.get(channel_id, set()).discard(told.user_id)
