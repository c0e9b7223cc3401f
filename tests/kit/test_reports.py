import asyncio
import json

import httpx
import pytest
import sentry_sdk
from fastapi import FastAPI, Request

from bullpen.kit.reports import report_errors


@pytest.fixture
def sent():
    """What would have been sent to Sentry."""
    envelopes: list[str] = []

    def keep(envelope: sentry_sdk.envelope.Envelope) -> None:
        envelopes.append(envelope.serialize().decode())

    class Kept(sentry_sdk.transport.Transport):
        def capture_envelope(self, envelope: sentry_sdk.envelope.Envelope) -> None:
            keep(envelope)

    report_errors("https://key@example.invalid/1", transport=Kept)
    yield envelopes
    sentry_sdk.init()


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
