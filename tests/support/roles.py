"""A workspace with two people of each role and two agents, and requests that act with those roles.

One of each is a member of the channels `open` (public) and `closed` (private), the other is not.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from tests.support.fixtures import clients_of, complete, drop_database, make_database
from tests.support.serving import serving

from bullpen.api.http import dependencies
from bullpen.kit.database import connect
from bullpen.members.actor import Actor, Role
from bullpen.migrations.run import migrate

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
"""


async def fill(url: str) -> None:
    await migrate(url)
    connection = await connect(url, pooled=False)
    await connection.execute(WORKSPACE)
    await connection.close()


class ActorOfRole(Actor):
    """Whatever role it is given, its own."""

    __slots__ = ()

    def __init__(self, user_id: str, **more: Any) -> None:
        super().__init__(user_id, **more | {"role": ROLE_OF.get(user_id)})


@contextmanager
def roles_by_name() -> Iterator[None]:
    """Requests to servers of this process act with the person's role, as in team mode."""
    original = dependencies.Actor
    dependencies.Actor = ActorOfRole  # type: ignore[misc]
    try:
        yield
    finally:
        dependencies.Actor = original  # type: ignore[misc]


@pytest.fixture(scope="session")
def staffed_template() -> Iterator[str]:
    url = make_database("template0")
    complete(fill(url))
    yield url.rpartition("/")[2].partition("?")[0]
    drop_database(url)


@pytest.fixture
def staffed(staffed_template: str) -> Iterator[str]:
    """The address of a database of the test's own, with this workspace."""
    url = make_database(staffed_template)
    yield url
    drop_database(url)


@pytest.fixture
def signed_in(staffed: str) -> Iterator[Callable[[str], httpx.Client]]:
    """A client of a server of this workspace, as the given person or agent, with their role."""
    with roles_by_name(), serving(staffed) as served, clients_of(served) as make:
        yield make
