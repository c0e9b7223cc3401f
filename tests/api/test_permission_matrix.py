"""Every route for every role, in and out of the channel: allowed, refused, or not found.

What is expected comes from the one table of permissions and from who may read the target. Nothing
is changed: a trigger refuses whatever a permitted request would write, as a full disk would.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import NamedTuple

import httpx
import pytest
from tests.support.fixtures import complete, drop_database, make_database
from tests.support.roles import AGENTS, PEOPLE, ROLE_OF, browser
from tests.support.serving import serving

from bullpen.api.routers import ROUTERS
from bullpen.kit.database import connect
from bullpen.members.actor import Actor
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
INSERT INTO archival_passages (id, agent_id, content) VALUES ('{uuid(7)}', 'bot', 'x');
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
    """`real` and `missing` fill in a path or a body; `sees`: who may know of the real one."""

    real: dict[str, str]
    missing: dict[str, str]
    sees: Callable[[str], bool]
    holds: Callable[[str], Condition]


def in_channel(who: str) -> Condition:
    return (MEMBER if who in IN else NEVER) | (MANAGER if who == "mia" else NEVER)


def reads_open(who: str) -> bool:
    return who in IN or ROLE_OF.get(who) != "guest"


def of_bot(who: str) -> Condition:
    return (MANAGER if who == "mia" else NEVER) | (OWN if who == "bot" else NEVER)


def over_max(who: str) -> Condition:
    below = BELOW if is_below("member", Actor(who, ROLE_OF.get(who))) else NEVER
    return below | (OWN if who == "max" else NEVER)


def target(
    sees: Callable[[str], bool],
    holds: Callable[[str], Condition],
    missing: str = "nothing",
    **real: str,
) -> Target:
    return Target(real, dict.fromkeys(real, missing), sees, holds)


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
NOWHERE = Target({}, {}, lambda _: True, lambda _: NEVER)
CHANNELS, MESSAGES, IN_RUNS = [OPEN, CLOSED], list(BY_MIA.values()), list(RUNS.values())
P = Permission


class Case(NamedTuple):
    """`permission`: None where reading is all that counts. `body` may name parts of the target."""

    permission: Permission | None
    targets: list[Target]
    body: dict[str, object] | None = None
    query: str = ""


TIME = "2999-01-01T00:00:00Z"
NEW_AGENT: dict[str, object] = {
    "id": "new", "displayName": "New", "title": "New", "avatarColor": "#123456",
    "systemPrompt": "You are new.",
}  # fmt: skip
# Whatever a route takes beside its target is something that everybody sees.
CASES: dict[str, Case] = {
    "GET /api/channels/{channel_id}": Case(None, CHANNELS),
    "GET /api/channels/{channel_id}/messages": Case(None, CHANNELS),
    "GET /api/channels/{channel_id}/members": Case(None, CHANNELS),
    "GET /api/channels/{channel_id}/policies": Case(None, CHANNELS),
    "PATCH /api/channels/{channel_id}": Case(P.CHANGE_CHANNEL, CHANNELS, {"topic": "x"}),
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
    "PATCH /api/messages/{message_id}": Case(P.CHANGE_MESSAGE, MESSAGES, {"text": "x"}),
    "DELETE /api/messages/{message_id}": Case(P.CHANGE_MESSAGE, MESSAGES),
    "POST /api/messages/{message_id}/reactions": Case(P.REACT, MESSAGES, {"emoji": "👍"}),
    "POST /api/unreads/mark-read": Case(None, CHANNELS, {"channelId": "{channel_id}"}),
    "GET /api/users/{user_id}": Case(None, [MAX]),
    "PUT /api/users/{user_id}/status": Case(P.SET_STATUS, [MAX], {"emoji": "👍", "text": "x"}),
    "PUT /api/users/{user_id}/presence": Case(P.SET_STATUS, [MAX], {"presence": "away"}),
    "GET /api/people": Case(P.READ_PEOPLE, [NOWHERE]),
    "GET /api/people/{person_id}": Case(None, [MAX]),
    "PATCH /api/people/{person_id}": Case(P.EDIT_PERSON, [MAX], {"title": "x"}),
    "POST /api/people/{person_id}/sign-out": Case(P.SIGN_OUT_PERSON, [MAX]),
    "GET /api/agents": Case(P.READ_AGENTS, [NOWHERE]),
    "POST /api/agents": Case(P.CREATE_AGENT, [NOWHERE], NEW_AGENT),
    "GET /api/agents/{agent_id}": Case(P.READ_AGENTS, [BOT]),
    "PATCH /api/agents/{agent_id}": Case(P.EDIT_AGENT, [BOT], {"title": "x"}),
    "DELETE /api/agents/{agent_id}": Case(P.EDIT_AGENT, [BOT]),
    "GET /api/agents/{agent_id}/manager": Case(None, [BOT]),
    "PUT /api/agents/{agent_id}/manager": Case(P.SET_MANAGER, [BOT], {"personId": None}),
    "GET /api/agents/{agent_id}/queue": Case(None, [BOT]),
    "GET /api/agents/{agent_id}/prompt": Case(P.READ_AGENTS, [BOT]),
    "GET /api/agents/{agent_id}/memory": Case(P.READ_AGENTS, [BOT]),
    "GET /api/agents/{agent_id}/memory/{label}/versions": Case(P.READ_AGENTS, [BOT]),
    "PUT /api/agents/{agent_id}/memory/{label}": Case(P.EDIT_MEMORY, [BOT], {"content": "y"}),
    "DELETE /api/agents/{agent_id}/memory/{label}": Case(P.EDIT_MEMORY, [BOT]),
    "PUT /api/agents/{agent_id}/memory/{label}/links": Case(P.EDIT_MEMORY, [BOT], {"agentIds": []}),
    "GET /api/agents/{agent_id}/archival": Case(P.READ_AGENTS, [BOT]),
    "POST /api/agents/{agent_id}/archival": Case(P.EDIT_MEMORY, [BOT], {"content": "y"}),
    "GET /api/agents/{agent_id}/notes": Case(P.READ_AGENTS, [BOT]),
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
    "POST /api/runs/cancel": Case(P.STOP_RUNS, CHANNELS, {"channelId": "{channel_id}"}),
    "POST /api/runs/{run_id}/cancel": Case(P.STOP_RUNS, IN_RUNS),
    "POST /api/runs/{run_id}/again": Case(P.REPEAT_RUN, IN_RUNS, {}),
    "GET /api/budgets": Case(P.READ_AGENTS, [NOWHERE]),
    "PUT /api/budgets": Case(P.SET_BUDGET, [NOWHERE], {"dailyUsd": 5}),
    "GET /api/providers": Case(P.READ_AGENTS, [NOWHERE]),
    "GET /api/providers/check": Case(P.READ_AGENTS, [NOWHERE], query="?modelId=scripted"),
    "PATCH /api/workspace": Case(P.EDIT_WORKSPACE, [NOWHERE], {"name": "x"}),
    "GET /api/workspace/retention": Case(None, [NOWHERE]),
    "PUT /api/workspace/retention": Case(P.SET_RETENTION, [NOWHERE], {"days": 5}),
    "GET /api/channels/{channel_id}/retention": Case(None, CHANNELS),
    "PUT /api/channels/{channel_id}/retention": Case(P.SET_RETENTION, CHANNELS, {"days": 5}),
    "GET /api/audit": Case(P.READ_AUDIT, [NOWHERE]),
    "GET /api/audit/export": Case(P.READ_AUDIT, [NOWHERE]),
}
# Lists of what the user may read, and what concerns the user or browser alone.
OF_THE_USER = {
    "GET /api/health", "GET /api/workspace", "GET /api/session", "PUT /api/session",
    "GET /api/users", "GET /api/channels", "GET /api/unreads", "GET /api/unreads/cursors",
    "GET /api/unreads/threads", "GET /api/search", "GET /api/sse", "GET /api/runs",
    "DELETE /api/messages/{message_id}/reactions", "POST /api/people",
    "GET /api/me", "PATCH /api/me",
    "GET /api/tokens", "POST /api/tokens", "DELETE /api/tokens/{token_id}",
}  # fmt: skip
# Tested beside what they are about: signing in, invitations, agents' tokens, conversations; and
# parts of what is above, whose address needs a number or a private channel as well.
ELSEWHERE = (
    "/api/setup", "/api/sign-", "/api/links/", "/api/password/", "/api/email/", "/api/me/",
    "/api/invitations", "/api/people/{person_id}/reset-link", "/api/agents/{agent_id}/tokens",
    "/api/agents/{agent_id}/notes/", "/api/agents/{agent_id}/archival/", "/api/runs/start",
    "/api/runs/{run_id}/steps/", "/api/agents/{agent_id}/memory/{label}/restore", "/metrics",
    "/api/oidc/", "/api/agent/runs", "/api/agents/{agent_id}/mind",
    "/api/people/{person_id}/tokens",
)  # fmt: skip
WHO = [*(person for pair in PEOPLE.values() for person in pair), *AGENTS]


def test_every_route_is_in_the_matrix_or_is_about_the_user_alone():
    routes = {
        f"{method} {route.path}"
        for router in ROUTERS
        for route in router.routes
        for method in route.methods
        if not route.path.startswith(ELSEWHERE)
    }
    assert routes == CASES.keys() | OF_THE_USER


@pytest.fixture(scope="module")
def clients(staffed_template: str) -> Iterator[dict[str, httpx.Client]]:
    url = make_database(staffed_template)

    async def fill() -> None:
        connection = await connect(url, pooled=False)
        await connection.execute(THINGS)
        await connection.close()

    complete(fill())
    with serving(url, team=True) as served, ExitStack() as kept:
        yield {who: kept.enter_context(browser(served, who)) for who in WHO}
    drop_database(url)


def ask(client: httpx.Client, name: str, case: Case, parts: dict[str, str]) -> httpx.Response:
    method, _, path = name.partition(" ")
    others = {"agent_id": "bot", "user_id": "mia", "label": "notes"}
    names = others | parts
    body = case.body and {
        key: value.format(**names) if isinstance(value, str) else value
        for key, value in case.body.items()
    }
    content = {} if method == "GET" or body is None else {"json": body}
    return client.request(method, path.format(**names) + case.query, **content)


@pytest.mark.parametrize("name", CASES)
def test_each_role_is_allowed_refused_or_told_of_nothing(clients, name: str):
    case = CASES[name]
    for found in case.targets:
        expected, got = {}, {}
        for who, client in clients.items():
            actor = Actor(who, ROLE_OF.get(who))
            answer = ask(client, name, case, found.real)
            if not found.sees(who):
                expected[who] = "nothing"
                missing = ask(client, name, case, found.missing)
                same = (answer.status_code, answer.content) == (404, missing.content)
                got[who] = "nothing" if same else answer.text
                continue
            allowed = case.permission is None or may(actor, case.permission, found.holds(who))
            expected[who] = "allowed" if allowed else "refused"
            refused = answer.status_code in (401, 403, 404)
            got[who] = "refused" if answer.status_code == 403 else "allowed"
            if refused and answer.status_code != 403:
                got[who] = answer.text
        assert got == expected, found.real
