"""The client fed from the pack's own data: its files and every API answer, with no server.

Written from the API's contract alone, without the code that answers in the real program.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from operator import itemgetter
from typing import Any
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import BrowserContext, Request, Route
from tests.support.fixtures import ANCHOR, ZONE

from bullpen.api.browser import client
from bullpen.packs.pack import Pack, PackChannel, PackMessage, message_id
from bullpen.packs.times import resolve

ADDRESS = "http://localhost"
Answer = tuple[int, Any, dict[str, str]]


class PackApi:
    def __init__(self, pack: Pack, user_id: str) -> None:
        self.pack = pack
        self.user_id = user_id
        self.files = client.load()

    def serve(self, context: BrowserContext) -> None:
        context.route("**/*", self.answer)

    def answer(self, route: Route, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.path.startswith("/api/"):
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            status, content, headers = self.api(parts.path.removeprefix("/api/"), query)
            headers |= {"Content-Type": "application/json"}
            route.fulfill(status=status, body=json.dumps(content), headers=headers)
            return
        name = parts.path.removeprefix(f"/static/{self.files.version}/")
        file = self.files.files.get(name, self.files.index)
        headers = {"Content-Type": file.media_type}
        if file is self.files.index:
            headers["Content-Security-Policy"] = self.files.content_policy
        route.fulfill(body=file.content, headers=headers)

    def api(self, path: str, query: dict[str, str]) -> Answer:
        match path.split("/"):
            case ["session"]:
                name = {"name": self.pack.name}
                return 200, {"userId": self.user_id, "workspace": name}, {}
            case ["users"]:
                return 200, self.users(), {}
            case ["channels"]:
                return 200, self.channels(), {}
            case ["unreads"]:
                return 200, self.pack.unreads.get(self.user_id, {}), {}
            case ["sidebar"]:
                return 200, {"mentions": {}, "threads": {}, "preferences": {}}, {}
            case (
                ["runs"]
                | ["budgets"]
                | ["pauses"]
                | ["saved", "marks"]
                | ["scheduled-posts"]
                | ["user-groups"]
            ):
                return 200, [], {}
            case ["runs", "queue"]:
                return 200, {"running": [], "waiting": [], "waitingCount": 0}, {}
            case ["providers"]:
                # Without a key, as the tests' servers are: agents answer by script.
                scripted = {
                    "modelId": "scripted",
                    "answersBy": "scripted",
                    "isOwn": True,
                    "missing": [],
                }
                return 200, {"providers": [], "models": [scripted]}, {}
        return self.page_or_message(path, query)

    def page_or_message(self, path: str, query: dict[str, str]) -> Answer:
        for channel, root in self.roots():
            message = f"messages/{self.id_of(root)}"
            if path == f"channels/{channel.id}/messages":
                return page(path, query, [self.message(channel, each) for each in channel.messages])
            if path == message:
                return 200, self.message(channel, root), {}
            if path == f"{message}/follow":
                users = [root.user_id, *(each.user_id for each in root.replies)]
                is_followed = self.user_id in users and self.user_id in channel.member_ids
                return 200, {"channelId": channel.id, "isFollowed": is_followed}, {}
            if path == f"{message}/replies":
                return page(path, query, [self.reply(root, each) for each in root.replies])
        return 404, {"error": "Not found"}, {}

    def roots(self) -> Iterator[tuple[PackChannel, PackMessage]]:
        for channel in self.readable():
            for root in channel.messages:
                yield channel, root

    def readable(self) -> list[PackChannel]:
        return [
            channel
            for channel in self.pack.channels
            if channel.kind == "public" or self.user_id in channel.member_ids
        ]

    def users(self) -> list[dict[str, Any]]:
        return [
            {
                "id": agent.id,
                "displayName": agent.display_name,
                "title": agent.title,
                "avatarColor": agent.avatar_color,
                "kind": "agent",
                "presence": agent.presence,
            }
            | (
                {"status": {"emoji": agent.status_emoji, "text": agent.status_text}}
                if agent.status_emoji
                else {}
            )
            for agent in self.pack.agents
        ]

    def channels(self) -> list[dict[str, Any]]:
        return [
            {
                "id": channel.id,
                "name": channel.name,
                "kind": channel.kind,
                "topic": channel.topic,
                "memberIds": channel.member_ids,
            }
            for channel in sorted(self.readable(), key=lambda channel: (channel.name, channel.id))
        ]

    def message(self, channel: PackChannel, message: PackMessage) -> dict[str, Any]:
        written = self.written(message)
        written |= {"channelId": channel.id, "threadReplyCount": len(message.replies)}
        if message.replies:
            replies = sorted(message.replies, key=self.written_at)
            written["threadParticipantIds"] = list(dict.fromkeys(r.user_id for r in replies))
            written["lastReplyAt"] = self.written_at(replies[-1]).isoformat()
        return written

    def reply(self, root: PackMessage, message: PackMessage) -> dict[str, Any]:
        return self.written(message) | {"parentMessageId": self.id_of(root)}

    def written(self, message: PackMessage) -> dict[str, Any]:
        return {
            "id": self.id_of(message),
            "userId": message.user_id,
            "text": message.text,
            "timestamp": self.written_at(message).isoformat(),
            "reactions": [
                {"emoji": reaction.emoji, "userIds": reaction.user_ids}
                for reaction in message.reactions
            ],
        }

    def id_of(self, message: PackMessage) -> str:
        return str(message_id(self.pack.id, message.key))

    def written_at(self, message: PackMessage) -> datetime:
        return resolve(message.day, message.at, ANCHOR, ZONE)


def page(path: str, query: dict[str, str], items: list[dict[str, Any]]) -> Answer:
    """The newest, or those before a cursor; the `Link` header tells of older ones."""
    items = sorted(items, key=itemgetter("timestamp", "id"))
    if "before" in query:
        items = items[: [item["id"] for item in items].index(query["before"])]
    limit = int(query.get("limit", "50"))
    shown = items[-limit:]
    older = f'<{ADDRESS}/api/{path}?before={shown[0]["id"]}>; rel="prev"' if shown else ""
    return 200, shown, {"Link": older} if len(items) > limit else {}
