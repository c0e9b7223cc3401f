"""What models tell of their thinking: kept in the trace, or nowhere."""

import pytest
from tests.support.catalog import contents
from tests.support.fixtures import complete
from tests.support.playing import played
from tests.support.stub import THOUGHT, providers_stub
from tests.support.tape import opened

from bullpen.runs.summary import without_thinking

KINDS = ("anthropic:claude-sonnet-5-5", "compatible:some-model")


@pytest.fixture(scope="module")
def stub():
    with providers_stub() as made:
        yield made


def is_stored(url):
    """In any column of any table, also in what is stored as bytes."""
    rows = [row for table in contents(url).values() for row in table]
    return any(words in row for row in rows for words in (THOUGHT, THOUGHT.encode().hex()))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("setting", ["shown", "stored", "off"])
def test_thinking_is_stored_unless_it_is_switched_off(kind, setting, url, run_sql, stub):
    async def work():
        async with opened(url) as database:
            return await played(database, stub, kind, "thinking", thinking=setting)

    tape = complete(work())
    assert tape.result.stop_reason == "end_turn"
    thought = run_sql("SELECT content FROM run_messages WHERE message_type = 'thinking_message'")
    kept = setting != "off"
    assert [row[0] for row in thought] == ([THOUGHT] * 2 if kept else [])
    assert is_stored(url) is kept
    # The provider gets back what it needs to go on, under every setting.
    if kind.startswith("anthropic"):
        [_, (_, second)] = stub.requests
        assert THOUGHT in str(second)


def test_a_request_is_shown_without_the_thoughts_that_it_repeats():
    request = (
        '{"model":"m","messages":[{"parts":[{"part_kind":"thinking","content":"x"},'
        '{"part_kind":"text","content":"y"}]},{"parts":null},"z"]}'
    )
    assert without_thinking(request) == (
        '{"model":"m","messages":[{"parts":[{"part_kind":"text","content":"y"}]},'
        '{"parts":null},"z"]}'
    )
    assert without_thinking("[1]") == "[1]"
