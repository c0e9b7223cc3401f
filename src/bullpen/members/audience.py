"""Who may read an event now: what the database knows, kept current by the events themselves."""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass
from typing import Self

from msgspec import DecodeError, Struct, json

from bullpen.events.durability import DURABLE
from bullpen.kit.database import Database
from bullpen.members.actor import Role

# One statement, so that the channels are those at exactly that number.
CHANNELS_NOW = f"""
WITH durable AS MATERIALIZED ({DURABLE})
SELECT COALESCE((SELECT max(id) FROM events), (SELECT last_value FROM events_id_seq)),
       ARRAY(SELECT id FROM channels WHERE kind = 'public'),
       ARRAY(SELECT channel_id FROM channel_members ORDER BY id),
       ARRAY(SELECT user_id FROM channel_members ORDER BY id),
       ARRAY(SELECT channel_id FROM peopled_channels),
       ARRAY(SELECT id FROM people ORDER BY id),
       ARRAY(SELECT role FROM people ORDER BY id)
FROM durable
"""

CHANGES = {
    "channel.created",
    "channel.deleted",
    "member.added",
    "member.removed",
    "user.changed",
}
FOR_GUESTS_TOO = {"reset", "workspace.changed"}
# Guests get the events of users whom they see.
OF_A_USER = {"user.changed", "pause.added", "pause.removed"}
ADMINISTRATORS: tuple[Role, ...] = ("owner", "admin")


class _Channel(Struct, rename="camel"):
    id: str
    kind: str
    member_ids: list[str]


class _User(Struct):
    id: str


class _Pause(Struct, rename="camel"):
    agent_id: str | None


class _Told(Struct, rename="camel"):
    """Of the events that change who may read."""

    channel: _Channel | None = None
    user_id: str = ""
    user: _User | None = None
    role: Role | None = None
    pause: _Pause | None = None


_decoder = json.Decoder(_Told)


@dataclass(frozen=True, slots=True)
class Readers:
    """Those users, or everybody but those users."""

    users: AbstractSet[str]
    excluded: bool = False

    def __contains__(self, user_id: object) -> bool:
        return (user_id in self.users) != self.excluded


EVERYBODY = Readers(frozenset(), excluded=True)


class Audience:
    """By the rules of `members.access`, for all users at once."""

    def __init__(
        self,
        public: set[str],
        members: dict[str, set[str]],
        roles: dict[str, Role] | None = None,
        peopled: set[str] | None = None,
    ) -> None:
        self._public = public
        self._members = members
        self._roles = roles or {}
        self._peopled = peopled or set()
        self._note_roles()

    @classmethod
    async def load(cls, database: Database) -> tuple[int, Self]:
        """With the number of the newest event that it takes account of, which is durable."""
        (row,) = await database.write(CHANNELS_NOW)
        number, public, channel_ids, user_ids, peopled, people, roles = row
        members: dict[str, set[str]] = {}
        for channel_id, user_id in zip(channel_ids, user_ids, strict=True):
            members.setdefault(channel_id, set()).add(user_id)
        by_person = dict(zip(people, roles, strict=True))
        return number, cls(set(public), members, by_person, set(peopled))

    def readers(
        self, channel_id: str | None, user_ids: Sequence[str] | None, kind: str, payload: str
    ) -> Readers:
        named = frozenset(user_ids or ())
        if channel_id is None:
            return self._of_everybody(kind, payload) if user_ids is None else Readers(named)
        members: AbstractSet[str] = self._members.get(channel_id, set())
        if channel_id in self._public:
            return Readers(self._guests - members - named, excluded=True)
        if channel_id not in self._peopled and members:
            members = members | self._administrators
        return Readers(members | named if named else members)

    def is_guest(self, user_id: str) -> bool:
        return user_id in self._guests

    def _of_everybody(self, kind: str, payload: str) -> Readers:
        """Events outside of channels: guests get those of users whom they share a channel with."""
        if kind in FOR_GUESTS_TOO or not self._guests:
            return EVERYBODY
        if kind not in OF_A_USER:
            return Readers(self._guests, excluded=True)
        seeing: set[str] = set()
        with suppress(DecodeError):
            event = _decoder.decode(payload)
            if event.pause is not None and event.pause.agent_id is None:
                return EVERYBODY
            user_id = event.pause.agent_id if event.pause else event.user.id if event.user else None
            seeing.update(self._guests_who_see(user_id) if user_id else ())
        return Readers(self._guests - seeing, excluded=True)

    def _guests_who_see(self, user_id: str) -> Iterator[str]:
        if user_id in self._guests:
            yield user_id
        for members in self._members.values():
            if user_id in members:
                yield from self._guests & members

    def note(self, kind: str, channel_id: str | None, payload: str) -> None:
        """To be called with every event, before its readers are asked for."""
        if kind not in CHANGES:
            return
        event = _decoder.decode(payload)
        if event.channel is not None and kind == "channel.created":
            self._create(event.channel)
        elif event.channel is not None and kind == "channel.deleted":
            self._members.pop(event.channel.id, None)
            self._public.discard(event.channel.id)
            self._peopled.discard(event.channel.id)
        elif channel_id is not None and kind == "member.added":
            self._add(channel_id, event.user_id)
        elif channel_id is not None and kind == "member.removed":
            self._members.get(channel_id, set()).discard(event.user_id)
        elif event.user is not None and event.role is not None:
            self._roles[event.user.id] = event.role
            self._note_roles()

    def _create(self, channel: _Channel) -> None:
        self._members[channel.id] = set()
        self._peopled.discard(channel.id)
        for member in channel.member_ids:
            self._add(channel.id, member)
        if channel.kind == "public":
            self._public.add(channel.id)
        else:
            self._public.discard(channel.id)

    def _add(self, channel_id: str, user_id: str) -> None:
        self._members.setdefault(channel_id, set()).add(user_id)
        if user_id in self._roles:
            self._peopled.add(channel_id)

    def _note_roles(self) -> None:
        self._guests = frozenset(p for p, role in self._roles.items() if role == "guest")
        self._administrators = frozenset(
            person for person, role in self._roles.items() if role in ADMINISTRATORS
        )
