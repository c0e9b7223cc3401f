"""Pictures of messages, small enough to be sent to models: their thumbnails."""

from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct

from bullpen.files.queries import MAY_READ
from bullpen.kit.database import Reader
from bullpen.members.actor import Actor

MOST_PICTURES = 6
MOST_BYTES = 1_500_000

# The newest ones, if there are more.
FIND = f"""
SELECT f.id, f.thumbnail FROM files f JOIN messages m ON m.id = f.message_id
WHERE f.message_id = ANY ($2) AND f.thumbnail IS NOT NULL AND {MAY_READ}
ORDER BY m.created_at DESC, m.id DESC, f.place LIMIT {MOST_PICTURES}
"""


class ModelPicture(Struct, frozen=True):
    """A WebP of at most 720 pixels."""

    file_id: UUID
    content: bytes


def address_of(file_id: UUID) -> str:
    """Where those who can read the file find what the model was sent. It never changes."""
    return f"/api/files/{file_id}/thumbnail"


async def pictures_of(
    reader: Reader, actor: Actor, message_ids: Sequence[UUID]
) -> list[ModelPicture]:
    """In the order in which they are numbered, as far as the actor may read them."""
    found = []
    left = MOST_BYTES
    for file_id, content in await reader.fetch(FIND, actor.user_id, list(message_ids)):
        left -= len(content)
        if left < 0:
            break
        found.append(ModelPicture(file_id, content))
    return found
