"""Which links of a message get a preview, and what an edit leaves of them."""

from uuid import UUID

from asyncpg import Connection

from bullpen.chat.prose import live_links
from bullpen.kit.web_pages import LONGEST_URL

MOST_LINKS = 3
# Also of those that their author has removed: a link that comes back is a new one.
DROP = """
DELETE FROM message_previews shown USING link_previews l
WHERE shown.message_id = $1 AND l.id = shown.preview_id AND l.url <> ALL ($2)
"""


def previewed_links(text: str) -> list[str]:
    links = [url for url in live_links(text) if len(url.encode()) <= LONGEST_URL]
    return links[:MOST_LINKS]


async def drop_previews(connection: Connection, message_id: UUID, text: str) -> None:
    await connection.execute(DROP, message_id, previewed_links(text))
