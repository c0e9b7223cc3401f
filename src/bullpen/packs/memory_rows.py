"""The rows of memory blocks, of who shares them, and of archives.

A block's versions are the database's own to write: what comes with the pack is nobody's change.
"""

from uuid import UUID

from asyncpg import Connection

from bullpen.kit.ids import new_id
from bullpen.packs.insert import Resolve, Row, add, add_new
from bullpen.packs.pack import Pack, PackBlock, row_id


async def add_memory(connection: Connection, pack: Pack, resolve: Resolve) -> dict[str, int]:
    blocks = {block_id(pack, block): block for block in pack.blocks}
    rows = [
        {
            "id": written_id,
            "agent_id": block.agent_id,
            "label": block.label,
            "content": block.text,
            "is_shared": block.shared_with is not None,
        }
        for written_id, block in blocks.items()
    ]
    new = await add_new(connection, "memory_blocks", rows)
    # Who shares a block that was there already is for people to say, and it may be shared no more.
    links = [
        {"id": new_id(), "block_id": written_id, "agent_id": agent_id}
        for written_id, block in blocks.items()
        if written_id in new
        for agent_id in block.shared_with or ()
    ]
    return {
        "memory_blocks": len(new),
        "shared_block_links": await add(connection, "shared_block_links", links),
        "archival_passages": await add(
            connection, "archival_passages", passage_rows(pack, resolve)
        ),
    }


def block_id(pack: Pack, block: PackBlock) -> UUID:
    return row_id(pack.id, "memory_blocks", f"{block.agent_id}/{block.label}")


def passage_rows(pack: Pack, resolve: Resolve) -> list[Row]:
    return [
        {
            "id": row_id(pack.id, "archival_passages", passage.key),
            "agent_id": passage.agent_id,
            "content": passage.text,
            "tags": passage.tags or None,
            "created_at": resolve(passage.day, passage.at),
        }
        for passage in pack.passages
    ]
