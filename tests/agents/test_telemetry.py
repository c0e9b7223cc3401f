"""Spans reach whatever listens at the endpoint; without one, nothing is loaded."""

import socket
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from tests.support.fixtures import complete
from tests.support.tape import Tape, opened, say, spec_of

from bullpen.agents.prompt.conversation import Location, Trigger
from bullpen.agents.runtimes.base import StopRun
from bullpen.agents.scripted.runtime import Scripted
from bullpen.agents.telemetry import Telemetry


@pytest.fixture
def collector():
    spans = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"]))
            if self.headers.get("content-encoding") == "gzip":
                raise AssertionError
            request = ExportTraceServiceRequest.FromString(body)
            spans.extend(
                span
                for resource in request.resource_spans
                for scope in resource.scope_spans
                for span in scope.spans
            )
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", spans
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_run_its_step_and_its_tools_are_spans(url, collector):
    endpoint, spans = collector
    telemetry = Telemetry.start(endpoint)

    async def work():
        async with opened(url) as database:
            message = await say(database, "jim", "general", "@kevin a private word")
            spec = await spec_of(database, "kevin", Location("general"), Trigger([message]))
            tape = Tape(database, "kevin", Location("general"))
            await telemetry.watch(Scripted(database)).run(spec, tape)
            tape.stop = (1, StopRun("cancelled"))
            with pytest.raises(StopRun):
                await telemetry.watch(Scripted(database)).run(spec, tape)

    complete(work())
    telemetry.stop()
    first, second, *_ = sorted(
        (span for span in spans if span.name == "run"), key=lambda span: span.start_time_unix_nano
    )
    (step,) = [span for span in spans if span.name == "step"]
    tools = [span for span in spans if span.name == "tool"]
    assert step.parent_span_id == first.span_id
    assert {tool.parent_span_id for tool in tools} == {step.span_id}
    assert {span.trace_id for span in (first, step, *tools)} == {first.trace_id}
    assert second.trace_id != first.trace_id
    told = {a.key: a.value.string_value for a in first.attributes}
    assert told["gen_ai.agent.id"] == "kevin"
    assert told["bullpen.run.stop_reason"] == "end_turn"
    assert "private" not in str(spans)


def test_an_endpoint_that_is_away_disturbs_nobody(url):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        endpoint = f"http://127.0.0.1:{taken.getsockname()[1]}"
    telemetry = Telemetry.start(endpoint)

    async def work():
        async with opened(url) as database:
            spec = await spec_of(database, "kevin", Location(), Trigger())
            tape = Tape(database, "kevin", Location())
            return await telemetry.watch(Scripted(database)).run(spec, tape)

    assert complete(work()).stop_reason == "end_turn"


def test_without_an_endpoint_nothing_of_it_is_loaded():
    program = (
        "import sys, bullpen.processes.worker_main;"
        "print([n for n in sys.modules if n.split('.')[0] in"
        " ('opentelemetry', 'sentry_sdk', 'pydantic_ai', 'anthropic', 'openai')])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "[]"


def test_what_a_ready_model_needs_is_loaded_before_it_is_asked():
    program = (
        "import sys\n"
        "from bullpen.agents.model_settings import ModelSettings\n"
        "from bullpen.agents.providers import Providers\n"
        "Providers(ModelSettings(ollama_base_url='http://x'), None).preload()\n"
        "print('pydantic_ai.models.openai' in sys.modules, 'anthropic' in sys.modules)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "True False"
