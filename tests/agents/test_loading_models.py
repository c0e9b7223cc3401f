"""What a model needs is loaded beside the work of the worker."""

import asyncio
import threading

from tests.support.fixtures import complete

from bullpen.agents import providers
from bullpen.agents.model_settings import ModelSettings
from bullpen.agents.providers import Providers

MODEL = "ollama:llama3.2"


def test_a_worker_goes_on_while_a_model_is_loaded_and_loads_it_once(monkeypatch):
    going_on = threading.Event()
    made = []

    def load(model_id, settings):
        assert going_on.wait(10), "the event loop stood still"
        made.append(model_id)
        return object()

    async def runs():
        both = Providers(ModelSettings(ollama_base_url="http://x"), None)
        asyncio.get_running_loop().call_later(0.01, going_on.set)
        return await asyncio.gather(both.runtime_for(MODEL), both.runtime_for(MODEL))

    monkeypatch.setattr(providers, "make_runtime", load)
    first, second = complete(runs())
    assert first == second
    assert made == [MODEL]
