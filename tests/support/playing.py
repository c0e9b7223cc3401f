"""Runs against the stub of the providers' APIs."""

from pydantic_ai import models
from tests.support.tape import HOSTILE, Tape, say, spec_of

from bullpen.agents.model_settings import ModelSettings
from bullpen.agents.prompt.conversation import Location, Trigger
from bullpen.agents.providers import Providers

GENERAL = Location("general")


def keys(stub, scenario, seconds=10.0, thinking="shown"):
    return ModelSettings(
        anthropic_api_key=scenario,
        anthropic_base_url=stub.address,
        compatible_base_url=stub.address,
        compatible_api_key=scenario,
        openai_api_key=scenario,
        openai_base_url=f"{stub.address}/v1",
        seconds=seconds,
        thinking=thinking,
    )


async def played(
    database, stub, model_id, scenario, *, seconds=10.0, stop=None, thinking="shown", **changed
):
    stub.requests.clear()
    message = await say(database, "jim", "general", f"@kevin {HOSTILE}")
    providers = Providers(keys(stub, scenario, seconds, thinking), database)
    runtime, resolved = await providers.runtime_for(model_id)
    assert resolved == model_id
    spec = await spec_of(database, "kevin", GENERAL, Trigger([message]), **changed)
    tape = Tape(database, "kevin", GENERAL)
    tape.stop = stop
    try:
        with models.override_allow_model_requests(True):
            tape.result = await runtime.run(spec, tape)
    finally:
        await providers.close()
    return tape
