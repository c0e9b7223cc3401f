"""Pictures of the messages that a run answers, as models are sent them and as they are stored."""

import base64
import io
import json
from uuid import uuid4

import pytest
from PIL import Image
from pydantic_ai import models
from tests.support.asking import ask_only_who_is_mentioned, post, settled
from tests.support.attaching import attach
from tests.support.fixtures import complete
from tests.support.minds import working
from tests.support.playing import GENERAL, keys
from tests.support.program import until
from tests.support.stub import providers_stub
from tests.support.tape import TOOLS, Tape, opened, say, spec_of

from bullpen.agents.model_settings import ModelSettings
from bullpen.agents.prompt.conversation import Trigger
from bullpen.agents.providers import Providers
from bullpen.agents.responder import WorkspaceResponder
from bullpen.agents.runtimes.base import RunResult, Usage
from bullpen.agents.runtimes.talk_pictures import GONE, MOST_TOKENS
from bullpen.files import model_pictures
from bullpen.files.model_pictures import ModelPicture

# Whoever forgets the stub's address must not reach a real server.
models.ALLOW_MODEL_REQUESTS = False


@pytest.fixture(scope="module")
def stub():
    with providers_stub() as made:
        yield made


def drawn(color="red", size=(900, 600)) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, color).save(file, "PNG")
    return file.getvalue()


PICTURE = ModelPicture(uuid4(), b"RIFF....WEBP the picture")
ADDRESS = f"/api/files/{PICTURE.file_id}/thumbnail"
ENCODED = base64.b64encode(PICTURE.content).decode()
WIRE = {
    "anthropic:claude-sonnet-5-5": {
        "type": "image",
        "source": {"type": "base64", "media_type": "image/webp", "data": ENCODED},
    },
    "openai:gpt-5.6-terra": {
        "type": "image_url",
        "image_url": {"url": f"data:image/webp;base64,{ENCODED}"},
    },
}
WIRE["compatible:some-model"] = WIRE["openai:gpt-5.6-terra"]


def play(url, stub, model_id, **changed):
    async def work():
        async with opened(url) as database:
            stub.requests.clear()
            message = await say(database, "jim", "general", "@kevin what is this?")
            providers = Providers(keys(stub, "answer"), database)
            spec = await spec_of(database, "kevin", GENERAL, Trigger([message]), **changed)
            tape = Tape(database, "kevin", GENERAL)
            try:
                with models.override_allow_model_requests(True):
                    runtime, _ = await providers.runtime_for(model_id)
                    await runtime.run(spec, tape)
            finally:
                await providers.close()
            return tape

    return complete(work())


def first_content(stub, request=0):
    """Of the first message of the user, as it was sent."""
    messages = stub.requests[request][1]["messages"]
    return next(one["content"] for one in messages if one["role"] == "user")


@pytest.mark.parametrize("model_id", WIRE)
def test_a_model_is_sent_the_picture_and_its_trace_has_the_address(url, stub, run_sql, model_id):
    tape = play(url, stub, model_id, pictures=[PICTURE])
    assert len(stub.requests) == 2
    # Also with each further request.
    for number in range(2):
        *_, label, picture = first_content(stub, number)
        assert label["text"] == "Picture 1:"
        expected = WIRE[model_id]
        assert {name: picture[name] for name in expected} == expected
    stored = run_sql(
        "SELECT d.request::text, r.history FROM runs u JOIN run_details r ON r.run_id = u.id"
        " JOIN run_steps s ON s.run_id = u.id JOIN step_details d ON d.step_id = s.id"
        " WHERE u.id = $1",
        tape.run_id,
    )
    assert len(stored) == 2
    for request, _ in stored:
        assert ADDRESS in request
        assert ENCODED not in request
    for history in tape.histories:
        assert ADDRESS.encode() in history
        assert ENCODED.encode() not in history


def test_an_interrupted_run_goes_on_with_its_pictures(url, stub):
    history = play(url, stub, "anthropic:claude-sonnet-5-5", pictures=[PICTURE]).histories[0]
    play(url, stub, "anthropic:claude-sonnet-5-5", pictures=[PICTURE], history=history)
    assert first_content(stub)[-1]["source"]["data"] == ENCODED
    # Deleted meanwhile.
    play(url, stub, "anthropic:claude-sonnet-5-5", history=history)
    assert first_content(stub)[-1] == {"type": "text", "text": GONE}


def test_a_picture_is_reserved_for_before_it_is_sent(url, stub):
    reserved = []
    for pictures in ([], [PICTURE] * 3):
        providers = Providers(keys(stub, "answer"), None)
        runtime, _ = complete(providers.runtime_for("anthropic:claude-sonnet-5-5"))
        reserved.append(runtime.most_usd({}, len(pictures)))
        complete(providers.close())
    more = reserved[1] - reserved[0]
    # For a token: some dollars for a million.
    assert 1e-7 < more / (3 * MOST_TOKENS) < 1e-4


SEES = {
    "anthropic:claude-sonnet-5-5": True,
    "openai:gpt-5.6-terra": True,
    "compatible:some-model": False,
    "compatible:seeing-7b": True,
    "scripted": False,
}


@pytest.mark.parametrize(("model_id", "sees"), SEES.items())
def test_which_models_see_pictures(model_id, sees):
    settings = ModelSettings(
        anthropic_api_key="a",
        openai_api_key="b",
        compatible_base_url="http://localhost",
        picture_models=("compatible:seeing*", "*scripted"),
    )
    assert Providers(settings, None).sees_pictures(model_id) is sees
    # What answers in its place decides.
    assert Providers(ModelSettings(), None).sees_pictures(model_id) is False


def asked_with_pictures(run_sql, url, file_ids, *, sees):
    """What Kevin's model is given, who is asked in a message that has these files."""
    ask_only_who_is_mentioned(run_sql)
    asked = post(run_sql, "michael", "general", "@kevin what do you see?")
    run_sql("UPDATE files SET message_id = $1 WHERE id = ANY ($2)", asked, file_ids)
    given = []

    class Mind:
        tools = TOOLS

        async def run(self, request, recorder):
            given.append(request)
            await recorder.turn_started(request.model_id, {})
            await recorder.call("do_nothing", {"reason": "A test."}, "1")
            await recorder.turn_ended(Usage(), None, None)
            return RunResult("end_turn")

    async def runtime_for(_):
        return Mind(), "scripted"

    mind = WorkspaceResponder(runtime_for, None, lambda _: sees)
    with working(url, mind):
        until(lambda: settled(run_sql))
    [request] = [one for one in given if one.agent_id == "kevin"]
    files = [
        file
        for line in request.prompt.splitlines()
        if line.startswith("{")
        for file in json.loads(line).get("files", ())
    ]
    return request.pictures, files


@pytest.fixture
def sent_pictures(acting):
    jim = acting("jim")
    attach(jim, "general", drawn("blue"), "earlier.png")
    return [attach(jim, "general", drawn(color), f"{color}.png") for color in ("red", "green")]


def test_a_run_is_given_the_pictures_of_what_it_is_to_answer(url, run_sql, acting, sent_pictures):
    pictures, files = asked_with_pictures(run_sql, url, sent_pictures, sees=True)
    assert sorted(str(one.file_id) for one in pictures) == sorted(sent_pictures)
    for picture in pictures:
        thumbnail = acting("jim").get(f"/api/files/{picture.file_id}/thumbnail")
        assert picture.content == thumbnail.content
        assert Image.open(io.BytesIO(picture.content)).size == (720, 480)
    names = {str(one.file_id): number for number, one in enumerate(pictures, start=1)}
    notes = {file["name"]: file["note"] for file in files}
    assert notes == {
        "earlier.png": "You cannot see this picture.",
        "red.png": f"You see this as picture {names[sent_pictures[0]]}.",
        "green.png": f"You see this as picture {names[sent_pictures[1]]}.",
    }
    assert {(file["width"], file["height"]) for file in files} == {(900, 600)}


def test_a_model_that_sees_none_is_told_that_they_are_there(url, run_sql, sent_pictures):
    pictures, files = asked_with_pictures(run_sql, url, sent_pictures, sees=False)
    assert list(pictures) == []
    assert {file["note"] for file in files} == {"You cannot see this picture."}


def test_no_more_is_sent_than_there_is_room_for(url, run_sql, sent_pictures, monkeypatch):
    size = run_sql("SELECT octet_length(thumbnail) FROM files WHERE id = $1", sent_pictures[0])
    monkeypatch.setattr(model_pictures, "MOST_BYTES", size[0][0])
    pictures, files = asked_with_pictures(run_sql, url, sent_pictures, sees=True)
    assert len(pictures) == 1
    assert sum("You see this" in file["note"] for file in files) == 1
