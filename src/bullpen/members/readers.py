"""Who reads a place, and what all of them may read: the audience of what is written there."""

from collections.abc import Sequence
from dataclasses import dataclass

from bullpen.kit.database import Reader
from bullpen.members.actor import Actor

READERS = "SELECT readers_of($1)"


@dataclass(frozen=True, slots=True)
class Readers:
    """`user_ids`: None means everybody, as in a public channel or in no channel at all."""

    user_ids: Sequence[str] | None

    @property
    def are_everybody(self) -> bool:
        return self.user_ids is None


EVERYBODY = Readers(None)


def only(actor: Actor) -> Readers:
    return Readers([actor.user_id])


async def readers_of(reader: Reader, channel_id: str | None) -> Readers:
    """Of a channel that does not exist, nobody."""
    if channel_id is None:
        return EVERYBODY
    [row] = await reader.fetch(READERS, channel_id)
    return Readers(row[0])
