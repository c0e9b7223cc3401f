"""What was said in a channel, and in its threads."""

from bullpen.packs.check import check_items
from bullpen.packs.file_models import References, WrittenMessage, WrittenReply
from bullpen.packs.pack import PackChannel, PackMessage, PackReaction
from bullpen.packs.problems import Problems
from bullpen.packs.times import Moment, require_later
from bullpen.packs.yaml_tree import Document, Path


def read_messages(
    document: Document | None, channel: PackChannel, references: References, problems: Problems
) -> list[PackMessage | None]:
    """None for a broken one."""
    messages: list[PackMessage | None] = []
    last: Moment | None = None
    for path, written in check_items(document, WrittenMessage, references, problems):
        if document is None or written is None:
            messages.append(None)
            continue
        moment = (written.day, written.at)
        require_later(moment, last, "the message before it", document, path, problems)
        last = moment
        key = _key(channel.id, moment, written.user_id)
        messages.append(
            PackMessage(
                key=key,
                day=written.day,
                at=written.at,
                user_id=written.user_id,
                text=written.text,
                reactions=_reactions(written),
                replies=_replies(key, written, document, path, problems),
            )
        )
    return messages


def _replies(
    root_key: str, root: WrittenMessage, document: Document, path: Path, problems: Problems
) -> tuple[PackMessage, ...]:
    replies: list[PackMessage] = []
    last, before = (root.day, root.at), "the thread's first message"
    for index, reply in enumerate(root.replies):
        moment = (root.day if reply.day is None else reply.day, reply.at)
        place = (*path, "replies", index)
        require_later(moment, last, before, document, place, problems)
        last, before = moment, "the reply before it"
        replies.append(
            PackMessage(
                key=_key(root_key, moment, reply.user_id),
                day=moment[0],
                at=moment[1],
                user_id=reply.user_id,
                text=reply.text,
                reactions=_reactions(reply),
                replies=(),
                also_in_channel=reply.also_in_channel,
            )
        )
    return tuple(replies)


def _key(parent: str, moment: Moment, user_id: str) -> str:
    """Unique because times ascend: no two messages of one channel or thread share one."""
    day, at = moment
    return f"{parent}/{day}/{at.isoformat()}/{user_id}"


def _reactions(written: WrittenMessage | WrittenReply) -> tuple[PackReaction, ...]:
    return tuple(PackReaction(emoji, user_ids) for emoji, user_ids in written.reactions.items())
