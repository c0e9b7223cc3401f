"""For every action: what a client knew, what it was told, and what it would know from the API.

`python -m tests.support.equivalence` writes them for the tests of the client, which apply the
events in Node.
"""

import asyncio
import json
import re
import tempfile
from base64 import b64decode
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from asyncpg import Connection
from tests.support.serving import serving
from tests.support.streams import listening

from bullpen.chat.previews import show_previews
from bullpen.chat.queries import Notice
from bullpen.chat.saved import remind
from bullpen.chat.send import NewMessage, send_in_transaction
from bullpen.events.actions import Event, append
from bullpen.kit.database import connect
from bullpen.kit.postgres import EmbeddedPostgres
from bullpen.migrations.run import migrate

FILE = Path(__file__).parents[1] / "client" / "fixtures" / "events.json"
PEOPLE = ("ann", "bob", "cy")
# PNG files of one pixel.
PICTURES = {
    color: b64decode(
        f"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4{data}AAAABJRU5ErkJggg=="
    )
    for color, data in (("black", "nGNgAAAAAgABSK+kcQ"), ("white", "nGP4DwABAQEAsTj2FA"))
}
COMMANDS = {"commands": [{"name": "deploy", "description": "Deploys", "hint": "branch"}]}
MARK = "the mark"
State = dict[str, Any]
Act = Callable[["Office"], object]

WORKSPACE = """
INSERT INTO workspace (pack_id, name, default_user_id, session_key)
VALUES ('small', 'Small', 'ann', decode(repeat('ab', 32), 'hex'));
INSERT INTO agents (id, display_name, title, avatar_color, system_prompt, created_at)
SELECT name, initcap(name), 'Tester', '#4A90D9', 'You test.', now() + (place - 9) * interval '1 day'
FROM unnest(ARRAY['ann', 'bob', 'cy']) WITH ORDINALITY person (name, place);
-- Ids that are the same each time.
CREATE SEQUENCE pause_numbers;
ALTER TABLE pauses ALTER COLUMN id SET DEFAULT
    ('00000000-0000-7000-9000-' || lpad(nextval('pause_numbers')::text, 12, '0'))::uuid;
CREATE SEQUENCE group_numbers;
ALTER TABLE user_groups ALTER COLUMN id SET DEFAULT
    ('00000000-0000-7000-a000-' || lpad(nextval('group_numbers')::text, 12, '0'))::uuid;
INSERT INTO channels (id, name, kind) VALUES
    ('lobby', 'lobby', 'public'), ('vault', 'vault', 'private'), ('dm-ann-bob', 'dm', 'dm'),
    ('mark', 'mark', 'public');
INSERT INTO channel_members (id, channel_id, user_id)
SELECT ('00000000-0000-7000-8000-00000000000' || place)::uuid, channel, person FROM (VALUES
    (1, 'lobby', 'ann'), (2, 'lobby', 'bob'), (3, 'vault', 'bob'), (4, 'dm-ann-bob', 'ann'),
    (5, 'dm-ann-bob', 'bob'), (6, 'mark', 'cy')
) member (place, channel, person);
"""


RUN = """
INSERT INTO runs (id, agent_id, trigger_message_id, channel_id, created_at)
SELECT $1, $2, id, channel_id, clock_timestamp() FROM messages WHERE id = $3
"""
RUN_DETAILS = """
WITH message AS (SELECT id, parent_message_id FROM messages WHERE id = $2),
triggers AS (INSERT INTO run_triggers (run_id, message_id) SELECT $1, id FROM message)
INSERT INTO run_details (run_id, kind, thread_id)
SELECT $1, 'message', parent_message_id FROM message
"""
FAILED_RUN = """
WITH run AS (
    INSERT INTO runs (id, agent_id, channel_id, status) VALUES ($1, $2, $3, 'failed') RETURNING id
)
INSERT INTO run_details (run_id, kind, problem)
SELECT id, 'message', 'The provider failed.' FROM run
"""
PREVIEW = """
INSERT INTO link_previews (id, url, claimed_until, fetched_at, title)
SELECT $1, text, now(), now(), 'A page' FROM messages WHERE id = $2 RETURNING url
"""
RUN_CREATED = """
INSERT INTO events (kind, channel_id, payload)
SELECT 'run.created', channel_id, jsonb_build_object('run', run_json(r)) FROM runs r WHERE id = $1
"""


def uuid(number: int) -> str:
    return str(UUID(int=number | 7 << 76 | 2 << 62))


ROOT, REPLY, OLD, MINE, SECRET = (uuid(number) for number in range(1, 6))


LATER = {
    "channelId": "lobby", "text": "Later", "id": uuid(81), "sendAt": "2100-01-02T09:00:00Z",
}  # fmt: skip


NO_NOTIFICATIONS = {
    "pausedUntil": None, "quietFrom": None, "quietUntil": None, "isSilent": False,
    "keywords": [], "digest": "daily",
}  # fmt: skip


class Office:
    """Clients by name, and what can be done through them."""

    def __init__(self, clients: dict[str, httpx.Client], url: str) -> None:
        self.clients = clients
        self.url = url
        self.pauses: dict[tuple[str | None, str | None], str] = {}
        self.groups: dict[str, str] = {}

    def ask(self, who: str, method: str, path: str, body: Any = None) -> httpx.Response:
        headers = {"Content-Type": "application/json"}
        content: str | bytes | None
        if isinstance(body, bytes):
            content, headers = body, {"Content-Type": "image/png"}
        else:
            content = None if method == "GET" else json.dumps(body)
        answer = self.clients[who].request(method, path, content=content, headers=headers)
        assert answer.is_success, answer.text
        return answer

    def post(self, who: str, channel: str, number: int, parent: str | None = None) -> None:
        body = {"channelId": channel, "text": f"Message {number}", "id": uuid(number)}
        self.ask(
            who, "POST", "/api/messages", body | ({"parentMessageId": parent} if parent else {})
        )

    def group(self, who: str, handle: str, body: dict[str, Any]) -> None:
        made = self.ask(who, "POST", "/api/user-groups", {"handle": handle} | body)
        self.groups[handle] = made.json()["id"]

    def change_group(
        self, who: str, handle: str, method: str, below: str, body: Any = None
    ) -> None:
        """`handle`: the first one that it had."""
        self.ask(who, method, f"/api/user-groups/{self.groups[handle]}{below}", body)

    def post_also(self, who: str, number: int, parent: str, text: str = "For all") -> None:
        """A reply that is also in the channel."""
        body = {"channelId": "lobby", "text": text, "id": uuid(number), "parentMessageId": parent}
        self.ask(who, "POST", "/api/messages", body | {"alsoInChannel": True})

    def say(
        self, who: str, channel: str, number: int, text: str, parent: str | None = None
    ) -> None:
        body = {"channelId": channel, "text": text, "id": uuid(number)}
        body |= {} if parent is None else {"parentMessageId": parent}
        self.ask(who, "POST", "/api/messages", body)

    def attach(self, who: str, channel: str, number: int, parent: str | None = None) -> None:
        path = f"/api/files?name=dot.png&id={uuid(number)}"
        file = self.ask(who, "POST", path, PICTURES["black"]).json()
        body = {"channelId": channel, "text": "", "id": uuid(number), "fileIds": [file["id"]]}
        self.ask(
            who, "POST", "/api/messages", body | ({"parentMessageId": parent} if parent else {})
        )

    def tell(self, *events: Event) -> None:
        """What nothing in the API does yet by itself."""
        self.write(lambda connection: append(connection, *events))

    def start_run(self, number: int, agent_id: str, message: str) -> None:
        """Under an id that is known, which no action makes."""

        async def work(connection: Connection) -> None:
            await connection.execute(RUN, uuid(number), agent_id, message)
            await connection.execute(RUN_DETAILS, uuid(number), message)
            await connection.execute(RUN_CREATED, uuid(number))

        self.write(work)

    def fail(self, number: int, agent_id: str, channel: str, parent: str | None = None) -> None:
        """As a run says why it does not answer."""

        async def work(connection: Connection) -> None:
            await connection.execute(FAILED_RUN, uuid(number), agent_id, channel)
            thread = None if parent is None else UUID(parent)
            text = "_I cannot answer now: The provider failed._"
            draft = NewMessage(UUID(uuid(number)), channel, thread, agent_id, text)
            notice = Notice("failure", UUID(uuid(number)), "The provider failed.")
            await send_in_transaction(
                connection, draft, run_id=UUID(uuid(number)), asks=False, notice=notice
            )

        self.write(work)

    def preview(self, number: int, message: str) -> None:
        """As a web process does that has read a page."""

        async def work(connection: Connection) -> None:
            url = await connection.fetchval(PREVIEW, UUID(uuid(number)), UUID(message))
            await show_previews(connection, UUID(message), {url: UUID(uuid(number))})

        self.write(work)

    def remind(self, who: str, message: str) -> None:
        """As the worker does."""

        async def work(connection: Connection) -> None:
            due = (
                "UPDATE saved_messages SET remind_at = now() WHERE user_id = $1 AND message_id = $2"
            )
            await connection.execute(due, who, UUID(message))
            await remind(connection)

        self.write(work)

    def pause(self, who: str, place: dict[str, str]) -> None:
        made = self.ask(who, "POST", "/api/pauses", place).json()["id"]
        self.pauses[place.get("agentId"), place.get("channelId")] = made

    def resume(self, who: str, agent_id: str | None = None, channel_id: str | None = None) -> None:
        self.ask(who, "DELETE", f"/api/pauses/{self.pauses[agent_id, channel_id]}")

    def write(self, act: Callable[[Connection], Awaitable[object]]) -> None:
        async def work() -> None:
            connection = await connect(self.url, pooled=False)
            async with connection.transaction():
                await act(connection)
            await connection.close()

        asyncio.run(work())


def prepare(office: Office) -> None:
    office.post("bob", "lobby", 3)
    office.ask("ann", "POST", "/api/unreads/mark-read", {"channelId": "lobby"})
    office.post("bob", "lobby", 1)
    office.post("bob", "lobby", 2, ROOT)
    office.post("ann", "lobby", 4)
    office.post("bob", "vault", 5)
    office.ask("bob", "POST", f"/api/messages/{ROOT}/reactions", {"emoji": "👍"})
    office.ask("ann", "PUT", "/api/users/ann/status", {"emoji": "🏠", "text": "Home"})


def asking(who: str, method: str, path: str, body: Any = None) -> Act:
    return lambda office: office.ask(who, method, path, body)


# Each as ann sees it, one after the other in one workspace.
ACTIONS: dict[str, Act] = {
    "another's message": lambda office: office.post("bob", "lobby", 11),
    "one's own message": lambda office: office.post("ann", "lobby", 12),
    "a message in a DM": lambda office: office.post("bob", "dm-ann-bob", 13),
    "a reply": lambda office: office.post("ann", "lobby", 14, ROOT),
    "the first reply": lambda office: office.post("bob", "lobby", 15, OLD),
    "a message with a file": lambda office: office.attach("bob", "lobby", 61),
    "a reply with a file": lambda office: office.attach("bob", "lobby", 62, ROOT),
    "an edit": asking("bob", "PATCH", f"/api/messages/{ROOT}", {"text": "Edited"}),
    "an edit that changes nothing": asking(
        "bob", "PATCH", f"/api/messages/{ROOT}", {"text": "Edited"}
    ),
    "an edited reply": asking("bob", "PATCH", f"/api/messages/{REPLY}", {"text": "Edited"}),
    "a reaction": asking("ann", "POST", f"/api/messages/{ROOT}/reactions", {"emoji": "👍"}),
    "another emoji": asking("ann", "POST", f"/api/messages/{ROOT}/reactions", {"emoji": "🎉"}),
    "a reaction to a reply": asking(
        "bob", "POST", f"/api/messages/{REPLY}/reactions", {"emoji": "👀"}
    ),
    "a reaction taken back": asking(
        "bob", "DELETE", f"/api/messages/{ROOT}/reactions", {"emoji": "👍"}
    ),
    "a pin": asking("bob", "PUT", f"/api/messages/{ROOT}/pin"),
    "a pin of what is pinned": asking("ann", "PUT", f"/api/messages/{ROOT}/pin"),
    "a pinned reply": asking("ann", "PUT", f"/api/messages/{REPLY}/pin"),
    "a link": lambda office: office.say("ann", "lobby", 97, "https://example.org/"),
    "a preview of its page": lambda office: office.preview(98, uuid(97)),
    "the preview removed": asking("ann", "DELETE", f"/api/messages/{uuid(97)}/previews/{uuid(98)}"),
    "link previews switched on": asking(
        "ann", "PATCH", "/api/workspace", {"showsLinkPreviews": True}
    ),
    "link previews switched off": asking(
        "ann", "PATCH", "/api/workspace", {"showsLinkPreviews": False}
    ),
    "a pin removed": asking("ann", "DELETE", f"/api/messages/{ROOT}/pin"),
    "a message saved": asking("ann", "PUT", f"/api/messages/{ROOT}/saved"),
    "a message saved by another one": asking("bob", "PUT", f"/api/messages/{ROOT}/saved"),
    "a reply saved with a reminder": asking(
        "ann", "PUT", f"/api/messages/{REPLY}/saved", {"remindAt": "2100-01-02T09:00:00Z"}
    ),
    "a reminder that is due": lambda office: office.remind("ann", ROOT),
    "its message is done": asking("ann", "PUT", f"/api/messages/{ROOT}/saved", {"isDone": True}),
    "another message saved": asking("ann", "PUT", f"/api/messages/{OLD}/saved"),
    "a saved message removed": asking("ann", "DELETE", f"/api/messages/{OLD}/saved"),
    "a message to send later": asking("ann", "POST", "/api/scheduled-posts", LATER),
    "one of another author": asking(
        "bob", "POST", "/api/scheduled-posts", {**LATER, "id": uuid(82)}
    ),
    "it is changed": asking(
        "ann", "PATCH", f"/api/scheduled-posts/{uuid(81)}", {"text": "Much later"}
    ),
    "another message to send later": asking(
        "ann", "POST", "/api/scheduled-posts", {**LATER, "id": uuid(83)}
    ),
    "one that is sent": asking("ann", "POST", f"/api/scheduled-posts/{uuid(83)}/send"),
    "it is canceled": asking("ann", "DELETE", f"/api/scheduled-posts/{uuid(81)}"),
    "reading up to a message": asking(
        "ann", "POST", "/api/unreads/mark-read", {"channelId": "lobby", "messageId": ROOT}
    ),
    "an unread message deleted": asking("bob", "DELETE", f"/api/messages/{uuid(11)}"),
    "reading all": asking("ann", "POST", "/api/unreads/mark-read", {"channelId": "dm-ann-bob"}),
    "marking as unread": asking(
        "ann", "POST", "/api/unreads/mark-unread", {"channelId": "lobby", "messageId": ROOT}
    ),
    "a read message deleted": asking("bob", "DELETE", f"/api/messages/{uuid(13)}"),
    "a reaction to one's own message": asking(
        "bob", "POST", f"/api/messages/{MINE}/reactions", {"emoji": "👀"}
    ),
    "it is read in the inbox": asking(
        "ann", "POST", "/api/inbox/mark-read", {"kind": "reaction", "id": MINE}
    ),
    "a reply in a thread that one follows": lambda office: office.post("bob", "lobby", 21, ROOT),
    "another one": lambda office: office.post("bob", "lobby", 22, ROOT),
    "an unread reply deleted": asking("bob", "DELETE", f"/api/messages/{uuid(21)}"),
    "reading a thread": asking(
        "ann", "POST", "/api/unreads/mark-read", {"channelId": "lobby", "threadId": ROOT}
    ),
    "marking a reply as unread": asking(
        "ann", "POST", "/api/unreads/mark-unread", {"channelId": "lobby", "messageId": uuid(22)}
    ),
    "a read reply deleted": asking("bob", "DELETE", f"/api/messages/{uuid(22)}"),
    "a reply in a thread that one began": lambda office: office.post("bob", "lobby", 23, MINE),
    "one's own reply in it": lambda office: office.post("ann", "lobby", 24, MINE),
    "an answer to it": lambda office: office.post("bob", "lobby", 25, MINE),
    "one's own reply deleted": asking("ann", "DELETE", f"/api/messages/{uuid(14)}"),
    "a reply in a thread that one follows no more": lambda office: office.post(
        "bob", "lobby", 26, ROOT
    ),
    "a mention": lambda office: office.say("bob", "lobby", 71, "Look, @ann and @bob"),
    "a mention of another one": lambda office: office.say("bob", "lobby", 72, "Look, @cy"),
    "a mention in a message that is edited": asking(
        "bob", "PATCH", f"/api/messages/{uuid(71)}", {"text": "Nobody, and @cy"}
    ),
    "reading up to a mention": asking(
        "ann", "POST", "/api/unreads/mark-read", {"channelId": "lobby"}
    ),
    "marking a mention as unread": asking(
        "ann", "POST", "/api/unreads/mark-unread", {"channelId": "lobby", "messageId": uuid(71)}
    ),
    "a mention marked as read in the inbox": asking(
        "ann", "POST", "/api/inbox/mark-read", {"kind": "mention", "id": uuid(71)}
    ),
    "all of the inbox read": asking("ann", "POST", "/api/inbox/mark-all-read", {}),
    "a mention deleted": asking("bob", "DELETE", f"/api/messages/{uuid(71)}"),
    "a mention in another's thread": lambda office: office.say(
        "bob", "lobby", 73, "What does @ann say?", uuid(72)
    ),
    "a reply after it": lambda office: office.post("bob", "lobby", 74, uuid(72)),
    "a thread not followed any more": asking("ann", "DELETE", f"/api/messages/{uuid(72)}/follow"),
    "a reply in it": lambda office: office.post("bob", "lobby", 76, uuid(72)),
    "a mention in it that makes one follow it again": lambda office: office.say(
        "bob", "lobby", 77, "And @ann?", uuid(72)
    ),
    "it is left again": asking("ann", "DELETE", f"/api/messages/{uuid(72)}/follow"),
    "it is followed by choice": asking("ann", "PUT", f"/api/messages/{uuid(72)}/follow"),
    "a reply after that": lambda office: office.post("bob", "lobby", 78, uuid(72)),
    "another's thread followed": asking("ann", "PUT", f"/api/messages/{OLD}/follow"),
    "a reply in another's thread": lambda office: office.post("bob", "lobby", 79, OLD),
    "another's thread not followed any more": asking(
        "ann", "DELETE", f"/api/messages/{OLD}/follow"
    ),
    "one's own reply that makes one follow it again": lambda office: office.post(
        "ann", "lobby", 80, OLD
    ),
    "a reply that is also in the channel": lambda office: office.post_also("bob", 91, MINE),
    "one that mentions": lambda office: office.post_also("bob", 92, MINE, "Look, @ann"),
    "one's own": lambda office: office.post_also("ann", 93, MINE),
    "it is edited": asking("ann", "PATCH", f"/api/messages/{uuid(93)}", {"text": "For everybody"}),
    "it has a reaction": asking(
        "bob", "POST", f"/api/messages/{uuid(93)}/reactions", {"emoji": "👍"}
    ),
    "what it replies to is edited": asking(
        "ann", "PATCH", f"/api/messages/{MINE}", {"text": "Edited 👍 " * 20}
    ),
    "an unread one deleted": asking("bob", "DELETE", f"/api/messages/{uuid(91)}"),
    "the channel read up to one": asking(
        "ann", "POST", "/api/unreads/mark-read", {"channelId": "lobby", "messageId": uuid(92)}
    ),
    "one marked as unread": asking(
        "ann", "POST", "/api/unreads/mark-unread", {"channelId": "lobby", "messageId": uuid(92)}
    ),
    "another thread": lambda office: office.post("bob", "lobby", 94),
    "with one": lambda office: office.post_also("bob", 95, uuid(94)),
    "deleted with its replies": asking("bob", "DELETE", f"/api/messages/{uuid(94)}"),
    "an answer deleted": asking("bob", "DELETE", f"/api/messages/{uuid(25)}"),
    "it is brought back": asking("bob", "POST", f"/api/messages/{uuid(25)}/restore"),
    "a reply in the channel deleted": asking("bob", "DELETE", f"/api/messages/{uuid(92)}"),
    "it is brought back, too": asking("bob", "POST", f"/api/messages/{uuid(92)}/restore"),
    "a thread not followed": asking("ann", "DELETE", f"/api/messages/{ROOT}/follow"),
    "a whole thread deleted": asking("bob", "DELETE", f"/api/messages/{ROOT}"),
    "all of it brought back": asking("bob", "POST", f"/api/messages/{ROOT}/restore"),
    "one's own thread deleted": asking("ann", "DELETE", f"/api/messages/{MINE}"),
    "all of that brought back": asking("ann", "POST", f"/api/messages/{MINE}/restore"),
    "a mention in a thread deleted": asking("bob", "DELETE", f"/api/messages/{uuid(73)}"),
    "an agent is asked": lambda office: office.start_run(31, "bob", MINE),
    "its run is cancelled": asking("ann", "POST", f"/api/runs/{uuid(31)}/cancel"),
    "the agent is asked again": lambda office: office.start_run(32, "bob", MINE),
    "agents are asked in a thread": lambda office: office.start_run(33, "cy", uuid(24)),
    "the runs outside threads are cancelled": asking(
        "ann", "POST", "/api/runs/cancel", {"channelId": "lobby"}
    ),
    "the runs in a thread are cancelled": asking(
        "ann", "POST", "/api/runs/cancel", {"channelId": "lobby", "parentMessageId": MINE}
    ),
    "a run fails and says so": lambda office: office.fail(34, "bob", "lobby"),
    "a run fails in a thread": lambda office: office.fail(35, "bob", "lobby", MINE),
    "what it said is deleted": lambda office: office.ask(
        "bob", "DELETE", f"/api/messages/{uuid(34)}"
    ),
    "an agent is paused": lambda office: office.pause("ann", {"agentId": "bob", "reason": "Rest"}),
    "a channel is paused": lambda office: office.pause("bob", {"channelId": "lobby"}),
    "the workspace is paused": lambda office: office.pause("cy", {}),
    "what is paused is paused again": lambda office: office.pause("bob", {"agentId": "bob"}),
    "an agent is resumed": lambda office: office.resume("cy", agent_id="bob"),
    "the workspace is resumed": lambda office: office.resume("bob"),
    "a channel is resumed": lambda office: office.resume("ann", channel_id="lobby"),
    "a channel is paused that one may not see": lambda office: office.pause(
        "bob", {"channelId": "vault"}
    ),
    "an edit of what was not answered": asking(
        "ann", "PATCH", f"/api/messages/{MINE}", {"text": "Edited, too"}
    ),
    "a reply deleted": asking("bob", "DELETE", f"/api/messages/{REPLY}"),
    "the only reply deleted": asking("bob", "DELETE", f"/api/messages/{uuid(15)}"),
    "a thread deleted": asking("bob", "DELETE", f"/api/messages/{ROOT}"),
    "a channel made": asking(
        "bob", "POST", "/api/channels", {"id": "attic", "name": "attic", "kind": "public"}
    ),
    "a channel joined": asking("ann", "POST", "/api/channels/attic/members", {"userId": "ann"}),
    "a channel renamed": asking(
        "ann", "PATCH", "/api/channels/attic", {"name": "loft", "topic": "Up here"}
    ),
    "a message in the channel": lambda office: office.post("bob", "attic", 18),
    "a channel starred": asking(
        "ann", "PATCH", "/api/channels/attic/preferences", {"isStarred": True}
    ),
    "another channel muted": asking(
        "ann", "PATCH", "/api/channels/lobby/preferences", {"isMuted": True}
    ),
    "it is not muted any more": asking(
        "ann", "PATCH", "/api/channels/lobby/preferences", {"isMuted": False}
    ),
    "notified of all messages of a channel": asking(
        "ann", "PATCH", "/api/channels/lobby/preferences", {"notifies": "all"}
    ),
    "notified as of other channels": asking(
        "ann", "PATCH", "/api/channels/lobby/preferences", {"notifies": "default"}
    ),
    "notifications paused, and hours without them": asking(
        "ann",
        "PUT",
        "/api/notifications",
        {
            "pausedUntil": "2100-01-02T09:00:00Z",
            "quietFrom": "22:00",
            "quietUntil": "07:00",
            "keywords": ["paper"],
        },
    ),
    "notifications without sound": asking("ann", "PUT", "/api/notifications", {"isSilent": True}),
    "notifications of another one": asking("bob", "PUT", "/api/notifications", {"isSilent": True}),
    "a section of the sidebar made": asking(
        "ann",
        "PUT",
        "/api/sidebar/layout",
        {"sections": [{"id": "own", "name": "Mine", "channelIds": ["lobby"]}]},
    ),
    "only what is unread shown": asking(
        "ann", "PUT", "/api/sidebar/layout", {"sections": [], "isUnreadOnly": True}
    ),
    "a channel starred by another one": asking(
        "bob", "PATCH", "/api/channels/lobby/preferences", {"isStarred": True}
    ),
    "a channel archived": asking("bob", "POST", "/api/channels/attic/archive"),
    "a channel restored": asking("bob", "POST", "/api/channels/attic/restore"),
    "a channel left": asking("ann", "DELETE", "/api/channels/attic/members/ann"),
    "a channel deleted": asking("bob", "DELETE", "/api/channels/attic"),
    "a message that one may not see": lambda office: office.post("bob", "vault", 16),
    "brought into a private channel": asking(
        "bob", "POST", "/api/channels/vault/members", {"userId": "ann"}
    ),
    "another one brought in": asking(
        "bob", "POST", "/api/channels/vault/members", {"userId": "cy"}
    ),
    "a message in it": lambda office: office.post("bob", "vault", 17),
    "a mention in it": lambda office: office.say("bob", "vault", 75, "Welcome, @ann"),
    "another one leaves": asking("cy", "DELETE", "/api/channels/vault/members/cy"),
    "put out of it": asking("bob", "DELETE", "/api/channels/vault/members/ann"),
    "a channel is resumed that one cannot see any more": lambda office: office.resume(
        "bob", channel_id="vault"
    ),
    "a DM opened": asking(
        "cy",
        "POST",
        "/api/channels",
        {"id": "dm-ann-cy", "name": "dm", "kind": "dm", "memberIds": ["ann", "cy"]},
    ),
    "presence": asking("bob", "PUT", "/api/users/bob/presence", {"presence": "active"}),
    "a status": asking("bob", "PUT", "/api/users/bob/status", {"emoji": "🎣", "text": "Fishing"}),
    "a status taken away": asking("bob", "PUT", "/api/users/bob/status", None),
    "a profile changed": asking("ann", "PATCH", "/api/agents/bob", {"displayName": "Robert"}),
    "commands offered": asking("bob", "PUT", "/api/agents/bob/commands", COMMANDS),
    "the same commands again": asking("bob", "PUT", "/api/agents/bob/commands", COMMANDS),
    "commands taken back": asking("bob", "PUT", "/api/agents/bob/commands", {"commands": []}),
    "a picture": asking("bob", "PUT", "/api/users/bob/picture", PICTURES["black"]),
    "another picture": asking("ann", "PUT", "/api/users/bob/picture", PICTURES["white"]),
    "the same picture again": asking("bob", "PUT", "/api/users/bob/picture", PICTURES["white"]),
    "a picture removed": asking("bob", "DELETE", "/api/users/bob/picture"),
    "another name of the workspace": asking("bob", "PATCH", "/api/workspace", {"name": "Large"}),
    "an icon": asking("bob", "PUT", "/api/workspace/icon", PICTURES["black"]),
    "an icon removed": asking("bob", "DELETE", "/api/workspace/icon"),
    "somebody new": asking(
        "ann",
        "POST",
        "/api/agents",
        {
            "id": "dee",
            "displayName": "Dee",
            "title": "New",
            "avatarColor": "#123456",
            "systemPrompt": "You are new.",
        },
    ),
    "somebody made inactive": asking("ann", "DELETE", "/api/agents/dee"),
    "an agent types and is done": lambda office: office.tell(
        Event(
            "agent.typing",
            {"agentId": "bob", "channelId": "lobby", "parentMessageId": None},
            "lobby",
        ),
        Event(
            "agent.done", {"agentId": "bob", "channelId": "lobby", "parentMessageId": None}, "lobby"
        ),
    ),
    "a user group": lambda office: office.group(
        "ann", "designers", {"description": "They draw", "memberIds": ["ann", "cy"]}
    ),
    "another user group, of nobody": lambda office: office.group("bob", "Cooks", {}),
    "a mention of a user group": lambda office: office.say("bob", "lobby", 68, "@Designers, look"),
    "a mention of a user group in a thread": lambda office: office.say(
        "bob", "lobby", 69, "@designers, once more", OLD
    ),
    "a user group that somebody else is added to": lambda office: office.change_group(
        "ann", "designers", "PUT", "/members/bob"
    ),
    "a user group that one leaves": lambda office: office.change_group(
        "ann", "designers", "DELETE", "/members/ann"
    ),
    "a user group with another handle": lambda office: office.change_group(
        "bob", "designers", "PATCH", "", {"handle": "artists"}
    ),
    "a user group deleted": lambda office: office.change_group("bob", "designers", "DELETE", ""),
    "all anew": lambda office: office.tell(Event("reset", {})),
}


def snapshot(client: httpx.Client, threads_of: Callable[[State], set[str]]) -> State:
    """All that a client can show, with the threads that `threads_of` chooses from the pages.

    Read again while something happens, so that all of it belongs to one event number.
    """
    while True:
        before = newest_event(client)
        state = read_state(client, threads_of)
        if state["eventId"] == before:
            return state


def newest_event(client: httpx.Client) -> int:
    return int(client.get("/api/unreads").headers["x-event-id"])


def read_state(client: httpx.Client, threads_of: Callable[[State], set[str]]) -> State:
    def get(path: str) -> Any:
        answer = client.get(path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    channels = get("/api/channels")
    sidebar = get("/api/sidebar")
    readable = sorted(channel["id"] for channel in channels)
    messages = {channel: get(f"/api/channels/{channel}/messages") for channel in readable}
    state = {
        "users": get("/api/users"),
        "userGroups": get("/api/user-groups"),
        "pauses": get("/api/pauses"),
        "channels": channels,
        "unreads": get("/api/unreads"),
        "cursors": get("/api/unreads/cursors"),
        "mentions": sidebar["mentions"],
        "preferences": sidebar["preferences"],
        "unreadThreads": sidebar["threads"],
        "follows": sidebar.get("follows", {}),
        "layout": sidebar.get("layout", {"sections": [], "isUnreadOnly": False}),
        "notifications": sidebar.get("notifications", NO_NOTIFICATIONS),
        "saved": {mark["messageId"]: mark for mark in get("/api/saved/marks")},
        "scheduled": {one["id"]: one for one in get("/api/scheduled-posts")},
        "messages": messages,
        "threads": {
            root: get(f"/api/messages/{root}/replies") for root in sorted(threads_of(messages))
        },
        "workspace": get("/api/workspace"),
    }
    return state | {"eventId": newest_event(client)}


def ids(messages: State) -> set[str]:
    return {message["id"] for page in messages.values() for message in page}


def replied_to_or_in(threads: State, messages: State) -> set[str]:
    return replied_to(messages) | ids(messages) & set(threads)


def replied_to(messages: State) -> set[str]:
    return {m["id"] for page in messages.values() for m in page if m["threadReplyCount"]}


def fresh(state: State) -> State:
    """As who loads all of it knows it: the threads that have replies."""
    return state | {"threads": chosen(state["threads"], replied_to(state["messages"]))}


def of_what_was_loaded(state: State, loaded: State) -> State:
    """With the pages of the channels and threads alone that a client had."""
    messages = chosen(state["messages"], set(loaded["messages"]))
    threads = chosen(state["threads"], ids(messages) & set(loaded["threads"]))
    return state | {"messages": messages, "threads": threads}


def chosen(pages: State, names: set[str]) -> State:
    return {name: page for name, page in pages.items() if name in names}


def cases(url: str) -> Iterator[dict[str, Any]]:
    with serving(url) as served, ExitStack() as kept:
        clients = {who: kept.enter_context(closing(served.client(who))) for who in PEOPLE}
        office = Office(clients, url)
        prepare(office)
        ann = clients["ann"]
        mark = 100
        state = snapshot(ann, replied_to)
        for name, act in ACTIONS.items():
            before = fresh(state)
            with listening(ann, before["eventId"]) as stream:
                act(office)
                mark += 1
                office.post("cy", "mark", mark)
                events = stream.until("message.created")
                while events[-1].get("channelId") != "mark":
                    events += stream.until("message.created")
            office.ask("cy", "DELETE", f"/api/messages/{uuid(mark)}")
            # Also what the next case begins with.
            state = snapshot(ann, partial(replied_to_or_in, before["threads"]))
            yield {
                "name": name,
                "userId": "ann",
                "before": before,
                "events": events[:-1],
                "after": of_what_was_loaded(state, before),
            }


INSTANT = re.compile(r'"\d{4}-\d\d-\d\dT[\d:.]+Z"')
NUMBER = re.compile(r'"(id|eventId)": (\d{13,})')


def written(found: list[dict[str, Any]]) -> str:
    """The same each time: instants and numbers as in the order of their values."""
    # A case a line, so that a difference can be read.
    text = "[\n" + ",\n".join(json.dumps(case, ensure_ascii=False) for case in found) + "\n]"
    # One instant may be written with and without zeros at its end.
    moments = sorted({moment(instant) for instant in INSTANT.findall(text)})
    times = {time: f'"2026-01-05T09:{n // 60:02}:{n % 60:02}Z"' for n, time in enumerate(moments)}
    found_numbers = {number for _, number in NUMBER.findall(text)}
    numbers = {n: str(place) for place, n in enumerate(sorted(found_numbers), start=1)}
    text = INSTANT.sub(lambda match: times[moment(match[0])], text)
    return NUMBER.sub(lambda match: f'"{match[1]}": {numbers[match[2]]}', text) + "\n"


def moment(instant: str) -> tuple[str, str]:
    """Fractions have as many digits as they need."""
    whole, _, fraction = instant.strip('"Z').partition(".")
    return whole, fraction.ljust(6, "0")


async def fill(url: str) -> None:
    await migrate(url)
    connection = await connect(url, pooled=False)
    await connection.execute(WORKSPACE)
    await connection.close()


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="bullpen-fixtures-") as folder:
        postgres = EmbeddedPostgres.start(Path(folder))
        try:
            postgres.create_database("small")
            url = postgres.url("small")
            asyncio.run(fill(url))
            FILE.parent.mkdir(exist_ok=True)
            FILE.write_text(written(list(cases(url))))
        finally:
            postgres.stop()


if __name__ == "__main__":
    main()
