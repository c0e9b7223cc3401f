"""Every route for every role, in and out of the channel: allowed, refused, or not found.

What is expected comes from the one table of permissions and from who may read the target. Nothing
is changed: a trigger refuses whatever a permitted request would write, as a full disk would.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import NamedTuple

import httpx
import pytest
from tests.support.fixtures import complete, database_of
from tests.support.plain import http_client
from tests.support.roles import AGENTS, PEOPLE, ROLE_OF, browser
from tests.support.serving import serving

from bullpen.api.routers import ROUTERS
from bullpen.kit.database import connect
from bullpen.members.actor import Actor, Role
from bullpen.members.permissions import (
    BELOW,
    MANAGER,
    MEMBER,
    NEVER,
    OWN,
    Condition,
    Permission,
    is_below,
    may,
)

IN = {"olga", "ada", "mia", "gus", "bot"}
NOTHING = "00000000-0000-4000-8000-000000000000"


def uuid(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012}"


# By mia in `open` and in `closed`, a run of bot in each, and a plan of bot for no channel.
THINGS = f"""
INSERT INTO messages (id, channel_id, user_id, text) VALUES
    ('{uuid(1)}', 'open', 'mia', 'Hello'), ('{uuid(2)}', 'closed', 'mia', 'Secret');
INSERT INTO runs (id, agent_id, channel_id, trigger_message_id, status) VALUES
    ('{uuid(3)}', 'bot', 'open', '{uuid(1)}', 'created'),
    ('{uuid(4)}', 'bot', 'closed', '{uuid(2)}', 'created');
INSERT INTO run_details (run_id, kind) VALUES ('{uuid(3)}', 'message'), ('{uuid(4)}', 'message');
INSERT INTO run_triggers (run_id, message_id) VALUES
    ('{uuid(3)}', '{uuid(1)}'), ('{uuid(4)}', '{uuid(2)}');
INSERT INTO scheduled_messages (id, agent_id, trigger_at, prompt)
VALUES ('{uuid(5)}', 'bot', '2999-01-01', 'Go');
INSERT INTO recurring_messages (id, agent_id, cron, time_zone, prompt)
VALUES ('{uuid(6)}', 'bot', '0 0 1 1 *', 'UTC', 'Go');
INSERT INTO memory_blocks (agent_id, label, content) VALUES ('bot', 'notes', 'x');
INSERT INTO archival_passages (id, agent_id, content) VALUES
    ('{uuid(7)}', 'bot', 'x'), ('{uuid(8)}', 'bot', 'Secret');
INSERT INTO passage_places (passage_id, channel_id) VALUES ('{uuid(8)}', 'closed');
INSERT INTO private_notes (agent_id, label, channel_id, content)
VALUES ('bot', 'notes', 'closed', 'Secret');
INSERT INTO run_steps (id, run_id, step_number, status, model_id) VALUES
    ('{uuid(9)}', '{uuid(3)}', 1, 'completed', 'scripted'),
    ('{uuid(10)}', '{uuid(4)}', 1, 'completed', 'scripted');
INSERT INTO step_details (step_id, request) VALUES ('{uuid(9)}', '{{}}'), ('{uuid(10)}', '{{}}');
INSERT INTO external_agents (agent_id) VALUES ('bot'), ('rob');
INSERT INTO api_tokens (id, user_id, name, token_hash, prefix, scopes)
SELECT id::uuid, user_id, 'Other', sha256(convert_to(id, 'UTF8')), 'bp_', ARRAY['read']
FROM (VALUES ('{uuid(11)}', 'bot'), ('{uuid(12)}', 'max')) token (id, user_id);
INSERT INTO sessions (id, person_id, token_hash, expires_at, user_agent, address)
VALUES ('{uuid(13)}', 'max', sha256('x'), now() + interval '1 day', 'Test', '::1');
INSERT INTO links (id, kind, token_hash, email, role, created_by, expires_at)
SELECT id::uuid, 'invitation', sha256(convert_to(id, 'UTF8')), role || '@example.org', role, 'olga',
       now() + interval '1 day'
FROM (VALUES ('{uuid(14)}', 'member'), ('{uuid(15)}', 'admin')) invited (id, role);
INSERT INTO user_pictures (user_id, version, content) VALUES ('max', 'red', 'x');
INSERT INTO workspace_icon (version, content) VALUES ('red', 'x');
INSERT INTO pauses (id, channel_id, paused_by) VALUES
    ('{uuid(16)}', 'open', 'mia'), ('{uuid(17)}', 'closed', 'mia');
INSERT INTO user_groups (id, handle, description) VALUES ('{uuid(18)}', 'crew', '');
INSERT INTO user_group_members VALUES ('{uuid(18)}', 'mia'), ('{uuid(18)}', 'gus');
CREATE FUNCTION refuse_all() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'full' USING ERRCODE = 'disk_full'; END $$;
DO $$ DECLARE place text; BEGIN
    FOR place IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE format(
            'CREATE TRIGGER aa_refuse BEFORE INSERT OR UPDATE OR DELETE ON %I'
            ' FOR EACH ROW EXECUTE FUNCTION refuse_all()', place);
    END LOOP;
END $$;
"""


class Target(NamedTuple):
    """`real` and `missing` fill in a path or a body; `sees`: who may know of the real one.

    `asks_first`: who is refused gets the same answer for a missing one, whether they see it or not.
    """

    real: dict[str, str]
    missing: dict[str, str]
    sees: Callable[[str], bool]
    holds: Callable[[str], Condition]
    asks_first: bool = False


def in_channel(who: str) -> Condition:
    return (MEMBER if who in IN else NEVER) | (MANAGER if who == "mia" else NEVER)


def reads_open(who: str) -> bool:
    return who in IN or ROLE_OF.get(who) != "guest"


def of_bot(who: str) -> Condition:
    return (MANAGER if who == "mia" else NEVER) | (OWN if who == "bot" else NEVER)


def over_max(who: str) -> Condition:
    return below("member")(who) | own("max")(who)


def target(
    sees: Callable[[str], bool],
    holds: Callable[[str], Condition],
    missing: str = "nothing",
    *,
    asks_first: bool = False,
    **real: str,
) -> Target:
    return Target(real, dict.fromkeys(real, missing), sees, holds, asks_first)


def below(role: Role) -> Callable[[str], Condition]:
    return lambda who: BELOW if is_below(role, Actor(who, ROLE_OF.get(who))) else NEVER


def own(*user_ids: str) -> Callable[[str], Condition]:
    return lambda who: OWN if who in user_ids else NEVER


def everybody(_: str) -> bool:
    return True


OPEN = target(reads_open, in_channel, channel_id="open")
CLOSED = target(IN.__contains__, in_channel, channel_id="closed")
BOT = target(lambda who: who != "gil", of_bot, agent_id="bot")
MAX = target(lambda who: who != "gus", over_max, person_id="max", user_id="max")
BY_MIA = {
    place: target(
        channel.sees,
        lambda who: in_channel(who) & ~MANAGER | (OWN if who == "mia" else NEVER),
        NOTHING,
        message_id=uuid(number),
    )
    for number, place, channel in ((1, "open", OPEN), (2, "closed", CLOSED))
}
RUNS = {
    place: target(channel.sees, in_channel, NOTHING, run_id=uuid(number))
    for number, place, channel in ((3, "open", OPEN), (4, "closed", CLOSED))
}
NOT_GUESTS: Callable[[str], bool] = lambda who: ROLE_OF.get(who) != "guest"  # noqa: E731
PLAN = target(NOT_GUESTS, of_bot, NOTHING, scheduled_id=uuid(5))
PATTERN = target(NOT_GUESTS, of_bot, NOTHING, recurring_id=uuid(6))
NOWHERE = Target({}, {}, everybody, lambda _: NEVER)
# What a refused user does not learn is there: their permission is asked first.
PASSAGES = [
    target(sees, of_bot, NOTHING, asks_first=True, passage_id=uuid(number))
    for number, sees in ((7, everybody), (8, IN.__contains__))
]
NOTE = target(IN.__contains__, of_bot, channel_id="closed")
LABEL = target(IN.__contains__, of_bot, asks_first=True, label="notes")
BLOCK = target(lambda who: who != "gil", of_bot, asks_first=True, label="notes")
PAUSES = [
    target(channel.sees, channel.holds, NOTHING, pause_id=uuid(number))
    for number, channel in ((16, OPEN), (17, CLOSED))
]
# Guests see none, not even one that they are in.
CREW = target(NOT_GUESTS, lambda _: NEVER, NOTHING, group_id=uuid(18))
BOT_TOKEN = target(everybody, of_bot, NOTHING, asks_first=True, token_id=uuid(11))
MAX_TOKEN = target(everybody, over_max, NOTHING, asks_first=True, token_id=uuid(12))
OWN_TOKEN = target(lambda who: who == "max", own("max"), NOTHING, token_id=uuid(12))
OWN_SESSION = target(lambda who: who == "max", own("max"), NOTHING, session_id=uuid(13))
TAKEN = [
    target(everybody, own("bot"), NOTHING, asks_first=True, run_id=uuid(number))
    for number in (3, 4)
]
MAILBOX = Target({}, {}, everybody, own(*AGENTS))
OF_MEMBER = Target({}, {}, everybody, below("member"))
OF_ADMIN = Target({}, {}, everybody, below("admin"))
INVITATIONS = [
    target(everybody, below(role), NOTHING, invitation_id=uuid(number))
    for number, role in ((14, "member"), (15, "admin"))
]
PLACED = [
    target(channel.sees, in_channel, NOTHING, channel_id=place, message_id=uuid(number))
    for number, place, channel in ((1, "open", OPEN), (2, "closed", CLOSED))
]
CHANNELS, MESSAGES, IN_RUNS = [OPEN, CLOSED], list(BY_MIA.values()), list(RUNS.values())
P = Permission


class Case(NamedTuple):
    """`permission`: None where reading is all that counts. `body` may name parts of the target.
    `people`: it is about an account, which agents do not have."""

    permission: Permission | None
    targets: list[Target]
    body: dict[str, object] | None = None
    query: str = ""
    people: bool = False


TIME = "2999-01-01T00:00:00Z"
AT = f"?at={TIME}"
NEW_AGENT: dict[str, object] = {
    "id": "new", "displayName": "New", "title": "New", "avatarColor": "#123456",
    "systemPrompt": "You are new.",
}  # fmt: skip
NEW_TOKEN: dict[str, object] = {"name": "x", "scopes": ["read"]}
INVITED: dict[str, object] = {"email": "somebody@example.com"}
# Whatever a route takes beside its target is something that everybody sees.
CASES: dict[str, Case] = {
    "GET /api/channels/{channel_id}": Case(None, CHANNELS),
    "GET /api/channels/{channel_id}/messages": Case(None, CHANNELS),
    "GET /api/channels/{channel_id}/members": Case(None, CHANNELS),
    "GET /api/channels/{channel_id}/policies": Case(None, CHANNELS),
    "GET /api/channels/{channel_id}/answering": Case(None, CHANNELS),
    "GET /api/channels/{channel_id}/reach": Case(P.READ_AGENTS, CHANNELS),
    "PUT /api/channels/{channel_id}/answering": Case(
        P.CHANGE_CHANNEL, CHANNELS, {"policy": "mentions"}
    ),
    "PATCH /api/channels/{channel_id}": Case(P.CHANGE_CHANNEL, CHANNELS, {"topic": "x"}),
    "PATCH /api/channels/{channel_id}/preferences": Case(
        P.SET_PREFERENCES, CHANNELS, {"isStarred": True}
    ),
    "DELETE /api/channels/{channel_id}": Case(P.DELETE_CHANNEL, CHANNELS),
    "POST /api/channels/{channel_id}/archive": Case(P.ARCHIVE_CHANNEL, CHANNELS),
    "POST /api/channels/{channel_id}/restore": Case(P.RESTORE_CHANNEL, CHANNELS),
    "POST /api/channels/{channel_id}/members": Case(P.ADD_MEMBER, CHANNELS, {"userId": "rob"}),
    "DELETE /api/channels/{channel_id}/members/{user_id}": Case(P.REMOVE_MEMBER, CHANNELS),
    "PUT /api/channels/{channel_id}/policies/{agent_id}": Case(
        P.SET_POLICY, [CLOSED], {"policy": "none"}
    ),
    "POST /api/channels": Case(
        P.CREATE_CHANNEL, [NOWHERE], {"id": "new", "name": "new", "kind": "public"}
    ),
    "POST /api/messages": Case(P.POST, CHANNELS, {"channelId": "{channel_id}", "text": "x"}),
    "GET /api/messages/{message_id}": Case(None, MESSAGES),
    "GET /api/messages/{message_id}/replies": Case(None, MESSAGES),
    "GET /api/messages/{message_id}/versions": Case(None, MESSAGES),
    "PATCH /api/messages/{message_id}": Case(P.CHANGE_MESSAGE, MESSAGES, {"text": "x"}),
    "DELETE /api/messages/{message_id}": Case(P.CHANGE_MESSAGE, MESSAGES),
    "POST /api/messages/{message_id}/reactions": Case(P.REACT, MESSAGES, {"emoji": "👍"}),
    "PUT /api/messages/{message_id}/pin": Case(P.PIN, MESSAGES),
    "DELETE /api/messages/{message_id}/pin": Case(P.PIN, MESSAGES),
    "GET /api/channels/{channel_id}/pins": Case(None, CHANNELS),
    "GET /api/messages/{message_id}/follow": Case(None, MESSAGES),
    "PUT /api/messages/{message_id}/follow": Case(P.SET_PREFERENCES, MESSAGES),
    "DELETE /api/messages/{message_id}/follow": Case(P.SET_PREFERENCES, MESSAGES),
    "PUT /api/messages/{message_id}/saved": Case(None, MESSAGES),
    "GET /api/saved": Case(None, [NOWHERE]),
    "GET /api/scheduled-posts": Case(None, [NOWHERE]),
    "POST /api/scheduled-posts": Case(
        P.POST, CHANNELS, {"channelId": "{channel_id}", "text": "x", "sendAt": TIME}
    ),
    "GET /api/saved/marks": Case(None, [NOWHERE]),
    "POST /api/unreads/mark-read": Case(None, CHANNELS, {"channelId": "{channel_id}"}),
    "POST /api/unreads/mark-unread": Case(
        None, PLACED, {"channelId": "{channel_id}", "messageId": "{message_id}"}
    ),
    "GET /api/users/{user_id}": Case(None, [MAX]),
    "PUT /api/users/{user_id}/status": Case(P.SET_STATUS, [MAX], {"emoji": "👍", "text": "x"}),
    "PUT /api/users/{user_id}/presence": Case(P.SET_STATUS, [MAX], {"presence": "away"}),
    "GET /api/users/{user_id}/picture/{version}": Case(None, [MAX]),
    "PUT /api/users/{user_id}/picture": Case(P.EDIT_PERSON, [MAX]),
    "DELETE /api/users/{user_id}/picture": Case(P.EDIT_PERSON, [MAX]),
    "GET /api/people": Case(P.READ_PEOPLE, [NOWHERE]),
    "GET /api/people/{person_id}": Case(None, [MAX]),
    "PATCH /api/people/{person_id}": Case(P.EDIT_PERSON, [MAX], {"title": "x"}),
    "POST /api/people/{person_id}/sign-out": Case(P.SIGN_OUT_PERSON, [MAX]),
    "POST /api/people/{person_id}/reset-link": Case(P.MAKE_RESET_LINK, [MAX]),
    "GET /api/people/{person_id}/tokens": Case(P.MANAGE_TOKENS, [MAX]),
    "DELETE /api/people/{person_id}/tokens/{token_id}": Case(P.MANAGE_TOKENS, [MAX, MAX_TOKEN]),
    "GET /api/invitations": Case(P.INVITE, [OF_MEMBER]),
    "POST /api/invitations": Case(P.INVITE, [OF_MEMBER], INVITED | {"role": "member"}),
    "DELETE /api/invitations/{invitation_id}": Case(P.INVITE, INVITATIONS),
    "GET /api/tokens": Case(None, [NOWHERE]),
    "POST /api/tokens": Case(None, [NOWHERE], NEW_TOKEN),
    "DELETE /api/tokens/{token_id}": Case(None, [OWN_TOKEN]),
    "GET /api/me": Case(None, [NOWHERE], people=True),
    "PATCH /api/me": Case(None, [NOWHERE], {"title": "x"}, people=True),
    "PUT /api/me/password": Case(None, [NOWHERE], {"password": "x"}, people=True),
    "GET /api/me/sessions": Case(None, [NOWHERE], people=True),
    "DELETE /api/me/sessions": Case(None, [NOWHERE], people=True),
    "DELETE /api/me/sessions/{session_id}": Case(None, [OWN_SESSION], people=True),
    "POST /api/me/totp": Case(None, [NOWHERE], {}, people=True),
    "POST /api/me/totp/confirm": Case(None, [NOWHERE], {"code": "000000"}, people=True),
    "DELETE /api/me/totp": Case(None, [NOWHERE], {}, people=True),
    "POST /api/me/recovery-codes": Case(None, [NOWHERE], {}, people=True),
    "POST /api/sign-out": Case(None, [NOWHERE], people=True),
    "GET /api/session": Case(None, [NOWHERE]),
    "GET /api/users": Case(None, [NOWHERE]),
    "GET /api/channels": Case(None, [NOWHERE]),
    "GET /api/unreads": Case(None, [NOWHERE]),
    "GET /api/sidebar": Case(None, [NOWHERE]),
    "PUT /api/sidebar/layout": Case(None, [NOWHERE], {"sections": []}),
    "GET /api/push": Case(None, [NOWHERE]),
    "PUT /api/notifications": Case(None, [NOWHERE], {"isSilent": True}),
    "GET /api/unreads/cursors": Case(None, [NOWHERE]),
    "GET /api/inbox": Case(None, [NOWHERE]),
    "GET /api/inbox/unread": Case(None, [NOWHERE]),
    "POST /api/inbox/mark-all-read": Case(None, [NOWHERE], {}),
    "POST /api/inbox/mark-read": Case(None, MESSAGES, {"kind": "thread", "id": "{message_id}"}),
    "POST /api/inbox/mark-unread": Case(None, MESSAGES, {"kind": "thread", "id": "{message_id}"}),
    "GET /api/unreads/threads": Case(None, [NOWHERE]),
    "GET /api/search": Case(None, [NOWHERE], query="?q=Secret"),
    "GET /api/runs": Case(None, [NOWHERE]),
    "GET /api/workspace": Case(None, [NOWHERE]),
    "GET /api/health": Case(None, [NOWHERE]),
    "GET /api/agents": Case(P.READ_AGENTS, [NOWHERE]),
    "POST /api/agents": Case(P.CREATE_AGENT, [NOWHERE], NEW_AGENT),
    "GET /api/agents/{agent_id}": Case(P.READ_AGENTS, [BOT]),
    "GET /api/agents/{agent_id}/export": Case(P.EXPORT_AGENT, [BOT]),
    "POST /api/agents/import": Case(P.CREATE_AGENT, [NOWHERE], {}),
    "POST /api/agents/preview": Case(
        P.CREATE_AGENT,
        [NOWHERE],
        {"displayName": "N", "title": "N", "systemPrompt": "x", "modelId": "scripted", "text": "x"},
    ),
    "POST /api/agents/{agent_id}/duplicate": Case(
        P.CREATE_AGENT, [BOT], {"id": "copy", "displayName": "Copy"}
    ),
    "POST /api/agents/{agent_id}/delete": Case(P.EDIT_AGENT, [BOT], {"displayName": "x"}),
    "PATCH /api/agents/{agent_id}": Case(P.EDIT_AGENT, [BOT], {"title": "x"}),
    "DELETE /api/agents/{agent_id}": Case(P.EDIT_AGENT, [BOT]),
    "GET /api/agents/{agent_id}/manager": Case(P.SEE_AGENT, [BOT]),
    "PUT /api/agents/{agent_id}/manager": Case(P.SET_MANAGER, [BOT], {"personId": None}),
    "GET /api/agents/{agent_id}/queue": Case(P.SEE_AGENT, [BOT]),
    "GET /api/agents/{agent_id}/mind": Case(P.SEE_AGENT, [BOT]),
    "PUT /api/agents/{agent_id}/mind": Case(P.EDIT_AGENT, [BOT], {"mind": "resident"}),
    "GET /api/agents/{agent_id}/commands": Case(P.SEE_AGENT, [BOT]),
    "PUT /api/agents/{agent_id}/commands": Case(P.SET_COMMANDS, [BOT], {"commands": []}),
    "GET /api/agents/{agent_id}/tokens": Case(P.EDIT_AGENT, [BOT]),
    "POST /api/agents/{agent_id}/tokens": Case(P.EDIT_AGENT, [BOT], NEW_TOKEN),
    "DELETE /api/agents/{agent_id}/tokens/{token_id}": Case(P.EDIT_AGENT, [BOT, BOT_TOKEN]),
    "GET /api/agents/{agent_id}/prompt": Case(P.READ_AGENTS, [BOT]),
    "GET /api/agents/{agent_id}/memory": Case(P.READ_AGENTS, [BOT]),
    "GET /api/agents/{agent_id}/memory/{label}/versions": Case(P.READ_AGENTS, [BOT]),
    "PUT /api/agents/{agent_id}/memory/{label}": Case(P.EDIT_MEMORY, [BOT], {"content": "y"}),
    "DELETE /api/agents/{agent_id}/memory/{label}": Case(P.EDIT_MEMORY, [BOT]),
    "POST /api/agents/{agent_id}/memory/{label}/restore": Case(
        P.EDIT_MEMORY, [BOT, BLOCK], {"version": 1}
    ),
    "PUT /api/agents/{agent_id}/memory/{label}/links": Case(P.EDIT_MEMORY, [BOT], {"agentIds": []}),
    "GET /api/agents/{agent_id}/archival": Case(P.READ_AGENTS, [BOT]),
    "POST /api/agents/{agent_id}/archival": Case(P.EDIT_MEMORY, [BOT], {"content": "y"}),
    "DELETE /api/agents/{agent_id}/archival/{passage_id}": Case(P.EDIT_MEMORY, PASSAGES),
    "GET /api/agents/{agent_id}/notes": Case(P.READ_AGENTS, [BOT]),
    "PUT /api/agents/{agent_id}/notes/{channel_id}/{label}": Case(
        P.EDIT_MEMORY, [NOTE], {"content": "y"}
    ),
    "DELETE /api/agents/{agent_id}/notes/{channel_id}/{label}": Case(P.EDIT_MEMORY, [NOTE, LABEL]),
    "GET /api/agents/{agent_id}/notes/{channel_id}/{label}/versions": Case(
        P.READ_AGENTS, [NOTE, LABEL]
    ),
    "POST /api/agents/{agent_id}/notes/{channel_id}/{label}/restore": Case(
        P.EDIT_MEMORY, [NOTE, LABEL], {"version": 1}
    ),
    "GET /api/scheduled": Case(P.READ_AGENTS, [NOWHERE]),
    "POST /api/scheduled": Case(
        P.EDIT_PLANS, [BOT], {"agentId": "{agent_id}", "triggerAt": TIME, "prompt": "x"}
    ),
    "DELETE /api/scheduled/{scheduled_id}": Case(P.EDIT_PLANS, [PLAN]),
    "GET /api/recurring": Case(P.READ_AGENTS, [NOWHERE]),
    "POST /api/recurring": Case(
        P.EDIT_PLANS, [BOT], {"agentId": "{agent_id}", "cron": "0 0 1 1 *", "prompt": "x"}
    ),
    "DELETE /api/recurring/{recurring_id}": Case(P.EDIT_PLANS, [PATTERN]),
    "GET /api/runs/{run_id}": Case(P.READ_AGENTS, IN_RUNS),
    "GET /api/runs/{run_id}/account": Case(P.READ_AGENTS, IN_RUNS),
    "GET /api/runs/{run_id}/steps/{step_number}/request": Case(P.READ_AGENTS, IN_RUNS),
    "GET /api/runs/{run_id}/prompt": Case(P.READ_AGENTS, IN_RUNS),
    "GET /api/runs/{run_id}/export": Case(P.READ_AGENTS, IN_RUNS),
    "GET /api/messages/{message_id}/why": Case(P.READ_AGENTS, MESSAGES),
    "GET /api/thoughts": Case(P.READ_AGENTS, [NOWHERE], query=f"?message={uuid(999)}"),
    "GET /api/origins": Case(P.READ_AGENTS, [NOWHERE]),
    "GET /api/agent/runs": Case(P.ANSWER_RUN, [MAILBOX]),
    "POST /api/agent/runs/{run_id}/claim": Case(P.ANSWER_RUN, TAKEN),
    "POST /api/agent/runs/{run_id}/heartbeat": Case(P.ANSWER_RUN, TAKEN),
    "POST /api/agent/runs/{run_id}/answer": Case(P.ANSWER_RUN, TAKEN, {"text": "x"}),
    "POST /api/agent/runs/{run_id}/fail": Case(P.ANSWER_RUN, TAKEN, {"reason": "x"}),
    "GET /api/runs/queue": Case(None, CHANNELS, query="?channelId={channel_id}"),
    "GET /api/activity": Case(P.READ_AGENTS, [NOWHERE]),
    "GET /api/activity/figures": Case(P.READ_AGENTS, [NOWHERE]),
    "GET /api/activity/export": Case(P.READ_AGENTS, [NOWHERE]),
    "GET /api/user-groups": Case(None, [NOWHERE]),
    "POST /api/user-groups": Case(P.EDIT_GROUP, [NOWHERE], {"handle": "others"}),
    "PATCH /api/user-groups/{group_id}": Case(P.EDIT_GROUP, [CREW], {"description": "x"}),
    "DELETE /api/user-groups/{group_id}": Case(P.DELETE_GROUP, [CREW]),
    "PUT /api/user-groups/{group_id}/members/{user_id}": Case(P.EDIT_GROUP, [CREW]),
    "DELETE /api/user-groups/{group_id}/members/{user_id}": Case(P.EDIT_GROUP, [CREW]),
    "GET /api/pauses": Case(None, [NOWHERE]),
    "POST /api/pauses": Case(P.EDIT_AGENT, [BOT], {"agentId": "{agent_id}"}),
    "DELETE /api/pauses/{pause_id}": Case(P.PAUSE_CHANNEL, PAUSES),
    "POST /api/runs/cancel": Case(P.STOP_RUNS, CHANNELS, {"channelId": "{channel_id}"}),
    "POST /api/runs/{run_id}/cancel": Case(P.STOP_RUNS, IN_RUNS),
    "POST /api/runs/again": Case(P.REPEAT_RUN, IN_RUNS, {"runIds": ["{run_id}"]}),
    "POST /api/runs/{run_id}/again": Case(P.REPEAT_RUN, IN_RUNS, {}),
    "POST /api/runs/{run_id}/dry-runs": Case(P.REPEAT_RUN, IN_RUNS, {}),
    "GET /api/experiments": Case(None, [NOWHERE]),
    "GET /api/budgets": Case(P.READ_AGENTS, [NOWHERE]),
    "PUT /api/budgets": Case(P.SET_BUDGET, [NOWHERE], {"dailyUsd": 5}),
    "GET /api/providers": Case(P.READ_AGENTS, [NOWHERE]),
    "GET /api/providers/check": Case(P.READ_AGENTS, [NOWHERE], query="?modelId=scripted"),
    "GET /api/providers/{provider_id}/models": Case(P.READ_AGENTS, [NOWHERE]),
    "GET /api/provider-connections": Case(P.CONNECT_MODELS, [NOWHERE]),
    "PUT /api/provider-connections/{provider_id}": Case(P.CONNECT_MODELS, [NOWHERE], {"key": "x"}),
    "DELETE /api/provider-connections/{provider_id}": Case(P.CONNECT_MODELS, [NOWHERE]),
    "POST /api/provider-connections/{provider_id}/test": Case(P.CONNECT_MODELS, [NOWHERE], {}),
    "PATCH /api/workspace": Case(P.EDIT_WORKSPACE, [NOWHERE], {"name": "x"}),
    "GET /api/workspace/tokens": Case(P.READ_AUDIT, [NOWHERE]),
    "GET /api/usage": Case(P.READ_USAGE, [NOWHERE], query="?by=channel"),
    "GET /api/workspace/icon/{version}": Case(None, [NOWHERE]),
    "PUT /api/workspace/icon": Case(P.EDIT_WORKSPACE, [NOWHERE]),
    "DELETE /api/workspace/icon": Case(P.EDIT_WORKSPACE, [NOWHERE]),
    "GET /api/workspace/retention": Case(None, [NOWHERE]),
    "PUT /api/workspace/retention": Case(P.SET_RETENTION, [NOWHERE], {"days": 5}),
    "GET /api/channels/{channel_id}/retention": Case(None, CHANNELS),
    "PUT /api/channels/{channel_id}/retention": Case(P.SET_RETENTION, CHANNELS, {"days": 5}),
    "GET /api/history/channels/{channel_id}/messages": Case(None, CHANNELS, query=AT),
    "GET /api/history/channels/{channel_id}/moments": Case(None, CHANNELS, query=AT),
    "GET /api/history/messages/{message_id}/replies": Case(None, MESSAGES, query=AT),
    "GET /api/history/agents/{agent_id}/memory": Case(P.READ_AGENTS, [BOT], query=AT),
    "GET /api/history/queue": Case(P.READ_AGENTS, [NOWHERE], query=AT),
    "GET /api/audit": Case(P.READ_AUDIT, [NOWHERE]),
    "GET /api/audit/export": Case(P.READ_AUDIT, [NOWHERE]),
}
# Answered alike whoever asks, signed in or not: what counts is what is sent along. No token changes
# how somebody signs in.
LINK = {"token": "x"}
NEW_ACCOUNT = {"displayName": "X", "password": "a long enough one"}
FOR_ANYBODY: dict[str, dict[str, object] | None] = {
    "GET /api/setup": None,
    "POST /api/setup": {**LINK, **NEW_ACCOUNT, "email": "x@example.com"},
    "POST /api/sign-in": {"email": "mia@example.com", "password": "wrong"},
    "POST /api/links/inspect": {**LINK},
    "POST /api/password/forgot": {"email": "mia@example.com"},
    "POST /api/password/reset": {**LINK, "password": "a long enough one"},
    "POST /api/email/confirm": {**LINK},
    "POST /api/invitations/accept": {**LINK, **NEW_ACCOUNT},
    "GET /api/oidc/start": None,
    "GET /api/oidc/callback": None,
    "GET /api/oauth/start": None,
    "GET /api/oauth/callback": None,
    "POST /api/sign-in/join": {"displayName": "X"},
}
# Not asked here.
ELSEWHERE = {
    "POST /api/agents/{agent_id}/probes": "has no channel, or one: tests/api/test_experiments.py",
    "GET /api/experiments/{experiment_id}": "finds only one's own: tests/api/test_experiments.py",
    "POST /api/experiments/{experiment_id}/cancel": "as above",
    "DELETE /api/experiments/{experiment_id}": "as above",
    "POST /api/experiments/{experiment_id}/trials/{trial_id}/post": "as above",
    "POST /api/files": "everybody has files of their own: tests/api/test_files.py",
    "GET /api/files/limits": "is about nothing in the workspace: tests/api/test_files.py",
    "GET /api/files/{file_id}": "depends on a message: tests/api/test_files.py",
    "GET /api/files/{file_id}/thumbnail": "as above",
    "DELETE /api/files/{file_id}": "finds only one's own: tests/api/test_files.py",
    "GET /api/messages/{message_id}/previews/{preview_id}/picture": "tests/api/test_previews.py",
    "DELETE /api/messages/{message_id}/previews/{preview_id}": "as a message is edited: there, too",
    "POST /api/messages/{message_id}/restore": "finds only one's own: tests/api/test_undoing.py",
    "DELETE /api/messages/{message_id}/saved": "finds only one's own: tests/api/test_saved.py",
    "PATCH /api/scheduled-posts/{post_id}": "finds only one's own: tests/chat/test_scheduled_posts",
    "DELETE /api/scheduled-posts/{post_id}": "as above",
    "POST /api/scheduled-posts/{post_id}/send": "as above",
    "GET /api/sse": "never ends: who gets which event is in tests/api/test_guests.py, test_stream",
    "PUT /api/push": "is for browsers, not for tokens: tests/push/test_push.py",
    "DELETE /api/push": "as above",
    "PUT /api/session": "is for demo mode alone: tests/api/test_session.py",
    "POST /api/people": "is for demo mode alone: tests/api/test_people.py",
    "GET /metrics": "is for administrators' tokens alone: tests/api/test_metrics.py",
    "DELETE /api/messages/{message_id}/reactions": "finds only one's own: tests/api/test_messages",
}
WHO = [*(person for pair in PEOPLE.values() for person in pair), *AGENTS]


def test_every_route_is_in_the_matrix_or_says_why_not():
    routes = [
        f"{method} {route.path}"
        for router in ROUTERS
        for route in router.routes
        for method in route.methods
    ]
    assert sorted(routes) == sorted([*CASES, *FOR_ANYBODY, *ELSEWHERE])


@pytest.fixture(scope="module")
def clients(staffed_template: str) -> Iterator[dict[str, httpx.Client]]:
    async def fill(url: str) -> None:
        connection = await connect(url, pooled=False)
        await connection.execute(THINGS)
        await connection.close()

    with database_of(staffed_template) as url:
        complete(fill(url))
        with serving(url, team=True) as served, ExitStack() as kept:
            yield {who: kept.enter_context(browser(served, who)) for who in WHO}


def filled(value: object, names: dict[str, str]) -> object:
    if isinstance(value, list):
        return [filled(one, names) for one in value]
    return value.format(**names) if isinstance(value, str) else value


def ask(client: httpx.Client, name: str, case: Case, parts: dict[str, str]) -> httpx.Response:
    method, _, path = name.partition(" ")
    others = {"agent_id": "bot", "user_id": "mia", "person_id": "max", "label": "notes"}
    token_id = uuid(12 if "{person_id}" in path else 11)
    others |= {
        "provider_id": "openai",
        "step_number": "1",
        "channel_id": "closed",
        "token_id": token_id,
        "version": "red",
    }
    names = others | parts
    body = case.body and {key: filled(value, names) for key, value in case.body.items()}
    content = {} if method == "GET" or body is None else {"json": body}
    return client.request(method, (path + case.query).format(**names), **content)


def outcome(answer: httpx.Response, missing: httpx.Response, *, hidden: bool) -> str:
    """`hidden`: whether the answer must be the one for what does not exist."""
    if hidden:
        same = (answer.status_code, answer.content) == (missing.status_code, missing.content)
        return "nothing" if same and answer.status_code in (403, 404) else answer.text
    if answer.status_code in (401, 404):
        return answer.text
    return "refused" if answer.status_code == 403 else "allowed"


@pytest.mark.parametrize("name", CASES)
def test_each_role_is_allowed_refused_or_told_of_nothing(clients, name: str):
    case = CASES[name]
    for found in case.targets:
        expected, got = {}, {}
        for who, client in clients.items():
            actor = Actor(who, ROLE_OF.get(who))
            allowed = case.permission is None or may(actor, case.permission, found.holds(who))
            if case.people and who in AGENTS:
                allowed = False
            hidden = not found.sees(who) or (found.asks_first and not allowed)
            answer = ask(client, name, case, found.real)
            missing = ask(client, name, case, found.missing) if hidden else answer
            expected[who] = "nothing" if hidden else "allowed" if allowed else "refused"
            got[who] = outcome(answer, missing, hidden=hidden)
            if hidden and allowed:
                assert answer.status_code == 404, answer.text
        assert got == expected, found.real


@pytest.mark.parametrize("name", FOR_ANYBODY)
def test_signing_in_is_answered_alike_whoever_asks(clients, name: str):
    method, _, path = name.partition(" ")
    body = FOR_ANYBODY[name]
    content = {} if body is None else {"json": body}
    with http_client(base_url=clients["olga"].base_url) as stranger:
        usual = stranger.request(method, path, **content)
    by_token = (403, "not_with_token")
    for who, client in clients.items():
        answer = client.request(method, path, **content)
        if who in AGENTS and method != "GET":
            assert (answer.status_code, answer.json()["code"]) == by_token
        else:
            assert (answer.status_code, answer.content) == (usual.status_code, usual.content), who
