"""What each agent has not read yet, as counts per channel."""

from collections.abc import Mapping

from bullpen.packs.check import check
from bullpen.packs.file_models import References, WrittenUnreads
from bullpen.packs.pack import PackChannel
from bullpen.packs.problems import Problems
from bullpen.packs.yaml_tree import Document


def read_unreads(
    document: Document | None,
    channels: Mapping[str, PackChannel],
    references: References,
    problems: Problems,
) -> dict[str, dict[str, int]]:
    """`channels` holds those that are whole; nothing is said about counts in another."""
    if document is None:
        return {}
    written = check(document, WrittenUnreads, references, problems)
    if written is None:
        return {}
    for user_id, counts in written.root.items():
        for channel_id, count in counts.items():
            channel = channels.get(channel_id)
            misfit = channel and _misfit(user_id, count, channel)
            if misfit:
                line = document.line((user_id, channel_id))
                problems.add(document.file, line, f"{user_id}.{channel_id}: {misfit}")
    return written.root


def not_readable(user_id: str, channel: PackChannel) -> str | None:
    if channel.is_read_by(user_id):
        return None
    return f"{user_id} is not a member of this channel; expected one that {user_id} can read"


def _misfit(user_id: str, count: int, channel: PackChannel) -> str | None:
    if misfit := not_readable(user_id, channel):
        return misfit
    others = sum(message.user_id != user_id for message in channel.messages)
    if count > others:
        return f"{count} is out of reach; expected at most {others}, the messages of others there"
    return None
