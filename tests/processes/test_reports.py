"""Errors of the program itself, as Sentry is told of them."""

import asyncio
import json
import subprocess
import sys

import httpx
import pytest
import sentry_sdk
from fastapi import FastAPI, Request

from bullpen.processes.web_main import report_web_errors


@pytest.fixture
def sent():
    """What would have been sent to Sentry."""
    envelopes: list[str] = []

    def keep(envelope: sentry_sdk.envelope.Envelope) -> None:
        envelopes.append(envelope.serialize().decode())

    class Kept(sentry_sdk.transport.Transport):
        def capture_envelope(self, envelope: sentry_sdk.envelope.Envelope) -> None:
            keep(envelope)

    report_web_errors("https://key@example.invalid/1", transport=Kept)
    yield envelopes
    sentry_sdk.init(auto_enabling_integrations=False)


def test_a_report_says_where_it_went_wrong_and_nothing_of_the_request(sent: list[str]):
    app = FastAPI()

    @app.post("/api/messages")
    async def fail(request: Request) -> None:
        cookie = request.headers["cookie"]
        raise ValueError(len(cookie))

    async def work() -> None:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            await client.post(
                "/api/messages?token=start-up-token",
                json={"text": "what was said in private"},
                headers={"Cookie": "bullpen_session=signed", "Bullpen-User": "angela"},
            )

    asyncio.run(work())
    [report] = sent
    event = json.loads(report.splitlines()[-1])
    assert event["exception"]["values"][-1]["type"] == "ValueError"
    assert event["request"] == {"method": "POST", "url": "http://test/api/messages"}
    for secret in ("signed", "start-up-token", "in private", "angela"):
        assert secret not in report


def test_reporting_errors_loads_no_library_of_a_model():
    program = (
        "import sys; from bullpen.processes.web_main import report_web_errors;"
        "report_web_errors('https://key@example.invalid/1');"
        "print([n for n in sys.modules if n in ('pydantic_ai', 'anthropic', 'openai', 'google')])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "[]"
