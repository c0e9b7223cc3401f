"""The claude extra through the same stub as the models behind an API, with the same traces."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.support.fixtures import complete
from tests.support.playing import GENERAL
from tests.support.playing import played as played_by_api
from tests.support.stub import providers_stub
from tests.support.tape import HOSTILE, Tape, opened, say, spec_of

from bullpen.agents.model_settings import ModelSettings
from bullpen.agents.prompt.conversation import Trigger
from bullpen.agents.providers import Providers
from bullpen.agents.runtimes.failures import NOT_IN_TIME

# Of the SDK's own streams, where a run ends before its program does.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

CLAUDE = "claude:claude-sonnet-5-5"
API = "anthropic:claude-sonnet-5-5"


@pytest.fixture(scope="module")
def stub():
    with providers_stub() as made:
        yield made


def keys(stub, scenario, folder, seconds=60.0):
    return ModelSettings(
        anthropic_api_key=scenario,
        anthropic_base_url=stub.address,
        seconds=seconds,
        sessions=str(folder),
    )


async def played(database, stub, scenario, folder, *, seconds=60.0, text=HOSTILE, **changed):
    stub.requests.clear()
    message = await say(database, "jim", "general", f"@kevin {text}")
    providers = Providers(keys(stub, scenario, folder, seconds), database)
    runtime, resolved = await providers.runtime_for(CLAUDE)
    assert resolved == CLAUDE
    spec = await spec_of(database, "kevin", GENERAL, Trigger([message]), **changed)
    tape = Tape(database, "kevin", GENERAL)
    tape.result = await runtime.run(spec, tape)
    return tape


PLAYS = ("answer", "quiet", "parallel", "plain", "broken", "endless")


def test_its_traces_are_like_those_of_other_models(url, stub, tmp_path):
    async def work():
        async with opened(url) as database:
            found = {}
            for scenario in PLAYS:
                api = await played_by_api(database, stub, API, scenario, max_turns=3)
                claude = await played(database, stub, scenario, tmp_path, max_turns=3)
                found[scenario] = (api, claude)
            return found

    for scenario, (api, claude) in complete(work()).items():
        assert claude.shape == api.shape, scenario
        assert claude.result.stop_reason == api.result.stop_reason, scenario
        assert [usage for usage, _ in claude.usages] == [usage for usage, _ in api.usages]


def test_what_members_wrote_reads_no_file_and_runs_no_command(url, stub, tmp_path):
    async def work():
        async with opened(url) as database:
            secret = tmp_path / "secret.txt"
            secret.write_text("the secret of this host")
            tape = await played(
                database, stub, "quiet", tmp_path / "sessions", text=f"@{secret}\n/cost\n{HOSTILE}"
            )
            alone = await played(
                database, stub, "quiet", tmp_path / "sessions", prompt=f"/cost @{secret}"
            )
            return tape, alone

    complete(work())
    sent = json.dumps(stub.requests)
    body = stub.requests[0][1]
    assert "the secret of this host" not in sent
    assert "/cost @" in sent
    names = {tool["name"].removeprefix("mcp__chat__") for tool in body["tools"]}
    assert names == {
        "send_message",
        "react_to_message",
        "do_nothing",
        "update_memory",
        "search_memory",
        "store_memory",
        "search_messages",
        "read_file",
        "schedule_message",
    }


def test_a_session_is_gone_on_with_where_it_is_there(url, stub, tmp_path):
    async def work():
        async with opened(url) as database:
            first = await played(database, stub, "answer", tmp_path)
            session = first.result.session_id
            assert session
            await played(database, stub, "quiet", tmp_path, session_id=session)
            again = stub.requests[0][1]
            # Its last call was never answered: silence ends a run at once.
            third = await played(database, stub, "answer", tmp_path, session_id=session)
            assert third.result.stop_reason != "error"
            elsewhere = tmp_path / "another-machine"
            other = await played(database, stub, "quiet", elsewhere, session_id=session)
            return again, other

    again, other = complete(work())
    assert "Hello from a model" in json.dumps(again["messages"])
    assert other.result.stop_reason == "end_turn"


@pytest.mark.parametrize(
    ("scenario", "words"),
    [("bad-key", "does not accept the key (401)"), ("unfit", "refused the request (400)")],
)
def test_a_fault_ends_the_run_and_says_why(url, stub, tmp_path, scenario, words):
    async def work():
        async with opened(url) as database:
            return await played(database, stub, scenario, tmp_path)

    tape = complete(work())
    assert tape.result.stop_reason == "error"
    assert words in tape.result.error
    assert tape.shape[-1] == ("failed", tape.result.error)


def test_a_stall_ends_in_time_and_leaves_no_program_behind(url, stub, tmp_path):
    async def work():
        async with opened(url) as database:
            return await played(database, stub, "stall", tmp_path, seconds=4)

    tape = complete(work())
    assert tape.result.error == NOT_IN_TIME
    assert programs(tmp_path) == []


def test_a_full_disk_ends_the_run_before_it_begins(url, stub, tmp_path):
    folder = tmp_path / "not-a-folder"
    folder.write_text("")

    async def work():
        async with opened(url) as database:
            return await played(database, stub, "answer", folder)

    tape = complete(work())
    assert tape.result.stop_reason == "error"
    assert "cannot be written" in tape.result.error


def test_the_program_dies_with_a_worker_that_is_killed(stub, tmp_path):
    program = f"""
import asyncio
from uuid import uuid4
from bullpen.agents.model_settings import ModelSettings
from bullpen.agents.runtimes.base import RunRequest
from bullpen.agents.runtimes.claude import make
class Recorder:
    async def turn_started(self, *_): print("asking", flush=True)
keys = ModelSettings("stall", {stub.address!r}, sessions={str(tmp_path)!r})
spec = RunRequest(uuid4(), "kevin", "x", "You are Kevin.", "Hi", [], 3, None, None, None, 1)
asyncio.run(make("claude", "claude-sonnet-5-5", keys).run(spec, Recorder()))
"""
    stub.asked.clear()
    worker = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.DEVNULL)
    try:
        assert stub.asked.wait(60)
        assert programs(tmp_path)
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    until = time.monotonic() + 10
    while programs(tmp_path) and time.monotonic() < until:
        os.sched_yield()
    assert programs(tmp_path) == []


def programs(folder):
    """Those that work in the folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "cwd").readlink().is_relative_to(folder):
                found.append(process.name)
        except OSError:
            continue
    return found
