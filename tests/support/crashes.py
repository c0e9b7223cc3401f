"""Postgres, the server and workers, killed at random under load, and what clients were told.

Clients read the stream over plain sockets and come back with the last number that they had, as a
browser does. Afterwards what each was told is held against the log and against a new snapshot.
"""

import asyncio
import json
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from typing import Any, Literal
from uuid import uuid4

import httpx
from tests.support.clusters import Cluster
from tests.support.equivalence import of_what_was_loaded, snapshot
from tests.support.plain import http_client
from tests.support.ports import free_port
from tests.support.program import Process, start
from tests.support.reducer import State, change
from tests.support.streams import frames

from bullpen.kit.database import connect, patiently

Victim = Literal["postgres", "server", "worker"]
Told = tuple[int, str]

MEMBERS = ("michael", "pam", "kevin")
PAGE = 50
LOST = (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError)
# Some events have the shape of a state, some pass: all have a number.
LOGGED = (
    "SELECT id, kind, channel_id, user_ids, payload::text FROM events WHERE id > $1 ORDER BY id"
)
# Scripted agents answer with one message at most.
SAID_TWICE = """
SELECT p.run_id, count(*) FROM run_posts p LEFT JOIN run_notices n ON n.message_id = p.message_id
WHERE n.message_id IS NULL GROUP BY p.run_id HAVING count(*) > 1
"""
SECONDS = 120.0


@dataclass
class Logged:
    number: int
    kind: str
    channel_id: str | None
    user_ids: list[str] | None
    payload: dict[str, Any]

    def told(self) -> Told:
        return self.number, canonical({"type": self.kind} | self.payload)

    def is_for(self, member: str, readable: set[str]) -> bool:
        if self.channel_id is None and self.user_ids is None:
            return True
        return self.channel_id in readable or member in (self.user_ids or ())


def canonical(event: Mapping[str, Any]) -> str:
    return json.dumps(event, sort_keys=True)


def compare(told: Sequence[Told], owed: Sequence[Told]) -> list[str]:
    """What is wrong with what one stream was told, given what the log holds for its reader."""
    wrong = []
    there = dict(owed)
    times = Counter(number for number, _ in told)
    wrong += [f"told {number} {count} times" for number, count in times.items() if count > 1]
    for number, event in told:
        if number not in there:
            wrong.append(f"told {number}, which does not exist: {event[:100]}")
        elif there[number] != event:
            wrong.append(f"told {number} as something else: {event[:100]}")
    wrong += [f"not told {number}: {event[:100]}" for number, event in owed if number not in times]
    if [number for number, _ in told] != sorted(times):
        wrong.append("told out of order")
    return wrong


def used_twice(streams: Iterable[Sequence[Told]]) -> list[str]:
    """Numbers by which different events were told, to anybody at any time."""
    first: dict[int, str] = {}
    return sorted(
        {
            f"the number {number} was used twice"
            for told in streams
            for number, event in told
            if first.setdefault(number, event) != event
        }
    )


@dataclass
class Stream:
    """A browser of one member: a snapshot, then events, coming back with the last number."""

    member: str
    address: str
    state: State
    last: int
    readable: set[str]
    began: int = field(init=False)
    told: list[Told] = field(default_factory=list)
    resets: int = 0
    resumed: int = 0

    def __post_init__(self) -> None:
        self.began = self.last

    async def follow(self, cookie: str) -> None:
        while True:
            with suppress(*LOST):
                await self.read(cookie)
            await asyncio.sleep(random.uniform(0.02, 0.2))

    async def read(self, cookie: str) -> None:
        host, _, port = self.address.removeprefix("http://").partition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        try:
            writer.write(
                f"GET /api/sse HTTP/1.1\r\nHost: {host}:{port}\r\nCookie: {cookie}\r\n"
                f"Last-Event-ID: {self.last}\r\n\r\n".encode()
            )
            head = await reader.readuntil(b"\r\n\r\n")
            if b" 200 " not in head.split(b"\r\n")[0]:
                return
            self.resumed += 1
            async for frame in frames(reader):
                self.take(frame)
        finally:
            writer.close()

    def take(self, frame: bytes) -> None:
        fields = dict(
            line.partition(b": ")[::2] for line in frame.split(b"\n") if not line.startswith(b":")
        )
        # With chunked encoding a line of a chunk's size stands between frames.
        if b"id" not in fields:
            return
        number = int(fields[b"id"])
        if b"data" in fields:
            event = json.loads(fields[b"data"])
            if event["type"] == "reset":
                self.resets += 1
            elif event["type"] != "hello":
                self.told.append((number, canonical(event)))
                change(self.state, event | {"id": number}, self.member)
        self.last = number


class Programs:
    """The server with its worker, another worker, and the database that all of them use."""

    def __init__(self, cluster: Cluster, url: str, folder: Path) -> None:
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self._cluster = cluster
        self._folder = folder
        self._url = url
        self._log = (folder / "programs.log").open("w")
        self._server = self._start()
        self._worker = self._start("worker")

    def _start(self, *arguments: str) -> Process:
        return start(
            *arguments,
            cwd=self._folder,
            log=self._log,
            DATABASE_URL=self._url,
            BULLPEN_PORT=str(self.port),
            BULLPEN_AGENTS="on",
        )

    def kill(self, victim: Victim) -> None:
        match victim:
            case "postgres":
                self._cluster.kill()
            case "server":
                self._server.kill()
                self._server.wait()
                self._server = self._start()
            case "worker":
                self._worker.kill()
                self._worker.wait()
                self._worker = self._start("worker")

    def stop(self) -> None:
        for process in (self._server, self._worker):
            process.terminate()
        for process in (self._server, self._worker):
            process.wait(20)
        self._log.close()


@dataclass
class Report:
    """`wrong` says what does not hold, in words; empty where everything does."""

    messages: int
    events: int
    resumed: int
    resets: int
    wrong: list[str]


async def crash_under_load(
    cluster: Cluster,
    url: str,
    folder: Path,
    *,
    kills: Mapping[Victim, int],
    pause: tuple[float, float],
) -> Report:
    programs = Programs(cluster, url, folder)
    try:
        await answering(programs.address)
        clients = {member: sign_in(programs.address, member) for member in MEMBERS}
        streams = [
            begin(member, client, programs.address)
            for member, client in clients.items()
            for _ in "12"
        ]
        begun = min(stream.last for stream in streams)
        following = [
            asyncio.create_task(stream.follow(cookie_of(clients[stream.member])))
            for stream in streams
        ]
        acknowledged: list[str] = []
        over = asyncio.Event()
        writing = [
            asyncio.create_task(
                write(programs.port, cookie_of(client), joined(client, member), over, acknowledged)
            )
            for member, client in clients.items()
        ]
        victims: list[Victim] = [victim for victim, number in kills.items() for _ in range(number)]
        random.shuffle(victims)
        for victim in victims:
            # Under load: something is written between two kills, however slow the machine is.
            await growth(acknowledged)
            await asyncio.sleep(random.uniform(*pause))
            programs.kill(victim)
        await growth(acknowledged)
        await asyncio.sleep(1)
        over.set()
        await asyncio.gather(*writing)
        wrong = await settled(url)
        await answering(programs.address)
        log = await read_log(url, begun)
        while True:
            await caught_up(streams, log)
            fresh = {stream.member: reloaded(clients, stream) for stream in streams}
            # A plan may have come due meanwhile: then what is there is newer than what was told.
            again = await read_log(url, begun)
            if len(again) == len(log):
                break
            log = again
        for task in following:
            task.cancel()
        await asyncio.gather(*following, return_exceptions=True)
        wrong += await lost_or_doubled(url, acknowledged)
        wrong += used_twice(stream.told for stream in streams)
        for stream in streams:
            wrong += judge(stream, log, fresh[stream.member])
        for client in clients.values():
            client.close()
    finally:
        programs.stop()
    return Report(
        len(acknowledged),
        len(log),
        sum(stream.resumed for stream in streams),
        sum(stream.resets for stream in streams),
        wrong,
    )


def reloaded(clients: Mapping[str, httpx.Client], stream: Stream) -> State:
    state = snapshot(clients[stream.member], without_threads)
    return shown(of_what_was_loaded(state, stream.state))


def without_threads(_: State) -> set[str]:
    return set()


def judge(stream: Stream, log: Sequence[Logged], fresh: State) -> list[str]:
    """Against the log and against what a browser would load now."""
    owed = [
        event.told()
        for event in log
        if event.number > stream.began and event.is_for(stream.member, stream.readable)
    ]
    wrong = compare(stream.told, owed)
    ours = shown(stream.state)
    wrong += [
        f"what it was told does not lead to what is there: {part}: {difference(ours[part], there)}"
        for part, there in fresh.items()
        if ours[part] != there
    ]
    return [f"{stream.member}: {what}" for what in wrong]


def shown(state: State) -> State:
    """What a new page would show of it: the newest messages of each channel."""
    messages = {channel: page[-PAGE:] for channel, page in state["messages"].items()}
    return state | {"messages": messages, "eventId": 0, "threads": {}}


def difference(ours: object, theirs: object) -> str:
    """The first that differs, for a report."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        keys = [key for key in {**ours, **theirs} if ours.get(key) != theirs.get(key)]
        return f"{keys[0]}: {difference(ours.get(keys[0]), theirs.get(keys[0]))}"
    if isinstance(ours, list) and isinstance(theirs, list):
        pairs = [pair for pair in zip_longest(ours, theirs) if pair[0] != pair[1]]
        return difference(*pairs[0])
    return f"{ours!r} is {theirs!r}"[:300]


def begin(member: str, client: httpx.Client, address: str) -> Stream:
    state = snapshot(client, without_threads)
    readable = {channel["id"] for channel in state["channels"]}
    return Stream(member, address, state, state["eventId"], readable)


def sign_in(address: str, member: str) -> httpx.Client:
    client = http_client(base_url=address)
    answer = client.put("/api/session", json={"userId": member})
    assert answer.status_code == 200, answer.text
    return client


def joined(client: httpx.Client, member: str) -> list[str]:
    channels = client.get("/api/channels").json()
    return [channel["id"] for channel in channels if member in channel["memberIds"]]


def cookie_of(client: httpx.Client) -> str:
    return "; ".join(f"{name}={value}" for name, value in client.cookies.items())


async def write(
    port: int, cookie: str, channels: Sequence[str], over: asyncio.Event, acknowledged: list[str]
) -> None:
    """Sends each message until it is answered."""
    while not over.is_set():
        await asyncio.sleep(random.expovariate(8))
        message_id = str(uuid4())
        body = {"id": message_id, "channelId": random.choice(channels), "text": message_id}
        await until_answered(lambda body=body: post(port, cookie, body))  # type: ignore[misc]
        acknowledged.append(message_id)


async def growth(acknowledged: Sequence[str]) -> None:
    """Waits until one more message is acknowledged."""
    known, deadline = len(acknowledged), time.monotonic() + SECONDS
    while len(acknowledged) == known:
        assert time.monotonic() < deadline, "nothing was written"
        await asyncio.sleep(0.02)


async def until_answered(send: Callable[[], Awaitable[int]]) -> None:
    while True:
        with suppress(*LOST):
            status = await send()
            if status < 300:
                return
            assert status == 503, status
        await asyncio.sleep(0.05)


async def post(port: int, cookie: str, body: Mapping[str, str]) -> int:
    content = json.dumps(body).encode()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(
            f"POST /api/messages HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n"
            f"Cookie: {cookie}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(content)}\r\n\r\n".encode()
            + content
        )
        async with asyncio.timeout(20):
            return int((await reader.readuntil(b"\r\n\r\n")).split()[1])
    finally:
        writer.close()


async def answering(address: str) -> None:
    deadline = time.monotonic() + SECONDS
    host, _, port = address.removeprefix("http://").partition(":")
    while True:
        with suppress(*LOST):
            reader, writer = await asyncio.open_connection(host, int(port))
            writer.write(f"GET /api/session HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
            head = await reader.readuntil(b"\r\n\r\n")
            writer.close()
            if b" 200 " in head.split(b"\r\n")[0]:
                return
        assert time.monotonic() < deadline, "the server does not answer"
        await asyncio.sleep(0.1)


async def settled(url: str) -> list[str]:
    """Waits until no run is left to do; in words, what is left after all."""
    connection = await patiently(lambda: connect(url, pooled=False))
    try:
        deadline = time.monotonic() + SECONDS
        while waiting := await connection.fetchval("SELECT count(*) FROM mailbox"):
            if time.monotonic() > deadline:
                return [f"{waiting} runs are stuck in the mailbox"]
            await asyncio.sleep(0.1)
        return []
    finally:
        await connection.close()


async def caught_up(streams: Sequence[Stream], log: Sequence[Logged]) -> None:
    """Until each has been told the newest event that is for it, or had the time for it."""
    deadline = time.monotonic() + SECONDS
    for stream in streams:
        own = [e.number for e in log if e.is_for(stream.member, stream.readable)]
        while stream.last < max(own, default=0):
            if time.monotonic() > deadline:
                return
            await asyncio.sleep(0.05)


async def read_log(url: str, after: int) -> list[Logged]:
    connection = await patiently(lambda: connect(url, pooled=False))
    try:
        return [
            Logged(number, kind, channel_id, user_ids, json.loads(payload))
            for number, kind, channel_id, user_ids, payload in await connection.fetch(LOGGED, after)
        ]
    finally:
        await connection.close()


async def lost_or_doubled(url: str, acknowledged: Sequence[str]) -> list[str]:
    connection = await patiently(lambda: connect(url, pooled=False))
    try:
        rows = await connection.fetch("SELECT text FROM messages WHERE text = id::text")
        stored = Counter(text for (text,) in rows)
        answers = await connection.fetch(SAID_TWICE)
    finally:
        await connection.close()
    return [
        *(f"lost the message {text}" for text in acknowledged if text not in stored),
        *(f"stored {text} {count} times" for text, count in stored.items() if count > 1),
        *(f"the run {run} said {count} things" for run, count in answers),
    ]
