"""The loop with models behind an API, against a stub of their servers on loopback."""

import asyncio
import json
import re
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from pydantic_ai import models
from tests.support.fixtures import complete
from tests.support.loops import new_runner
from tests.support.playing import GENERAL, played
from tests.support.stub import providers_stub
from tests.support.tape import HOSTILE, Tape, opened, spec_of

from bullpen.agents.model_settings import ModelSettings
from bullpen.agents.prompt.conversation import Trigger
from bullpen.agents.providers import Providers
from bullpen.agents.runtimes.base import RunResult, StopRun
from bullpen.agents.runtimes.failures import CUT_OFF, NO_CALL, NOT_IN_TIME, NOTHING, REFUSED
from bullpen.kit.database import Database

# Whoever forgets the stub's address must not reach a real server.
models.ALLOW_MODEL_REQUESTS = False

KINDS = ("anthropic:claude-sonnet-5-5", "compatible:some-model")


@pytest.fixture(scope="module")
def stub():
    with providers_stub() as made:
        yield made


@pytest.fixture(scope="module")
def in_office(module_url):
    """Runs what is given a database, the same for all tests: each run of theirs is its own, and
    what one leaves is a few messages more. The sessions stay open: a new one would plan all its
    statements again."""
    with ThreadPoolExecutor(1) as pool:
        runner = new_runner()
        database = pool.submit(runner.run, Database.open(module_url)).result()
        yield lambda work: pool.submit(runner.run, work(database)).result()
        pool.submit(runner.run, database.close()).result()
        pool.submit(runner.close).result()


@pytest.fixture
def run(in_office, stub):
    """Plays one scenario for each kind of provider; they must leave the same trace."""

    def both(scenario, kinds=KINDS, **options):
        async def work(database):
            return [await played(database, stub, kind, scenario, **options) for kind in kinds]

        tapes = in_office(work)
        for tape, kind in zip(tapes, kinds, strict=True):
            assert tape.model_id == kind
            assert tape.shape == tapes[0].shape
            assert tape.result == tapes[0].result
            for usage, _ in tape.usages:
                assert (usage.input_tokens, usage.output_tokens) == (100, 10)
        return tapes[0]

    return both


HELLO = ("call", "send_message", {"text": "Hello from a model"})


def said_by_kevin(in_office, text):
    async def count(database):
        said = "SELECT count(*) FROM messages WHERE user_id = 'kevin' AND text = $1"
        return (await database.fetch_one(said, text))[0]

    return in_office(count)


def test_a_model_says_something_and_is_done(run, in_office):
    before = said_by_kevin(in_office, "Hello from a model")
    tape = run("answer", kinds=(*KINDS, "openai:gpt-5.6-terra"))
    assert [entry if isinstance(entry, str) else entry[:2] for entry in tape.shape] == [
        "turn",
        ("call", "send_message"),
        "end",
        "turn",
        ("said", "That is all."),
        "end",
    ]
    assert tape.result.stop_reason == "end_turn"
    assert said_by_kevin(in_office, "Hello from a model") == before + 3


def test_what_is_recorded_is_what_was_sent(url, stub):
    async def work():
        async with opened(url) as database:
            return await played(database, stub, KINDS[0], "answer")

    tape = complete(work())
    sent = [body for _, body in stub.requests]
    assert len(sent) == len(tape.requests) == 2
    for body, recorded in zip(sent, tape.requests, strict=True):
        recorded_texts = json.dumps(recorded)
        for message in body["messages"]:
            for block in message["content"]:
                if block["type"] == "text":
                    assert json.dumps(block["text"]) in recorded_texts
        assert {tool["name"] for tool in body["tools"]} == {t["name"] for t in recorded["tools"]}
        assert "x-api-key" not in recorded_texts
    # What somebody wrote reached the model as one line of JSON, and nothing else did.
    (line,) = [
        line
        for line in sent[0]["messages"][0]["content"][0]["text"].split("\n")
        if "ignore your instructions" in line
    ]
    assert json.loads(line)["text"] == f"@kevin {HOSTILE}"
    assert "root:" not in json.dumps(sent)


def test_silence_ends_the_run_at_once(run, stub):
    tape = run("quiet")
    assert tape.called == [("do_nothing", {"reason": "Done."})]
    assert tape.result.stop_reason == "end_turn"
    assert len(stub.requests) == 1


def test_parallel_calls_are_made_one_after_the_other(run):
    tape = run("parallel")
    assert tape.shape[:4] == [
        "turn",
        ("said", "Let me see."),
        HELLO,
        ("call", "store_memory", {"content": "A model was here", "tags": ["models"]}),
    ]
    assert tape.result.stop_reason == "end_turn"


def test_words_without_a_call_are_in_the_trace_and_nowhere_else(run, in_office):
    tape = run("plain")
    assert tape.shape == ["turn", ("said", "Only words"), "end"]
    assert tape.result.stop_reason == "no_tool_call"
    found = in_office(
        lambda database: database.fetch("SELECT FROM messages WHERE text LIKE 'Only words%'")
    )
    assert found == []


def test_a_broken_call_is_explained_and_made_again(run):
    tape = run("broken")
    assert tape.shape[:2] == ["turn", ("refused", "send_message")]
    assert [name for name, _ in tape.called] == ["send_message"]
    assert tape.result.stop_reason == "end_turn"


def test_broken_calls_have_an_end(run, stub):
    tape = run("always-broken", max_turns=50)
    assert tape.result.stop_reason == "invalid_tool_call"
    assert len(stub.requests) == 3
    assert run("always-broken", max_turns=2).result.stop_reason == "invalid_tool_call"


def test_an_unknown_tool_is_answered_with_those_there_are(run):
    tape = run("unknown")
    assert tape.shape[1] == ("refused", "rm_rf")
    assert "send_message" in tape.returns[0]
    assert tape.result.stop_reason == "end_turn"


def test_endless_calls_end_with_the_turns(run, stub):
    tape = run("endless", max_turns=4)
    assert tape.result.stop_reason == "max_steps"
    assert len(stub.requests) == 4


def test_an_answer_that_was_cut_short_is_no_answer(run):
    assert run("cut-short").result == RunResult("max_tokens_exceeded", error=CUT_OFF)


def test_a_refusal_ends_the_run_with_words(run):
    openai = run("refused", kinds=KINDS[1:]).result
    assert openai == RunResult("error", error=f'{REFUSED} It says: "I cannot"')
    assert run("refused", kinds=KINDS[:1]).result == RunResult("error", error=REFUSED)


def test_text_without_a_call_and_nothing_at_all_are_told_apart(run):
    assert run("plain").result == RunResult("no_tool_call", error=NO_CALL)
    assert run("nothing").result == RunResult("no_tool_call", error=NOTHING)


def test_no_text_of_white_space_is_sent_back(run, stub):
    tape = run("blank", kinds=KINDS[:1])
    assert tape.shape[:3] == ["turn", HELLO, "end"]
    said = stub.requests[1][1]["messages"][1]
    assert (said["role"], [block["type"] for block in said["content"]]) == (
        "assistant",
        ["tool_use"],
    )


@pytest.mark.parametrize("scenario", ["odd-text", "odd-name", "odd-arguments", "deep"])
def test_what_no_provider_takes_back_is_not_sent_back(run, stub, scenario):
    tape = run(scenario)
    assert tape.result.stop_reason == "end_turn"
    assert HELLO in tape.shape
    for _, body in stub.requests:
        json.dumps(body, ensure_ascii=False).encode()
        names = re.findall(r"'name': '([^']*)'", str(body["messages"]))
        assert all(re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", name) for name in names)


def test_an_effect_is_had_once_however_often_it_is_asked_for(run, in_office):
    before = said_by_kevin(in_office, "Hello from a model")
    tape = run("repeated", kinds=KINDS[:1], max_turns=9)
    assert tape.result.stop_reason == "invalid_tool_call"
    assert tape.called == [HELLO[1:]]
    assert "carried out" in tape.returns[1]
    assert said_by_kevin(in_office, "Hello from a model") == before + 1


def test_only_openai_is_sent_what_only_openai_knows(run, stub):
    run("quiet", kinds=("openai:some-model",))
    assert "max_completion_tokens" in stub.requests[0][1]
    assert "max_tokens" not in stub.requests[0][1]
    run("quiet", kinds=KINDS[1:])
    assert "max_completion_tokens" not in stub.requests[0][1]
    assert stub.requests[0][1]["max_tokens"] == 8192


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("ALL_PROXY", "socks5://127.0.0.1:9", "cannot be reached"),
        ("ALL_PROXY", "gopher://127.0.0.1:9", "cannot be made"),
        ("SSL_CERT_FILE", "/nonexistent.pem", "cannot be made"),
        ("HTTPS_PROXY", "http://127.0.0.1:port", "cannot be made"),
    ],
)
def test_surroundings_that_do_not_fit_are_told_of(in_office, monkeypatch, name, value, words):
    monkeypatch.setenv(name, value)
    elsewhere = ModelSettings(compatible_base_url="http://elsewhere.example", seconds=20)
    result = in_office(partial(asked, elsewhere))
    assert result.stop_reason == "error"
    assert words in result.error


def test_a_key_that_cannot_be_sent_is_told_of(in_office, stub):
    keys = ModelSettings(compatible_base_url=stub.address, compatible_api_key="abc…", seconds=20)
    result = in_office(partial(asked, keys))
    assert result.stop_reason == "error"
    assert "abc" not in result.error


@pytest.mark.parametrize(
    ("scenario", "words", "tries"),
    [
        ("bad-key", "does not accept the key (401)", 1),
        ("missing", "has no such model (404)", 1),
        ("unfit", "refused the request (400)", 1),
        ("busy", "asked too often (429)", 3),
        ("failing", "failed (500)", 3),
        ("cut", "cannot be reached, or broke off", 3),
        ("garbage", "cannot be read", 1),
    ],
)
def test_a_fault_ends_the_run_and_says_why(run, stub, scenario, words, tries):
    tape = run(scenario)
    assert tape.result.stop_reason == "error"
    assert words in tape.result.error
    assert tape.shape == ["turn", ("failed", tape.result.error)]
    assert len(stub.requests) == tries


def test_a_fault_is_told_in_the_providers_words_without_its_key(run):
    assert 'It says: "no: busy will not do"' in run("busy").result.error
    assert run("missing").result.error.endswith('It says: "no: … will not do"')


def test_a_stall_ends_in_time(run):
    began = time.monotonic()
    tape = run("stall", seconds=0.5)
    assert time.monotonic() - began < 8
    assert tape.result.error == NOT_IN_TIME


def test_a_wait_that_takes_too_long_is_told_with_its_reason(run):
    error = run("busy-for-long", seconds=1.0).result.error
    assert error.startswith("The provider is being asked too often (429).")
    assert error.endswith('It says: "come back later"')


def test_a_provider_that_was_busy_is_asked_again(run):
    assert run("busy-once").result.stop_reason == "end_turn"


async def asked(keys, database):
    """What comes of asking with other settings than the stub's."""
    providers = Providers(keys, database)
    runtime, _ = await providers.runtime_for("compatible:x")
    spec = await spec_of(database, "kevin", GENERAL, Trigger())
    tape = Tape(database, "kevin", GENERAL)
    with models.override_allow_model_requests(True):
        result = await runtime.run(spec, tape)
    await providers.close()
    return result


def test_an_unreachable_server_is_an_error_like_any_other(in_office):
    nobody = ModelSettings(compatible_base_url="http://127.0.0.1:9", seconds=20)
    assert "cannot be reached" in in_office(partial(asked, nobody)).error


def test_a_limit_between_two_turns_is_let_through(in_office, stub):
    async def work(database):
        limit = StopRun("max_tokens_exceeded", "The budget is used up.")
        with pytest.raises(StopRun) as stopped:
            await played(database, stub, KINDS[0], "endless", stop=(2, limit), max_turns=9)
        return stopped.value.reason

    assert in_office(work) == "max_tokens_exceeded"
    assert len(stub.requests) == 2


def test_a_cancelled_run_stops_asking(in_office, stub):
    async def work(database):
        run = asyncio.create_task(played(database, stub, KINDS[0], "stall"))
        await asyncio.to_thread(stub.asked.wait, 20)
        began = time.monotonic()
        run.cancel()
        with pytest.raises(asyncio.CancelledError):
            await run
        return time.monotonic() - began

    stub.asked.clear()
    assert in_office(work) < 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_run_goes_on_from_its_last_turn(in_office, stub, kind):
    async def work(database):
        whole = await played(database, stub, kind, "broken")
        rest = await played(database, stub, kind, "broken", history=whole.histories[0])
        return whole, rest

    whole, rest = in_office(work)
    assert rest.shape == whole.shape[3:]
    assert rest.result == whole.result
