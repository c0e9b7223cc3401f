"""The rows of a channel's messages, and of what has been read there."""

from datetime import timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from bullpen.packs.insert import Resolve, Row
from bullpen.packs.pack import Pack, PackChannel, PackMessage, message_id


class ChannelWriter:
    """Collects one channel's rows, so that each message's instant is resolved once."""

    def __init__(self, pack: Pack, channel: PackChannel, resolve: Resolve) -> None:
        self.pack = pack
        self.channel = channel
        self.resolve = resolve
        self.messages: list[Row] = []
        self.channel_replies: list[Row] = []
        self.reactions: list[Row] = []
        self.cursors: list[Row] = []
        for root in channel.messages:
            root_id = self.write(root, None)
            for reply in root.replies:
                self.write(reply, root_id)
        self.mark_read()

    def write(self, message: PackMessage, parent_id: UUID | None) -> UUID:
        written_id = message_id(self.pack.id, message.key)
        written_at = self.resolve(message.day, message.at)
        self.messages.append(
            {
                "id": written_id,
                "channel_id": self.channel.id,
                "parent_message_id": parent_id,
                "user_id": message.user_id,
                "text": message.text,
                "created_at": written_at,
            }
        )
        if message.also_in_channel:
            self.channel_replies.append(
                {
                    "message_id": written_id,
                    "channel_id": self.channel.id,
                    "created_at": written_at,
                }
            )
        uses = [(r.emoji, user_id) for r in message.reactions for user_id in r.user_ids]
        self.reactions += [
            {
                "id": uuid5(NAMESPACE_URL, f"bullpen:reaction/{written_id}/{user_id}/{emoji}"),
                "message_id": written_id,
                "user_id": user_id,
                "emoji": emoji,
                # The pack gives the order alone.
                "created_at": written_at + timedelta(seconds=place),
            }
            for place, (emoji, user_id) in enumerate(uses, start=1)
        ]
        return written_id

    def mark_read(self) -> None:
        """Members have read everything but what the pack's unread counts say."""
        counts = {
            user: unread.get(self.channel.id, 0) for user, unread in self.pack.unreads.items()
        }
        readers = {user: counts.get(user, 0) for user in self.channel.member_ids}
        readers |= {user: count for user, count in counts.items() if count}
        self.cursors = [
            {
                "user_id": user,
                "channel_id": self.channel.id,
                "created_at": last["created_at"],
                "message_id": last["id"],
            }
            for user, count in readers.items()
            if (last := self.last_read(user, count)) is not None
        ]

    def last_read(self, user_id: str, unread: int) -> Row | None:
        also = {row["message_id"] for row in self.channel_replies}
        top = [
            row for row in self.messages if row["parent_message_id"] is None or row["id"] in also
        ]
        top.sort(key=lambda row: (row["created_at"], row["id"]))
        if not top:
            return None
        for row in reversed(top):
            if unread == 0:
                return row
            unread -= row["user_id"] != user_id
        before = top[0]["created_at"] - timedelta(microseconds=1)
        return {"created_at": before, "id": UUID(int=0)}
