"""A workspace with two people of each role and two agents, who have signed in.

One of each is a member of the channels `open` (public) and `closed` (private), the other is not.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import asyncpg
import httpx
import pytest
from tests.support.accounts import with_cookie
from tests.support.fixtures import MIGRATED, _statements, complete, database_of
from tests.support.serving import Served, serving
from tests.support.tokens import with_token

from bullpen.kit.database import connect
from bullpen.members.actor import Role

# Each role's member of `open` and `closed`, then one who is in neither.
PEOPLE: dict[Role, tuple[str, str]] = {
    "owner": ("olga", "otto"),
    "admin": ("ada", "art"),
    "member": ("mia", "max"),
    "guest": ("gus", "gil"),
}
ROLE_OF: dict[str, Role] = {person: role for role, pair in PEOPLE.items() for person in pair}
AGENTS = ("bot", "rob")
# Their managers: a member, and nobody.
WORKSPACE = """
INSERT INTO workspace (pack_id, name, default_user_id, session_key)
VALUES ('roles', 'Roles', 'olga', decode(repeat('ab', 32), 'hex'));
INSERT INTO people (id, display_name, title, avatar_color, email, role, created_at)
SELECT id, initcap(id), 'Person', '#4A90D9', id || '@example.com', role, now() - interval '1 day'
FROM (VALUES
    ('olga', 'owner'), ('otto', 'owner'), ('ada', 'admin'), ('art', 'admin'),
    ('mia', 'member'), ('max', 'member'), ('gus', 'guest'), ('gil', 'guest')
) person (id, role);
INSERT INTO agents (id, display_name, title, avatar_color, system_prompt, model_id)
VALUES ('bot', 'Bot', 'Agent', '#4A90D9', 'You test.', 'scripted'),
       ('rob', 'Rob', 'Agent', '#4A90D9', 'You test, too.', 'scripted');
INSERT INTO agent_managers (agent_id, person_id) VALUES ('bot', 'mia');
INSERT INTO channels (id, name, kind) VALUES
    ('open', 'open', 'public'), ('closed', 'closed', 'private'), ('agents', 'agents', 'private'),
    ('square', 'square', 'public'), ('corner', 'corner', 'private'),
    ('dm-mia-gus', 'dm', 'dm'), ('dm-bot-rob', 'dm', 'dm'), ('dm-max-gil', 'dm', 'dm');
INSERT INTO channel_members (id, channel_id, user_id)
SELECT ('00000000-0000-7000-8000-' || lpad((row_number() OVER ())::text, 12, '0'))::uuid,
       channel, member
FROM (
    SELECT channel, member FROM unnest(ARRAY['open', 'closed']) channel
    CROSS JOIN unnest(ARRAY['olga', 'ada', 'mia', 'gus', 'bot']) member
    UNION ALL VALUES
    ('square', 'otto'), ('square', 'art'), ('square', 'max'), ('square', 'gil'),
    ('agents', 'bot'), ('agents', 'rob'), ('corner', 'max'), ('corner', 'gil'), ('corner', 'rob'),
    ('dm-mia-gus', 'mia'), ('dm-mia-gus', 'gus'), ('dm-bot-rob', 'bot'), ('dm-bot-rob', 'rob'),
    ('dm-max-gil', 'max'), ('dm-max-gil', 'gil')
) seat (channel, member);
INSERT INTO sessions (person_id, token_hash, expires_at, user_agent, address)
SELECT id, sha256(convert_to('session-' || id, 'UTF8')), now() + interval '1 day', 'Test', '::1'
FROM people;
INSERT INTO api_tokens (user_id, name, token_hash, prefix, scopes)
SELECT id, 'Test', sha256(convert_to('bp_' || rpad(id, 43, '0'), 'UTF8')), 'bp_',
       ARRAY['read', 'write', 'admin', 'agent']
FROM agents;
"""


async def fill(url: str) -> None:
    connection = await connect(url, pooled=False)
    await connection.execute(WORKSPACE)
    await connection.close()


@contextmanager
def browser(served: Served, user_id: str) -> Iterator[httpx.Client]:
    """Of a person who has signed in; an agent sends a token."""
    if user_id in ROLE_OF:
        with with_cookie(served, f"bullpen_session_{served.port}", f"session-{user_id}") as client:
            yield client
    else:
        with with_token(served, f"bp_{user_id:0<43}") as client:
            yield client


@pytest.fixture(scope="session")
def staffed_template() -> Iterator[str]:
    with database_of(MIGRATED) as url:
        complete(fill(url))
        yield url.rpartition("/")[2].partition("?")[0]


@pytest.fixture
def staffed(staffed_template: str) -> Iterator[str]:
    """The address of a database of the test's own, with this workspace."""
    with database_of(staffed_template) as url:
        yield url


@pytest.fixture
def signed_in(staffed: str) -> Iterator[Callable[[str], httpx.Client]]:
    """A client of a server of this workspace in team mode, as the given person or agent."""
    with serving(staffed, team=True) as served, ExitStack() as clients:
        yield lambda user_id: clients.enter_context(browser(served, user_id))


@pytest.fixture
def run_staffed(staffed: str) -> Callable[..., list[asyncpg.Record]]:
    """Runs one statement on the database of this workspace."""

    def run(sql: str, *args: object) -> list[asyncpg.Record]:
        return _statements.fetch(staffed, sql, *args)

    return run
