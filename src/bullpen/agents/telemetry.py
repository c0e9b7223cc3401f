"""Spans of runs, their steps and their tools, sent where an OTLP endpoint is set.

Without one nothing is loaded and nothing is wrapped. Spans carry ids, names and counts, and no
text that anybody wrote.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bullpen.agents.runtimes.base import CallResult, Recorder, RunRequest, RunResult, Runtime, Usage
from bullpen.kit.errors import StartupError

Watch = Callable[[Runtime], Runtime]
HINT = "OTEL_EXPORTER_OTLP_ENDPOINT is set: install what sends spans with pip install"


@dataclass(frozen=True, slots=True)
class Telemetry:
    tracer: Any
    provider: Any

    @classmethod
    def start(cls, endpoint: str) -> "Telemetry":
        try:
            from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415
                OTLPSpanExporter,
            )
            from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
            from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
            from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415
        except ImportError as problem:
            raise StartupError(f"{HINT} 'bullpen[telemetry]'") from problem
        # The resource's own variables (OTEL_RESOURCE_ATTRIBUTES and others) count, too.
        provider = TracerProvider(resource=Resource.create({"service.name": "bullpen"}))
        exporter = OTLPSpanExporter(f"{endpoint.rstrip('/')}/v1/traces")
        provider.add_span_processor(BatchSpanProcessor(exporter))
        return cls(provider.get_tracer("bullpen"), provider)

    def stop(self) -> None:
        """Sends what is left; to be called in a thread."""
        self.provider.shutdown()

    def watch(self, runtime: Runtime) -> Runtime:
        return Watched(runtime, self.tracer)


@dataclass(frozen=True, slots=True)
class Watched:
    runtime: Runtime
    tracer: Any

    async def run(self, run_request: RunRequest, recorder: Recorder) -> RunResult:
        attributes = {
            "bullpen.run.id": str(run_request.run_id),
            "gen_ai.agent.id": run_request.agent_id,
            "gen_ai.request.model": run_request.model_id,
        }
        with self.tracer.start_as_current_span("run", attributes=attributes) as span:
            steps = WatchedRecorder(recorder, self.tracer)
            try:
                result = await self.runtime.run(run_request, steps)
            finally:
                steps.end()
            span.set_attribute("bullpen.run.stop_reason", result.stop_reason)
            if result.error is not None:
                fail(span, result.error)
            return result


class WatchedRecorder:
    def __init__(self, recorder: Recorder, tracer: Any) -> None:
        self._recorder = recorder
        self._tracer = tracer
        self._step: Any = None

    async def turn_started(
        self, model_id: str, request: Any, most_usd: float | None = None
    ) -> None:
        await self._recorder.turn_started(model_id, request, most_usd)
        attributes = {"gen_ai.request.model": model_id}
        self._step = self._tracer.start_span("step", attributes=attributes)

    async def said(self, text: str) -> None:
        await self._recorder.said(text)

    async def thought(self, text: str) -> None:
        await self._recorder.thought(text)

    async def call(
        self, tool_name: str, arguments: dict[str, Any] | str, call_id: str
    ) -> CallResult:
        from opentelemetry.trace import set_span_in_context  # noqa: PLC0415 - only with an endpoint

        attributes = {"gen_ai.tool.name": tool_name, "gen_ai.tool.call.id": call_id}
        inside = set_span_in_context(self._step)
        with self._tracer.start_as_current_span("tool", context=inside, attributes=attributes):
            return await self._recorder.call(tool_name, arguments, call_id)

    async def turn_ended(self, usage: Usage, cost_usd: float | None, history: bytes | None) -> None:
        await self._recorder.turn_ended(usage, cost_usd, history)
        self._step.set_attribute("gen_ai.usage.input_tokens", usage.input_tokens)
        self._step.set_attribute("gen_ai.usage.output_tokens", usage.output_tokens)
        if cost_usd is not None:
            self._step.set_attribute("bullpen.cost_usd", cost_usd)
        self.end()

    async def turn_failed(self, problem: str) -> None:
        await self._recorder.turn_failed(problem)
        fail(self._step, problem)
        self.end()

    def end(self) -> None:
        if self._step is not None:
            self._step.end()
            self._step = None


def fail(span: Any, problem: str) -> None:
    from opentelemetry.trace import Status, StatusCode  # noqa: PLC0415 - only with an endpoint

    span.set_status(Status(StatusCode.ERROR, problem))
