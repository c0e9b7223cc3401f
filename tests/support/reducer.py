"""What a client does with events, in the shortest words: the state that the fixtures are of.

Each may be applied again to a state that has it already. Counts of unread messages cannot tell, so
they go by the number of the newest event that they take account of, `eventId`.
"""

from copy import deepcopy
from typing import Any

from bullpen.members.name_order import name_key

State = dict[str, Any]
Event = dict[str, Any]


def apply(state: State, event: Event, me: str) -> State:
    """In a copy of the state."""
    copied = deepcopy(state)
    change(copied, event, me)
    return copied


def change(state: State, event: Event, me: str) -> None:
    domain, what = event["type"].split(".") if "." in event["type"] else (event["type"], "")
    if domain == "message":
        MESSAGES[what](state, event, me)
    elif domain == "reaction":
        reacted(state, event)
    elif domain in ("channel", "member"):
        channel_changed(state, event, me)
    elif domain in ("workspace", "sidebar"):
        name = "layout" if domain == "sidebar" else domain
        state[name] = event[name]
    elif domain in OTHERS:
        OTHERS[domain](state, event)
    state["eventId"] = max(state["eventId"], event["id"])


def pause_changed(state: State, event: Event) -> None:
    pause = event["pause"]
    others = [known for known in state["pauses"] if known["id"] != pause["id"]]
    state["pauses"] = [*others, pause] if event["type"] == "pause.added" else others
    state["pauses"].sort(key=lambda known: (known["pausedAt"], known["id"]))


def preferences_changed(state: State, event: Event) -> None:
    state["preferences"].pop(event["channelId"], None)
    chosen = {name: event[name] for name in ("isMuted", "isStarred", "notifies") if name in event}
    if any(chosen.values()):
        state["preferences"][event["channelId"]] = chosen


def notifications_changed(state: State, event: Event) -> None:
    state["notifications"] = event["settings"]


def saved_changed(state: State, event: Event) -> None:
    state["saved"].pop(event["messageId"], None)
    if event["saved"] is not None and not event["saved"].get("isDone"):
        state["saved"][event["messageId"]] = event["saved"]


def scheduled_changed(state: State, event: Event) -> None:
    state["scheduled"].pop(event["postId"], None)
    if event["post"] is not None:
        state["scheduled"][event["postId"]] = event["post"]


def channel_changed(state: State, event: Event, me: str) -> None:
    if event["type"] == "channel.deleted":
        forget_channel(state, event["channel"]["id"])
    elif event["type"] == "member.removed":
        member_removed(state, event, me)
    elif event["channel"].get("isArchived"):
        forget_pages(state, event["channel"]["id"])
    else:
        others = [c for c in state["channels"] if c["id"] != event["channel"]["id"]]
        state["channels"] = [*others, event["channel"]]
        state["channels"].sort(key=lambda channel: (name_key(channel["name"]), channel["id"]))


def reacted(state: State, event: Event) -> None:
    for message in (*page_of(state, event), *list_of(state, event)):
        if message["id"] == event["messageId"]:
            message["reactions"] = event["reactions"]


def cursor_moved(state: State, event: Event) -> None:
    state["cursors"].pop(event["channelId"], None)
    if event["cursor"] is not None:
        state["cursors"][event["channelId"]] = event["cursor"]
    if event["id"] > state["eventId"]:
        count(state, event["channelId"], event["unreadCount"])
        count(state, event["channelId"], event.get("mentionCount", 0), "mentions")


def page_of(state: State, event: Event) -> list[dict[str, Any]]:
    """Where the event's message is, if that is loaded."""
    parent = event["parentMessageId"]
    if parent is None:
        return state["messages"].get(event["channelId"], [])
    return state["threads"].get(parent, [])


def list_of(state: State, event: Event) -> list[dict[str, Any]]:
    """The list of the channel, which has some replies, too."""
    return state["messages"].get(event["channelId"], [])


def as_listed(event: Event) -> dict[str, Any]:
    """The message, as the list of its channel has it."""
    if event["parentMessageId"] is None:
        return event["message"]
    return {**event["message"], "channelId": event["channelId"], "threadReplyCount": 0}


def message_updated(state: State, event: Event, _: str) -> None:
    message, listed = event["message"], as_listed(event)
    if event["parentMessageId"] is not None:
        page = page_of(state, event)
        page[:] = [message if known["id"] == message["id"] else known for known in page]
    messages = list_of(state, event)
    messages[:] = [listed if known["id"] == message["id"] else known for known in messages]
    for known in (*messages, *state["threads"].get(message["id"], [])):
        if "repliedTo" in known and known["parentMessageId"] == message["id"]:
            known["repliedTo"] = {"userId": message["userId"], "text": message["text"][:100]}


def put(page: list[dict[str, Any]], message: dict[str, Any]) -> None:
    page[:] = [known for known in page if known["id"] != message["id"]] + [message]
    page.sort(key=lambda known: (known["timestamp"], known["id"]))


def in_channel(event: Event) -> bool:
    also = "repliedTo" in event.get("message", {}) or event.get("alsoInChannel", False)
    return event["parentMessageId"] is None or also


def message_created(state: State, event: Event, me: str) -> None:
    message = event["message"]
    if event["parentMessageId"] in state["threads"]:
        put(page_of(state, event), message)
    if in_channel(event) and event["channelId"] in state["messages"]:
        put(list_of(state, event), as_listed(event))
    show_root(state, event)
    follow_again(state, event, me)
    count_more(state, event, message, me, 1)
    count_reply(state, event, message, me, 1)


def message_restored(state: State, event: Event, me: str) -> None:
    """Of its thread, users are told apart from this how far they have read it."""
    if event["parentMessageId"] in state["threads"]:
        put(page_of(state, event), event["message"])
    if in_channel(event) and event["channelId"] in state["messages"]:
        put(list_of(state, event), as_listed(event))
    show_root(state, event)
    count_more(state, event, event["message"], me, 1)


def message_deleted(state: State, event: Event, me: str) -> None:
    for page in (page_of(state, event), list_of(state, event)):
        page[:] = [
            known
            for known in page
            if event["messageId"] not in (known["id"], known.get("parentMessageId"))
        ]
    state["threads"].pop(event["messageId"], None)
    state["unreadThreads"].pop(event["messageId"], None)
    state["follows"].pop(event["messageId"], None)
    show_root(state, event)
    gone = {"id": event["messageId"], "userId": event["userId"], "timestamp": event["timestamp"]}
    if event.get("isNotice"):
        gone["notice"] = True
    count_more(state, event, gone, me, -1)
    count_reply(state, event, gone, me, -1)


def follow_again(state: State, event: Event, me: str) -> None:
    """Who chose not to follow a thread does again with a reply, or a mention in one."""
    root_id = event["parentMessageId"]
    named = not in_channel(event) and me in event.get("mentions", [])
    takes_part = event["message"]["userId"] == me or named
    chosen = state["follows"].get(root_id, {"isFollowed": True})
    if event["id"] > state["eventId"] and takes_part and not chosen["isFollowed"]:
        del state["follows"][root_id]


def show_root(state: State, event: Event) -> None:
    root = event.get("root", {})
    for message in state["messages"].get(event["channelId"], []):
        if message["id"] == root.get("id"):
            for shown in ("threadParticipantIds", "lastReplyAt"):
                message.pop(shown, None)
            message.update({key: shown for key, shown in root.items() if key != "mentionedIds"})


def count_more(state: State, event: Event, message: dict[str, Any], me: str, by: int) -> None:
    channel_id = event["channelId"]
    counted = not in_channel(event) or event["id"] <= state["eventId"]
    named = me in event.get("mentions", [])
    if named and not counted and is_unread(state, channel_id, message, me):
        count(state, channel_id, state["mentions"].get(channel_id, 0) + by, "mentions")
    # Lines of the system are no messages.
    if "notice" not in message and not counted and is_unread(state, channel_id, message, me):
        count(state, channel_id, state["unreads"].get(channel_id, 0) + by)


def count_reply(state: State, event: Event, reply: dict[str, Any], me: str, by: int) -> None:
    """Of threads that one began, has replied in or is mentioned in. Where a count begins, so does
    its cursor."""
    root = event.get("root")
    if root is None or event["id"] <= state["eventId"] or "notice" in reply:
        return
    threads = state["unreadThreads"]
    channel = next(c for c in state["channels"] if c["id"] == event["channelId"])
    named = root.get("mentionedIds", [])
    takes_part = me in (root["userId"], *root.get("threadParticipantIds", []), *named)
    follows = state["follows"].get(root["id"], {"isFollowed": takes_part})["isFollowed"]
    if not follows or me not in channel["memberIds"] or (reply["userId"] == me and by > 0):
        threads.pop(root["id"], None)
    elif reply["userId"] != me and not in_channel(event) and (by > 0 or root["id"] in threads):
        cursor = {"timestamp": reply["timestamp"], "messageId": ""}
        known = threads.setdefault(
            root["id"], {"channelId": channel["id"], "unreadCount": 0, "cursor": cursor}
        )
        place = (known["cursor"]["timestamp"], known["cursor"]["messageId"])
        if (reply["timestamp"], reply["id"]) > place:
            known["unreadCount"] += by
        if known["unreadCount"] == 0:
            del threads[root["id"]]


def user_group_changed(state: State, event: Event) -> None:
    is_there = event["type"] == "user_group.changed"
    changed = [event["group"]] if is_there else []
    group_id = event["group"]["id"] if is_there else event["groupId"]
    others = [group for group in state["userGroups"] if group["id"] != group_id]
    state["userGroups"] = [*others, *changed]
    state["userGroups"].sort(key=lambda group: (name_key(group["handle"]), group["id"]))


def thread_followed(state: State, event: Event) -> None:
    chosen = {name: event[name] for name in ("channelId", "isFollowed")}
    state["follows"][event["rootId"]] = chosen
    state["unreadThreads"].pop(event["rootId"], None)
    if "unread" in event:
        state["unreadThreads"][event["rootId"]] = event["unread"]


def thread_changed(state: State, event: Event) -> None:
    if event["id"] <= state["eventId"]:
        return
    if event["type"] == "thread.followed":
        thread_followed(state, event)
        return
    state["unreadThreads"].pop(event["rootId"], None)
    if event["unreadCount"]:
        read = {name: event[name] for name in ("channelId", "unreadCount", "cursor")}
        state["unreadThreads"][event["rootId"]] = read


def run_changed(state: State, event: Event) -> None:
    """A message says which runs that were to answer it were cancelled and not repeated."""
    run = event["run"]
    is_open = run["status"] in ("created", "running")
    if not is_open and run["status"] != "cancelled":
        return
    for page in (*state["messages"].values(), *state["threads"].values()):
        for message in page:
            if message["id"] == run["triggerMessageId"]:
                stopped = message.pop("stoppedRuns", [])
                pairs = list(zip(stopped, message.pop("stoppedAt", []), strict=True))
                pairs = [pair for pair in pairs if pair[0]["agentId"] != run["agentId"]]
                if not is_open:
                    one = {"runId": run["id"], "agentId": run["agentId"]}
                    pairs.append((one, run["completedAt"]))
                if pairs:
                    pairs.sort(key=lambda pair: pair[0]["agentId"])
                    message["stoppedRuns"] = [one for one, _ in pairs]
                    message["stoppedAt"] = [at for _, at in pairs]


def is_unread(state: State, channel_id: str, message: dict[str, Any], me: str) -> bool:
    channel = next(c for c in state["channels"] if c["id"] == channel_id)
    cursor = state["cursors"].get(channel_id)
    if message["userId"] == me or (cursor is None and me not in channel["memberIds"]):
        return False
    place = (message["timestamp"], message["id"])
    return cursor is None or place > (cursor["timestamp"], cursor["messageId"])


def count(state: State, channel_id: str, number: int, what: str = "unreads") -> None:
    state[what].pop(channel_id, None)
    if number:
        state[what][channel_id] = number


def member_removed(state: State, event: Event, me: str) -> None:
    for channel in state["channels"]:
        if channel["id"] == event["channelId"]:
            channel["memberIds"] = [m for m in channel["memberIds"] if m != event["userId"]]
            if event["userId"] == me:
                state["cursors"].pop(channel["id"], None)
                count(state, channel["id"], 0)
                count(state, channel["id"], 0, "mentions")
                state["preferences"].pop(channel["id"], None)
                forget_threads(state, channel["id"])
                if channel["kind"] != "public":
                    forget_channel(state, channel["id"])
                return


def forget_pages(state: State, channel_id: str) -> None:
    """What an archived channel leaves: how far it is read stays."""
    state["channels"] = [c for c in state["channels"] if c["id"] != channel_id]
    for message in state["messages"].pop(channel_id, []):
        state["threads"].pop(message["id"], None)


def forget_channel(state: State, channel_id: str) -> None:
    forget_pages(state, channel_id)
    state["pauses"] = [p for p in state["pauses"] if p["channelId"] != channel_id]
    state["cursors"].pop(channel_id, None)
    count(state, channel_id, 0)
    count(state, channel_id, 0, "mentions")
    state["preferences"].pop(channel_id, None)
    forget_threads(state, channel_id)


def forget_threads(state: State, channel_id: str) -> None:
    for of_threads in ("unreadThreads", "follows"):
        state[of_threads] = {
            root: of_thread
            for root, of_thread in state[of_threads].items()
            if of_thread["channelId"] != channel_id
        }


def user_changed(state: State, event: Event) -> None:
    changed = event["user"]
    known = any(user["id"] == changed["id"] for user in state["users"])
    users = [changed if user["id"] == changed["id"] else user for user in state["users"]]
    users += [] if known else [changed]
    left = [] if event["isActive"] else [changed["id"]]
    state["users"] = [user for user in users if user["id"] not in left]


MESSAGES = {
    "created": message_created,
    "updated": message_updated,
    "deleted": message_deleted,
    "restored": message_restored,
}
# What an event of each domain changes, where that depends on nobody.
OTHERS = {
    "cursor": cursor_moved,
    "preferences": preferences_changed,
    "saved": saved_changed,
    "thread": thread_changed,
    "scheduled": scheduled_changed,
    "notifications": notifications_changed,
    "run": run_changed,
    "user": user_changed,
    "user_group": user_group_changed,
    "pause": pause_changed,
}
