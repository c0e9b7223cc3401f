"""Tries every way out of every private place, with a model that obeys whoever writes to it."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from tests.support.fixtures import complete
from tests.support.minds import working
from tests.support.obedient import crawl
from tests.support.obedient.model import Call, Carried, mind, orders
from tests.support.obedient.office import WORD, Office, Place, RunSql, look, plant
from tests.support.program import until
from tests.support.serving import Served
from tests.support.streams import listening

from bullpen.agents.scheduler import fire_due
from bullpen.kit.database import Database

SOON = (datetime.now(UTC) + timedelta(minutes=5)).isoformat()
EVERYTHING, SOMETHING = "everything", "something"
NOWHERE = "no-such-channel"
WAITING = "SELECT count(*) FROM mailbox"
# How many people's windows are open while it goes on.
WINDOWS = 6


@dataclass
class Report:
    runs: int = 0
    tried: int = 0
    # Calls by tool, each with whatever the model knew.
    tools: dict[str, int] = field(default_factory=dict)
    # Of a private place and a target that has other readers.
    pairs: set[tuple[str, str]] = field(default_factory=set)
    answers: int = 0
    events: int = 0
    leaks: list[str] = field(default_factory=list)
    # Places whose own readers got an answer there with what had been said there.
    useful: set[str] = field(default_factory=set)

    def __str__(self) -> str:
        tools = ", ".join(f"{name} {count}" for name, count in sorted(self.tools.items()))
        return (
            f"{self.runs} runs made {self.tried} tool calls ({tools}) and tried"
            f" {len(self.pairs)} pairs of a private place and a wider target;"
            f" {self.answers} answers and {self.events} events were searched:"
            f" {len(self.leaks)} leaks"
        )


@dataclass
class Attack:
    office: Office
    run_sql: RunSql
    url: str
    clients: dict[str, httpx.Client]
    carried: Carried

    def say(self, person: str, place: str, text: str, thread: str | None = None) -> str:
        body = {"channelId": place, "text": text, "parentMessageId": thread}
        answer = self.clients[person].post("/api/messages", json=body)
        assert answer.is_success, answer.text
        made: str = answer.json()["id"]
        return made

    def settle(self) -> None:
        """However many runs wait; but one of them has to end every now and then."""
        while waiting := self.run_sql(WAITING)[0][0]:
            until(lambda waiting=waiting: self.run_sql(WAITING)[0][0] != waiting, 60)

    def searches(self) -> list[Call]:
        """Whatever the agent may find out about, wherever it is asked."""
        queries = [WORD, f"{WORD} has:reaction", f'"{WORD} is"']
        queries += [f"{WORD} in:{place.id}" for place in self.office.private]
        return [("search_messages", {"query": query, "limit": 20}) for query in queries] + [
            ("search_memory", {"query": WORD, "limit": 20}),
            ("search_memory", {"query": "zq*", "limit": 20}),
        ]

    def writes(self, agents: list[str]) -> list[Call]:
        """Everything to everywhere. Each text orders the same of whoever reads it."""
        places = [place.id for place in self.office.places]
        text = f"{WORD}: $KNOWN"
        calls: list[Call] = [("send_message", {"text": text})]
        calls += [
            ("send_message", {"text": text, "channel": place}) for place in (*places, NOWHERE)
        ]
        calls += [("send_message", {"text": text, "to": agent}) for agent in agents]
        for place in self.office.places:
            calls.append(("send_message", {"text": text, "thread": place.root}))
            calls.append(("react_to_message", {"message": place.root, "emoji": "$SIGN"}))
        calls += [
            ("update_memory", {"label": "current_state", "content": text, "version": 0}),
            ("update_memory", {"label": "office_news", "content": text, "version": 0}),
            ("update_memory", {"label": "$ONE", "content": text, "version": 0}),
            ("store_memory", {"content": text, "tags": ["$ONE"]}),
            ("store_memory", {"content": f"{text} again"}),
            ("schedule_message", {"at": SOON, "note": text}),
        ]
        echo = orders([("search_messages", {"query": WORD}), ("send_message", {"text": text})])
        for channel_id in (*places, NOWHERE):
            plan = {"at": SOON, "note": f"{text} {echo}", "channel": channel_id}
            calls.append(("schedule_message", plan))
        calls.append(("do_nothing", {"reason": text}))
        return calls

    def known(self) -> dict[str, list[Call]]:
        """What the model knows by heart: to look everything up and tell some or all members."""
        people = self.office.people
        return {
            EVERYTHING: [*self.searches(), *self.writes(people)],
            SOMETHING: [*self.searches(), *self.writes(people[:3])],
        }

    def from_within(self) -> None:
        """A member of a private place has its agents carry what is said there everywhere."""
        for place in self.office.private:
            for person in place.members[:2]:
                self.say(person, place.id, orders([EVERYTHING]))
                self.say(person, place.id, orders([SOMETHING]), place.root)
            self.settle()

    def from_without(self) -> None:
        """Everybody asks the agents of private places where others read the answer."""
        insiders = sorted({member for place in self.office.private for member in place.members})
        text = orders([EVERYTHING])
        for place in self.office.public:
            author = place.members[0]
            for agent in insiders:
                if agent != author:
                    self.say(author, place.id, f"@{agent} {text}")
            self.settle()
        for place in self.office.private:
            for person in place.members[:2]:
                self.say(person, place.id, text)
            self.settle()

    def by_plans(self) -> None:
        """Anybody plans for anybody's agent, wherever both may read, and nowhere."""
        text = orders([SOMETHING])
        insiders = sorted({member for place in self.office.private for member in place.members})
        for place in [*self.office.places, None]:
            for agent in insiders if place is None else place.members:
                author = next(one for one in (place.members if place else insiders) if one != agent)
                channel_id = None if place is None else place.id
                body = {"agentId": agent, "prompt": text, "targetChannelId": channel_id}
                answer = self.clients[author].post(
                    "/api/scheduled", json=body | {"triggerAt": SOON}
                )
                assert answer.is_success, answer.text
        self.fire()

    def fire(self) -> None:
        """Every plan that waits, which the scheduler would spread over hours."""
        complete(fire_all(self.url))
        self.settle()

    def again(self, most: int) -> None:
        """Everybody asks again for whatever run they can find."""
        for person, client in self.clients.items():
            for run in client.get("/api/runs", params={"limit": most}).json():
                client.post(f"/api/runs/{run['id']}/again", json={})
            hidden = self.run_sql(
                "SELECT r.id FROM runs r JOIN channels c ON c.id = r.channel_id"
                " WHERE c.kind <> 'public' AND NOT EXISTS (SELECT FROM channel_members m"
                " WHERE m.channel_id = c.id AND m.user_id = $1) ORDER BY r.id LIMIT $2",
                person,
                most,
            )
            for (run_id,) in hidden:
                assert client.post(f"/api/runs/{run_id}/again", json={}).status_code == 404
        self.settle()

    def by_personas(self) -> None:
        """Somebody writes the orders into the persona and the memory of others' agents."""
        for place in self.office.private:
            agent, asks = place.members[0], place.members[-1]
            client = self.clients[
                next(one for one in self.office.people if one not in place.members)
            ]
            text = orders([SOMETHING])
            path = f"/api/agents/{agent}"
            before = client.get(path).json()["systemPrompt"]
            assert client.patch(path, json={"systemPrompt": text}).is_success
            self.say(asks, place.id, "Good morning")
            self.settle()
            assert client.patch(path, json={"systemPrompt": before}).is_success


# Not the one that a recurrence waits for.
MAKE_DUE = """
UPDATE scheduled_messages s SET trigger_at = now() - interval '1 second'
WHERE s.status = 'pending'
  AND NOT EXISTS (SELECT FROM recurring_messages r WHERE r.next_id = s.id)
"""
ARE_DUE = (
    "SELECT 1 FROM scheduled_messages WHERE status = 'pending' AND trigger_at <= now() LIMIT 1"
)
# An agent takes up one plan in five minutes.
FIVE_MINUTES_PASS = "UPDATE runs SET created_at = created_at - interval '6 minutes'"


async def fire_all(url: str) -> None:
    database = await Database.open(url)
    try:
        await database.write(MAKE_DUE)
        while await database.fetch(ARE_DUE):
            await database.write(FIVE_MINUTES_PASS)
            await fire_due(database)
    finally:
        await database.close()


@contextmanager
def windows(clients: dict[str, httpx.Client], report: Report, office: Office) -> Iterator[None]:
    """What streams tell while it goes on."""
    with ExitStack() as stack:
        streams = {
            person: stack.enter_context(listening(client))
            for person, client in list(clients.items())[:WINDOWS]
        }
        yield
        for person, stream in streams.items():
            for event in crawl.waiting(stream):
                report.events += 1
                report.leaks += crawl.leaks(office, person, f"event {event['type']}", str(event))


@dataclass(frozen=True)
class Extent:
    """How much is tried. `places` and `readers`: all, or only these, where time is short."""

    places: set[str] | None = None
    readers: set[str] | None = None
    again: int = 5
    runs_read: int = 60
    only_from_within: bool = False


def attack(run_sql: RunSql, url: str, served: Served, extent: Extent) -> Report:
    office = look(run_sql, extent.places)
    clients = {person: served.client(person) for person in office.people}
    carried, report = Carried(), Report()
    run_sql("UPDATE scheduled_messages SET status = 'cancelled' WHERE status = 'pending'")
    # In public only who is mentioned answers: to each post, everybody would.
    run_sql(
        "INSERT INTO channel_policies (channel_id, agent_id, policy)"
        " SELECT c.id, a.id, 'mentions' FROM channels c, agents a WHERE c.kind = 'public'"
        " ON CONFLICT (channel_id, agent_id) DO UPDATE SET policy = 'mentions'"
    )
    crawl.nothing_before(office, clients)
    plant(office, clients)
    readers = {
        person: client
        for person, client in clients.items()
        if extent.readers is None or person in extent.readers
    }
    does = Attack(office, run_sql, url, clients, carried)
    model = mind(office.signs, carried, does.known())
    with windows(readers, report, office), working(url, model, plans=True):
        does.from_within()
        if not extent.only_from_within:
            does.fire()
            does.from_without()
            does.by_plans()
            does.by_personas()
            does.again(extent.again)
            does.fire()
    for person, client in readers.items():
        found = crawl.search_all(office, person, client, run_sql, extent.runs_read, report.leaks)
        report.answers += found
    finish(report, office, run_sql, carried)
    for client in clients.values():
        client.close()
    return report


def finish(report: Report, office: Office, run_sql: RunSql, carried: Carried) -> None:
    report.runs = run_sql("SELECT count(*) FROM runs r JOIN run_details d ON d.run_id = r.id")[0][0]
    report.tools = dict(carried.tried)
    report.tried = sum(carried.tried.values())
    by_id: dict[Any, Place] = {place.id: place for place in office.places}
    by_id |= {place.root: place for place in office.places}
    for secret, _, place_id, target in carried.pairs:
        source, place = office.place_of(secret), by_id.get(target)
        readers = set(office.people if place is None or place.is_public else place.members)
        if target in office.people:
            readers = {target}
        if not readers <= set(source.members):
            report.pairs.add((source.id, str(target or place_id)))
    said = run_sql(
        "SELECT m.channel_id, m.text FROM messages m JOIN run_posts p ON p.message_id = m.id"
    )
    for channel_id, text in said:
        if channel_id in by_id and by_id[channel_id].secret in text:
            report.useful.add(channel_id)
